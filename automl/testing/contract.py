"""What a contract suite raises."""


class ContractError(AssertionError):
    """Something does not keep the contract that it is checked against; the message says how."""


def demand(holds: object, message: str) -> None:
    """Raise ContractError with `message` unless `holds`; unlike `assert` under `python -O` too."""
    if not holds:
        raise ContractError(message)

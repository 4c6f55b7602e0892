"""`name=range` and `--option=range`: a parameter in one word."""

import re
from dataclasses import dataclass
from typing import Any

from automl.studies.ranges.bounds import is_range, range_of
from automl.studies.ranges.functions import call_of, is_call, listed
from automl.studies.ranges.part import Part, mistake, number_of, value_of

ALLOWED = (
    "lr=1e-5..1e-1:log, layers=1..4, p=0.0..1.0:step=0.1, opt=adam,sgd, amp=flag, "
    "'lr=loguniform(1e-5, 1e-1)', 'momentum=0.0..0.99 if opt == \"sgd\"'"
)
_NAME = re.compile(r"(?P<dashes>-{0,2})(?P<name>\w[\w.\-/]*)")
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_ALMOST = re.compile(
    rf"(?P<opened>[\[(])? \s* (?P<low>{_NUMBER}) \s* "
    rf"(?:\.{{3,}} | - | : | ~ | \bto\b | (?(opened),|:)) \s* "
    rf"(?P<high>{_NUMBER}) \s* (?(opened)[\])]) (?P<more>:log)?",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class WrittenParameter:
    """A parameter as it was written.

    Attributes:
        described: what `hyperparams` has for it: its type and options.
        option: the option that it was named by, such as `--lr`; empty for a plain name.
    """

    described: dict[str, Any]
    option: str

    @property
    def name(self) -> str:
        """How templates and the table call it."""
        return str(self.described["name"])

    @property
    def may_begin_with_dash(self) -> bool:
        """Whether a program could take one of its values for an option."""
        described = self.described
        values = described.get("candidates", [described.get("value")])
        if any(str(one).startswith("-") for one in values):
            return True
        return bool(described["type"] == "Normal" or described.get("min_value", 0) < 0)


def parameter_of(text: str) -> WrittenParameter:
    """Return the parameter that one word of the command line describes.

    Raises:
        SpecError: the message shows the text, the place in it, and what is allowed there.

    >>> parameter_of("layers=1..4").described
    {'type': 'Integer', 'name': 'layers', 'min_value': 1, 'max_value': 4}
    """
    whole = Part(text, 0, len(text))
    head, equals, _ = text.partition("=")
    if not equals:
        raise mistake(whole, "a parameter is NAME=RANGE", ALLOWED)
    name = Part(text, 0, len(head))
    found = _NAME.fullmatch(head.strip())
    if found is None:
        told = f"{head!r} is no name" if head else "there is no name before '='"
        raise mistake(name, told, "a name such as lr, or an option such as --lr")
    option = head.strip() if found["dashes"] else ""
    return written(Part(text, len(head) + 1, len(text)), found["name"], option)


def written(part: Part, name: str, option: str) -> WrittenParameter:
    """Return the parameter that a range, and perhaps a condition, describe.

    Args:
        part: the range and what follows it.
        name: the parameter's.
        option: the option that it was named by; empty for none.
    """
    halves = part.halves(" if ")
    values = (halves[0] if halves else part).stripped()
    described = _kind(values, name, option)
    described = {"type": described.pop("type"), "name": name, **described}
    if halves is not None:
        condition = halves[1].stripped()
        if not condition.text:
            raise mistake(condition, "nothing follows 'if'", 'a condition such as opt == "sgd"')
        described["when"] = condition.text
    return WrittenParameter(described, option)


def _kind(values: Part, name: str, option: str) -> dict[str, Any]:
    text = values.text
    if not text:
        raise mistake(values, "there is no range after '='", ALLOWED)
    if text == "flag":
        return {"type": "Flag", "on": option or f"--{name}"}
    if is_call(values):
        return call_of(values)
    if is_range(values):
        return range_of(values)
    items = values.items()
    if len(items) > 1:
        return listed(values, items)
    _refuse_almost_a_range(values)
    return {"type": "Constant", "value": value_of(values)}


def _refuse_almost_a_range(values: Part) -> None:
    """Refuse two numbers between which stands something else than two dots."""
    found = _ALMOST.fullmatch(values.text)
    if found is None or number_of(values.text) is not None:
        return
    raise mistake(
        values,
        f"this is no range; write {found['low']}..{found['high']}{found['more'] or ''}, "
        "or the text in quotes",
        ALLOWED,
    )

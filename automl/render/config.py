"""Values as readable YAML; the only module that imports yaml."""

from collections.abc import Hashable, Mapping
from typing import Any

from automl.errors import SpecError

_LINE_ENDS = frozenset("\r\x85\u2028\u2029\ufeff")


def yaml_text(value: Mapping[str, Any]) -> str:
    """Return plain JSON values as a YAML document, keys in their order."""
    import yaml  # noqa: PLC0415 - 30 ms, and not every start writes one

    class Exact(yaml.SafeDumper):
        def represent_text(self, text: str) -> yaml.Node:
            # Without escapes, YAML would read these as ends of lines, and fold them into blanks.
            style = '"' if _LINE_ENDS & set(text) else None
            return self.represent_scalar("tag:yaml.org,2002:str", text, style)

    Exact.add_representer(str, Exact.represent_text)
    return str(yaml.dump(value, Dumper=Exact, sort_keys=False, allow_unicode=True, width=100))


def yaml_value(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return what a YAML document holds, as plain data: dates and keys such as `on` stay texts.

    Raises:
        SpecError: it is no YAML, or has a key twice; the message names line and column.
    """
    import yaml  # noqa: PLC0415 - as above

    class Plain(yaml.SafeLoader):
        def construct_mapping(
            self,
            node: yaml.MappingNode,
            deep: bool = False,  # noqa: FBT001, FBT002 - yaml's
        ) -> dict[Hashable, Any]:
            """Return a dictionary; YAML itself would take the last of two equal keys."""
            seen: set[str] = set()
            for key, _ in node.value:
                if key.tag == "tag:yaml.org,2002:bool":
                    # `on:` and `off:` are names of options, and no key is a truth value.
                    key.tag = "tag:yaml.org,2002:str"
                if str(key.value) in seen and key.tag != "tag:yaml.org,2002:merge":
                    told = f"the key {key.value!r} is there twice"
                    raise yaml.MarkedYAMLError(problem=told, problem_mark=key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

        def construct_date(self, node: yaml.ScalarNode) -> str:
            return str(node.value)

    Plain.add_constructor("tag:yaml.org,2002:timestamp", Plain.construct_date)
    try:
        return yaml.load(text, Plain)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise SpecError(f"{where}{error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SpecError(f"this is no YAML: {error}") from error

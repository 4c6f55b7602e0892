"""Values as readable YAML."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

_LINE_ENDS = frozenset("\r\x85\u2028\u2029\ufeff")
FLOAT = "tag:yaml.org,2002:float"
POWER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+\Z")
"""A number that YAML 1.1 reads only with a point and a sign, `1.0e-5`; as text it needs quotes."""


def yaml_text(value: Mapping[str, Any]) -> str:
    """Return plain JSON values as a YAML document, keys in their order."""
    return _dumped(value, width=100)


def yaml_line(value: object) -> str:
    """Return plain JSON values as YAML in one line, to stand behind a key or a dash.

    >>> yaml_line({"name": "lr", "log": True}), yaml_line("{{ trial.param.lr }}")
    ('{name: lr, log: true}', "'{{ trial.param.lr }}'")
    """
    # A lone scalar would end with the mark of a document's end.
    text = _dumped([value], width=float("inf"), default_flow_style=True, breaks=frozenset("\n"))
    return text.strip()[1:-1]


def _dumped(value: object, breaks: AbstractSet[str] = frozenset(), **options: Any) -> str:  # noqa: ANN401 - yaml's
    import yaml  # noqa: PLC0415 - 30 ms, and not every start writes one

    class Exact(yaml.SafeDumper):
        def represent_text(self, text: str) -> yaml.Node:
            # Without escapes, YAML would read these as ends of lines, and fold them into blanks.
            style = '"' if (_LINE_ENDS | breaks) & set(text) else None
            return self.represent_scalar("tag:yaml.org,2002:str", text, style)

    Exact.add_representer(str, Exact.represent_text)
    Exact.add_implicit_resolver(FLOAT, POWER, list("-+0123456789"))
    return str(yaml.dump(value, Dumper=Exact, sort_keys=False, allow_unicode=True, **options))

"""Values as readable YAML; the only module that imports yaml."""

from collections.abc import Mapping
from typing import Any


def yaml_text(value: Mapping[str, Any]) -> str:
    """Return plain JSON values as a YAML document, keys in their order."""
    import yaml  # noqa: PLC0415 - 30 ms, and not every start writes one

    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100))

r"""Values as JSON in one line, and back, whatever text is in them.

A Python text can hold lone surrogates, as the name of a file that is not UTF-8 does, for which
msgspec has no JSON. They are written as escapes (`\udcff`). Only where two of them would be read
as one character, the second is written as its raw bytes, which are not valid UTF-8.
"""

import json
import re
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder()
_LONE = re.compile("(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff]")
_WRITTEN_LONE = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")


def encode_json(value: object) -> bytes:
    """Return a struct, or plain values, as JSON without a newline.

    Raises:
        ValueError, OverflowError, TypeError: JSON has no such value.
    """
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        plain = msgspec.to_builtins(value)
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return _LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode(errors="surrogatepass")


def may_hold_surrogates(line: bytes) -> bool:
    """Tell whether msgspec may have refused a line for the surrogates in it alone."""
    return _WRITTEN_LONE.search(line) is not None


def decode_json(line: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the plain values of JSON.

    Raises:
        msgspec.DecodeError, ValueError: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        if not may_hold_surrogates(line):
            raise
    return json.loads(line.decode(errors="surrogatepass"))

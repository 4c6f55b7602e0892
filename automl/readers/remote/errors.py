"""What a package of a store raised, in words that hold no secret."""

import os
import re
from collections.abc import Mapping

_SECRET = re.compile(
    r"secret|token|password|passwd|credential|_key|key_|access_?key|connection_string",
    re.IGNORECASE,
)
_LEAST = 6
"""Shorter values are no secrets, and stand in many words."""

_HIDDEN = (
    (re.compile(r"(://)[^/\s@]*@"), r"\1***@"),
    (re.compile(r"(https?://[^\s?'\"]*)\?[^\s'\"]*"), r"\1?***"),
    (re.compile(r"(?i)\b(authorization|x-amz-\S+)\s*[:=]\s*\S+"), r"\1: ***"),
)
_LONGEST = 300
_LASTING = (PermissionError, ImportError, ValueError, TypeError, NotImplementedError)
_OF_CREDENTIALS = re.compile(r"Credential|ProfileNotFound|NoAuth|InvalidRegion")
_FIRST_FAULT, _FIRST_OF_SERVERS = 400, 500
_PASSING_STATUS = {408, 425, 429}


def lasts(error: BaseException) -> bool:
    """Tell whether trying again is sure to end alike, as something must be set right before."""
    status = getattr(error, "status", None)
    if isinstance(status, int):
        client = _FIRST_FAULT <= status < _FIRST_OF_SERVERS
        return client and status not in _PASSING_STATUS
    return isinstance(error, _LASTING) or bool(_OF_CREDENTIALS.search(type(error).__name__))


def told(error: BaseException, environ: Mapping[str, str] = os.environ) -> str:
    """Return one line on what went wrong, without any value of the environment that may be secret.

    >>> told(OSError("no way to http://me:secret1@host/a?sig=1"), {})
    'no way to http://***@host/a?***'
    """
    root = error
    while root.__cause__ is not None and not str(root):
        root = root.__cause__
    reason = getattr(root, "strerror", None) if type(root) is OSError else None
    text = " ".join(str(reason or root).split())
    name = type(root).__name__
    text = (
        text if text and isinstance(root, OSError | ValueError) else f"{name}: {text}".rstrip(": ")
    )
    return masked(text, environ)[:_LONGEST]


def masked(text: str, environ: Mapping[str, str]) -> str:
    """Return a text without secrets."""
    for name, value in environ.items():
        if len(value) >= _LEAST and _SECRET.search(name):
            text = text.replace(value, "***")
    for pattern, shown in _HIDDEN:
        text = pattern.sub(shown, text)
    return text

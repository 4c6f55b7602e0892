"""The values of `secret_env`, kept out of everything that is written or shown."""

import json
from collections.abc import Iterable
from urllib.parse import quote

MASK = "***"

_RECOGNIZED = 8
"""So many first characters of a secret tell it, where a text that was cut short ends in it."""

_SHORT_LINE = 4
"""Lines of a secret with fewer characters are not looked for by themselves: braces, say."""


class SecretValues:
    """Replaces secrets in text that trials gave.

    A secret is found as it stands, as Python, JSON or a URL would write it, and line by line. What
    a program makes of it beyond that, such as a digest, is not known.

    Args:
        values: the secrets.

    Attributes:
        longest: how many bytes the longest of the texts that are looked for has.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        texts = {form for value in values if value.strip() for form in _forms(value)}
        # The longer first, as one may contain another.
        self._texts = sorted(texts, key=lambda text: (-len(text), text))
        self.longest = max((len(text.encode(errors="replace")) for text in texts), default=0)

    def masked(self, text: str) -> str:
        """Return a text with `***` in place of each secret, or of the beginning of one at a cut."""
        for secret in self._texts:
            text = text.replace(secret, MASK)
        for secret in self._texts:
            text = _without_beginning(text, secret)
        return text


NO_SECRETS = SecretValues()


def _forms(value: str) -> set[str]:
    lines = {line.strip() for line in value.splitlines()}
    whole = {value, value.strip()} | {line for line in lines if len(line) >= _SHORT_LINE}
    written = {
        form
        for text in whole
        for form in (
            repr(text)[1:-1],
            json.dumps(text)[1:-1],
            json.dumps(text, ensure_ascii=False)[1:-1],
            quote(text, safe="", errors="surrogateescape"),
        )
    }
    return {text for text in whole | written if text}


def _without_beginning(text: str, secret: str) -> str:
    """Mask the beginning of a secret where a text was cut short: at its end, or before a quote."""
    parts, end = [], 0
    head = secret[:_RECOGNIZED]
    while len(head) == _RECOGNIZED and (start := text.find(head, end)) >= 0:
        after = start + _common(text[start : start + len(secret)], secret)
        cut = after == len(text) or text[after] in "'\""
        parts += [text[end:start], MASK if cut else text[start:after]]
        end = after
    return "".join([*parts, text[end:]])


def _common(one: str, other: str) -> int:
    """Return how many first characters two texts share."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))

"""The help text that a shell script would print, taken from its source."""

import re
from collections.abc import Iterator

_LONGEST = 1000
_HERE = re.compile(r"<<-?\s*[\"'\\]?(?P<end>\w+)[\"']?")
_PRINTED = re.compile(
    r"(?:^|[;{&|(])\s*(?:echo|printf)\s+(?:-\w+\s+)*(?P<quote>[\"'])(?P<text>.*?)(?:(?P<end>(?P=quote))|$)"
)
_MOST_QUOTED = 200
_COMMENT = re.compile(r"^\s*#(?P<text>\s.*-{1,2}\w.*)$")


def usage_text(script: str) -> str:
    r"""Return the lines that a script prints by `echo`, `printf` and here-documents, and comments.

    >>> usage_text("cat <<U\n  --lr LR  rate\nU\necho '  -n N  count'\nrm x\n")
    '  --lr LR  rate\n  -n N  count'
    """
    return "\n".join(_lines(script))


def _lines(script: str) -> Iterator[str]:
    end, quote, quoted = "", "", 0
    for whole in script.splitlines():
        line = whole[:_LONGEST]
        if end:
            if line.strip() == end:
                end = ""
            else:
                yield line
        elif quote:
            text, closed, _ = line.partition(quote)
            yield text
            quoted += 1
            quote = "" if closed or quoted > _MOST_QUOTED else quote
        elif here := _HERE.search(line):
            end = here["end"]
        elif printed := _PRINTED.search(line):
            yield from _shown(printed["text"])
            quote, quoted = ("" if printed["end"] else printed["quote"]), 0
        elif comment := _COMMENT.match(line):
            yield from _shown(comment["text"])


def _shown(text: str) -> list[str]:
    return text.replace("\\t", "\t").split("\\n")

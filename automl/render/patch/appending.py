"""One more entry behind the last one of a list or dictionary in brackets, in the way of that."""

import re

from automl.render.patch.edits import Edit, line_end


def appended(text: str, start: int, end: int, new: str, comment: str) -> Edit:
    """Return what adds an entry.

    Args:
        text: the whole text.
        start: where the last entry begins.
        end: where it ends.
        new: the entry that is to follow it.
        comment: what a comment in the rest of a line is, as a regular expression.
    """
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start]
    if not line or before.strip():
        return Edit(end, end, f", {new}")
    # An entry on a line of its own is followed by another such line, behind its comment.
    rest = re.compile(rf"(,?)([ \t]*(?:{comment})?)(?=[ \t]*\r?\n)").match(text, end)
    comma, comment = rest.groups() if rest else ("", "")
    until = rest.end() if rest else end
    return Edit(end, until, f",{comment}{line_end(text)}{before}{new}{comma}")

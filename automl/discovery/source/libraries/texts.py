"""Options that a program gives as a text: docopt's usage, getopt's letters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

from automl.discovery.help_text.parsed import parse_help
from automl.discovery.option import Kind, Option
from automl.discovery.source.evaluation.calls import Call
from automl.discovery.source.evaluation.plain.iteration import items_of
from automl.discovery.source.evaluation.values import UNKNOWN, Value
from automl.discovery.source.libraries.command import Command
from automl.discovery.source.libraries.fields.lines import FieldsLine
from automl.discovery.source.libraries.kinds import Taken, with_taken


def _docopt(call: Call) -> Value:
    text = call.given("doc", 0, call.keywords.get("docstring"))
    if not isinstance(text, str):
        call.evaluation.doubt(f"{call.place} takes its options from a text that is not known")
        return UNKNOWN
    options = [
        with_taken(replace(one, place=f"{call.place}"), Taken(one.kind, one.choices))
        for one in sorted(parse_help(text).options, key=lambda one: not one.positional)
    ]
    return _kept("docopt", options, call)


def _getopt(call: Call) -> Value:
    letters, words = call.given("shortopts", 1, ""), items_of(call.given("longopts", 2, ()))
    if not isinstance(letters, str) or words is None:
        call.evaluation.doubt(f"{call.place} takes options whose names are not known")
        return UNKNOWN
    valued = {letter for letter, colon in pairwise(letters) if colon == ":"}
    made = [_plain(f"-{one}", call, valued=one in valued) for one in letters if one not in ":h"]
    made += [
        _plain(f"--{word.rstrip('=')}", call, valued=word.endswith("="))
        for word in words
        if isinstance(word, str) and word != "help"
    ]
    return _kept("getopt", made, call)


def _plain(name: str, call: Call, *, valued: bool) -> Option:
    if not valued:
        return Option((name,), Kind.FLAG, default=False, place=f"{call.place}")
    return Option((name,), Kind.UNKNOWN, place=f"{call.place}")


def _kept(library: str, options: list[Option], call: Call) -> Value:
    call.evaluation.keep(FieldsLine(library, Command(options)))
    call.evaluation.parsed()
    return UNKNOWN if library == "docopt" else (UNKNOWN, UNKNOWN)


TEXTS: Mapping[str, Callable[[Call], Value]] = {
    "docopt.docopt": _docopt,
    "docopt.magic_docopt": _docopt,
    "getopt.getopt": _getopt,
    "getopt.gnu_getopt": _getopt,
}
"""By dotted name."""

"""The scripts by which bash, zsh and fish ask what to offer at TAB, and the answers to them.

A shell hands over the line up to the cursor, and gets a candidate a line, with what it is behind a
tab. So the three take lines apart alike, whatever their own rules on `=` and `:` are.
"""

import os
import sys
from collections.abc import Iterator
from typing import ClassVar

import click
from click.shell_completion import CompletionItem, ShellComplete

from automl.cli.completion.paths import paths_like
from automl.cli.completion.typed_line import TypedLine

_WIDEST = 60
"""So many letters of what a candidate is are shown."""

_BASH = """\
%(complete_func)s() {
    local one
    mapfile -t COMPREPLY < <(
        COMP_LINE=$COMP_LINE COMP_POINT=$COMP_POINT COMP_WORDBREAKS=$COMP_WORDBREAKS \\
            %(complete_var)s=bash_complete "$1" 2>/dev/null
    )
    for one in "${COMPREPLY[@]}"; do
        [[ $one == *[=/,] ]] && compopt -o nospace
    done
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH = """\
#compdef %(prog_name)s
%(complete_func)s() {
    local line value
    local -a found closed open
    found=("${(@f)$(
        COMP_LINE="${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" \\
            %(complete_var)s=zsh_complete ${~words[1]} 2>/dev/null
    )}")
    for line in $found; do
        value=${${line%%%%$'\\t'*}//:/\\\\:}
        [[ $line == *$'\\t'* ]] && line=$value:${line#*$'\\t'} || line=$value
        [[ $value == *[=/,] ]] && open+=($line) || closed+=($line)
    done
    (( $#closed )) && _describe -V %(prog_name)s closed
    (( $#open )) && _describe -V %(prog_name)s open -S ''
    return $(( $#closed + $#open == 0 ))
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = """\
function %(complete_func)s
    set -lx COMP_LINE (commandline -cp | string collect)
    set -lx %(complete_var)s fish_complete
    %(prog_name)s 2>/dev/null
end
complete --command %(prog_name)s --no-files --keep-order --arguments "(%(complete_func)s)"
"""


class _Shell(ShellComplete):
    """A shell that hands over a line and takes a candidate a line."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words of the line, and the one that is begun."""
        typed = self.typed()
        return typed.words, typed.begun

    def typed(self) -> TypedLine:
        """Return the line up to the cursor."""
        return TypedLine.of(os.environ["COMP_LINE"])

    def complete(self) -> str:
        """Return the candidates, a line each."""
        words, begun = self.get_completion_args()
        option, equals, _ = begun.partition("=")
        # What is offered for the value of an option is to take the place of the whole word.
        head = option + equals if begun.startswith("-") and equals else ""
        found = _with_paths(self.get_completions(words, begun))
        return "\n".join(self.format_completion(_behind(head, one)) for one in found)

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a candidate and what it is."""
        return f"{item.value}\t{item.help}" if item.help else item.value


class Bash(_Shell):
    """bash from 4.4 on."""

    name: ClassVar[str] = "bash"
    source_template: ClassVar[str] = _BASH

    def typed(self) -> TypedLine:
        """Return the line up to the cursor, whose place is told in bytes."""
        line = os.fsencode(os.environ["COMP_LINE"])[: int(os.environ["COMP_POINT"])]
        return TypedLine.of(os.fsdecode(line))

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a candidate alone, as bash would insert the rest as well."""
        return self.typed().rest_for_bash(item.value, os.environ["COMP_WORDBREAKS"])


class Zsh(_Shell):
    """zsh."""

    name: ClassVar[str] = "zsh"
    source_template: ClassVar[str] = _ZSH


class Fish(_Shell):
    """fish."""

    name: ClassVar[str] = "fish"
    source_template: ClassVar[str] = _FISH


_SHELLS: dict[str, type[_Shell]] = {one.name: one for one in (Bash, Zsh, Fish)}


def complete(command: click.Command, name: str, variable: str, asked: str) -> int:
    """Print a shell's script, or what it is to offer; return the exit code.

    Args:
        command: what is typed.
        name: its name.
        variable: the variable by which a shell asks.
        asked: its value, such as `bash_source` or `zsh_complete`.
    """
    shell, _, what = asked.partition("_")
    if shell not in _SHELLS or what not in {"source", "complete"}:
        return 1
    made = _SHELLS[shell](command, {}, name, variable)
    if what == "source":
        text = made.source()
    else:
        # Of an option whose value is being typed, click does not tell what stood before it.
        made.ctx_args = {"obj": made.typed().words}
        text = made.complete()
    sys.stdout.write(text if text.endswith("\n") or not text else f"{text}\n")
    return 0


def _behind(head: str, item: CompletionItem[str]) -> CompletionItem[str]:
    return CompletionItem(head + item.value, help=item.help)


def _with_paths(items: list[CompletionItem[str]]) -> Iterator[CompletionItem[str]]:
    """Give candidates that can be shown, with the paths in place of the wish for paths."""
    for item in items:
        if item.type in {"dir", "file"}:
            found = paths_like(item.value, folders_only=item.type == "dir")
            yield from (CompletionItem(path) for path in found if path.isprintable())
        elif item.value.isprintable():
            yield CompletionItem(item.value, help=_short(item.help or ""))


def _short(text: str) -> str:
    """Return as much of a text as fits beside a candidate."""
    words = " ".join(text.split())
    return words if len(words) <= _WIDEST else f"{words[: _WIDEST - 3].rstrip()}..."

"""One command as templates, filled in for one trial."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from automl.errors import RenderError, SpecError
from automl.launch.tasks.filled import Filled
from automl.launch.tasks.measured import Measuring
from automl.render.context import OVERRIDES, PARAM_PREFIX
from automl.render.footprint import at_home
from automl.render.lone import Lone, overrides_apart
from automl.render.success import accepting
from automl.render.template import Template, TemplateContext
from automl.render.values.overrides import overrides_of
from automl.study.tasks.reader import Reader
from automl.study.tasks.task import Command, Task


class CommandTemplates:
    """A command of a task, as templates.

    A word of a command that names a parameter which is off in a trial (`when=`) is left out, and
    with it a plain option in front of it: of `--momentum {{ trial.param.momentum }}` nothing is
    left, nor of `--momentum={{ trial.param.momentum }}`. So is a word that is an `{% if %}` block
    of which nothing remains. In a shell line an `{% if %}` must see to it.

    A word that is only the placeholder of a flag is what stands for its value, or is left out.

    Args:
        cmd: its words, or a shell line.
        where: what messages call its task.
        what: the option that has it.
        success_codes: the exit codes by which it succeeds.
        readers: those of its task, some of which may ask for what it takes.

    Attributes:
        templates: its words or its line.
        measured: the paths of which it is asked how large they are.
    """

    def __init__(
        self,
        cmd: Command,
        where: str,
        *,
        what: str = "cmd",
        success_codes: Sequence[int] = (0,),
        readers: Sequence[Reader] = (),
    ) -> None:
        self._measuring = Measuring(readers, where)
        self.measured = self._measuring.paths
        self._success_codes = success_codes
        self._is_line = isinstance(cmd, str)
        if isinstance(cmd, str):
            self.templates = [Template(cmd, where=f"{where}: {what}", shell_line=True)]
        else:
            self.templates = [
                Template(word, where=f"{where}: word {place} of {what}")
                for place, word in enumerate(cmd, 1)
            ]
        for template in self.templates:
            _check_overrides(template, shell_line=self._is_line)

    # Not before the first trial: the templates know the names of all parameters by then.
    @functools.cached_property
    def _needs(self) -> list[set[str]]:
        return [_parameters(template) for template in self.templates]

    @functools.cached_property
    def _whole(self) -> bool:
        return not any(_is_block(one) or _is_overrides(one) for one in self.templates)

    @property
    def lone(self) -> Iterator[tuple[Template, Lone]]:
        """The parameters that are a word by themselves, each with the template that it is in."""
        before = ""
        for template in self.templates:
            for one in template.lone:
                yield template, one if self._is_line else replace(one, before=before)
            before = template.text

    def filled(self, context: TemplateContext) -> Filled:
        """Return the command for one trial.

        Raises:
            RenderError: a template cannot be filled in.
            LaunchError: it has no program to start.
        """
        command = self._measuring.measured(self._command(context), context)
        return self._accepted(command)

    def shown(self, context: TemplateContext) -> Filled:
        """Return the same without what measures the command."""
        return self._accepted(self._command(context))

    def _accepted(self, command: Command) -> Filled:
        return Filled((accepting(command, self._success_codes),))

    def _command(self, context: TemplateContext) -> Command:
        if self._is_line:
            return self.templates[0].render(context)
        if (
            self._whole
            and not context.flags
            and all(needs <= context.params.keys() for needs in self._needs)
        ):
            words = [template.render(context) for template in self.templates]
        else:
            words = list(self._words(context))
        # No shell reads the name of the program; what else is a path, only the program knows.
        words[:1] = [at_home(self.templates[0].text, word) for word in words[:1]]
        return tuple(words)

    def _words(self, context: TemplateContext) -> Iterator[str]:
        option: str | None = None
        for template, needs in zip(self.templates, self._needs, strict=True):
            if _is_overrides(template):
                yield from filter(None, (option,))
                yield from overrides_of(context.params)
                option = None
                continue
            flag = next((one.name for one in template.lone if one.name in context.flags), None)
            if flag is not None:
                # Not the value of the option before it, which stays, whether or not it does.
                yield from (one for one in (option, context.flags[flag]) if one is not None)
                option = None
                continue
            word = _word(template, context, off=bool(needs - context.params.keys()))
            if option is not None and word is not None:
                yield option
            option = None
            if word is None or (not word and _is_block(template)):
                continue
            if _is_option(template):
                option = word
            else:
                yield word
        if option is not None:
            yield option


def _word(template: Template, context: TemplateContext, *, off: bool) -> str | None:
    """Return a word of a command, None if it needs a parameter that is off."""
    try:
        return template.render(context)
    except RenderError:
        if off:
            return None
        raise


def _is_overrides(template: Template) -> bool:
    return [piece.name for piece in template.pieces] == [OVERRIDES]


def _check_overrides(template: Template, *, shell_line: bool) -> None:
    if not overrides_apart(template.pieces, shell_line=shell_line):
        raise SpecError(
            f"{template.where}: {template.shown}: {{{{ {OVERRIDES} }}}} stands for several words; "
            "make it a word of its own"
        )


def _is_block(template: Template) -> bool:
    return template.text.startswith("{%")


def _is_option(template: Template) -> bool:
    return (
        template.text.startswith("-") and not template.placeholders() and "=" not in template.text
    )


def _parameters(template: Template) -> set[str]:
    return {
        name.removeprefix(PARAM_PREFIX)
        for name in template.placeholders()
        if name.startswith(PARAM_PREFIX)
    }


def command_templates(task: Task, where: str) -> CommandTemplates:
    """Return the templates of a task that runs its `cmd`; it may have `success_codes`."""
    codes = getattr(task, "success_codes", (0,))
    return CommandTemplates(task.cmd or (), where, success_codes=codes, readers=task.readers)

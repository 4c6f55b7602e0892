"""Whether every placeholder of a study can be filled in, and what was meant where it cannot."""

import re
from collections.abc import Iterable, Sequence

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.render.context import PARAM_PREFIX, PYTHON, known_names
from automl.render.names.odd_names import spelling
from automl.render.template import RAW_HINT, Template
from automl.space.written_names import near_name

_WORD = re.compile(r"\w+")
_PATH = re.compile(rf"{re.escape(PARAM_PREFIX)}\w+(?:[.\-]\w+)+")


def check_placeholders(
    templates: Iterable[Template], parameter_names: Iterable[str], file_names: Iterable[str] = ()
) -> None:
    """Check, before anything starts, that every placeholder can be filled in.

    The templates know the names of all parameters from then on.

    Args:
        templates: what is filled in.
        parameter_names: of all parameters.
        file_names: of all files that are written for each trial.

    Raises:
        SpecError: a name is unknown or has two meanings, or `<<x>>` names a parameter without
            `trial.param.`, or `python`, which has one form; the message says where, and lists the
            known names.
    """
    parameters = list(parameter_names)
    known = known_names(parameters, file_names)
    for template in templates:
        _know(template, parameters, known)
        for asked in sorted(template.placeholders().difference(known)):
            raise _unknown(template, asked, parameters, known)
        for asked in _bare(template, parameters):
            named = f"<<{spelling(PARAM_PREFIX + asked, parameters)}>>"
            raise SpecError(
                f"{template.where}: {template.shown}: <<{asked}>> would not be filled in; "
                f"write {named if asked in parameters else f'{{{{ {asked} }}}}'}; {RAW_HINT}"
            )


def _know(template: Template, parameters: Sequence[str], known: Sequence[str]) -> None:
    try:
        template.know(parameters)
    except SpecError:
        if _written(template, "", parameters) is None:
            raise
        raise _unknown(template, "", parameters, known) from None


def _unknown(
    template: Template, asked: str, parameters: Sequence[str], known: Sequence[str]
) -> SpecError:
    written, meant = _written(template, asked, parameters) or (asked, "")
    hint = f" (did you mean {spelling(meant, parameters)!r}?)" if meant else ""
    listed = ", ".join(spelling(name, parameters) for name in known)
    return SpecError(
        f"{template.where}: {template.shown}: placeholder {written!r} is unknown"
        f"{hint or did_you_mean(asked, known)}; known: {listed}; {RAW_HINT}"
    )


def _written(template: Template, asked: str, parameters: Sequence[str]) -> tuple[str, str] | None:
    """Return what a user wrote for an unknown placeholder, and what was meant if that is known."""
    if near := near_name(template.text, parameters, PARAM_PREFIX):
        return PARAM_PREFIX + near[0], PARAM_PREFIX + near[1]
    code = " ".join(piece.text for piece in template.pieces if not piece.is_text)
    for name in parameters:
        if asked == name or asked.endswith(f".{name}"):
            return asked, PARAM_PREFIX + name
        odd = not name.isidentifier() and (not asked or asked in _WORD.findall(name))
        if odd and re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", code):
            return name, PARAM_PREFIX + name
    for path in _PATH.findall(code):
        first, *others = _WORD.findall(path.removeprefix(PARAM_PREFIX))
        if first not in parameters and asked in {PARAM_PREFIX + first, *others}:
            return path, ""
    return None


def _bare(template: Template, parameters: Sequence[str]) -> list[str]:
    """Return the names that stand alone between angles, where nothing fills them in."""
    odd = [name for name in parameters if not name.isidentifier()]
    text = "".join(piece.text for piece in template.pieces if piece.is_text)
    found = [name for name in odd if re.search(rf"(?<!<)<<[ \t]*{re.escape(name)}[ \t]*>>", text)]
    return sorted([*template.bare_names.intersection({PYTHON, *parameters}), *found])

"""The description of a study in its folder, which can be run again."""

from automl.journal.disk.files import read_regular, replace_file, trouble
from automl.journal.folder import StudyFolder
from automl.render.config import yaml_text
from automl.spelling.spelling import spelled
from automl.study.description import describe
from automl.study.spec import StudySpec


def write_description(spec: StudySpec, folder: StudyFolder) -> None:
    """Write `study.yaml`, unless it says the same already; raises as `trouble` does."""
    content = yaml_text(describe(spec)).encode()
    try:
        if not folder.spec.exists() or read_regular(folder.spec) != content or spec.private:
            replace_file(folder.spec, content, private=spec.private)
    except OSError as error:
        advice = f"give {spelled('study_dir')} a folder you may write to"
        raise trouble(f"write {folder.spec}", error, advice) from error

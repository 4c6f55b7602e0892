"""What the files of a checked trial are called."""

import pytest

from automl.studies.checking.names import Names


def names(cwd: str = "/w", typed: str = "") -> Names:
    return Names(
        trial_dir="/t/study/trials/0",
        study_dir="/t/study",
        outputs=("/t/study/trials/0/stdout.log", "/t/study/trials/0/stderr.log"),
        cwd=cwd,
        typed=typed,
    )


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("/t/study/trials/0/stdout.log", "stdout"),
        ("/t/study/trials/0/stderr.log", "stderr"),
        ("/t/study/trials/0/out/metric.log", "{{ trial.dir }}/out/metric.log"),
        ("/w/./out/metric.log", "out/metric.log"),
        ("/data/metric.log", "/data/metric.log"),
    ],
)
def test_a_file_is_called_as_its_user_knows_it(path: str, called: str) -> None:
    assert names().of(path) == called
    assert names(typed="train.log").of(path) == "train.log"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no match in /t/study/trials/0/stdout.log", "no match in stdout"),
        ("no file /w/./out/1.log", "no file out/1.log"),
        ("stdout.log or stderr.log of /t/study/trials/0", "stdout.log or stderr.log"),
        ("see /t/study/best.json", "see {{ study.dir }}/best.json"),
        ("https://example.com", "https://example.com"),
    ],
)
def test_a_text_has_files_as_they_are_called(text: str, said: str) -> None:
    assert names().said(text) == said
    assert names(cwd="/").said("https://example.com") == "https://example.com"


def test_a_file_that_was_typed_stands_for_both_streams() -> None:
    text = "in stdout.log or stderr.log of /t/study/trials/0"
    assert names(typed="train.log").said(text) == "in train.log"

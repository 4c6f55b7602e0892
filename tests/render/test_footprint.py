"""Which locations may name the same files."""

from pathlib import Path

import pytest

from automl.render.footprint import Footprint, footprint


def of(location: str, cwd: Path | str = "/work", name: str = "a") -> Footprint:
    return footprint(location, cwd=str(cwd), study_name=name, study_dir=f"/work/studies/{name}")


@pytest.mark.parametrize(
    "other",
    [
        "log/{{trial.id}}",
        "log/<<trial.id>>",
        "log/<< trial.id >>",
        "log/{{  trial.id  }}",
        "log/{{ '%03d' % trial.id }}",
        "log/{{ trial.param.x }}",
        "./log/{{ trial.id }}",
        "log//{{ trial.id }}",
        "data/../log/{{ trial.id }}",
        "/work/log/{{ trial.id }}",
        "log/{{ trial.id }}{{ trial.param.x }}",
        "log/{% if trial.id %}{{ trial.id }}{% endif %}",
    ],
)
def test_locations_that_may_name_one_file_are_alike(other: str) -> None:
    assert of(other, name="b") == of("log/{{ trial.id }}")


@pytest.mark.parametrize(
    "other",
    [
        "log/{{ trial.id }}.txt",
        "logs/{{ trial.id }}",
        "log/b-{{ trial.id }}",
        "log/{{ study.name }}/{{ trial.id }}",
        "log/{{ study.name }}-{{ trial.id }}",
        "log/{{ study.name | upper }}-{{ trial.id }}",
        "log/{{ study.name ~ trial.id }}",
        "log/{% if trial.id %}{{ study.name }}-{{ trial.id }}{% endif %}",
        "log/{% raw %}{{ trial.id }}{% endraw %}",
        "{{ trial.dir }}/metric.txt",
        "{{ study.dir }}/{{ trial.id }}",
    ],
)
def test_other_locations_differ(other: str) -> None:
    assert of(other, name="b") != of("log/{{ trial.id }}")


@pytest.mark.parametrize(
    "location",
    [
        "log/{{ study.name }}/{{ trial.id }}",
        "log/{{ study.name | upper }}-{{ trial.id }}",
        "log/{{ study.name ~ trial.id }}",
        "{% if trial.id %}{{ study.name }}{{ trial.id }}{% endif %}",
        "log/<<study.name>>-{{ trial.id }}",
    ],
)
def test_the_name_of_a_study_tells_its_files_apart(location: str) -> None:
    assert of(location, name="a") != of(location, name="b")
    assert of(location, name="a") == of(location, name="a")


def test_a_link_is_resolved(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "link").symlink_to("log")
    (tmp_path / "log" / "up").symlink_to(tmp_path)
    direct = of("log/{{ trial.id }}", tmp_path)
    assert of("link/{{ trial.id }}", tmp_path) == direct
    assert of("log/up/link/{{ trial.id }}", tmp_path) == direct
    assert of("{{ trial.id }}", tmp_path / "link") == direct


def test_a_file_that_is_one_for_all_trials_is_known_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to("metric.txt")
    assert of("metric.txt", tmp_path) == Footprint(str(tmp_path), "metric.txt")
    assert of("link.txt", tmp_path) == of("./metric.txt", tmp_path)


@pytest.mark.parametrize(
    "word",
    ["{{ trial.dir }}", "<<trial.dir>>", "{{ trial.checkpoint_dir }}", "{{ trial.file.conf }}"],
)
def test_a_trials_own_folder_lies_in_that_of_the_study(word: str) -> None:
    assert of(f"{word}/stdout.log").folder == "/work/studies/a/trials"


def test_it_is_shown_with_stars() -> None:
    assert str(of("log/{{ trial.id }}/m-{{ trial.param.x }}.txt")) == "/work/log/*/m-*.txt"

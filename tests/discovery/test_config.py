"""Config files that a command names."""

from pathlib import Path

from automl.discovery.config.config_files import ConfigFile, config_files

ENDINGS = (".json", ".yaml", ".env", ".py")


def found(folder: Path, command: str) -> list[ConfigFile]:
    return list(config_files(command.split(), 1, str(folder), ENDINGS))


def test_a_file_may_be_named_without_its_extension(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text("{}")
    for command, at in (("./t --config_file base", 2), ("./t --cfg=base", 1), ("./t -m base", 0)):
        files = found(tmp_path, command)
        assert [(one.word, one.name, one.bare) for one in files] == [(at, "base.json", True)][:at]


def test_files_in_a_command_are_found(tmp_path: Path) -> None:
    for name in ("conf.yaml", "conf.json", ".env", "c.PY"):
        (tmp_path / name).write_text("text")
    (tmp_path / "mine.yaml").write_text("lr: {{ trial.param.lr }}\n")
    files = found(tmp_path, "./t --a conf.yaml --b=conf.json no.json mine.yaml x=y .env c.PY")
    assert [(one.word, one.lead, one.name) for one in files] == [
        (2, "", "conf.yaml"),
        (3, "--b=", "conf.json"),
        (7, "", ".env"),
        (8, "", "c.PY"),
    ]
    assert {one.text for one in files} == {"text"}

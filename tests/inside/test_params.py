"""`automl.params`: the values of a trial in a script, and its own defaults elsewhere."""

import json
from pathlib import Path

import pytest

import automl


def test_outside_of_a_trial_they_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOML_TRIAL_DIR", raising=False)
    assert automl.params() == {}
    assert automl.params(lr=0.1, layers=2) == {"lr": 0.1, "layers": 2}
    assert automl.params({"lr": 0.1, "odd name": None}, lr=0.2) == {"lr": 0.2, "odd name": None}


def test_in_a_trial_they_are_its_own_with_their_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"lr": 1e-3, "layers": 3, "amp": True, "kind": None, "odd name": "1"}
    (tmp_path / "params.json").write_text(json.dumps(own))
    monkeypatch.setenv("AUTOML_TRIAL_DIR", str(tmp_path))
    assert automl.params() == own
    found = automl.params(lr=0.1, layers=2.0, off="a default for what is off in this trial")
    assert found == {**own, "off": "a default for what is off in this trial"}
    assert list(map(type, found.values()))[:3] == [float, int, str]


@pytest.mark.parametrize("text", [None, "", "{"])
def test_defaults_are_never_taken_for_the_values_of_a_trial(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text is not None:
        (tmp_path / "params.json").write_text(text)
    monkeypatch.setenv("AUTOML_TRIAL_DIR", str(tmp_path))
    with pytest.raises(
        RuntimeError, match=r"cannot be read from .*params\.json: .*; unset AUTOML_"
    ):
        automl.params(lr=0.1)

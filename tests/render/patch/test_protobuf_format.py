import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.errors import SpecError
from automl.render.patch.compared import differences
from automl.render.patch.patcher import Patcher
from automl.render.patch.patching import patch
from automl.render.patch.protobuf.protobuf_format import ProtobufFormat
from automl.testing import FORMAT_CHECKS, FormatSample

PIPELINE = Path(__file__).parent / "corpus" / "protobuf" / "easyrec.config"

RATE = "adam_optimizer.learning_rate.exponential_decay_learning_rate"

TEXT = """# how it is trained
name: "adam"  # or sgd
train_config {
  lr: 1e-5
  on: true
}
"""


def fields(text: str) -> Mapping[str, Any]:
    data = ProtobufFormat().data(text)
    config = data["train_config"]
    return {"name": data["name"], "train_config.lr": config["lr"], "train_config.on": config["on"]}


@pytest.mark.parametrize("check", FORMAT_CHECKS)
def test_protobuf_keeps_the_contract(check: Callable[[Patcher, FormatSample], None]) -> None:
    values = (7, 0.5, True, "a b", "7", [1, "x"], -1e300, 'it\'s "q"\n')
    sample = FormatSample(text=TEXT, read=fields, values=values, missing="train_config.new")
    check(ProtobufFormat(), sample)


def test_values_are_read_as_protobuf_reads_them() -> None:
    text = r"""
    a: 0x1F b: 017 c: .5 d: 1. e: 5F f: -inf g: - 3 h: TRUE_ISH i: false
    s: 'one' "two" t: "\101\x42\u00e9\303\251\n\"" l: [1, 2.5]
    m: 1 m: [2, 3] n < o { } > [ x . y ]: 1;
    """
    expected = {
        "a": 31,
        "b": 15,
        "c": 0.5,
        "d": 1.0,
        "e": 5.0,
        "f": -math.inf,
        "g": -3,
        "i": False,
        "s": "onetwo",
        "t": 'ABéé\n"',
        "l": [1, 2.5],
        "m": [1, 2, 3],
        "n": {"o": {}},
        "[x.y]": 1,
    }
    data = ProtobufFormat().data(text)
    assert data.pop("h") == "TRUE_ISH"
    assert not list(differences(data, expected))


lists = st.lists(st.text(), max_size=2)


@settings(max_examples=40, deadline=None)
@given(
    value=st.text() | st.integers() | st.floats() | st.booleans() | st.lists(st.text(), max_size=2)
)
def test_any_value_is_read_back(value: Any) -> None:
    text = "a: 1 # c\nb { c: 2 }\n"
    try:
        patched = patch(ProtobufFormat(), text, {"b.c": value})
    except SpecError as error:
        assert "cannot hold the character" in str(error)  # noqa: PT017
        return
    assert patched.startswith("a: 1 # c\nb { c: ")
    expected = {"a": 1, "b": {"c": value}}
    assert not list(differences(ProtobufFormat().data(patched), expected))


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (
            f"train_config.optimizer_config[0].{RATE}.initial_learning_rate",
            1e-05,
            "initial_learning_rate: 0.0001",
            "initial_learning_rate: 0.00001",
        ),
        ("data_config.input_fields[0].input_type", "INT32", "FLOAT", "INT32"),
        ("data_config.batch_size", 512, "1024 # rows", "512 # rows"),
        ("feature_config.features[:2].embedding_dim", 32, "embedding_dim: 16", "embedding_dim: 32"),
        (
            "feature_config.features[input_names=uid].hash_bucket_size",
            5,
            "hash_bucket_size: 100000",
            "hash_bucket_size: 5",
        ),
        (
            "feature_config.features[input_names[0]=cid].feature_type",
            "RawFeature",
            '"cid" feature_type: IdFeature',
            '"cid" feature_type: RawFeature',
        ),
        ("feature_config.features[2].boundaries[-1]", 20, "1.5, 10]", "1.5, 20]"),
        ("model_config.deepfm.dnn.hidden_units", [64, 32], "[128, 64, 32]", "[64, 32]"),
        ("model_config.deepfm.final_dnn[0].hidden_units[1]", 8, "units: 64\n", "units: 8\n"),
        ("model_dir", "x", '"experiments/x"', '"x"'),
    ],
)
def test_a_pipeline_of_easyrec_is_changed(path: str, value: Any, old: str, new: str) -> None:
    text = PIPELINE.read_text()
    assert patch(ProtobufFormat(), text, {path: value}) == text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        ("a { b: 1 }", "a[:].b[0]", 2, "a { b: 2 }"),
        ("a: X", "a", "Y", "a: Y"),
        ("a: X", "a", "y z", 'a: "y z"'),
        ("a: 'x'", "a", "y", 'a: "y"'),
        ("a: [X, Y]", "a", ["Z"], "a: [Z]"),
        ("a: 1\n a: 2 # two\na: 3\n", "a", [4, 5], "a: [4, 5]\n  # two\n"),
        ("a { b: 1 }", "a", 5, "a : 5"),
        ("a: 1", "a", {"b": {"c": [1]}}, "a: { b { c: [1] } }"),
        ("a [{b: 1}, {b: 2}]", "a[b=2].b", 3, "a [{b: 1}, {b: 3}]"),
    ],
)
def test_one_value_is_changed(text: str, path: str, value: Any, expected: str) -> None:
    assert patch(ProtobufFormat(), text, {path: value}) == expected


@pytest.mark.parametrize(
    ("text", "path", "value", "told"),
    [
        ("a { lr: 1 }", "a.Lr", 1, "it has no 'a.Lr'; the nearest: a.lr"),
        ("a { b: 1 }", "a[1].b", 1, "it has no 'a\\[1\\].b'; the nearest: a.b"),
        (
            "a { b: 1 }\na { b: 2 }",
            "a.b",
            1,
            "no 'a.b'; the nearest: a\\[0\\].b, a\\[1\\].b",
        ),
        ("a { b: 1 }", "a[b=2].b", 1, "means no item; there is: \\[b=1\\]"),
        ("a: 1", "a", None, "protobuf text has no null; leave the field out"),
        ("a { b: 1", "a.b", 1, "line 1, column 9: expected a field or '}', found the end"),
        ("a 1", "a", 1, "column 3: expected ':', '{' or '<', found '1'"),
        ("a: ?", "a", 1, "column 4: '\\?' is no part of a message"),
        ("a: -x", "a", 1, "expected a value, found the end"),
        ("a: [1 2]", "a", 1, "column 7: expected ',' or '\\]', found '2'"),
        ("<a>1</a>", "a", 1, "column 1: expected the name of a field, found '<'"),
        ("a {" * 5000, "a", 1, "it is nested too deeply"),
    ],
)
def test_what_protobuf_text_cannot_keep_is_refused(
    text: str, path: str, value: Any, told: str
) -> None:
    with pytest.raises(SpecError, match=told):
        patch(ProtobufFormat(), text, {path: value})


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "a", "a: 5\n"),
        ("x: 1", "a.b", "x: 1\na { b: 5 }"),
        ("x { }\n", "x.a", "x { a: 5 }\n"),
        ("x {}\n", "x.a", "x { a: 5 }\n"),
        ("x {\n  y: 1 # one\n}\n", "x.a", "x {\n  y: 1 # one\n  a: 5\n}\n"),
        ("x { y: 1 }\n", "x.a", "x { y: 1 a: 5 }\n"),
        ("x: [1, 2]\n", "x[2]", "x: [1, 2, 5]\n"),
        ("x: 1\nx: 2\ny: 3\n", "x[2]", "x: 1\nx: 2\nx: 5\ny: 3\n"),
        ("x {\r\n  y: 1\r\n}\r\n", "x.a", "x {\r\n  y: 1\r\n  a: 5\r\n}\r\n"),
    ],
)
def test_what_is_missing_is_added(text: str, path: str, expected: str) -> None:
    assert patch(ProtobufFormat(), text, {path: 5}, create=True) == expected

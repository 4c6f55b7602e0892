"""How an error learns its place in a description."""

from typing import Any

import pytest

from automl.errors import AutomlError, SpecError
from automl.studies.given.kinds import listed, or_none, whole
from automl.studies.given.place import at
from automl.studies.given.plain import DEEPEST, LONGEST_BITS, check_plain


@pytest.mark.parametrize(
    ("message", "place", "text"),
    [
        ("it is wrong", "a[0]", "a[0]: it is wrong"),
        ("low must be 3", "a[0].low", "a[0].low: low must be 3"),
        ("low 3 is above high 2; swap low", "a[0].low", None),
        ("parameter 'low': high must be 3", "a[0].high", None),
        ("it has no option 'lowest'", "a[0].lowest", None),
        ("a thing needs high=; given: low=", "a[0].high", None),
        ("wrong; give low another value", "a[0]", None),
        ("a[0].low is wrong", "a[0].low", "a[0].low is wrong"),
    ],
)
def test_an_error_gets_the_option_that_its_message_is_about(
    message: str, place: str, text: str | None
) -> None:
    with pytest.raises(SpecError) as caught, at("a[0]", ["low", "high"]):
        raise SpecError(message)
    assert caught.value.place == place
    assert str(caught.value) == (text or f"{place}: {message}")


def test_an_error_with_a_place_keeps_it() -> None:
    with pytest.raises(SpecError, match=r"^b is wrong$") as caught, at("a"):
        raise SpecError("b is wrong", place="b")
    assert caught.value.place == "b"
    with pytest.raises(SpecError, match=r"^b\[0\]: it is wrong$"), at("a"):
        raise SpecError("it is wrong", place="b[0]")


def test_whatever_a_plugin_raises_is_told_as_an_error_of_the_description() -> None:
    told = r"^a: this cannot be used \(ZeroDivisionError: "
    with pytest.raises(SpecError, match=told) as caught, at("a"):
        _ = 1 / 0
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(KeyboardInterrupt), at("a"):
        raise KeyboardInterrupt


def test_an_error_has_no_place_unless_it_was_given_one() -> None:
    assert SpecError("x").place == ""
    assert isinstance(SpecError("x", place="a"), AutomlError)


def test_plain_data_has_its_bounds() -> None:
    deep: Any = 1
    for _ in range(DEEPEST + 1):
        deep = [deep]
    check_plain(deep, "a")
    with pytest.raises(SpecError, match="more than 64 deep") as caught:
        check_plain({"b": deep}, "a")
    assert caught.value.place.startswith("a.b[0][0]")
    check_plain([2 ** (LONGEST_BITS - 1)], "a")
    with pytest.raises(SpecError, match=r"^a\[0\]: a whole number of 4097 bits is too long"):
        check_plain([2**LONGEST_BITS], "a")
    with pytest.raises(SpecError, match=r"^a\[1\].x y: the key 3 is no string|the key 3"):
        check_plain([0, {"x y": {3: 1}}], "a")
    check_plain([object(), None, 1.5, "x", b"y", {"a": ()}], "a")


def test_a_list_names_the_item() -> None:
    kind = listed(or_none(whole(2, 5), "never"), "whole numbers", "Sequence[int | None]")
    assert kind.read([2, None, 5], "a") == (2, None, 5)
    with pytest.raises(SpecError, match=r"^a\[1\] must be a whole number from 2 to 5, got 6$"):
        kind.read([2, 6], "a")
    with pytest.raises(SpecError, match=r"^a must be a list, got 3$"):
        kind.read(3, "a")

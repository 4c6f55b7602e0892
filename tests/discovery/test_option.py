from automl.discovery.option import MISSING, Found, How, Kind, Option


def test_an_option_is_found_by_any_of_its_names() -> None:
    rate = Option(("--lr", "-l"), Kind.FLOAT, 1e-3)
    found = Found((rate,), (), How.SOURCE, 2)
    assert [found.named(name) for name in ("--lr", "-l", "--momentum")] == [rate, rate, None]


def test_no_default_is_not_the_default_none() -> None:
    assert Option(("--lr",), Kind.FLOAT).default is MISSING
    assert Option(("--lr",), Kind.FLOAT, None).default is None
    assert repr(MISSING) == "MISSING"

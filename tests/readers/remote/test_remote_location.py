"""Locations that are URLs: which are taken, and that no secret comes by them."""

from typing import Any

import pytest

from automl.errors import SpecError
from automl.readers.registry import make_reader
from automl.readers.remote import packages
from automl.readers.remote.errors import lasts, masked, told
from automl.readers.remote.packages import check_packages
from automl.render.footprint import footprint
from automl.studies.given.trial_parts import task
from automl.study.tasks.location import is_pattern
from automl.study.tasks.reader import described_reader, patience_of
from automl.study.tasks.remote import check_remote, copy_place, is_remote, lane_of, shown_url

SECRET = "wJalrXUtnFEMI"  # noqa: S105 - it is to be recognised


def made(location: str, **options: Any) -> Any:
    return make_reader("json_reader", {"location": location, "key": "acc", **options})


@pytest.mark.parametrize(
    "location",
    [
        "s3://bucket/{{ trial.id }}/m.json",
        "S3://bucket/m.json",
        "gs://bucket/<<trial.id>>.json",
        "oss://bucket/a b.json",
        "hdfs://me@namenode:8020/runs/{{ trial.id }}.json",
        "https://host:8080/runs?trial={{ trial.id }}",
        "s3://bucket/{{ trial.param.a * 2 }}.json",
    ],
)
def test_a_url_is_a_location(location: str) -> None:
    assert made(location).location == location
    assert is_remote(location)
    assert not is_pattern(location)


@pytest.mark.parametrize("location", ["out/m.json", "/a/b", "{{ trial.dir }}/x", "C:/x", "a:b"])
def test_a_path_is_none(location: str) -> None:
    assert not is_remote(location)


@pytest.mark.parametrize(
    "location",
    [
        f"s3://AKIA:{SECRET}@bucket/m.json",
        f"s3://{SECRET}@bucket/m.json",
        f"https://user:{SECRET}@host/m.json",
        f"https://{SECRET}@host/m.json",
        f"hdfs://user:{SECRET}@host/m.json",
        f"https://h/m.json?X-Amz-Signature={SECRET}",
        f"https://h/m.json?x-amz-credential={SECRET}&a=1",
        f"https://h/m.json?a=1&sig={SECRET}",
        f"https://h/m.json?token={SECRET}",
        f"https://h/m.json?OSSAccessKeyId={SECRET}&Expires=1&Signature=x",
        f"https://h/m.json?GoogleAccessId=a&Signature={SECRET}",
        f"s3://bucket/m.json?secret={SECRET}",
    ],
)
def test_a_secret_is_refused_and_not_shown(location: str) -> None:
    with pytest.raises(SpecError, match="environment") as caught:
        made(location)
    assert SECRET not in str(caught.value)
    assert SECRET not in shown_url(location)


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("file:///tmp/m.json", "write its path"),
        ("memory://m.json", "one process"),
        ("zip://m.json::s3://bucket/a.zip", "chains"),
        ("s3://bucket/*/m.json", r"has '\*'"),
    ],
)
def test_what_cannot_be_fetched_is_refused(location: str, why: str) -> None:
    with pytest.raises(SpecError, match=why):
        made(location)


def test_values_cannot_bring_a_secret() -> None:
    with pytest.raises(SpecError):
        check_remote(f"s3://k:{SECRET}@bucket/x")


@pytest.mark.parametrize("type_name", ["oss_reader", "hdfs_reader"])
@pytest.mark.parametrize("option", ["access_key_id", "access_key_secret", "oss_config", "token"])
def test_credentials_as_options_are_refused_kindly(type_name: str, option: str) -> None:
    location = "oss://b/x" if type_name == "oss_reader" else "hdfs://n/x"
    options = {"location": location, "parser_pattern": "(.)", option: SECRET}
    for make in (
        lambda: make_reader(type_name, options),
        lambda: task(
            {
                "type": "BashTask",
                "cmd": "x",
                "metric_reader": {"type": type_name, **options},
            },
            "task_list[0]",
        ),
    ):
        with pytest.raises(SpecError, match="set it in the environment") as caught:
            make()
        assert SECRET not in str(caught.value)
        assert option in str(caught.value)


def test_readers_of_stores_say_which_urls_they_read() -> None:
    with pytest.raises(SpecError, match="must begin with oss://"):
        make_reader("oss_reader", {"location": "s3://b/x", "parser_pattern": "(.)"})
    with pytest.raises(SpecError, match="must begin with hdfs:// or webhdfs://"):
        make_reader("hdfs_reader", {"location": "out.log", "parser_pattern": "(.)"})


def test_a_reader_of_a_store_is_described_with_its_type() -> None:
    options = {"location": "oss://b/{{ trial.id }}", "parser_pattern": "(.)", "patience": "5m"}
    reader = make_reader("oss_reader", options)
    assert described_reader(reader) == {"type": "oss_reader", **options}
    assert patience_of(reader) == 300.0


@pytest.mark.parametrize(("given", "seconds"), [(0, 0.0), (90, 90.0), ("2m", 120.0)])
def test_patience_is_a_duration(given: object, seconds: float) -> None:
    assert patience_of(made("s3://b/x", patience=given)) == seconds


@pytest.mark.parametrize("given", [-1, "long", None, float("nan")])
def test_patience_that_is_none_is_refused(given: object) -> None:
    with pytest.raises(SpecError, match="patience"):
        made("s3://b/x", patience=given)


@pytest.mark.parametrize(
    ("location", "install"),
    [
        ("s3://b/x", r"pip install 'automl-hpo\[remote\]'"),
        ("oss://b/x", r"pip install 'automl-hpo\[remote\]' ossfs"),
        ("gs://b/x", r"pip install 'automl-hpo\[remote\]' gcsfs"),
        ("hdfs://n/x", r"pip install 'automl-hpo\[remote\]' pyarrow"),
    ],
)
def test_what_is_missing_is_told_with_how_to_install_it(
    location: str, install: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda _: None)
    with pytest.raises(SpecError, match=install):
        check_packages([made(location)])


def test_an_unknown_scheme_is_told_with_the_nearest() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(SpecError, match="did you mean 'webhdfs'"):
        check_packages([made("webhdf://n/x")])


def test_a_path_needs_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "find_spec", lambda _: None)
    check_packages([made("out/m.json")])


def test_copies_of_different_urls_have_different_places() -> None:
    urls = [
        "s3://b/1/m",
        "s3://b/2/m",
        "gs://b/1/m",
        "s3://b/1%2Fm",
        "https://h/m?a=1",
        "s3://b/..",
    ]
    urls += [f"s3://b/{'x' * 300}{one}/m" for one in "ab"]
    places = [copy_place(url) for url in urls]
    assert len(set(places)) == len(urls)
    assert not any(part in {"", ".", ".."} for one in places for part in one.split("/"))
    assert max(len(part) for one in places for part in one.split("/")) < 200


def test_servers_are_told_apart_and_buckets_are_not() -> None:
    assert lane_of("s3://a/x") == lane_of("s3://b/x")
    assert lane_of("https://a/x") != lane_of("https://b/x")


def test_two_studies_that_write_one_object_are_told_apart_by_their_claims() -> None:
    def place(location: str, name: str) -> Any:
        study_dir = f"/studies/{name}"
        return footprint(location, cwd="/work", study_name=name, study_dir=study_dir)

    same = "s3://b/{{ trial.id }}/m"
    assert place(same, "a") == place("s3://b/<<trial.id>>/m", "b")
    assert str(place(same, "a")) == "s3://b/*/m"
    own = "s3://b/{{ study.name }}/{{ trial.id }}/m"
    assert place(own, "a") != place(own, "b")


class Status(Exception):  # noqa: N818 - as web clients have them
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class NoCredentialsError(Exception):
    """As botocore has it."""


@pytest.mark.parametrize(
    ("error", "lasting"),
    [
        (Status(403), True),
        (Status(429), False),
        (Status(503), False),
        (PermissionError("Forbidden"), True),
        (NoCredentialsError("Unable to locate credentials"), True),
        (ConnectionResetError("reset"), False),
        (TimeoutError(), False),
        (OSError(5, "internal error"), False),
    ],
)
def test_what_passes_is_told_from_what_lasts(error: Exception, *, lasting: bool) -> None:
    assert lasts(error) is lasting


def test_no_message_holds_a_secret() -> None:
    environ = {
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_ENDPOINT_URL": "http://me:hidden9@host:9",
        "OSS_ACCESS_KEY_ID": "LTAI12345",
        "PATH": "/usr/bin",
    }
    error = OSError(
        f"cannot do it with {SECRET} as LTAI12345 at "
        "http://me:hidden9@host:9/b?X-Amz-Signature=9f9 in /usr/bin"
    )
    text = told(error, environ)
    assert "/usr/bin" in text
    for one in (SECRET, "LTAI12345", "hidden9", "9f9"):
        assert one not in text
    assert masked("short", {"A_TOKEN": "o"}) == "short"

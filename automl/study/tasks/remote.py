"""Locations on other machines, `s3://bucket/{{ trial.id }}/m.json`, and what they may hold."""

import math
import re
from urllib.parse import quote, urlsplit

from automl.errors import SpecError
from automl.space.numbers import is_number
from automl.study.durations import parse_duration

PATIENCE_S = 60.0
"""Seconds for which a remote file is waited for once its trial has ended, if nobody says it."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_HERE = {"file", "local"}
_OF_ONE_PROCESS = {"memory"}
_SIGNING = re.compile(
    r"(^|[?&])([^=&]*(sig|token|secret|cred|key|pass|auth|accessid)[^=&]*|x-(amz|oss|goog|ms)-[^=&]*)=",
    re.IGNORECASE,
)
_USERS = {"hdfs", "webhdfs", "viewfs", "sftp", "ssh", "ftp", "smb"}
"""They name a user without a secret before `@`."""
_LONGEST_NAME = 120


def scheme_of(location: str) -> str:
    """Return the scheme of a URL, empty for a path.

    >>> scheme_of("s3://bucket/{{ trial.id }}/m.json"), scheme_of("out/m.json")
    ('s3', '')
    """
    match = _SCHEME.match(location)
    return match[1].lower() if match else ""


def is_remote(location: str) -> bool:
    """Tell whether a location is a URL, so that its file is fetched from elsewhere."""
    return bool(scheme_of(location))


def check_remote(location: str) -> None:
    """Refuse a URL that holds a secret, or names no file that can be fetched; a path is fine.

    Raises:
        SpecError: the message shows nothing that may be secret.
    """
    scheme = scheme_of(location)
    if not scheme:
        return
    if scheme in _HERE | _OF_ONE_PROCESS:
        why = (
            "is of this machine; write its path, without the scheme"
            if scheme in _HERE
            else "is in the memory of one process, so no other one can read it"
        )
        raise SpecError(f"reader: location {shown_url(location)!r} {why}")
    _refuse_secrets(location, scheme)
    if "::" in location:
        raise SpecError(
            f"reader: location {shown_url(location)!r} chains URLs; give the URL of the file itself"
        )
    if "*" in re.sub(r"\{\{.*?\}\}|\{%.*?%\}|<<.*?>>", "", location):
        raise SpecError(
            f"reader: location {shown_url(location)!r} has '*', which only files on this machine "
            "are looked for by; name one object, such as s3://bucket/{{ trial.id }}/metrics.json"
        )


def _refuse_secrets(location: str, scheme: str) -> None:
    """Refuse a user with a secret, and a signature, as the URL is kept in the study's files."""
    whole, _, query = location[len(scheme) + 3 :].partition("?")
    user, at, _ = whole.partition("/")[0].rpartition("@")
    if at and (":" in user or scheme not in _USERS):
        found = "has a user or a secret before '@'"
    elif _SIGNING.search(query):
        found = "has a key, token or signature behind '?'"
    else:
        return
    raise SpecError(
        f"reader: location {shown_url(location)!r} {found}, and a location is written into "
        "study.yaml and the journal. Take it out, and give the credentials by the environment of "
        f"the script: {credentials_of(scheme)}"
    )


def credentials_of(scheme: str) -> str:
    """Return by what the environment gives the credentials of a kind of URL, for messages."""
    return {
        "oss": "OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and OSS_ENDPOINT",
        "gs": "GOOGLE_APPLICATION_CREDENTIALS",
        "gcs": "GOOGLE_APPLICATION_CREDENTIALS",
        "hdfs": "HADOOP_CONF_DIR, and a Kerberos ticket",
        "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
        "s3a": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
        "http": "a proxy on this machine that adds them, or a netrc file",
        "https": "a proxy on this machine that adds them, or a netrc file",
    }.get(scheme, f"FSSPEC_{scheme.upper()}_... as fsspec has them")


def shown_url(location: str) -> str:
    """Return a URL without what may be secret in it.

    >>> shown_url("s3://key:secret@bucket/a"), shown_url("https://h/a?X-Amz-Signature=12")
    ('s3://***@bucket/a', 'https://h/a?***')
    """
    text = re.sub(r"(://)[^/@]*@", r"\1***@", location)
    return f"{text.partition('?')[0]}?***" if _SIGNING.search(text.partition("?")[2]) else text


def copy_place(url: str) -> str:
    """Return where the copy of a remote file is, from the folder of kept files.

    >>> copy_place("s3://bucket/7/metrics.json"), copy_place("http://h:80/a/../b?x=1")
    ('s3/bucket/7/metrics.json', 'http/h%3A80/a/%2E%2E/b%3Fx%3D1')
    """
    scheme = scheme_of(url)
    parts = [part for part in url[len(scheme) + 3 :].split("/") if part]
    return "/".join([scheme, *map(_file_name, parts)])


def _file_name(part: str) -> str:
    text = quote(part, safe="")
    if set(text) == {"."}:
        text = text.replace(".", "%2E")
    return text if len(text) <= _LONGEST_NAME else _shortened(text)


def _shortened(text: str) -> str:
    import hashlib  # noqa: PLC0415 - loads OpenSSL, for names that hardly anybody gives

    digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
    return f"{digest}-{text[-_LONGEST_NAME // 2 :]}"


def lane_of(url: str) -> str:
    """Return what a URL has in common with those of the same server."""
    scheme = scheme_of(url)
    # A bucket is no server: all those of a store are behind one endpoint.
    stores = {"s3", "s3a", "gs", "gcs", "oss", "abfs", "az"}
    return scheme if scheme in stores else f"{scheme}://{urlsplit(url).netloc}"


def check_patience(given: object) -> float:
    """Return the seconds that `patience` says.

    Raises:
        SpecError: it is neither 0 nor a duration.
    """
    if is_number(given) and float(given) == 0:
        return 0.0
    seconds = parse_duration("reader: patience", given)
    return seconds if math.isfinite(seconds) else PATIENCE_S

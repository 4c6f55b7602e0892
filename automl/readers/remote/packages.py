"""Which package reads what kind of URL, asked for before anything starts."""

from collections.abc import Iterable
from importlib.util import find_spec

from automl.errors import SpecError
from automl.registry import did_you_mean
from automl.study.tasks.reader import Reader
from automl.study.tasks.remote import scheme_of, shown_url

_OF_ARROW = {"hdfs", "viewfs"}
_KNOWN = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "oss": "ossfs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "http": "aiohttp",
    "https": "aiohttp",
    "abfs": "adlfs",
    "az": "adlfs",
    "webhdfs": "requests",
    "sftp": "paramiko",
    "ssh": "paramiko",
    "smb": "smbprotocol",
    **dict.fromkeys(_OF_ARROW, "pyarrow"),
}
"""The package of each usual scheme; fsspec knows those of others."""

_IN_EXTRA = {"s3fs", "aiohttp", "fsspec"}


def check_packages(readers: Iterable[Reader]) -> None:
    """Refuse a location that nothing installed can fetch; no package of a store is loaded.

    Raises:
        SpecError: the message has the line that installs what is missing.
    """
    for one in readers:
        scheme = scheme_of(one.location)
        if scheme:
            _check(scheme, shown_url(one.location))


def _check(scheme: str, shown: str) -> None:
    missing = [one for one in ("fsspec", _package_of(scheme, shown)) if one and not _is_there(one)]
    if not missing:
        return
    extra = [one for one in missing if one in _IN_EXTRA]
    others = [one for one in missing if one not in _IN_EXTRA]
    install = " ".join([*(["'automl-hpo[remote]'"] if extra else []), *others])
    raise SpecError(
        f"reader: location {shown!r} needs the package {' and '.join(missing)}, which is not "
        f"installed: pip install {install}"
    )


def _package_of(scheme: str, shown: str) -> str:
    """Return the package that reads a kind of URL, empty for one that fsspec reads by itself."""
    if scheme in _KNOWN or not _is_there("fsspec"):
        return _KNOWN.get(scheme, "")
    from fsspec.registry import (  # noqa: PLC0415 - 80 ms, for rare schemes alone
        known_implementations,
        registry,
    )

    if scheme in known_implementations:
        package = str(known_implementations[scheme]["class"]).partition(".")[0]
        return "" if package == "fsspec" else package
    if scheme in registry:
        return ""
    known = [*known_implementations, *registry]
    raise SpecError(
        f"reader: location {shown!r}: no package knows {scheme!r}{did_you_mean(scheme, known)}; "
        "write s3://, gs://, oss://, hdfs://, https://, or another scheme that fsspec has"
    )


def _is_there(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False

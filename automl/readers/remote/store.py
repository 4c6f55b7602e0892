"""One object of a store that fsspec knows, with what the environment says of the store."""

import os
from collections.abc import Mapping
from typing import Any

from automl.readers.remote.notes import Version
from automl.readers.remote.version import version_of
from automl.study.tasks.remote import scheme_of

_NEVER_TRIED_AGAIN = {"config_kwargs": {"connect_timeout": 10, "retries": {"max_attempts": 1}}}
"""Who asks knows better when to try again, and then says what went wrong."""


class FolderError(ValueError):
    """A URL names a folder."""


class Store:
    """Where one object is.

    Args:
        url: names the object.
        filesystem: the store; made by fsspec if not given.
    """

    def __init__(self, url: str, filesystem: Any = None) -> None:  # noqa: ANN401 - fsspec's
        self.scheme = scheme_of(url)
        self.files = _filesystem(url, self.scheme) if filesystem is None else filesystem
        self.path = self.files._strip_protocol(url)  # noqa: SLF001 - what its users call

    def version(self) -> Version | None:
        """Return the version of the object, None where there is none.

        Raises:
            Exception: as the store's package has it.
        """
        self.files.invalidate_cache()
        try:
            info = self.files.info(self.path)
        except FileNotFoundError as error:
            # A web server that cannot be reached is told so, too.
            if error.__cause__ is not None and not _is_absence(error.__cause__):
                raise error.__cause__ from error
            return None
        if info.get("type") == "directory":
            raise FolderError("it is a folder; name the object itself")
        return version_of(info, self.scheme)


def _is_absence(error: BaseException) -> bool:
    told = getattr(error, "response", None)
    code = told.get("Error", {}).get("Code") if isinstance(told, dict) else None
    gone = getattr(error, "status", None) in {404, 410} or code in {"404", "NoSuchKey"}
    return gone or isinstance(error, FileNotFoundError)


def _filesystem(url: str, scheme: str) -> Any:  # noqa: ANN401 - fsspec's
    import fsspec  # noqa: PLC0415 - only in a process that fetches
    from fsspec.config import conf  # noqa: PLC0415

    given = _options(scheme, os.environ, conf.get(scheme, {}))
    files, _ = fsspec.url_to_fs(url, **given)
    if scheme in {"s3", "s3a"}:
        files.retries = 1
    return files


def _options(scheme: str, environ: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a store that its package does not take from the environment itself."""
    options: dict[str, Any] = {}
    if scheme in {"s3", "s3a"}:
        options = {"use_listings_cache": False, **_NEVER_TRIED_AGAIN}
    elif scheme in {"http", "https"}:
        # Proxies, and what a netrc file has.
        options = {"client_kwargs": {"trust_env": True, "headers": {"Accept-Encoding": "identity"}}}
    elif scheme == "oss":
        names = {"key": "ID", "secret": "SECRET"}
        of = {one: environ.get(f"OSS_ACCESS_KEY_{name}") for one, name in names.items()}
        of |= {"token": environ.get("OSS_SESSION_TOKEN"), "endpoint": environ.get("OSS_ENDPOINT")}
        options = {name: value for name, value in of.items() if value}
    return {name: value for name, value in options.items() if name not in known}

"""Which content an object has: what its store tells of it, and what that proves."""

from collections.abc import Mapping
from typing import Any

from automl.readers.remote.notes import Version

_MARKS = (
    "ETag",
    "etag",
    "VersionId",
    "generation",
    "md5Hash",
    "Content-MD5",
    "Digest",
    "LastModified",
    "Last-Modified",
    "updated",
    "mtime",
    "modified",
    "created",
    "last_modified",
)
"""What stores tell of an object, by the names that fsspec gives."""

_EXACT = {"ETag", "etag", "VersionId", "generation", "md5Hash"}
"""Those that differ whenever the content does; a web server's may be made of a time alone."""

_MD5_LENGTH = 32


def version_of(info: Mapping[str, Any], scheme: str) -> Version:
    """Return the version of an object from what its store tells, as plain values.

    >>> version_of({"ETag": '"1b"', "size": 3, "name": "b/k"}, "s3")
    {'marks': {'ETag': '1b'}, 'size': 3, 'exact': True}
    """
    marks = {name: str(info[name]).strip('"') for name in _MARKS if info.get(name)}
    exact = scheme not in {"http", "https"} and bool(_EXACT & marks.keys())
    return {"marks": marks, "size": info.get("size"), "exact": exact}


def alike(one: Version | None, other: Version | None) -> bool:
    """Tell whether nothing that a store tells of two versions differs; there may be nothing."""
    if one is None or other is None:
        return one is other
    return all(one.get(name) == other.get(name) for name in ("marks", "size"))


def md5_of(version: Version) -> str:
    """Return the MD5 of the content, if the store tells it; empty if not.

    It does by the ETag of what was uploaded in one piece, and is not encrypted by a key of its own.
    """
    etag = str(version["marks"].get("ETag", "")) if version["exact"] else ""
    return etag if len(etag) == _MD5_LENGTH and set(etag) <= set("0123456789abcdef") else ""

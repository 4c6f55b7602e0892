r"""Readers of stores by name: `reader.create(type="oss_reader", location="oss://bucket/...", ...)`.

They are what a `local_reader` with such a location is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from automl.errors import SpecError
from automl.study.tasks.reader import LocalReader
from automl.study.tasks.remote import credentials_of, scheme_of, shown_url

_CREDENTIALS = frozenset(
    {
        "oss_config",
        "hdfs_config",
        "access_id",
        "access_key",
        "access_key_id",
        "access_key_secret",
        "access_secret",
        "accessid",
        "accesskey",
        "ak",
        "sk",
        "credential",
        "credentials",
        "secret",
        "security_token",
        "sts_token",
        "token",
        "user",
        "username",
        "password",
        "endpoint",
        "endpoint_url",
        "oss_endpoint",
        "oss_access_id",
        "oss_access_key",
        "role_arn",
        "storage_options",
    }
)
"""Options that other products have for what the environment tells here."""

_SCHEMES = {"oss_reader": ("oss",), "hdfs_reader": ("hdfs", "webhdfs", "viewfs")}


def check_options(type_name: object, options: Mapping[str, Any]) -> None:
    """Refuse credentials among the options of a reader of a store; no value of them is shown.

    Raises:
        SpecError: there are some.
    """
    remote = scheme_of(str(options.get("location", "")))
    scheme = _SCHEMES[str(type_name)][0] if type_name in _SCHEMES else remote
    given = [one for one in options if one.lower() in _CREDENTIALS]
    if scheme and given:
        raise SpecError(
            f"reader type {type_name!r}: {', '.join(given)} cannot be given here, as options are "
            "written into study.yaml and the journal. Leave it out, and set it in the environment "
            f"of the script: {credentials_of(scheme)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OssReader(LocalReader):
    """A metric in an object of Alibaba Cloud's OSS; its options are those of `local_reader`."""

    type: ClassVar[str] = "oss_reader"

    def __post_init__(self) -> None:
        LocalReader.__post_init__(self)
        _check_scheme(self)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HdfsReader(LocalReader):
    """A metric in a file of HDFS; its options are those of `local_reader`."""

    type: ClassVar[str] = "hdfs_reader"

    def __post_init__(self) -> None:
        LocalReader.__post_init__(self)
        _check_scheme(self)


def _check_scheme(reader: LocalReader) -> None:
    allowed = _SCHEMES[reader.type]
    if scheme_of(reader.location) not in allowed:
        example = f"{allowed[0]}://{'bucket' if allowed[0] == 'oss' else 'namenode:8020'}"
        raise SpecError(
            f"reader: location of an {reader.type} must begin with "
            f"{' or '.join(f'{one}://' for one in allowed)}, such as "
            f"'{example}/{{{{ trial.id }}}}/metric.log'; got {shown_url(reader.location)!r}"
        )

"""A file of a user's program, as a study remembers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramFile:
    """What a file was when a controller began.

    Args:
        path: where it lies, relative to the working directory if it lies in it.
        size: its bytes.
        mtime_ns: when it was written last.
        digest: of its content; of a large file, of its beginning and its end.
        whole: whether the digest is of all of it.
    """

    path: str
    size: int
    mtime_ns: int
    digest: str
    whole: bool = True

    def differs(self, other: "ProgramFile") -> bool:
        """Tell whether its content is another one now, as far as that can be told."""
        if (self.size, self.digest) != (other.size, other.digest):
            return True
        return not self.whole and self.mtime_ns != other.mtime_ns

"""Reads a file on another machine: its copy, by what reads such a file here."""

from dataclasses import replace

from automl.readers.follower import Follower, Look, Points
from automl.readers.remote.object_fetch import ObjectFetch


class RemoteFollower:
    """Lets another follower read what is fetched.

    Once the launch has ended, numbers count only if the object was fetched after that.

    Args:
        follower: reads the copy.
        fetch: fetches the object.

    Attributes:
        patience_s: so many seconds a look at the copy may take by itself.
    """

    def __init__(self, follower: Follower, fetch: ObjectFetch) -> None:
        self._follower = follower
        self._fetch = fetch
        self._gave = set[str]()
        self.patience_s: float = getattr(follower, "patience_s", 0.0)
        fetch.enter()

    def read(self, *, ended: bool, limit_bytes: int) -> Look:
        """Return what is new in the copy, and have it fetched anew.

        Raises:
            ReadError: the copy cannot be read or written.
        """
        settled = self._fetch.look(ended=ended)
        if settled and self._fetch.lost:
            return self._taken_back()
        look = self._looked(ended=settled, limit_bytes=limit_bytes)
        if settled or not ended:
            return look
        if look.measurements or look.more:
            return replace(look, more=True)
        return replace(look, pending=True, waits=self._fetch.waits())

    def problem(self) -> str:
        """Return why there is no usable number."""
        return self._fetch.problem() or self._of_url(self._follower.problem())

    def close(self) -> None:
        """Fetch no further."""
        self._follower.close()
        self._fetch.leave()

    def _looked(self, *, ended: bool, limit_bytes: int) -> Look:
        """Read on in the copy; what is told of it names the URL."""
        look = self._follower.read(ended=ended, limit_bytes=limit_bytes)
        self._gave |= look.measurements.keys()
        warnings = {about: self._of_url(text) for about, text in look.warnings.items()}
        if self._fetch.told:
            warnings["remote file"] = self._fetch.told
        return replace(look, warnings=warnings, left_out=self._of_url(look.left_out))

    def _taken_back(self) -> Look:
        """Let nothing count, as what the program wrote last is not known."""
        self._fetch.take_back()
        gone = {name: Points((), restarted=True) for name in self._gave}
        self._gave = set()
        return Look(gone)

    def _of_url(self, text: str) -> str:
        return text.replace(self._fetch.remote.copy, self._fetch.remote.url)

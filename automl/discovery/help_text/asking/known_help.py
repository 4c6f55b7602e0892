"""Whether a program's file looks as if it knew `--help`; one that does not would just run."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

MOST_BYTES = 64 << 20
_PIECE, _OVERLAP = 1 << 20, 64
_KNOWS = re.compile(
    rb"help|usage|options|argparse|optpars|getopt|docopt|\bclick\b|typer|\babsl\b|\bfire\b|tyro|hydra"
    rb"|picocli|jcommander|commons/cli|commander|yargs|ArgParse|cxxopts|program_options",
    re.IGNORECASE,
)
_REMOVES = re.compile(
    rb"\brm\s+-\w*[rR]|rmtree|shutil|unlink|os\.remove|file\.remove|rimraf|rmSync|remove_dir_all"
)
_ARCHIVE = b"PK\x03\x04"


def knows_help(file: Path) -> bool:
    """Tell whether a file, a script or compiled, has words of a program that tells its options.

    Args:
        file: its code.
    """
    return any(_KNOWS.search(piece) for piece in _pieces(file))


def removes_files(file: Path) -> bool:
    """Tell whether a file has words by which programs remove folders and files."""
    return any(_REMOVES.search(piece) for piece in _pieces(file))


def _pieces(file: Path) -> Iterator[bytes]:
    """Yield what a file holds piece by piece; of an archive of Java what its files hold."""
    try:
        with file.open("rb") as opened:
            begin = opened.read(len(_ARCHIVE))
            if begin == _ARCHIVE:
                yield from _archived(file)
                return
            before = begin
            for _ in range(MOST_BYTES // _PIECE):
                piece = opened.read(_PIECE)
                if not piece and not before:
                    return
                yield before + piece
                before = piece[-_OVERLAP:] if piece else b""
    except OSError:
        return


def _archived(file: Path) -> Iterator[bytes]:
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(file) as archive:
            for one in archive.infolist():
                left -= one.file_size
                if left < 0:
                    return
                with archive.open(one) as opened:
                    yield one.filename.encode() + opened.read(one.file_size)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError):
        return

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automl.errors import LaunchError, SpecError
from automl.render.script import cleanup_script, export_lines, trial_script
from automl.render.template import Template, TemplateContext
from automl.study.launch import EXIT_FILE_VARIABLE, LEAVES_EXIT, Prologue

SHELLS = [[path] for name in ("sh", "dash", "bash") if (path := shutil.which(name))]
if busybox := shutil.which("busybox"):
    SHELLS.append([busybox, "sh"])

arguments = st.text(st.characters(exclude_characters="\0", exclude_categories=[]))

GOLDEN = """\
#!/bin/sh
# trial 3 of 'sk'
# By hand: sh trial.sh
automl_exit_file=${AUTOML_EXIT_FILE-}; unset AUTOML_EXIT_FILE
export PYTHONUNBUFFERED='1'
export NOTE='it'"'"'s two
lines'
cd '/a b' &&
(exec python ./digits_model.py --lr 0.01 'a b') &&
(exec /bin/sh -c 'echo "$NOTE" > '"'"'x y'"'"'')
code=$?
if [ -n "$automl_exit_file" ]; then echo "$code" > "$automl_exit_file"; fi
exit "$code"
"""


def text_of(
    *commands: tuple[str, ...] | str,
    title: str = "t",
    cwd: Path | str = "/",
    exports: str = "",
    prologue: Prologue = LEAVES_EXIT,
    files: Sequence[tuple[str, str]] = (),
) -> str:
    return trial_script(
        title=title,
        cwd=str(cwd),
        exports=exports,
        commands=commands,
        prologue=prologue,
        files=files,
    )


@pytest.fixture(params=SHELLS, ids=lambda shell: Path(shell[0]).name)
def shell(request: pytest.FixtureRequest) -> list[str]:
    return request.param


def run(
    shell: list[str],
    folder: Path,
    *commands: tuple[str, ...] | str,
    exit_file: Path | None = None,
    **exports: str,
) -> subprocess.CompletedProcess[bytes]:
    text = text_of(*commands, cwd=folder, exports=export_lines(exports))
    script = folder / "trial.sh"
    script.write_bytes(os.fsencode(text))
    env = {key: value for key, value in os.environ.items() if key != EXIT_FILE_VARIABLE}
    if exit_file:
        env[EXIT_FILE_VARIABLE] = str(exit_file)
    return subprocess.run([*shell, str(script)], check=False, capture_output=True, env=env, cwd="/")


def test_the_script_as_it_is_written() -> None:
    text = text_of(
        ("python", "./digits_model.py", "--lr", "0.01", "a b"),
        "echo \"$NOTE\" > 'x y'",
        title="trial 3 of 'sk'\nrm -rf /",
        cwd="/a b",
        exports=export_lines({"PYTHONUNBUFFERED": "1", "NOTE": "it's two\nlines"}),
    )
    assert text == GOLDEN


def test_a_place_says_what_is_around_the_commands() -> None:
    prologue = Prologue(
        trial=["first=trial"], cleanup=["first=cleanup"], end=["echo end"], started="is_started"
    )
    lines = text_of("true", prologue=prologue, files=[("/f", "x")]).splitlines()
    assert lines[3] == "first=trial"
    assert lines[-3:] == ["code=$?", "echo end", 'exit "$code"']
    assert any(line.startswith("{ is_started || (umask 077") for line in lines)
    cleanup = cleanup_script(title="t", cwd="/", exports="", commands=["true"], prologue=prologue)
    assert cleanup.splitlines()[3] == "first=cleanup"
    assert "echo end" not in cleanup


def test_without_a_prologue_a_script_writes_its_files_as_by_hand(tmp_path: Path) -> None:
    text = text_of("exit 3", prologue=Prologue(), files=[(f"{tmp_path}/f", "x")])
    env = {**os.environ, EXIT_FILE_VARIABLE: str(tmp_path / "exit")}
    assert subprocess.run(["/bin/sh", "-c", text], check=False, env=env).returncode == 3
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


@pytest.mark.parametrize("title", ["a\rb", "a\x85b", "\n", "", "a\x1b[0m", "a\u2028touch x"])
def test_a_title_is_one_comment_line(title: str) -> None:
    lines = text_of(title=title).split("\n")
    assert lines[2] == "# By hand: sh trial.sh"
    assert lines[1].removeprefix("#").strip() in {"a", "", "a?[0m"}


def test_commands_run_in_order_in_the_working_directory(shell: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "a b\n'c"
    folder.mkdir()
    ended = run(shell, folder, ("pwd",), 'echo "$X"; echo two', ("printf", "three"), X="a  b")
    assert ended.stdout.decode() == f"{folder}\na  b\ntwo\nthree"
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_the_first_failure_ends_the_script_with_its_code(shell: list[str], tmp_path: Path) -> None:
    ended = run(shell, tmp_path, ("echo", "one"), "exit 3", ("echo", "two"))
    assert (ended.returncode, ended.stdout) == (3, b"one\n")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("./no-such-program",), 127),
        (("./trial.sh",), 126),
        ("kill -9 $$", 137),
        ("'", 2),
    ],
)
def test_what_cannot_run_ends_with_a_code(
    shell: list[str], tmp_path: Path, command: tuple[str, ...] | str, code: int
) -> None:
    exit_file = tmp_path / "exit"
    ended = run(shell, tmp_path, command, ("echo", "two"), exit_file=exit_file)
    accepted = {code, 1} if command == "'" else {code}
    assert ended.returncode in accepted
    assert ended.stdout == b""
    assert exit_file.read_text() == f"{ended.returncode}\n"


def test_a_missing_working_directory_is_a_failure(tmp_path: Path) -> None:
    text = text_of(("echo", "ran"), cwd=tmp_path / "gone")
    exit_file = tmp_path / "exit"
    env = {**os.environ, EXIT_FILE_VARIABLE: str(exit_file)}
    ended = subprocess.run(
        ["/bin/sh", "-c", text], check=False, capture_output=True, env=env, cwd="/"
    )
    assert ended.stdout == b""
    assert ended.returncode != 0
    assert exit_file.read_text() == f"{ended.returncode}\n"


def test_the_exit_file_is_written_only_when_asked(shell: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    seen = f'echo "${{{EXIT_FILE_VARIABLE}-unset}}"; env'
    run(shell, folder, "exit 4")
    assert [path.name for path in folder.iterdir()] == ["trial.sh"]
    ended = run(shell, folder, seen, "exit 4", exit_file=tmp_path / "the exit")
    assert (tmp_path / "the exit").read_text() == "4\n"
    assert ended.stdout.startswith(b"unset\n")
    assert b"the exit" not in ended.stdout


def test_a_list_is_a_program_never_a_builtin_or_function(tmp_path: Path) -> None:
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in ("echo", "exit", "a=b"):
        (bin_folder / name).write_text('#!/bin/sh\nprintf "%s:%s\\n" "${0##*/}" "$1"\n')
        (bin_folder / name).chmod(0o755)
    path = f"{bin_folder}:{os.environ['PATH']}"
    ended = run(["/bin/sh"], tmp_path, ("echo", "x"), ("exit", "3"), ("a=b", "-n"), PATH=path)
    assert (ended.returncode, ended.stdout) == (0, b"echo:x\nexit:3\na=b:-n\n")


def test_dashes_in_front(shell: list[str], tmp_path: Path) -> None:
    (tmp_path / "-bin").mkdir()
    program = tmp_path / "-bin" / "-p"
    program.write_text("#!/bin/sh\necho found\n")
    program.chmod(0o755)
    ended = run(shell, tmp_path, ("-bin/-p",))
    assert ended.stdout == b"found\n"
    ended = run(shell, tmp_path, "-no-such-program || echo ran")
    assert ended.stdout == b"ran\n"


@pytest.mark.parametrize("command", [(), ("",), ("-p", "x")])
def test_no_program_is_refused(command: tuple[str, ...]) -> None:
    with pytest.raises(LaunchError, match="first word of the command"):
        text_of(command)


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: Path(shell[0]).name)
@settings(max_examples=8, deadline=None)
@given(texts=st.lists(arguments, min_size=1, max_size=9))
def test_by_hand_any_file_is_written_as_it_is(
    shell: list[str], tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("it's a folder")
    texts = [_writable(text) for text in ["-n\n", "%s\\n", "", "\r\n\n", *texts]]
    files = [(f"{folder}/files/{number}", text) for number, text in enumerate(texts)]
    script = folder / "trial.sh"
    text = text_of(("true",), files=files)
    script.write_bytes(os.fsencode(text))
    subprocess.run([*shell, script], check=True, capture_output=True)
    assert [Path(path).read_bytes() for path, _ in files] == [os.fsencode(one) for one in texts]


def test_a_file_that_cannot_be_written_by_hand_ends_the_script(
    shell: list[str], tmp_path: Path
) -> None:
    (tmp_path / "files").touch()
    files = [(f"{tmp_path}/files/a", "text")]
    script = tmp_path / "trial.sh"
    script.write_text(text_of("echo ran", files=files))
    done = subprocess.run([*shell, script], check=False, capture_output=True)
    assert done.returncode != 0
    assert done.stdout == b""


def test_a_nul_is_refused() -> None:
    with pytest.raises(LaunchError, match="NUL"):
        text_of(("a", "b\0"))


@pytest.mark.parametrize("name", ["", "A-B", "1A", "A B", "é", "A\n", "A;rm"])
def test_names_that_cannot_be_exported_are_refused(name: str) -> None:
    with pytest.raises(SpecError, match="env: "):
        export_lines({name: "x"})


PRINT_ALL = (
    "import os, sys; out = sys.stdout.buffer;"
    "[out.write(os.fsencode(word) + b'\\0') for word in [*sys.argv[1:], os.environ['V']]]"
)


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: Path(shell[0]).name)
@settings(max_examples=8, deadline=None)
@given(values=st.lists(arguments, min_size=10, max_size=80), exported=arguments)
def test_any_text_stays_one_argument(
    shell: list[str], tmp_path_factory: pytest.TempPathFactory, values: list[str], exported: str
) -> None:
    # Only what stands for a byte can be written; other lone surrogates are in no argument.
    values = [_writable(value) for value in values]
    context = TemplateContext(
        0, dict(zip(map(str, range(99)), values, strict=False)), "", 0, "", ""
    )
    words = [
        Template(f"{{{{ trial.param['{number}'] }}}}", where="w").render(context)
        for number in range(len(values))
    ]
    command = (sys.executable, "-S", "-E", "-c", PRINT_ALL, *words)
    ended = run(shell, tmp_path_factory.mktemp("argv"), command, V=_writable(exported))
    assert (ended.returncode, ended.stderr) == (0, b"")
    expected = [os.fsencode(value) for value in [*values, _writable(exported)]]
    assert ended.stdout.split(b"\0")[:-1] == expected


def _writable(value: str) -> str:
    return "".join(
        char if not "\ud800" <= char <= "\udfff" else chr(0xDC80 + ord(char) % 128)
        for char in value
    )

"""Files of metrics, of which each trial must have its own."""

from automl.discovery.option import Kind, Option
from automl.studies.draft.draft import Metric
from automl.studies.draft.metric_files import with_own_files

LOCATION = "{{ trial.dir }}/log.txt"
METRIC = Metric(
    name="acc",
    direction="maximize",
    reader={"type": "file_reader", "location": LOCATION, "metric": "acc"},
    path="/w/log.txt",
)


def words(*command: str, options: tuple[Option, ...] = ()) -> list[str]:
    return with_own_files(command, [METRIC], options, "/w")[0]


def test_a_file_in_the_command_is_put_into_the_folder_of_the_trial() -> None:
    assert words("./t", "--log", "./log.txt") == ["./t", "--log", LOCATION]
    assert words("./t", "--log=/w/log.txt") == ["./t", f"--log={LOCATION}"]


def test_an_option_that_has_it_as_its_default_is_added() -> None:
    option = Option(("--log",), Kind.PATH, "log.txt")
    assert words("./t", options=(option,)) == ["./t", "--log", LOCATION]


def test_a_file_that_nothing_names_is_told_of_and_not_read() -> None:
    command, metrics = with_own_files(["./t"], [METRIC], (), "/w")
    assert command == ["./t"]
    assert metrics[0].reader == {}
    assert "acc stands in log.txt, which all trials would write" in metrics[0].told[-1]

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


IN_FOLDER = Metric(
    name="acc",
    reader={"type": "file_reader", "location": "{{ trial.dir }}/log.jsonl", "metric": "acc"},
    path="/w/runs/first/log.jsonl",
)
LOSS = Metric(name="loss", reader={"type": "file_reader", "metric": "loss"}, path=IN_FOLDER.path)


def test_a_folder_in_which_the_file_lies_becomes_one_of_the_trial() -> None:
    option = Option(("--out",), Kind.PATH, "runs")
    command, metrics = with_own_files(["./t"], [IN_FOLDER, LOSS], (option,), "/w")
    assert command == ["./t", "--out", "{{ trial.dir }}/runs"]
    location = "{{ trial.dir }}/runs/first/log.jsonl"
    assert [one.reader["location"] for one in metrics] == [location, location]


def test_a_folder_that_the_command_names_is_replaced_there() -> None:
    command, metrics = with_own_files(["./t", "--out=runs/first"], [IN_FOLDER], (), "/w")
    assert command == ["./t", "--out={{ trial.dir }}/first"]
    assert metrics[0].reader["location"] == "{{ trial.dir }}/first/log.jsonl"


def test_the_working_directory_itself_is_no_folder_of_a_trial() -> None:
    for word in (".", "..", "/", "./"):
        command, metrics = with_own_files(["./t", "--root", word], [IN_FOLDER], (), "/w")
        assert command == ["./t", "--root", word]
        assert metrics[0].reader == {}


def test_a_name_that_is_joined_with_its_value_stays_so() -> None:
    option = Option(("out",), Kind.PATH, "runs", joined=True)
    assert with_own_files(["./t"], [IN_FOLDER], (option,), "/w")[0] == [
        "./t",
        "out={{ trial.dir }}/runs",
    ]

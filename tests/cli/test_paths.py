"""Odd paths get one clear message and the exit code, never a traceback, and nothing is written."""

from pathlib import Path

import pytest

from sim.cli.failure import INVALID, USAGE
from sim.cli.job import is_text
from tests.cli.command import sim
from tests.cli.results import made, use

COMMANDS = (
    ("run",),
    ("status",),
    ("figures",),
    ("verify",),
    ("check",),
    ("export", "--out", "handed_on"),
    ("analyse", "money"),
    ("analyse", "bottlenecks"),
)
ODD = (
    "file",
    "file/below",
    "broken",
    "loop",
    "nowhere/",
    "sp ace",
    "a" * 300,
    "~/x",
    "",
    " ",
    "\udcff",
    "/dev/null",
    "\n",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    use(monkeypatch)
    monkeypatch.setattr("sim.cli.run.load_england", lambda: None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("no study")
    (tmp_path / "sp ace").mkdir()
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids="-".join)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd[:12]))
def test_an_odd_name_of_a_study_or_of_results_is_refused(folder: Path, command: tuple[str, ...], odd: str) -> None:
    before = sorted(folder.rglob("*"))
    ended = sim(*command, odd)

    assert ended.code in (USAGE, INVALID)
    assert ended.err.startswith("error")
    assert "internal" not in ended.err
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("file", "cannot write results to file: file is a file; name another"),
        ("broken", "broken is a link that leads nowhere"),
        ("loop", "loop is a link that leads nowhere"),
        ("file/below", "Not a directory"),
        ("a" * 300, "File name too long"),
        ("/dev/null", "/dev/null is a file"),
        ("~/x", "the shell left the ~ of ~/x as it is"),
        ("", "got an empty text"),
        ("caf\udce9", "no name in UTF-8"),
        ("a\0b", "no name in UTF-8"),
        ("made/store", "lies within store of the results in"),
        ("made/figures/../store/new", "lies within"),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_where_results_cannot_go_is_said_before_anything_is_run(folder: Path, out: str, said: str) -> None:
    (folder / "made" / "store").mkdir(parents=True)
    for name in ("study.yaml", "runs.csv"):
        (folder / "made" / name).write_text("")
    ended = sim("run", "regional_2013", "--set", "replicates=1", "--quiet", "--out", out)

    assert ended.code == USAGE
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert not list(folder.rglob("*.parquet"))


def test_a_study_that_lies_beside_a_folder_called_store_is_no_results(folder: Path) -> None:
    (folder / "study.yaml").write_text("")

    assert sim("run", "regional_2013", "--set", "replicates=1", "--dry-run", "--out", "store/new").code == 0


@pytest.mark.parametrize(
    ("out", "said"),
    [("file", "is a file"), ("broken", "leads nowhere"), ("~/x", "the shell left"), ("", "empty"), ("\udce9", "UTF-8")],
)
def test_where_an_export_cannot_go_is_said(folder: Path, out: str, said: str) -> None:
    made(folder / "results", ("replicates=1",))
    ended = sim("export", "results", "--out", out)

    assert ended.code == USAGE
    assert said in ended.err


@pytest.mark.parametrize("name", ["results", "results/", "./results//", "sp ace"])
def test_a_folder_may_be_named_in_any_way_that_leads_to_it(folder: Path, name: str) -> None:
    made(folder / name, ("replicates=1",))

    assert sim("status", name).code == 0


def test_a_name_in_utf_8_is_text_and_bytes_from_elsewhere_are_not() -> None:
    assert is_text("café 東京")
    assert not is_text("caf\udce9")

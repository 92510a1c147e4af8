"""What the command line says of itself, and how it ends when something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import __version__
from sim.cli.failure import UsageError, end_with
from sim.world.tables import DataError, Problem
from tests.cli.command import sim

COMMANDS = ("analyse", "check", "explain", "diff", "run", "story")
HEAVY = (
    "numpy",
    "numba",
    "mesa",
    "pandas",
    "scipy",
    "matplotlib",
    "pyarrow",
    "ruamel",
    "sim.settings",
    "sim.study",
)


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command(flag: str) -> None:
    ended = sim(flag)

    assert ended.code == 0
    assert [command for command in COMMANDS if f"  {command} " not in ended.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    ended = sim(command, "--help")

    assert ended.code == 0
    assert f"Usage: sim {command}" in ended.out


def test_run_offers_what_it_promises() -> None:
    text = sim("run", "--help").out

    options = ("--dry-run", "--workers", "--out", "--set", "--json", "--quiet")
    assert [option for option in options if option not in text] == []


def test_story_says_where_an_id_comes_from_and_how_long_it_takes() -> None:
    words = " ".join(sim("story", "--help").out.split())

    assert "Without --patient a few people are listed, each with the ID" in words
    assert "half a minute a regime" in words


def test_the_version_is_that_of_the_package() -> None:
    assert sim("--version").out == f"sim {__version__}\n"


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("--version",)])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...], repository: Path) -> None:
    script = (
        "import sys\nfrom sim.cli.app import app\n"
        f"app({list(arguments)!r}, standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, check=True, timeout=60
    )

    assert ended.stderr == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("chek", "demo"), "Did you mean 'check'?"),
        (("run", "demo", "--dry-rnu"), "--dry-run"),
        (("check",), "Missing argument"),
        (("check", "demo", "--frob"), "No such option"),
    ],
)
def test_a_wrong_command_is_a_usage_error(arguments: tuple[str, ...], words: str) -> None:
    ended = sim(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


def test_the_package_is_a_command_too(repository: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(repository)}

    ended = subprocess.run(
        [sys.executable, "-m", "sim", "check", "dem"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (ended.returncode, ended.stdout) == (3, "")
    assert "did you mean `demo`?" in ended.stderr


def failing(error: BaseException) -> int:
    def body() -> int:
        raise error

    return end_with(body)


def test_what_nobody_expected_is_one_line_and_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert failing(ZeroDivisionError("three\nlines\nlong")) == 1

    message = capsys.readouterr().err
    [written] = tmp_path.iterdir()
    assert message == f"internal error: ZeroDivisionError: three (traceback in {written})\n"
    assert "raise error" in written.read_text()


def test_wrong_data_and_usage_and_interruption_have_their_codes(capsys: pytest.CaptureFixture[str]) -> None:
    data = DataError((Problem("places.csv", 3, "population", "-1", "at least 0"),))

    assert [failing(data), failing(UsageError("no such thing")), failing(KeyboardInterrupt())] == [3, 2, 130]

    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("error[data]: places.csv:3: population is '-1'")
    assert lines[1:] == ["error: no such thing", "interrupted"]


def test_the_code_of_a_command_is_passed_on() -> None:
    assert end_with(lambda: 4) == 4

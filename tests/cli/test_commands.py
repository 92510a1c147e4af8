"""Whatever is wrong with a command line, JSON is one object; closed streams and Ctrl-C end as they should."""

import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli.failure import end_with
from sim.specification.load import load_study
from tests.cli.command import sim


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("check", "demo", "--bogus"),
        ("run", "demo", "--max-hours", "x"),
        ("analyse", "discover", "demo"),
        ("analyse", "value", "demo", "--worth", "abc"),
        ("analyse", "advise", "demo", "--tolerance", "nan", "--dry-run"),
        ("analyse", "decompose", "demo", "--permutations", "1000000", "--dry-run"),
        ("run", "demo", "--shard", "", "--dry-run"),
        ("run", "demo", "--key", " ", "--dry-run"),
    ],
)
def test_what_the_parser_refuses_is_one_object_too(arguments: tuple[str, ...]) -> None:
    ended = sim(*arguments, "--json")

    assert (ended.code, ended.json["exit_code"], ended.json["ok"]) == (2, 2, False)
    assert ended.json["message"]


def test_ctrl_c_is_one_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    assert end_with(interrupt, as_json=True) == 130
    assert '"exit_code": 130' in capsys.readouterr().out


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_closed_stream_is_no_error(stream: str, repository: Path) -> None:
    code = f"import sys; sys.{stream} = None; sys.argv = ['sim', 'check', 'demo']; from sim.cli.app import main; main()"

    assert (
        subprocess.run([sys.executable, "-c", code], check=False, cwd=repository, capture_output=True).returncode == 0
    )


def test_an_empty_map_takes_away_what_a_study_varies() -> None:
    assert load_study("sweep_travel").axes
    assert not load_study("sweep_travel", ["vary={}"]).axes

"""Progress is a line a minute on a pipe, and never more than was asked for."""

import io
import sys
import time

import pytest

from sim.study import progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_one_line_a_minute_with_the_time_left(clock: list[float]) -> None:
    stream = io.StringIO()
    lines = progress.Lines(stream)

    lines.begin(10)
    for second in range(0, 121, 30):
        clock[0] = float(second)
        lines.advance_to(second // 30)
    lines.end()

    assert stream.getvalue().splitlines() == [
        "10 runs to make",
        "2 of 10 runs, about 4 min left",
        "4 of 10 runs, about 3 min left",
        "ran for 2 min",
    ]


def test_what_is_only_read_is_not_told_as_run(clock: list[float]) -> None:
    stream = io.StringIO()
    lines = progress.Lines(stream, work=progress.READING)

    lines.begin(200)
    clock[0] = 60.0
    lines.advance_to(100)
    lines.end()

    assert stream.getvalue().splitlines() == ["200 runs to read", "100 of 200 runs, about 60 s left", "read for 60 s"]


def test_before_the_first_run_no_time_is_promised() -> None:
    assert progress.time_left(0, 10, 30.0) == "time left not known yet"


def test_quiet_says_nothing_and_a_pipe_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    silent = progress.progress_for(quiet=True)
    silent.begin(3)
    silent.say("hello")
    silent.advance_to(3)
    silent.end()

    assert capsys.readouterr() == ("", "")
    assert isinstance(progress.progress_for(quiet=False), progress.Lines)


def test_a_terminal_gets_a_bar_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    bar = progress.progress_for(quiet=False)
    bar.begin(2)
    bar.advance_to(2)
    bar.say("[a line]")
    bar.end()

    out, err = capsys.readouterr()
    assert isinstance(bar, progress.Bar)
    assert out == ""
    assert "[a line]" in err
    assert "2/2" in err
    assert "simulating" in err


def test_a_bar_over_runs_that_are_read_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    bar = progress.progress_for(quiet=False, work=progress.READING)
    bar.begin(2)
    bar.end()

    err = capsys.readouterr().err
    assert "reading" in err
    assert "simulating" not in err

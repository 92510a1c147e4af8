"""Tell how far a study is: a bar on a terminal, one line a minute elsewhere, nothing when told to be quiet."""

import sys
import time
from dataclasses import dataclass
from typing import Protocol, TextIO

from sim.settings.plural import counted

SECONDS_BETWEEN_LINES = 60.0
RUN = "run"


@dataclass(frozen=True)
class Work:
    """How the work that is counted is worded: what is to be done, what is being done, what was done."""

    to_do: str
    doing: str
    done: str


MAKING = Work("to make", "simulating", "ran")
READING = Work("to read", "reading", "read")


class Progress(Protocol):
    """What the executor tells about its work."""

    def begin(self, total: int) -> None:
        """Start, with the number of runs to make (or of whatever is counted)."""

    def advance_to(self, finished: int) -> None:
        """Say how many runs have ended so far, failed ones included."""

    def say(self, text: str) -> None:
        """Pass on one line that the reader should see now."""

    def end(self) -> None:
        """Stop."""


class Silent:
    """Say nothing."""

    def begin(self, total: int) -> None:
        """Start without a word."""

    def advance_to(self, finished: int) -> None:
        """Count without a word."""

    def say(self, text: str) -> None:
        """Swallow the line."""

    def end(self) -> None:
        """Stop without a word."""


class Lines:
    """Write one line a minute, for logs and pipes."""

    def __init__(
        self,
        stream: TextIO | None = None,
        every_s: float = SECONDS_BETWEEN_LINES,
        counted: str = RUN,
        work: Work = MAKING,
    ) -> None:
        self._stream = stream or sys.stderr
        self._every_s = every_s
        self._counted = counted
        self._work = work
        self._total = 0
        self._began = self._last = time.monotonic()

    def begin(self, total: int) -> None:
        """Announce the number of runs."""
        self._total = total
        self._began = self._last = time.monotonic()
        self.say(f"{counted(total, self._counted)} {self._work.to_do}")

    def advance_to(self, finished: int) -> None:
        """Write a line when the last one is a minute old."""
        now = time.monotonic()
        if now - self._last >= self._every_s:
            self._last = now
            left = time_left(finished, self._total, now - self._began)
            self.say(f"{finished} of {counted(self._total, self._counted)}, {left}")

    def say(self, text: str) -> None:
        """Write the line at once."""
        print(text, file=self._stream, flush=True)

    def end(self) -> None:
        """Say how long it took."""
        self.say(f"{self._work.done} for {duration(time.monotonic() - self._began)}")


class Bar:
    """Draw a bar with the time left on the standard error stream."""

    def __init__(self, counted: str = RUN, work: Work = MAKING) -> None:
        from rich import progress
        from rich.console import Console

        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn(f"{counted}s,"),
            progress.TimeElapsedColumn(),
            progress.TextColumn("gone,"),
            progress.TimeRemainingColumn(),
            progress.TextColumn("left"),
        )
        self._bar = progress.Progress(*columns, console=Console(stderr=True), speed_estimate_period=600)
        self._task = self._bar.add_task(work.doing, start=False, total=None)

    def begin(self, total: int) -> None:
        """Draw the empty bar."""
        self._bar.reset(self._task, total=total)  # a study may begin several times, batch by batch
        self._bar.start()

    def advance_to(self, finished: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=finished)

    def say(self, text: str) -> None:
        """Write the line above the bar."""
        self._bar.console.print(text, markup=False, highlight=False)

    def end(self) -> None:
        """Leave the bar as it stands."""
        self._bar.stop()


def progress_for(
    quiet: bool, counted: str = RUN, every_s: float = SECONDS_BETWEEN_LINES, work: Work = MAKING
) -> Progress:
    """Choose how to tell progress: silent on request, a bar on a terminal, lines otherwise."""
    if quiet:
        return Silent()
    return Bar(counted, work) if sys.stderr.isatty() else Lines(every_s=every_s, counted=counted, work=work)


def time_left(finished: int, total: int, elapsed_s: float) -> str:
    """Say how long the rest should take at the pace so far."""
    if finished == 0:
        return "time left not known yet"
    return f"about {duration(elapsed_s / finished * (total - finished))} left"


def duration(seconds: float) -> str:
    """Say a duration the way people do.

    >>> duration(42), duration(600), duration(9000)
    ('42 s', '10 min', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"

"""Whoever watches over the runs of a worker: that none takes longer than it may, and that none is begun too late."""

import faulthandler
import signal
import threading
from pathlib import Path
from types import FrameType, TracebackType
from typing import Protocol, Self

from sim.study.limits import Limits, RunTooLongError, TimeIsUpError


class Watch(Protocol):
    """What a worker tells about the run it is at."""

    def begins(self, key: str) -> None:
        """Hear that a run begins; raise TimeIsUpError when it must not."""

    def ends(self) -> None:
        """Hear that no run is being computed, whether the last one ended well or not."""


class Nobody:
    """Let every run take as long as it likes."""

    def begins(self, key: str) -> None:
        """Let it."""

    def ends(self) -> None:
        """Let it."""


class Alarm:
    """Interrupt a run of this process that takes too long, at its next step of Python.

    Only the main thread can be interrupted; in another, runs take as long as they like.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._able = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Self:
        if self._able:
            self._before = signal.signal(signal.SIGALRM, self._ring)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._able:
            self.ends()
            signal.signal(signal.SIGALRM, self._before)

    def begins(self, key: str) -> None:
        """Set the alarm; raise TimeIsUpError when no run may begin."""
        if self._limits.time_is_up:
            raise TimeIsUpError
        if self._able:
            signal.setitimer(signal.ITIMER_REAL, self._limits.run_s)

    def ends(self) -> None:
        """Turn the alarm off."""
        if self._able:
            signal.setitimer(signal.ITIMER_REAL, 0.0)

    def _ring(self, signum: int, frame: FrameType | None) -> None:
        raise RunTooLongError(self._limits.run_s)


class Fuse:
    """End this worker process when its run takes too long, wherever it hangs, and leave a note that says so.

    The note is a file: its first line is the key of the run, and below it stands where the run hung.
    """

    HUNG = "Timeout"

    def __init__(self, note: Path, limits: Limits) -> None:
        self._limits = limits
        self._note = note.open("w", encoding="utf-8")

    def begins(self, key: str) -> None:
        """Write down the run and light the fuse; raise TimeIsUpError when no run may begin."""
        if self._limits.time_is_up:
            raise TimeIsUpError
        self._note.seek(0)
        self._note.truncate()
        print(key, file=self._note, flush=True)
        faulthandler.dump_traceback_later(self._limits.run_s, exit=True, file=self._note)

    def ends(self) -> None:
        """Put the fuse out."""
        faulthandler.cancel_dump_traceback_later()

    def close(self) -> None:
        """Put the fuse out for good."""
        self.ends()
        self._note.close()

    @classmethod
    def hung(cls, note: Path) -> tuple[str, str]:
        """Return the key of the run that took too long and where it hung; two empty texts when none did."""
        try:
            key, _, found = note.read_text(encoding="utf-8").partition("\n")
        except OSError:
            return "", ""
        return (key, found) if found.startswith(cls.HUNG) else ("", "")

"""Commands that work in one folder at the same time: each notes what it has in hand, and none makes it twice.

A note is no lock. Whoever has not touched his for a while is taken to be gone, and his runs are made by others; the
worst that a note missed can do is that a run is made twice, with the same result.
"""

import json
import math
import os
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.study.provenance import now_utc
from sim.study.store import Store

NAME = "at-work"
BEAT_S = 10.0
"""How often a note is touched, so that others see that its command lives."""
GONE_S = 120.0
"""After so long without a touch a command is taken to be gone, or asleep."""


@dataclass(frozen=True)
class Rival:
    """Another command that works in the same folder, since when (UTC), and the keys of the runs it has in hand."""

    host: str
    process: int
    since: str
    keys: frozenset[str]

    @property
    def ended(self) -> bool:
        """Tell whether it surely has: its process was one of this machine and is gone."""
        return self.host == this_machine() and not alive(self.process)

    @property
    def in_words(self) -> str:
        """Say which command it is."""
        return f"process {self.process} on {self.host.partition(' ')[0]}, since {self.since}"


class InHand:
    """The note of this command on what it has in hand, kept fresh as long as the context lasts.

    ``began`` is when it was first written, by the clock of the disk; no failure is later where it could not be.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys: frozenset[str] = frozenset()
        self._ended = threading.Event()
        self._since = now_utc()
        self.began = math.inf

    def take(self, keys: Collection[str]) -> Rival | None:
        """Note that some runs are in hand; return the command that has one of them already, and then note nothing.

        Of two that note the same at the same moment both may be refused, never neither; they ask again later.
        """
        holder = self._holder(keys)
        if holder is None:
            self._write(self._keys.union(keys))
            holder = self._holder(keys)
            self._keys = self._keys if holder else self._keys.union(keys)
            if holder is not None:
                self._write(self._keys)
        return holder

    def put_down(self, keys: Collection[str]) -> None:
        """Note that some runs are no longer in hand."""
        if not self._keys.isdisjoint(keys):
            self._keys = self._keys.difference(keys)
            self._write(self._keys)

    def __enter__(self) -> Self:
        """Say that this command is at work."""
        self._path = self._store.temporary(NAME)
        self._write(self._keys)
        with suppress(OSError):
            self.began = self._path.stat().st_mtime
        self._pulse = threading.Thread(target=self._beat, daemon=True)
        self._pulse.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take the note away."""
        self._ended.set()
        self._pulse.join()
        self._path.unlink(missing_ok=True)

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_S):
            with suppress(OSError):
                os.utime(self._path)

    def _write(self, keys: Collection[str]) -> None:
        """Replace the note; a folder in which it cannot be written is worked in without."""
        content = {"host": this_machine(), "process": os.getpid(), "since": self._since, "keys": sorted(keys)}
        with suppress(OSError):
            temporary = self._store.temporary("note")
            try:
                temporary.write_text(json.dumps(content), encoding="utf-8")
                os.replace(temporary, self._path)
            finally:
                temporary.unlink(missing_ok=True)

    def _holder(self, keys: Collection[str]) -> Rival | None:
        return next((rival for rival in self._rivals() if not rival.keys.isdisjoint(keys)), None)

    def _rivals(self) -> Iterator[Rival]:
        """Yield the other commands that live; notes of processes of this machine that ended are removed."""
        for path, rival, touched in _notes(self._path.parent):
            with suppress(OSError):
                if path == self._path:
                    continue
                if rival.ended:
                    path.unlink()
                elif self._path.stat().st_mtime - touched <= GONE_S:
                    yield rival


def others_at_work(store: Store) -> list[Rival]:
    """List the commands that work in a folder now; nothing is written."""
    notes = _notes(store.root / "tmp")
    return [rival for _, rival, touched in notes if not rival.ended and time.time() - touched <= GONE_S]


def _notes(folder: Path) -> Iterator[tuple[Path, Rival, float]]:
    """Yield every note that can be read, what it says, and when it was last touched."""
    for path in sorted(folder.glob(f"{NAME}-*")):
        with suppress(OSError, ValueError, TypeError, KeyError), path.open(encoding="utf-8") as file:
            content, touched = json.load(file), os.fstat(file.fileno()).st_mtime
            keys = frozenset(content["keys"])
            yield path, Rival(content["host"], int(content["process"]), content["since"], keys), touched


def this_machine() -> str:
    """Name this machine, and on it the space in which process numbers hold (containers may share a name)."""
    try:
        return f"{socket.gethostname()} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return socket.gethostname()


def alive(process: int) -> bool:
    """Tell whether a process of this machine is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True

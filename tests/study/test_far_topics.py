"""What a client of a cluster is left with when an execution is over, told by a client that is none of Dask's."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.study.cluster import Cluster
from sim.study.execute import execute_on
from sim.study.far import DaskWorkers
from sim.study.limits import USUAL
from sim.study.progress import Silent
from sim.study.store import Store
from tests.study import fakes


class Client:
    """Like Dask's it keeps the handler of a topic for ever, whether it has unsubscribed or not."""

    status = "running"

    def __init__(self) -> None:
        self.handlers: dict[str, Callable[[Any], None]] = {}
        self.listening: set[str] = set()

    def run(self, *_: Any, **__: Any) -> dict[str, str]:
        return {}

    def subscribe_topic(self, topic: str, handler: Callable[[Any], None]) -> None:
        self.handlers[topic] = handler
        self.listening.add(topic)

    def unsubscribe_topic(self, topic: str) -> None:
        self.listening.remove(topic)


class Gone(Client):
    """A client whose scheduler has gone meanwhile."""

    def unsubscribe_topic(self, topic: str) -> None:
        raise RuntimeError("the client is closed")


def engine_of(client: Client, root: Path) -> DaskWorkers:
    return DaskWorkers(Cluster(client, "", 1, {}), fakes.bench(), Store(root), USUAL)


def test_after_three_executions_a_client_listens_to_none_and_holds_no_engine(tmp_path: Path) -> None:
    client, engines = Client(), []
    for _ in range(3):
        engine = engine_of(client, tmp_path)
        engines.append(weakref.ref(engine))
        execute_on(engine, [], Store(tmp_path), Silent())
        del engine
    gc.collect()

    assert client.listening == set()
    assert len(client.handlers) == 3
    assert [engine() for engine in engines] == [None] * 3
    for handler in client.handlers.values():
        handler((0.0, {"task": "late", "run": "", "worker": "w"}))


def test_what_is_heard_while_it_listens_reaches_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, news = Client(), (0.0, {"task": "one", "run": "", "worker": "w"})
    heard: list[Any] = []
    monkeypatch.setattr(DaskWorkers, "_hear", lambda self, event: heard.append(event))

    with engine_of(client, tmp_path):
        next(iter(client.handlers.values()))(news)

    assert heard == [news]


def test_a_scheduler_that_has_gone_is_left_without_an_error(tmp_path: Path) -> None:
    with engine_of(Gone(), tmp_path):
        pass

    assert list((tmp_path / "tmp").iterdir()) == []

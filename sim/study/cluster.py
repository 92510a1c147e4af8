"""A Dask cluster that somebody else started: find it, and make sure that its workers would make the same runs."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.study.parcel import Identity, differences, identity, introduce

PATIENCE_S = 10.0
"""How long a scheduler may take to answer."""
MOST_NAMED = 5
START = "start workers with `dask worker {address} --nworkers N --nthreads 1`"


class ClusterError(Exception):
    """The cluster that was named cannot be used."""


@dataclass(frozen=True)
class Cluster:
    """A scheduler that answers and the number of its workers, all of them fit; ``warning`` is "" when all is well."""

    client: Any
    address: str
    workers: int
    identity: Identity
    warning: str = ""


@contextmanager
def connected(address: str = "", scheduler_file: str = "") -> Iterator[Cluster]:
    """Connect to a scheduler by its address or its file; raise ClusterError when it or its workers will not do."""
    client = _client(address, scheduler_file)
    try:
        where = client.scheduler.address
        found = _introductions(client, where)
        mine = identity()
        _check(found, mine, where)
        yield Cluster(client, where, len(found), mine, _warning(found))
    finally:
        client.close(timeout=PATIENCE_S)


def _client(address: str, scheduler_file: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "a cluster needs Dask, which is not installed: pip install 'commissioning-simulator[cluster]'"
        ) from None
    if scheduler_file and not Path(scheduler_file).is_file():
        raise ClusterError(f"--cluster-file: there is no file {scheduler_file}; `dask scheduler` writes it")
    named = {"scheduler_file": scheduler_file} if scheduler_file else {"address": address}
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it would log is said in plain words
    untyped: Any = Client
    try:
        return untyped(**named, timeout=PATIENCE_S, set_as_default=False)
    except (OSError, ValueError, KeyError) as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise ClusterError(
            f"no Dask scheduler answers at {scheduler_file or address} within {PATIENCE_S:.0f} s ({why})"
        ) from None


def _introductions(client: Any, address: str) -> Mapping[str, Any]:
    """Ask every worker who it is."""
    found: Mapping[str, Any] = client.run(introduce, on_error="return")
    if not found:
        raise ClusterError(f"the scheduler at {address} has no workers; {START.format(address=address)}")
    broken = {name: answer for name, answer in found.items() if isinstance(answer, BaseException)}
    if broken:
        named = [f"{worker}: {type(error).__name__}: {error}" for worker, error in broken.items()]
        raise ClusterError(f"this package cannot be used on {_listed(named)}")
    return found


def _check(found: Mapping[str, Any], mine: Identity, address: str) -> None:
    other = [
        f"{worker} in {', '.join(differences(mine, who['identity']))}"
        for worker, who in found.items()
        if who["identity"] != mine
    ]
    if other:
        raise ClusterError(f"runs would not be the same: workers differ, {_listed(other)}; restart them after updating")
    threaded = [f"{worker} ({who['threads']} threads)" for worker, who in found.items() if who["threads"] != 1]
    if threaded:
        raise ClusterError(f"each worker must have one thread: {_listed(threaded)}; {START.format(address=address)}")
    alone = [worker for worker, who in found.items() if not who["nanny"]]
    if alone:
        raise ClusterError(
            f"nothing restarts a worker without a nanny: {_listed(alone)}; {START.format(address=address)}"
        )


def _warning(found: Mapping[str, Any]) -> str:
    """Return a line when workers do not run the same Python; their runs are equal all the same."""
    from platform import python_version

    def minor(version: str) -> str:
        return version.rsplit(".", 1)[0]

    other = sorted({minor(who["python"]) for who in found.values()} - {minor(python_version())})
    return f"note: workers run Python {', '.join(other)}, this command {minor(python_version())}" if other else ""


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + more

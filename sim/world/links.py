"""Links between services: treatment under one spares people another, for which somebody else may pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.world.services import ONE_OFF, ONGOING, Services
from sim.world.tables import IndexArray, read_table

UNLINKED = -1


@dataclass(frozen=True)
class PathwayLink:
    """One service relieves another: whoever has had it needs the other no longer, but some upkeep."""

    service: str  # one-off
    relieves: str  # ongoing
    upkeep_gbp: float  # a year from then on; price year 2022


def load_links(path: Path, services: Services) -> tuple[PathwayLink, ...]:
    """Read pathway_links.csv, sorted by service; raise DataError naming every cell that is wrong."""
    spread = ["upkeep_gbp_2022" + suffix for suffix in ("", "_low", "_high")]
    table = read_table(path, ["service_id", "relieves_service_id", *spread])
    kind_of = dict(zip(services.ids, services.kind.tolist(), strict=True))
    one_off = [service for service, kind in kind_of.items() if kind == ONE_OFF]
    ongoing = [service for service, kind in kind_of.items() if kind == ONGOING]
    table.texts("service_id", one_of=one_off)
    service, relieves = table.codes("service_id"), table.texts("relieves_service_id", one_of=ongoing)
    upkeep = table.ranged("upkeep_gbp_2022")
    table.finish()
    rows = sorted(zip(service, relieves, upkeep.tolist(), strict=True))
    return tuple(PathwayLink(*row) for row in rows)


def relieved_by(links: Sequence[PathwayLink], services: Services) -> IndexArray:
    """Return for each service the one that it relieves, int32[S]; UNLINKED for none."""
    index = {service: s for s, service in enumerate(services.ids)}
    found = np.full(len(services.ids), UNLINKED, dtype=np.int32)
    for link in links:
        found[index[link.service]] = index[link.relieves]
    return found

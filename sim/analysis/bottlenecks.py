"""Where people in need are stopped: the reason of everyone not treated in time, by place, service and regime.

Counts are those of the runs themselves (``RunResult.reasons``), added up over replicates: the reasons of a place and
service, "treated in time" among them, sum exactly to its people in need.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.measures.rows import AREA_LEVEL
from sim.model.result import BASES, REASONS
from sim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]

IN_TIME = REASONS.index("treated_in_time")
FROM_DIAGNOSIS = BASES.index("from_diagnosis")
COLUMNS = ("regime", "clock", "place", "service", "reason", "people", "in_need")


@dataclass(frozen=True)
class Where:
    """What part of a run is looked at: everything, one service, one place (row numbers)."""

    service: int | None = None
    place: int | None = None

    def of(self, counts: Ints) -> Ints:
        """Return counts [basis 2, P, S, reason] with nothing outside of it."""
        inside = np.zeros(counts.shape, dtype=np.bool_)
        places = slice(None) if self.place is None else self.place
        services = slice(None) if self.service is None else self.service
        inside[:, places, services] = True
        return np.where(inside, counts, 0)


@dataclass(frozen=True)
class Bottleneck:
    """One reason by which people of one service are stopped under one regime, most of them in one area.

    People are means over replicates. ``worst_share`` is the share of those in need whom the reason stops in the area
    where it stops most people; "" and nan in a world without areas.
    """

    regime: str
    service: str
    reason: str
    people: float
    in_need: float
    worst_area: str
    worst_people: float
    worst_share: float


def summed_reasons(reasons: Sequence[Ints], where: Where | None = None) -> Ints:
    """Return the reasons of several runs of one regime together, int64[basis 2, P, S, reason]."""
    total: Ints = np.sum(reasons, axis=0)
    return (where or Where()).of(total)


def bottleneck_table(counts: Mapping[str, Ints], world: World) -> "pd.DataFrame":
    """Return one row for each regime, clock, place, service and reason where anybody is in need, counts of people.

    ``in_need`` is repeated on every row of its place and service; their ``people`` sum to it.
    """
    import pandas as pd

    frames = []
    for regime, reasons in counts.items():
        need = reasons.sum(axis=3)
        clock, place, service = np.nonzero(need)
        rows, width = clock.size, len(REASONS)
        content = {
            "regime": np.full(rows * width, regime),
            "clock": np.array(BASES)[clock].repeat(width),
            "place": np.array(world.places.codes)[place].repeat(width),
            "service": np.array(world.services.ids)[service].repeat(width),
            "reason": np.tile(np.array(REASONS), rows),
            "people": reasons[clock, place, service].ravel(),
            "in_need": need[clock, place, service].repeat(width),
        }
        if AREA_LEVEL in world.places.unit_of:
            area = np.array(world.places.unit_codes[AREA_LEVEL])[world.places.unit_of[AREA_LEVEL][place]]
            content[AREA_LEVEL] = area.repeat(width)
        frames.append(pd.DataFrame(content))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def reason_shares(counts: Mapping[str, Ints], replicates: int) -> dict[str, dict[str, float]]:
    """Return by regime the people of each reason from diagnosis, the mean over replicates."""
    return {
        regime: dict(zip(REASONS, (reasons[FROM_DIAGNOSIS].sum(axis=(0, 1)) / replicates).tolist(), strict=True))
        for regime, reasons in counts.items()
    }


def largest_bottlenecks(counts: Mapping[str, Ints], world: World, replicates: int, most: int) -> list[Bottleneck]:
    """Return for each regime the pairs of a service and a reason that stop most people from diagnosis on."""
    found = []
    for regime, reasons in counts.items():
        stopped = reasons[FROM_DIAGNOSIS].copy()
        stopped[..., IN_TIME] = 0
        national = stopped.sum(axis=0)
        order = np.argsort(-national.ravel(), kind="stable")[:most]
        pairs = [divmod(int(at), len(REASONS)) for at in order if national.ravel()[at] > 0]
        need = reasons[FROM_DIAGNOSIS].sum(axis=2)
        found += [_bottleneck(regime, (stopped, need), pair, world, replicates) for pair in pairs]
    return found


def _bottleneck(
    regime: str, counts: tuple[Ints, Ints], pair: tuple[int, int], world: World, replicates: int
) -> Bottleneck:
    """Describe what one reason does to the people of one service; counts are [P, S, reason] and [P, S]."""
    service, reason = pair
    people, need = counts[0][:, service, reason], counts[1][:, service]
    area, worst, share = "", float("nan"), float("nan")
    if AREA_LEVEL in world.places.unit_of:
        unit = world.places.unit_of[AREA_LEVEL]
        by_area, of_area = (np.bincount(unit, weights=part) for part in (people, need))
        at = int(by_area.argmax())
        area, worst = world.places.unit_names[AREA_LEVEL][at], float(by_area[at]) / replicates
        share = float(by_area[at] / of_area[at])
    return Bottleneck(
        regime=regime,
        service=world.services.ids[service],
        reason=REASONS[reason],
        people=float(people.sum()) / replicates,
        in_need=float(need.sum()) / replicates,
        worst_area=area,
        worst_people=worst,
        worst_share=share,
    )

"""A run as one canonical text, from which the store's key is hashed: no names of regimes enter it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sim.governance.matrix import Cell, Regime, Row
from sim.specification.run import RunSpec


def canonical(spec: RunSpec) -> str:
    """Return JSON with sorted keys and no spaces; labels (ids, titles) are left out, levels are not."""
    return any_replicate(spec).text(spec.replicate)


@dataclass(frozen=True)
class AnyReplicate:
    """The canonical text of a run but for the number of its replicate: what stands before and behind it."""

    before: str
    behind: str

    def text(self, replicate: int) -> str:
        """Return the whole text for one replicate."""
        return f'{self.before}"replicate":{replicate:d}{self.behind}'


def any_replicate(spec: RunSpec) -> AnyReplicate:
    """Return the text that all replicates of a run share; writing it out takes longest when a study is planned."""
    before = {"burn_in_years": spec.burn_in_years, "parameters": spec.parameters.model_dump(mode="json")}
    behind = {
        "seed": spec.seed,
        "services": sorted(spec.services),
        "start": spec.start,
        "timeline": [[month, _regime(regime)] for month, regime in spec.timeline],
        "twin_sets": spec.twin_sets,
        "weights": dict(spec.weights),
        "years": spec.years,
    }
    return AnyReplicate(_json(before)[:-1] + ",", "," + _json(behind)[1:])


def _json(content: Mapping[str, object]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def _regime(regime: Regime) -> dict[str, object]:
    return {
        **({"with_distance": True} if regime.with_distance else {}),
        "matrix": {group: _row(row) for group, row in regime.matrix.items()},
        "listed": {service: _row(row) for service, row in regime.listed.items()},
        "levers": regime.levers.model_dump(mode="json"),
        "benchmark": regime.benchmark,
    }


def _row(row: Row) -> Mapping[str, object]:
    return {function: _cell(cell) for function, cell in row.items()}


def _cell(cell: Cell) -> list[object]:
    """Return holder and pool, and after them what else a cell says, if anything."""
    more: dict[str, object] = {}
    if cell.partner is not None:
        more |= {"partner": cell.partner, "lead": cell.lead}
    if cell.elsewhere is not None:
        more |= {"where": dict(cell.where), "elsewhere": _cell(cell.elsewhere)}
    if cell.as_one:
        more["as_one"] = True
    return [cell.holder, cell.pooled_at, *([more] if more else [])]

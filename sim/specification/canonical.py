"""A run as one canonical text, from which the store's key is hashed: no names of regimes enter it."""

import json
from collections.abc import Mapping

from sim.governance.matrix import Cell, Regime, Row
from sim.specification.run import RunSpec


def canonical(spec: RunSpec) -> str:
    """Return JSON with sorted keys and no spaces; labels (ids, titles) are left out, levels are not."""
    content = {
        "timeline": [[month, _regime(regime)] for month, regime in spec.timeline],
        "seed": spec.seed,
        "replicate": spec.replicate,
        "start": spec.start,
        "years": spec.years,
        "burn_in_years": spec.burn_in_years,
        "services": sorted(spec.services),
        "twin_sets": spec.twin_sets,
        "weights": dict(spec.weights),
        "parameters": spec.parameters.model_dump(mode="json"),
    }
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

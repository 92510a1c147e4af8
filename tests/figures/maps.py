"""Contents for tile-grid maps, plausible and extreme."""

import math
from typing import Any

import numpy as np

from sim.figures.tile_grid import load_tile_grid
from sim.figures.tile_words import Contrast, Panel, TileMapContent
from sim.figures.words import Estimate

TITLES = {
    "national_2013": "One national commissioner that contracts through ten regional hubs",
    "scg_2006": "Ten regional groups commission with money pooled by local trusts; the rarest services are national",
    "equal_access": "Benchmark: the same patients with every mechanism off, so that only chance differs between places",
    "ccg_cocommission_2014": "Local groups commission listed services together with the national body",
    "ics_2022": "Integrated care systems, the plan of 2022",
}


def panel(regime: str, share: float = 0.7, spread: float = 0.3, **changes: Any) -> Panel:
    rng = np.random.default_rng(list(regime.encode()))
    logit = math.log(share / (1 - share))
    tiles = load_tile_grid()
    content: dict[str, Any] = {
        "regime": regime,
        "description": TITLES.get(regime, ""),
        "benchmark": regime == "equal_access",
        "share": {tile.code: float(1 / (1 + np.exp(-logit - spread * rng.normal()))) for tile in tiles},
        "people": {tile.code: 1200.0 for tile in tiles},
        "england": Estimate(share, share - 0.004, share + 0.004),
        "tau": Estimate(spread, spread - 0.02, spread + 0.02),
        "chance_floor": 0.05,
    }
    return Panel(**(content | changes))


def contrast(regime: str, difference: float = 0.1, distinguishable: bool = True, verdict: str = "larger") -> Contrast:
    return Contrast(regime, difference, distinguishable, verdict)


def content(*panels: Panel, contrasts: tuple[Contrast, ...] = (), **changes: Any) -> TileMapContent:
    panels = panels or (panel("national_2013"), panel("scg_2006", 0.65), panel("equal_access", 0.85, 0.05))
    given: dict[str, Any] = {
        "panels": panels,
        "baseline": panels[0].regime,
        "contrasts": contrasts or tuple(contrast(p.regime) for p in panels[1:] if not p.benchmark),
        "selection": "each service counts the same",
        "tau_of": "all patients together",
        "area_name": "integrated care board (ICB, boundaries of 2022)",
        "years": "April 2014 to March 2018",
        "replicates": 6,
        "run_keys": ("0123456789abcdef",),
    }
    return TileMapContent(**(given | changes))

"""What the tile-grid map says in words; every number comes from the data that is drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.figures.numbers import number
from sim.figures.tile_grid import Tile
from sim.figures.words import Estimate, capital, descriptions, listed, source_line, spoken, with_interval
from sim.measures.intervals import EQUIVALENT, NO_VERDICT

SMALL_TAU = 0.01
"""Smaller than this, a spread by chance is not written out."""


@dataclass(frozen=True)
class Panel:
    """One regime: the share reached in each area (0 to 1, nan where nobody was in need) and its spread.

    ``england`` is the national share on the same footing as the tiles, ``tau`` and ``chance_floor`` are
    standard deviations of log odds.
    """

    regime: str
    description: str
    benchmark: bool
    share: Mapping[str, float]
    people: Mapping[str, float]
    england: Estimate
    tau: Estimate
    chance_floor: float

    @property
    def name(self) -> str:
        """Return the regime's id as it stands in a sentence."""
        return spoken(self.regime)


@dataclass(frozen=True)
class Contrast:
    """The paired difference in tau between one regime and the baseline, and its verdict."""

    regime: str
    difference: float
    distinguishable: bool
    verdict: str


@dataclass(frozen=True)
class TileMapContent:
    """All that the figure shows and says."""

    panels: Sequence[Panel]
    baseline: str
    contrasts: Sequence[Contrast]
    selection: str
    tau_of: str
    area_name: str
    years: str
    replicates: int
    run_keys: Sequence[str]


def message(content: TileMapContent) -> str:
    """State what the paired differences in spread allow one to say, and no more."""
    base = spoken(content.baseline)
    told = [contrast for contrast in content.contrasts if contrast.verdict != NO_VERDICT]
    if not any(math.isfinite(share) for panel in content.panels for share in panel.share.values()):
        return "Nobody was in need of these services, so access cannot be compared"
    if told:
        return _verdict_message(base, told)
    names = [panel.name for panel in content.panels if not panel.benchmark and panel.regime != content.baseline]
    under = f"{base} and {listed(names)}" if names else base
    return f"How access to specialised care differs between areas under {under}"


def _verdict_message(base: str, told: Sequence[Contrast]) -> str:
    clear = [c for c in told if c.distinguishable and c.verdict != EQUIVALENT]
    more = listed([spoken(contrast.regime) for contrast in clear if contrast.difference > 0])
    less = listed([spoken(contrast.regime) for contrast in clear if contrast.difference < 0])
    if more and less:
        return f"Access varies more between areas under {more}, and less under {less}, than under {base}"
    if more or less:
        return f"Access varies {'more' if more else 'less'} between areas under {more or less} than under {base}"
    others = listed([spoken(contrast.regime) for contrast in told])
    if all(contrast.verdict == EQUIVALENT for contrast in told):
        return f"Access varies about as much between areas under {others} as under {base}"
    return f"No clear difference between {base} and {others} in how much access varies between areas"


def subtitle(content: TileMapContent) -> str:
    """Name the measure, unit, place and period."""
    return (
        "People treated within their service’s own access window from diagnosis, %, by "
        f"{content.area_name}; {content.selection}; {content.years}; {content.replicates} "
        f"{'replicate' if content.replicates == 1 else 'replicates pooled'}"
    )


def heading(panel: Panel, content: TileMapContent) -> str:
    """Name a panel, and say when it is the baseline or the benchmark."""
    role = " (benchmark)" if panel.benchmark else ""
    if panel.regime == content.baseline and len(content.panels) > 1:
        role = " (baseline)"
    return capital(panel.name) + role


def panel_lines(panel: Panel) -> tuple[str, str, str]:
    """Give the national share, the range of the areas and tau; intervals in brackets."""
    shares = [100 * share for share in panel.share.values() if math.isfinite(share)]
    between = f"areas from {number(min(shares))} to {number(max(shares))} %" if shares else "nobody in need"
    return f"England {with_interval(panel.england, 100, most_decimals=1)} %", between, spread(panel)


def spread(panel: Panel) -> str:
    """Give tau with its interval, and what it would be by chance alone."""
    floor = panel.chance_floor
    chance = f"<{number(SMALL_TAU, 2)}" if floor < SMALL_TAU else number(floor, 2)
    return f"τ {with_interval(panel.tau, 1, least_decimals=2)}; chance {chance}"


def note_lines(content: TileMapContent) -> list[str]:
    """Explain what the numbers are and are not."""
    return [
        f"τ: spread between areas as the standard deviation of the log odds of being treated in time, "
        f"{content.tau_of}; chance: τ if places differed by luck alone.",
        "Tiles stand roughly where the areas lie; – means nobody in need. Areas with few people move with luck.",
        *descriptions([(panel.regime, panel.description) for panel in content.panels]),
        source_line(content.replicates),
    ]


def alt_text(content: TileMapContent, tiles: Sequence[Tile], title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    names = {tile.code: tile.short_name for tile in tiles}
    sentences = [
        f"Tile-grid maps of England, one for each of {len(content.panels)} regimes, {len(tiles)} areas each; "
        f"colour and printed number give the percentage of people treated in time. {title}."
    ]
    for panel in content.panels:
        known = {code: panel.share[code] for code in names if math.isfinite(panel.share.get(code, math.nan))}
        if not known:
            sentences.append(f"{heading(panel, content)}: nobody in need.")
            continue
        low, high = min(known, key=lambda code: known[code]), max(known, key=lambda code: known[code])
        sentences.append(
            f"{heading(panel, content)}: lowest {names[low]} at {number(100 * known[low])} %, "
            f"highest {names[high]} at {number(100 * known[high])} %; {spread(panel)}."
        )
    return " ".join(sentences)

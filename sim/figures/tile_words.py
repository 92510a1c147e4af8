"""What the tile-grid map says in words; every number comes from the data that is drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.figures.numbers import decimals_of, number
from sim.figures.tile_grid import Tile

MOST_NAMED = 2
"""A title names this many regimes at most; beyond that it counts them."""

SMALL_TAU = 0.01
"""Smaller than this, a spread by chance is not written out."""


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates with its 95 % interval, nan where there is none."""

    value: float
    low: float
    high: float


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


def spoken(identifier: str) -> str:
    """Turn an id into words; words of up to three letters are read as abbreviations.

    >>> spoken("scg_2006"), spoken("equal_access")
    ('SCG 2006', 'equal access')
    """
    return " ".join(word.upper() if len(word) <= 3 else word for word in identifier.split("_"))


def message(content: TileMapContent) -> str:
    """State what the paired differences in spread allow one to say, and no more."""
    base = spoken(content.baseline)
    clear = [c for c in content.contrasts if c.distinguishable and c.verdict != "equivalent"]
    more = [spoken(contrast.regime) for contrast in clear if contrast.difference > 0]
    less = [spoken(contrast.regime) for contrast in clear if contrast.difference < 0]
    if not content.contrasts:
        return f"How access to specialised care differs between areas under {base}"
    if more and less:
        return (
            f"Access varies more between areas under {_listed(more)}, and less under {_listed(less)}, than under {base}"
        )
    if more or less:
        word = "more" if more else "less"
        return f"Access varies {word} between areas under {_listed(more or less)} than under {base}"
    others = _listed([spoken(contrast.regime) for contrast in content.contrasts])
    if all(contrast.verdict == "equivalent" for contrast in content.contrasts):
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
    if panel.regime == content.baseline and content.contrasts:
        role = " (baseline)"
    return _capital(panel.name) + role


def panel_lines(panel: Panel) -> tuple[str, str, str]:
    """Give the national share, the range of the areas and tau; intervals in brackets."""
    shares = [100 * share for share in panel.share.values() if math.isfinite(share)]
    between = f"areas from {number(min(shares))} to {number(max(shares))} %" if shares else "nobody in need"
    return f"England {_with_interval(panel.england, 100)} %", between, spread(panel)


def spread(panel: Panel) -> str:
    """Give tau with its interval, and what it would be by chance alone."""
    floor = panel.chance_floor
    chance = f"<{number(SMALL_TAU, 2)}" if floor < SMALL_TAU else number(floor, 2)
    return f"τ {_with_interval(panel.tau, 1, least_decimals=2)}; chance {chance}"


def _with_interval(estimate: Estimate, factor: int, least_decimals: int = 0) -> str:
    """Write an estimate to one significant digit of the half-width of its interval."""
    value, low, high = (factor * part for part in (estimate.value, estimate.low, estimate.high))
    decimals = max(decimals_of(low, high, value, 1), least_decimals)
    if not math.isfinite(low):
        return number(value, decimals)
    return f"{number(value, decimals)} ({number(low, decimals)} to {number(high, decimals)})"


def note_lines(content: TileMapContent) -> list[str]:
    """Explain what the numbers are and are not."""
    regimes = [f"{_capital(panel.name)}: {panel.description}." for panel in content.panels if panel.description]
    return [
        f"τ: spread between areas as the standard deviation of the log odds of being treated in time, "
        f"{content.tau_of}; chance: τ if places differed by luck alone. In brackets: 95 % interval over "
        "replicates, which holds the luck of the simulated world, not doubt about the inputs.",
        "Tiles stand roughly where the areas lie; – means nobody in need. Areas with few people move with luck.",
        *regimes,
        "Source: this model. Simulated, not observed; most inputs are graded as assumptions.",
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


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _listed(names: Sequence[str]) -> str:
    """Join names the way a sentence does, or count them when there are many."""
    if len(names) > MOST_NAMED:
        return f"{len(names)} other regimes"
    return " and ".join(names)

"""What the tile-grid map says in words; every number comes from the data that is drawn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.figures.style import number
from sim.figures.tile_grid import Tile


@dataclass(frozen=True)
class Estimate:
    """A mean over replicates with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Panel:
    """One regime: the share reached in each area (0 to 1, nan where nobody was in need) and its spread."""

    regime: str
    title: str
    benchmark: bool
    share: Mapping[str, float]
    people: Mapping[str, float]
    england: Estimate
    tau: Estimate
    chance_floor: float


@dataclass(frozen=True)
class Contrast:
    """How the spread (tau) of one regime differs from the baseline's: the verdict on the paired difference."""

    title: str
    verdict: str


@dataclass(frozen=True)
class TileMapContent:
    """All that the figure shows and says."""

    panels: Sequence[Panel]
    baseline: str
    contrasts: Sequence[Contrast]
    selection: str
    area_name: str
    years: str
    replicates: int
    run_keys: Sequence[str]

    @property
    def baseline_title(self) -> str:
        """Return the title of the regime that the others are set against."""
        return next(panel.title for panel in self.panels if panel.regime == self.baseline)


def message(content: TileMapContent) -> str:
    """State what the paired differences in spread allow one to say, and no more."""
    base = content.baseline_title
    more = [contrast.title for contrast in content.contrasts if contrast.verdict == "larger"]
    less = [contrast.title for contrast in content.contrasts if contrast.verdict == "smaller"]
    if not content.contrasts:
        return f"Access to specialised care differs between areas of England under {base}"
    if more and less:
        return (
            f"Access varies more between areas under {_listed(more)}, and less under {_listed(less)}, than under {base}"
        )
    if more or less:
        word = "more" if more else "less"
        return f"Access varies {word} between areas under {_listed(more or less)} than under {base}"
    others = _listed([contrast.title for contrast in content.contrasts])
    if all(contrast.verdict == "equivalent" for contrast in content.contrasts):
        return f"Access varies as much between areas under {others} as under {base}"
    return f"No clear difference between {base} and {others} in how access varies between areas"


def subtitle(content: TileMapContent) -> str:
    """Name the measure, unit, place and period."""
    return (
        "People reached within their service’s own access window from diagnosis, %, by "
        f"{content.area_name}; {content.selection}; {content.years}, mean of {content.replicates} "
        f"{'replicate' if content.replicates == 1 else 'replicates'}"
    )


def heading(panel: Panel, content: TileMapContent) -> str:
    """Name a panel, and say when it is the baseline or the benchmark."""
    role = " (baseline)" if panel.regime == content.baseline and content.contrasts else ""
    return f"{panel.title}{role}"


def panel_lines(panel: Panel) -> tuple[str, str, str]:
    """Give the national share, the range of the areas, and tau with its chance floor; intervals in brackets."""
    shares = [100 * share for share in panel.share.values() if math.isfinite(share)]
    between = f"areas from {number(min(shares))} to {number(max(shares))} %" if shares else "nobody in need"
    england = f"England {_with_interval(panel.england, 100)} %"
    return england, between, spread(panel)


def spread(panel: Panel) -> str:
    """Give tau with its interval, and what it would be by chance alone."""
    floor = number(panel.chance_floor, _decimals(panel.tau, 1))
    return f"τ {_with_interval(panel.tau, 1)}, by chance {floor}"


def _with_interval(estimate: Estimate, factor: int) -> str:
    decimals = _decimals(estimate, factor)
    value = number(factor * estimate.value, decimals)
    if not math.isfinite(estimate.low):
        return value
    return f"{value} ({number(factor * estimate.low, decimals)}–{number(factor * estimate.high, decimals)})"


def note_lines(content: TileMapContent) -> list[str]:
    """Explain what the numbers are and are not."""
    benchmark = [panel.title for panel in content.panels if panel.benchmark]
    notes = [
        "τ: spread between areas, as the standard deviation of the log odds of being reached, all patients "
        "together; in brackets the 95 % interval over replicates (luck of the simulated world only, not doubt "
        "about inputs); by chance: what τ would be if place made no difference.",
        "Tiles stand roughly where the areas lie; – nobody in need. Areas of few people move with luck.",
    ]
    if benchmark:
        notes.append(f"{_listed(benchmark)}: benchmark in which every mechanism is off.")
    return [*notes, "Simulated, not observed. Most inputs are assumptions; see the table of parameters."]


def alt_text(content: TileMapContent, tiles: Sequence[Tile], title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    names = {tile.code: tile.short_name for tile in tiles}
    sentences = [
        f"Tile-grid maps of England, one for each of {len(content.panels)} regimes, {len(tiles)} areas each; "
        f"colour and printed number give the percentage of people reached in time. {title}."
    ]
    for panel in content.panels:
        known = {code: panel.share[code] for code in names if math.isfinite(panel.share.get(code, math.nan))}
        if not known:
            sentences.append(f"{panel.title}: nobody in need.")
            continue
        low, high = min(known, key=lambda c: known[c]), max(known, key=lambda c: known[c])
        sentences.append(
            f"{panel.title}: lowest {names[low]} at {number(100 * known[low])} %, highest {names[high]} at "
            f"{number(100 * known[high])} %; {spread(panel)}."
        )
    return " ".join(sentences)


def _decimals(estimate: Estimate, factor: int) -> int:
    """Print two significant digits of the half-width of the interval; of the number when there is none."""
    half = factor * (estimate.high - estimate.low) / 2
    scale = half if math.isfinite(half) and half > 0 else abs(factor * estimate.value)
    if not math.isfinite(scale) or scale <= 0:
        return 1
    return min(max(1 - math.floor(math.log10(scale)), 0), 3)


def _listed(names: Sequence[str]) -> str:
    """Join names the way a sentence does."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

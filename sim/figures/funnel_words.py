"""What the funnel plots say in words."""

import math
from collections.abc import Sequence

from sim.figures.funnel_content import FunnelContent, FunnelPanel, Outside
from sim.figures.numbers import number
from sim.figures.words import MOST_NAMED, capital, descriptions, source_line, spoken, with_interval

OUTSIDE_HEAD = "ICBs outside the limits, %"
LEAST_DRAWN, MOST_DRAWN = 0.002, 0.998
"""The odds of nobody and of everybody lie outside every page."""
LIMIT_NAMES = {"95": "95 %", "998": "99.8 %"}


def message(content: FunnelContent) -> str:
    """State under which regimes the spread between areas is more than chance alone would make it."""
    compared = [panel for panel in content.panels if not panel.benchmark] or list(content.panels)
    known = [panel for panel in compared if math.isfinite(panel.excess.spread.low)]
    if not known:
        return _one_country(content, compared[0])
    beyond = [spoken(panel.regime) for panel in known if panel.excess.beyond_chance]
    unclear = [spoken(panel.regime) for panel in known if not panel.excess.beyond_chance]
    if not unclear:
        under = "every regime compared" if len(beyond) > MOST_NAMED else _named(beyond)
        return f"Access varies between areas by more than chance under {under}"
    if not beyond:
        under = "any regime compared" if len(unclear) > MOST_NAMED else " or ".join(unclear)
        return f"No clear sign that access varies between areas by more than chance under {under}"
    return (
        f"Access varies between areas by more than chance under {_named(beyond)}, not clearly under {_named(unclear)}"
    )


def _named(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} of the regimes compared"


def _one_country(content: FunnelContent, panel: FunnelPanel) -> str:
    outside = sum(bool(point.outside) for point in panel.points)
    return (
        f"In one simulated country {outside} of {len(panel.points)} areas lie outside the 95 % limits under "
        f"{spoken(panel.regime)}; chance alone puts about {number(_by_chance(panel), 0)} there"
    )


def _by_chance(panel: FunnelPanel) -> float:
    chance = panel.outside["95"].chance
    return len(panel.points) * (chance if math.isfinite(chance) else 0.05)


def subtitle(content: FunnelContent) -> str:
    """Name the measure, unit, place and period."""
    return (
        "People treated within their service’s own access window from diagnosis, %, standardised for service, severity "
        f"and year, by integrated care board (ICB, boundaries of 2022) and people in need; {content.years}"
    )


def heading(panel: FunnelPanel, content: FunnelContent) -> str:
    """Name a panel, and say when it is the baseline or the benchmark."""
    if panel.benchmark:
        return f"{capital(spoken(panel.regime))} (benchmark)"
    role = " (baseline)" if panel.regime == content.baseline and len(content.panels) > 1 else ""
    return capital(spoken(panel.regime)) + role


def outside_lines(panel: FunnelPanel) -> list[str]:
    """Give the shares of areas outside both pairs of limits over all replicates, beside chance."""
    return [f"{LIMIT_NAMES[name]}: {_outside_text(outside)}" for name, outside in panel.outside.items()]


def _outside_text(outside: Outside) -> str:
    return f"{with_interval(outside.share, 100)}; by chance {number(100 * outside.chance, 1)}"


def note_lines(content: FunnelContent) -> list[str]:
    """Explain what the points and limits are and are not."""
    which = (
        f"Points: replicate {content.replicate}, one simulated country, chosen because its spread between areas (τ) "
        "lies nearest the median of the replicates. Shares outside: mean over all replicates, 95 % interval."
        if content.replicates > 1
        else "Points: the one simulated country of this study; shares outside are of that country."
    )
    lines = [
        which,
        "Standardised: people treated over those expected at the nation’s shares by service, severity and year, times "
        "the national share. Title: the spread τ against that of the same people drawn again. Limits: exact binomial, "
        "interpolated, around the national share of the regime; by chance: the same people drawn again with no place "
        "effect, which puts fewer outside than 5 and 0.2 % where services differ much. The scale is that of the odds, "
        "on which τ is measured.",
    ]
    if any(not LEAST_DRAWN <= point.share <= MOST_DRAWN for panel in content.panels for point in panel.points):
        lines.append(
            f"Shares beyond {number(100 * LEAST_DRAWN, 1)} or {number(100 * MOST_DRAWN, 1)} % are drawn there."
        )
    if content.weighted:
        lines.append("Common services are simulated by a sample; people in need are those simulated.")
    regimes = [(panel.regime, panel.description) for panel in content.panels]
    return [*lines, *descriptions(regimes), source_line(content.replicates)]


def alt_text(content: FunnelContent, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    sentences = [
        f"Funnel plots, one for each of {len(content.panels)} regimes: people in need in an ICB across, standardised "
        f"percentage treated in time up, with 95 % and 99.8 % limits. {title}."
    ]
    for panel in content.panels:
        outside = sum(bool(point.outside) for point in panel.points)
        shares = [min(100 * point.share, 100.0) for point in panel.points]
        sentences.append(
            f"{heading(panel, content)}: {outside} of {len(panel.points)} areas drawn lie outside the 95 % limits; "
            f"they range from {number(min(shares), 1)} to {number(max(shares), 1)} % around "
            f"{number(100 * panel.national, 1)} %. {OUTSIDE_HEAD}: {'; '.join(outside_lines(panel))}."
        )
    return " ".join(sentences)

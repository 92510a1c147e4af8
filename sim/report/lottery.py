"""The lottery in words: what is chance, what is the place, what is distance, and how long it takes to see it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from sim.analysis.lottery import COMMISSIONING, DISCORDANCE, GEOGRAPHY, LotteryRow, benchmark_with_distance
from sim.figures.numbers import number
from sim.measures.power import LONGEST_YEARS
from sim.measures.rows import ALL_PATIENTS, ALL_SERVICES
from sim.report.files import write_csv
from sim.report.lines import SET_LABELS
from sim.report.table import number_texts
from sim.specification.run import Study

POINTS = 100.0
RAREST = "highly_specialised"
YEARS = "years_to_see_icb"
Found = dict[tuple[str, str], LotteryRow]


def write_lottery(rows: Sequence[LotteryRow], path: Path) -> None:
    """Write one row for each regime, outcome, set of services and part of the country."""
    write_csv([asdict(row) for row in rows], [field.name for field in fields(LotteryRow)], path)


def lottery_lines(rows: Sequence[LotteryRow], study: Study) -> Iterator[str]:
    """Yield the section: for each regime but benchmarks, spread beyond chance, twins, and years of data."""
    national = [row for row in rows if row.geography == "nation"]
    told = []
    for scenario in study.compare:
        found = {(row.measure, row.service): row for row in national if row.regime == scenario.id}
        lines = [] if scenario.benchmark else list(_one(found))
        if lines:
            told += [scenario.id, *(f"  {line}" for line in lines)]
    if not told:
        return
    yield "LOTTERY: CHANCE, PLACE, DISTANCE"
    yield from told
    if not benchmark_with_distance(study):
        yield (
            "No benchmark of this study keeps distance, so geography cannot be told from commissioning; "
            "add equal_access_travel to `compare`."
        )
    yield "By index, service, deprivation fifth, region and ICB: lottery.csv. What the words mean: docs/lottery.md."
    yield ""


def _one(found: Found) -> Iterator[str]:
    yield from _spread_lines(found)
    yield from _twin_lines(found)
    yield from _years_line(found)


def _spread_lines(found: Found) -> Iterator[str]:
    for measure, words in (("tau_icb", "Spread between ICBs, τ"), ("tau_services_icb", "Within single services, τ")):
        parts = [found.get((measure + end, ALL_PATIENTS)) for end in ("", "_chance_floor", "_excess")]
        value, floor, excess = parts
        if value and floor and excess:
            yield f"{words}: {_told(value, 1)}; by chance {number(floor.mean, 3)}, beyond it {_told(excess, 1)}."


def _twin_lines(found: Found) -> Iterator[str]:
    names = ("", "_own_luck", "_same_place", "_between_holders", "_within_holders")
    common, own, same, between, within = (found.get((DISCORDANCE + end, ALL_SERVICES)) for end in names)
    if common:
        words = f"Twins of two places treated unlike, {SET_LABELS[ALL_SERVICES]}, %"
        yield f"{words}: {_told(common)} with one luck for both."
    if own and same:
        yield f"With luck of their own {_told(own)}; in one and the same place {_told(same)}."
    distance, rest = (found.get((part, ALL_SERVICES)) for part in (GEOGRAPHY, COMMISSIONING))
    if distance and rest:
        rest_of = f"and commissioning, money and slots {_told(rest)}"
        yield f"Of the former, distance alone makes {_told(distance)}, {rest_of}."
    if between and within:
        yield f"Between holders of the budget {_told(between)}, between places of one holder {_told(within)}."


def _years_line(found: Found) -> Iterator[str]:
    sets = {ALL_PATIENTS, ALL_SERVICES, RAREST}
    singles = {
        name: row.median for (measure, name), row in found.items() if measure == YEARS and "specialised" not in name
    }
    singles = {name: years for name, years in singles.items() if name not in sets}
    pooled, rarest = (found.get((YEARS, name)) for name in (ALL_PATIENTS, RAREST))
    if not (pooled and rarest and singles):
        return
    few, many = min(singles, key=singles.__getitem__), max(singles, key=singles.__getitem__)
    yield (
        f"Years of real data to see it: every patient pooled {_years(pooled.median)}, highly specialised "
        f"{_years(rarest.median)}; one service alone, from {_years(singles[few])} ({few}) to {_years(singles[many])} "
        f"({many})."
    )


def _years(years: float) -> str:
    if years >= LONGEST_YEARS:
        return f"over {number(LONGEST_YEARS)}"
    return number(years, 2 if years < 1 else 1 if years < 10 else 0) if years >= 0.01 else "under 0.01"


def _told(row: LotteryRow, factor: float = POINTS) -> str:
    value, interval = number_texts(row.mean, row.low, row.high, factor, most_decimals=1 if factor == POINTS else 3)
    return f"{value} {interval}"

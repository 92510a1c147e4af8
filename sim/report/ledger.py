"""The ledger of two regimes on the page: where lives part, who gains and who loses, and totals that agree."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.ledger import CLEAR_QALYS, Effect, Ledger, Total
from sim.analysis.ledger_parting import KINDS, NONE
from sim.figures.numbers import number

PENCE_PER_MILLION_POUNDS = 1e8
HEADINGS = ("", "people", "newly\nin time", "no longer\nin time", "QALYs", "cost £m")
LABEL_WIDTH = 48
TOTAL_NAMES = {
    "people_in_need": "people in need",
    "wait_until_treatment": "days waited by the treated",
    "treatment_cost": "cost of treatment, £m",
    "qalys": "QALYs lived",
}


def print_ledger(ledger: Ledger, found: Sequence[Effect], sums: Sequence[Total], console: Console) -> None:
    """Print where lives part, and the totals of both regimes."""
    one, other = names(ledger)
    console.print(Text(f"{other} less {one}, replicate {ledger.first.result.replicate}: the same people and luck"))
    console.print("")
    console.print(_parting_table(found))
    console.print("")
    for line in who_lines(found, (one, other)):
        console.print(Text(line))
    console.print("")
    console.print(_totals_table(sums, (one, other)))
    console.print("")
    for line in notes(ledger):
        console.print(Text(line))


def names(ledger: Ledger) -> tuple[str, str]:
    """Name the two scenarios."""
    return ledger.first.run.scenario, ledger.second.run.scenario


def _parting_table(found: Sequence[Effect]) -> Table:
    """Lay out the decisions at which lives part, under the kinds of effect, each with its sum."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(min_width=LABEL_WIDTH)
    for _ in HEADINGS[1:]:
        grid.add_column(justify="right")
    grid.add_row(*HEADINGS)
    for kind in KINDS:
        rows = [effect for effect in found if effect.decision.kind == kind]
        if kind != NONE:
            grid.add_row(Text(kind.upper()), *_amounts(together(rows)))
        for effect in rows:
            grid.add_row(Text(_event_words(effect)), *_amounts(effect))
    grid.add_row(Text("ALL"), *_amounts(together(found)))
    return grid


def _event_words(effect: Effect) -> str:
    """Name a decision and say what differs."""
    if effect.decision.kind == NONE:
        return f"NONE: {effect.decision.words}"
    return f"  {effect.decision.name}: {effect.decision.words}"


def together(found: Sequence[Effect]) -> Effect | None:
    """Add up effects; None where there are none."""
    if not found:
        return None
    added = ("people", "in_time_gained", "in_time_lost", "better", "worse", "qalys", "cost_pence")
    return Effect(found[0].decision, *(sum(getattr(effect, name) for effect in found) for name in added))


def _amounts(effect: Effect | None) -> tuple[str, ...]:
    """Write the numbers of one row: people, those newly in time and those no longer, and two differences."""
    if effect is None:
        return ("0",) * (len(HEADINGS) - 1)
    return (
        number(effect.people),
        number(effect.in_time_gained, signed=True),
        number(-effect.in_time_lost),
        number(effect.qalys, 1, signed=True),
        number(effect.cost_pence / PENCE_PER_MILLION_POUNDS, 3, signed=True),
    )


def who_lines(found: Sequence[Effect], regimes: tuple[str, str]) -> Iterator[str]:
    """Say how many gain and how many lose, all of them and of either kind."""
    one, other = regimes
    for kind in ("", *KINDS[:-1]):
        whole = together([effect for effect in found if kind in ("", effect.decision.kind)])
        if whole is None:
            continue
        label = f"Of these, {kind}" if kind else "Whose life is better"
        yield (
            f"{label}: {number(whole.better)} people live more QALYs under {other}, {number(whole.worse)} under {one}; "
            f"{number(whole.in_time_gained)} are treated in time under {other} only, {number(whole.in_time_lost)} "
            f"under {one} only."
        )


def _totals_table(sums: Sequence[Total], regimes: tuple[str, str]) -> Table:
    """Lay out the totals of both runs and what the lines of the ledger sum to."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(min_width=LABEL_WIDTH)
    for _ in range(3):
        grid.add_column(justify="right")
    grid.add_row("", *regimes, "difference")
    for total in sums:
        if not (total.first or total.second):
            continue
        money, whole = total.unit == "pence", total.unit != "QALYs"
        factor, decimals = (1 / PENCE_PER_MILLION_POUNDS, 3) if money else (1.0, 0 if whole else 1)
        label = TOTAL_NAMES.get(total.name, "  " + total.name.replace("_", " "))
        values = (total.first * factor, total.second * factor)
        told = [number(value, decimals) for value in values]
        grid.add_row(label, *told, number(total.difference * factor, decimals, signed=True))
    return grid


def notes(ledger: Ledger) -> Iterator[str]:
    """Say what is counted, that it agrees, and how far it can be trusted."""
    years = ledger.first.result.measured_years
    yield (
        f"Amounts are over the {years} measured years. In need: diagnosed in them, with the whole access window "
        "inside. Newly in time, and no longer: treated inside that window under one of the two only. A life is listed "
        "once, where it first parts, be it in the years before."
    )
    yield (
        "Differences are sums over the lines of the ledger, checked against the totals of both runs: people, days and "
        "pence agree exactly, QALYs to one part in 10^9."
    )
    yield (
        "One replicate is one draw of people and luck: these are exact counts of it and no estimates. What lasts over "
        "replicates, `sim run` of the same study tells."
    )


def ledger_json(ledger: Ledger, found: Sequence[Effect], sums: Sequence[Total]) -> dict[str, Any]:
    """Return the summary as JSON writes it; amounts are second less first."""
    first, second = names(ledger)
    return {
        "first": first,
        "second": second,
        "replicate": ledger.first.result.replicate,
        "measured_years": ledger.first.result.measured_years,
        "clear_qalys": CLEAR_QALYS,
        "effects": [_effect_json(effect) for effect in found],
        "kinds": {kind: _kind_json(found, kind) for kind in KINDS},
        "totals": [asdict(total) for total in sums],
    }


def _effect_json(effect: Effect) -> dict[str, Any]:
    content = asdict(effect)
    decision = content.pop("decision")
    return {"first_parting": decision["name"], "decided_by": decision["by"], "kind": decision["kind"]} | content


def _kind_json(found: Sequence[Effect], kind: str) -> dict[str, Any]:
    whole = together([effect for effect in found if effect.decision.kind == kind])
    content = {} if whole is None else asdict(whole)
    content.pop("decision", None)
    return content

"""Calibration: what each published number sets, and what the model predicts where nothing was fitted.

``python -m experiments.calibration`` prints the tables (some minutes: England is run); with ``--write`` they are put
between their marks in ``docs/calibration.md``. A part stands between ``<!-- begin: NAME -->`` and its end.
"""

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

from experiments.calibration_draws import drawn
from experiments.calibration_kinds import Estimate, Target, Use
from experiments.calibration_runs import BUDGET_GBP_M, Runs, measured, overspends, run_england
from experiments.calibration_targets import TARGETS
from sim.specification.parameters import ParameterSet
from sim.specification.switches import Declared, declared

PAGE = Path(__file__).resolve().parents[1] / "docs" / "calibration.md"
COMMAND = "python -m experiments.calibration --write"
HEAD = ("row", "what", "published", "facts", "model [95 %]", "allowed", "result")
MET = {True: "met", False: "**missed**", None: "cannot speak"}
USES: Mapping[Use, str] = {
    "sets": "that set a parameter",
    "prediction": "predictions",
    "bound": "bounds",
}
"""What a target that can be missed is for, in the plural."""
Found = Mapping[str, Estimate]


def number(value: float, decimals: int) -> str:
    """Write a number; no minus before nothing."""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0.0 else text.replace("-", "−")


def in_words(target: Target, found: Estimate) -> str:
    """Write a value and, where chance moves it, its interval."""
    value, low, high = (number(part, target.decimals) for part in (found.value, found.low, found.high))
    pounds = target.unit.startswith("£")
    written = f"£{value}{target.unit[1:]}" if pounds else f"{value} {target.unit}"
    return written + (f" [{low}, {high}]" if low != high else "")


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a table."""
    titles = tuple(head)
    lines = [titles, ("---",) * len(titles), *map(tuple, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def cells_of(target: Target, found: Estimate) -> tuple[str, ...]:
    """Return the row of one target, without what it sets."""
    facts = ", ".join(f"`{name}`" for name in target.facts)
    said = MET[target.met(found)]
    what = f"{target.what} ({target.note})" if target.note else target.what
    return (target.row, what, target.in_words, facts, in_words(target, found), target.allowed, said)


def line_of(target: Target, found: Estimate) -> str:
    """Return the row of one target as it stands on the page."""
    cells = cells_of(target, found)
    if target.use == "sets":
        cells = (*cells, defaults_of(target))
    return f"| {' | '.join(cells)} |"


def defaults_of(target: Target) -> str:
    """Write the parameters that a target sets, with their values in the code."""
    values = {one.key: one.value for one in declared(ParameterSet())}
    return ", ".join(f"`{key}` = {float(str(values[key])):g}" for key in target.parameters)


def table_of(found: Found, *uses: Use) -> str:
    """Write the table of all targets of some uses."""
    head = (*HEAD, "sets") if uses == ("sets",) else HEAD
    top = markdown(head, ())
    return "\n".join([top, *(line_of(target, found[target.id]) for target in TARGETS if target.use in uses)])


def missed(found: Found) -> str:
    """Count what is missed, and list by how much."""
    wrong = [target for target in TARGETS if target.met(found[target.id]) is False]
    return "\n".join([counted(wrong), "", *(missed_line(target, found[target.id]) for target in wrong)])


def counted(wrong: Iterable[Target]) -> str:
    """Say how many targets are missed, by what they are for."""
    uses = [target.use for target in wrong]
    of = {use: sum(target.use == use for target in TARGETS) for use in USES}
    kinds = ", ".join(f"{uses.count(use)} of {of[use]} {words}" for use, words in USES.items())
    return f"**{len(uses)} of {sum(of.values())} targets are missed**: {kinds}."


def missed_line(target: Target, found: Estimate) -> str:
    """Say of one missed target by how much."""
    by = number(target.missed_by(found), max(target.decimals, 1))
    row = f" ({target.row})" if target.row != "–" else ""
    return f"- {target.what}{row}: {in_words(target, found)}; allowed: {target.allowed}; missed by {by}"


def unset() -> str:
    """Count the parameters that no fact in these tables sets, by how good their source is."""
    setting = {key for target in TARGETS for key in target.parameters}
    numbers = [one for one in declared(ParameterSet()) if is_number(one)]
    free = [one for one in numbers if one.key not in setting]
    grades = ("official", "published", "approximate", "assumption")
    counts = {grade: sum(one.facts.grade == grade for one in free) for grade in grades}
    by_grade = ", ".join(f"{count} graded {grade}" for grade, count in counts.items() if count)
    weak = sum(one.facts.grade == "assumption" for one in numbers if one.key in setting)
    return (
        f"The model has {len(numbers)} parameters that are numbers. **{len(free)} of them were set by none of these "
        f"facts**: {by_grade}. The other {len(numbers) - len(free)} stand in the table of what facts set, {weak} of "
        "them graded assumption all the same, for a fact bounds it and does not fix it. The numbers that describe each "
        "service are data and are not counted here; three in four of them are assumptions."
    )


def is_number(entry: Declared) -> bool:
    """Tell whether a parameter is a number, and not a switch or a choice."""
    return not isinstance(entry.value, bool) and isinstance(entry.value, int | float)


def overspend_table(runs: Runs) -> str:
    """Write what the overspend after the handover hangs on."""
    head = ("", "first year, % of plan", f"scaled to £{BUDGET_GBP_M / 1000:.0f}bn, £m", "second year, % of plan")
    rows = []
    for words, (first, second) in overspends(runs).items():
        pounds = Estimate(*(BUDGET_GBP_M * part / 100 for part in (first.value, first.low, first.high)))
        written = [with_interval(first, 1), with_interval(pounds, 0), with_interval(second, 1)]
        rows.append((words, *written))
    return markdown(head, rows)


def with_interval(found: Estimate, decimals: int) -> str:
    """Write a value and its interval without a unit."""
    value, low, high = (number(part, decimals) for part in (found.value, found.low, found.high))
    return f"{value} [{low}, {high}]"


def parts(found: Found, runs: Runs) -> dict[str, str]:
    """Write every part of the page that follows from the model."""
    return {
        "sets": table_of(found, "sets"),
        "predictions": table_of(found, "prediction"),
        "bounds": table_of(found, "bound", "beyond"),
        "overspend": overspend_table(runs),
        "missed": missed(found),
        "unset": unset(),
    }


def renewed(text: str, written: Mapping[str, str]) -> str:
    """Return a page with its parts written anew; raise ValueError unless each has one place."""
    for name, part in written.items():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"the page has no one place for the part `{name}`")
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{part}\n\n{end}{rest.split(end)[1]}"
    return text


def main() -> None:
    """Compute everything; print it, or renew the page."""
    command = argparse.ArgumentParser(description="Hold the model against published numbers.")
    command.add_argument("--write", action="store_true", help=f"renew {PAGE.name} instead of printing")
    write = command.parse_args().write
    runs = run_england()
    written = parts({**drawn(), **measured(runs)}, runs)
    if write:
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), written), encoding="utf-8")
    else:
        print("\n\n".join(written.values()))


if __name__ == "__main__":
    main()

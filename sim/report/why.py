"""What a decomposition says: sentences, a table, the same as Markdown, and tidy files."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.analysis.decomposition import Decomposition
from sim.analysis.shares import NO_EFFECT, Account, Share
from sim.figures.numbers import MOST_DECIMALS, decimals_that_matter, factor_of, number
from sim.measures.intervals import NO_VERDICT, NOT_DISTINGUISHABLE
from sim.measures.outcomes import outcome
from sim.report.lines import headline_label
from sim.report.notes import assumed_inputs
from sim.report.table import GUTTER, number_texts
from sim.report.wrap import print_hanging
from sim.settings.plural import counted
from sim.specification.run import Study

SHARE_COLUMNS = tuple(field.name for field in fields(Share))
LABEL_WIDTH, COLUMN_WIDTH = 26, 27
MOST_NAMED = 3
"""A sentence names this many groups; the table has all."""


@dataclass(frozen=True)
class Explained:
    """A decomposition that was run: its accounts, outcome by outcome, and the study as the user knows it."""

    study: Study
    found: Decomposition
    accounts: Sequence[Account]

    @property
    def told(self) -> list[Account]:
        """Return the differences from the baseline, or the levels where one regime was run alone."""
        differences = [account for account in self.accounts if account.baseline]
        return differences or list(self.accounts)

    def decimals(self, account: Account) -> int:
        """Return the decimals worth writing: two digits of the smallest difference that matters."""
        known, level = outcome(account.measure), self._level(account)
        return decimals_that_matter(factor_of(known) * known.smallest_difference_from(level))

    def _level(self, account: Account) -> float:
        base = self.found.study.baseline
        same = [
            a for a in self.accounts if (a.measure, a.service, a.baseline) == (account.measure, account.service, "")
        ]
        return next((a.at_work.mean for a in same if a.regime == base), 0.0)


def share_rows(explained: Explained) -> list[dict[str, Any]]:
    """Return one tidy row for each part of each account, in the outcome's own unit."""
    return [asdict(part) for account in explained.accounts for part in account.parts]


def sentences(explained: Explained) -> Iterator[str]:
    """Say for each outcome what the groups that can be told from zero do to it."""
    for account in explained.told:
        name = headline_label(account.measure, account.service)
        text = f"{name}: {subject(account)} is {amount(explained, account, account.at_work)}"
        yield f"{text}. {_of_groups(explained, account)}"


def subject(account: Account) -> str:
    """Name what an account is of: a regime, or a regime less the baseline."""
    return f"{account.regime} less {account.baseline}" if account.baseline else account.regime


def amount(explained: Explained, account: Account, part: Share) -> str:
    """Write one part with its interval; a level has no sign."""
    signed = bool(account.baseline) or part.part not in ("off", "at_work")
    factor = factor_of(outcome(account.measure))
    most = min(explained.decimals(account) + 1, MOST_DECIMALS)
    return " ".join(number_texts(part.mean, part.low, part.high, factor, signed=signed, most_decimals=most))


def _of_groups(explained: Explained, account: Account) -> str:
    told = sorted((part for part in account.groups if part.distinguishable), key=lambda part: -abs(part.mean))
    if account.groups[0].verdict == NO_VERDICT:
        return "One replicate tells nothing for sure."
    if not told:
        return "No group of mechanisms has a share that can be told from zero."
    named = "; ".join(
        f"“{part.title}” {part.verdict} it: {amount(explained, account, part)}" for part in told[:MOST_NAMED]
    )
    more = len(told) - MOST_NAMED
    others = f"; {counted(more, 'other group')} can be told from zero too" if more > 0 else ""
    open_ = sum(part.verdict == NOT_DISTINGUISHABLE for part in account.groups)
    nothing = sum(part.verdict == NO_EFFECT for part in account.groups)
    rest = [f"{open_} cannot be told from zero"] * bool(open_) + [f"{nothing} without any effect"] * bool(nothing)
    return f"{named}{others}." + (f" Other groups: {', '.join(rest)}." if rest else "")


def print_explained(explained: Explained, console: Console) -> None:
    """Print the sentences, then every outcome with a column for each account, then the notes."""
    print_hanging([f"- {text}" for text in sentences(explained)], console)
    for outcome_, accounts in _by_outcome(explained):
        shown = [account for account in accounts if account.baseline or account.regime == explained.study.baseline]
        room = max((console.width - LABEL_WIDTH) // (COLUMN_WIDTH + GUTTER), 2)
        first, others = shown[0], shown[1:]
        for start in range(0, max(len(others), 1), room - 1):
            console.print()
            console.print(Text(headline_label(*outcome_)))
            console.print(_table(explained, [first, *others[start : start + room - 1]]))
    console.print()
    for note in notes(explained):
        console.print(note)


def _by_outcome(explained: Explained) -> Iterator[tuple[tuple[str, str], list[Account]]]:
    for key, found in groupby(explained.accounts, key=lambda account: (account.measure, account.service)):
        yield key, list(found)


def _table(explained: Explained, columns: Sequence[Account]) -> Table:
    table = Table.grid(padding=(0, GUTTER, 0, 0))
    for width in (LABEL_WIDTH, *(COLUMN_WIDTH for _ in columns)):
        table.add_column(width=width)
    table.add_row("", *(Text(_head(account)) for account in columns))
    for parts in zip(*(account.parts for account in columns), strict=True):
        cells = [_cell(explained, account, part) for account, part in zip(columns, parts, strict=True)]
        table.add_row(Text(parts[0].title), *map(Text, cells))
    return table


def _head(account: Account) -> str:
    return f"{account.regime}\n" + ("less baseline [95 %]" if account.baseline else "its own level [95 %]")


def _cell(explained: Explained, account: Account, part: Share) -> str:
    """Write the amount and its verdict on one line and the interval below."""
    if part.verdict == NO_EFFECT:
        return f"0 {NO_EFFECT}" if _is_group(part) else "0"
    value, _, interval = amount(explained, account, part).partition(" ")
    verdict = f" {part.verdict}" if _is_group(part) and part.verdict != NO_VERDICT else ""
    return f"{value}{verdict}\n{interval}"


def _is_group(part: Share) -> bool:
    return part.part not in ("off", "together", "at_work")


def markdown(explained: Explained, command: str) -> str:
    """Return the whole as Markdown: sentences, one table for each outcome and account, notes."""
    lines = [f"# Why: {explained.study.title or explained.study.id}", ""]
    lines += [f"- {text}" for text in sentences(explained)]
    for outcome_, accounts in _by_outcome(explained):
        lines += ["", f"## {headline_label(*outcome_)}"]
        for account in accounts:
            lines += ["", f"**{subject(account)}**" + ("" if account.baseline else ", its own level"), ""]
            lines += ["| mechanisms | share [95 %] | verdict | alone | last |", "| --- | ---: | --- | ---: | ---: |"]
            lines += [_markdown_row(explained, account, part) for part in account.parts]
    lines += ["", "## What the numbers are", "", *(f"- {note}" for note in notes(explained))]
    if not explained.found.orders:
        lines += ["- alone: what a group changes where no other is at work; last: where all others are."]
    lines += ["", "The groups:", "", *(f"- {g.title}: {', '.join(g.switches)}" for g in explained.found.groups)]
    return "\n".join([*lines, "", f"Made by `{command}`.", ""])


def _markdown_row(explained: Explained, account: Account, part: Share) -> str:
    factor, decimals = factor_of(outcome(account.measure)), min(explained.decimals(account) + 1, MOST_DECIMALS)
    extremes = [number(factor * value, decimals, signed=True) for value in (part.alone, part.last)]
    verdict = part.verdict if _is_group(part) else ""
    cells = [part.title, amount(explained, account, part), verdict, *(extremes if _is_group(part) else ["", ""])]
    return f"| {' | '.join(cells)} |"


def notes(explained: Explained) -> Iterator[str]:
    """Say what a share is, what the intervals hold, and what the numbers are not."""
    assumed, graded = assumed_inputs(explained.study)
    yield (
        f"Simulated, not observed. {number(100 * assumed / max(graded, 1))} % of the inputs ({assumed} of {graded}) "
        "are graded as assumptions."
    )
    found, sampled = explained.found, bool(explained.found.orders)
    over = f"{len(found.orders[0])} random orders a replicate" if sampled else "all orders"
    yield (
        f"A share (Shapley value) is what switching a group on changes, averaged over {over} in which the "
        f"{counted(len(found.groups), 'group')} can be switched on; shares sum to the whole. What groups do only "
        "together is shared equally among them. Off is a counterfactual benchmark, not a proposal."
    )
    dropped = max((account.off.dropped for account in explained.accounts), default=0)
    yield (
        f"{counted(explained.study.replicates, 'replicate')}; in each, every run meets the same people with the same "
        "luck. Intervals hold that luck" + (" and the sampling of orders" if sampled else "") + ", not doubt about "
        "the inputs." + (f" In some outcomes {dropped} of them lack a run and are left out." if dropped else "")
    )
    yield (
        "raises, lowers: the interval of the share leaves out zero; not distinguishable: it does not; no effect: "
        "zero in every replicate. Shares of percentages are in percentage points."
    )
    if explained.study.weights:
        names = ", ".join(f"{service} ({weight})" for service, weight in explained.study.weights)
        yield f"One simulated patient stands for several people in: {names}."

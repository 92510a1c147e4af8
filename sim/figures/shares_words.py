"""What a figure of shares by group of mechanisms says in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.analysis.shares import NO_EFFECT, Account, Share
from sim.figures.numbers import factor_of, shown_unit
from sim.figures.words import Estimate, capital, descriptions, source_line, spoken, with_interval
from sim.measures.intervals import NO_VERDICT
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES

SHORT = {
    "tau_icb": "Spread of access between ICBs, τ",
    "twin_discordance": "Twins treated unlike",
    "access_from_diagnosis": "Treated in time",
    "cost_total_gbp": "Cost in all",
}
IN_TITLE = {
    "tau_icb": "the spread of access between ICBs",
    "twin_discordance": "how often identical patients are treated unlike",
    "access_from_diagnosis": "how many are treated in time",
    "cost_total_gbp": "cost",
}
SETS = {ALL: "", ALL_PATIENTS: "each patient alike", ALL_SERVICES: "each service alike"}


@dataclass(frozen=True)
class SharesContent:
    """All that the figure shows and says.

    ``accounts`` are differences from the baseline, or levels where there is one regime; those of one outcome
    stand together. ``regimes`` are all of the study, which gives each its look.
    """

    accounts: Sequence[Account]
    regimes: Sequence[str]
    baseline: str
    descriptions: Sequence[tuple[str, str]]
    years: str
    replicates: int
    sampled: bool
    run_keys: Sequence[str]

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """Return the outcomes in the order in which they are drawn."""
        return list(dict.fromkeys((account.measure, account.service) for account in self.accounts))

    @property
    def drawn(self) -> list[str]:
        """Return the regimes that have bars, in the order of the study."""
        there = {account.regime for account in self.accounts}
        return [regime for regime in self.regimes if regime in there]

    def of(self, wanted: tuple[str, str]) -> list[Account]:
        """Return the accounts of one outcome."""
        return [account for account in self.accounts if (account.measure, account.service) == wanted]


def unit_words(measure: str) -> str:
    """Return the unit of a share; what is added to a percentage is counted in percentage points."""
    unit = shown_unit(outcome(measure))
    return "% points" if unit == "%" else unit


def heading(wanted: tuple[str, str]) -> str:
    """Name an outcome above its panel; the unit stands below it."""
    measure, service = wanted
    words = [SHORT.get(measure, outcome(measure).label), SETS.get(service, service.replace("_", " "))]
    return ", ".join(word for word in words if word)


def message(content: SharesContent) -> str:
    """State for the first outcome which group has the largest share that can be told from zero."""
    first = content.of(content.outcomes[0])
    account = max(first, key=lambda one: (one.together.distinguishable, abs(one.together.mean)))
    about = _about(account)
    if account.together.verdict == NO_VERDICT:
        return f"{capital(about)}: one replicate tells no share for sure"
    told = sorted((part for part in account.groups if part.distinguishable), key=lambda part: -abs(part.mean))
    if not told:
        return f"{capital(about)}: no group of mechanisms has a share that can be told from zero"
    start = f"{capital(about)}: the largest share that can be told from zero is that of “{told[0].title}”"
    end = f"of {plain(account, account.together)} in all"
    if not account.together.distinguishable:
        end = "while all groups together cannot be told from zero"
    return f"{start}, {plain(account, told[0])}, {end}"


def _about(account: Account) -> str:
    what = IN_TITLE.get(account.measure, outcome(account.measure).label)
    if account.baseline:
        return f"why {spoken(account.regime)} and {spoken(account.baseline)} differ in {what}"
    return f"{what} under {spoken(account.regime)}"


def plain(account: Account, part: Share) -> str:
    """Write a share with its interval and unit."""
    factor = factor_of(outcome(account.measure))
    unit = unit_words(account.measure)
    # A unit that counts nothing by itself (the SD of log odds) stands on the axis only.
    tail = f" {unit}" if unit == "% points" or unit.startswith("£") else ""
    return with_interval(Estimate(part.mean, part.low, part.high), factor, signed=True) + tail


def subtitle(content: SharesContent) -> str:
    """Name the measure, place and period."""
    of = f"of the difference from {spoken(content.baseline)}" if content.accounts[0].baseline else "of the level"
    return f"Shapley shares {of} by group of mechanisms, with 95 % intervals; England, {content.years}"


def note_lines(content: SharesContent) -> list[str]:
    """Explain shares, hollow bars and the source."""
    orders = "a sample of the orders" if content.sampled else "all orders"
    return [
        f"A share is what switching the group on changes, averaged over {orders} in which groups can be switched on; "
        "shares sum to the whole, and what groups do only together is shared equally among them. "
        "Hollow bars cannot be told from zero. Off is a benchmark, not a proposal.",
        *descriptions(content.descriptions),
        source_line(content.replicates),
    ]


def alt_text(content: SharesContent, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    sentences = [
        f"Horizontal bars in {len(content.outcomes)} panels, one for each outcome; one row for each group of "
        f"mechanisms and one for all together, a bar for each regime. {title}."
    ]
    for wanted in content.outcomes:
        for account in content.of(wanted):
            who = f"{spoken(account.regime)} less {spoken(account.baseline)}" if account.baseline else account.regime
            told = [f"{p.title} {plain(account, p)}" for p in account.groups if p.verdict != NO_EFFECT]
            total = f"all together {plain(account, account.together)}"
            sentences.append(f"{heading(wanted)} ({unit_words(account.measure)}), {who}: {'; '.join([*told, total])}.")
    return " ".join(sentences)

"""What the table of losses says in words."""

import math

from sim.figures.losses_content import TREATED, Loss, LossesContent, LossRow
from sim.figures.numbers import number
from sim.figures.words import capital, descriptions, listed, source_line, spoken, with_interval
from sim.measures.intervals import EQUIVALENT, NO_VERDICT

REASON_WORDS = {
    TREATED: "treated in time",
    "undiagnosed": "not diagnosed",
    "not_referred": "not referred",
    "too_far": "too far",
    "no_policy": "not routinely funded",
    "request_refused": "request refused",
    "budget_spent": "budget spent",
    "no_slot": "no slot free",
    "died": "died first",
}
REASON_CLAUSES = {
    "undiagnosed": "because nobody made the diagnosis",
    "not_referred": "because they were not referred",
    "too_far": "because it was too far",
    "no_policy": "because it was not routinely funded",
    "request_refused": "because a request was refused",
    "budget_spent": "because the budget was spent",
    "no_slot": "because no slot was free",
    "died": "because they died first",
}
MORE, FEWER = "▲", "▼"


def reason_words(name: str) -> str:
    """Return a reason in words."""
    return REASON_WORDS.get(name, name.replace("_", " "))


def message(content: LossesContent) -> str:
    """State how many are lost where most are, for what, and whether a regime changes that for sure."""
    base = next((row for row in content.rows if row.regime == content.baseline), content.rows[0])
    candidates = [row for row in content.rows if row.regime == base.regime]
    worst = max(candidates, key=_lost)
    group = f"{worst.group.replace('_', ' ')} services"
    people = number(_lost(worst))
    start = f"Of 1,000 people in need of {group}, {people} are not treated in time under {spoken(worst.regime)}"
    reasons = sorted(content.reasons, key=lambda name: -worst.losses[name].people.value)
    if reasons and worst.losses[reasons[0]].people.value >= 0.5:
        start += f", {number(worst.losses[reasons[0]].people.value)} of them {_because(reasons[0])}"
    return start + _comparison(content, worst)


def _because(name: str) -> str:
    return REASON_CLAUSES.get(name, f"for the reason “{name.replace('_', ' ')}”")


def _lost(row: LossRow) -> float:
    return 1000.0 - row.losses[TREATED].people.value


def _comparison(content: LossesContent, worst: LossRow) -> str:
    """Say whether the other regimes lose more or fewer there, as far as the paired differences tell."""
    others = [
        row for row in content.rows if row.group == worst.group and not row.benchmark and row.regime != worst.regime
    ]
    told = [row for row in others if row.losses[TREATED].verdict != NO_VERDICT]
    if not told:
        return ""
    fewer = listed([spoken(row.regime) for row in told if row.losses[TREATED].change > 0])
    more = listed([spoken(row.regime) for row in told if row.losses[TREATED].change < 0])
    if fewer or more:
        parts = [f"{word} under {names}" for word, names in (("fewer", fewer), ("more", more)) if names]
        return f"; {', '.join(parts)}"
    names = listed([spoken(row.regime) for row in told])
    if all(row.losses[TREATED].verdict == EQUIVALENT for row in told):
        return f"; about as many under {names}"
    return f"; no clear difference under {names}"


def subtitle(content: LossesContent) -> str:
    """Name the measure, unit, place and period."""
    return (
        "What became of 1,000 people in need, by the end of their service’s own access window from diagnosis; people, "
        f"by group of services and regime; England, {content.years}"
    )


def people_text(loss: Loss) -> str:
    """Write people of 1,000 as whole numbers, with a mark where the regime changes them for sure.

    A few are not nobody: below a half it is "<1", and nobody at all a dash.
    """
    value = loss.people.value
    text = "–" if value == 0 else "<1" if value < 0.5 else number(value)
    return text + {1: f" {MORE}", -1: f" {FEWER}", 0: ""}[loss.change]


def row_name(row: LossRow, content: LossesContent) -> str:
    """Name a row's regime, and say when it is the baseline or the benchmark."""
    if row.benchmark:
        return f"{capital(spoken(row.regime))} (benchmark)"
    several = len({other.regime for other in content.rows}) > 1
    return capital(spoken(row.regime)) + (" (baseline)" if row.regime == content.baseline and several else "")


def note_lines(content: LossesContent) -> list[str]:
    """Explain what the numbers are and are not."""
    marks = (
        f"{MORE} more and {FEWER} fewer than under {spoken(content.baseline)}, where the interval of the paired "
        "difference leaves out zero and is not within the smallest difference that matters (10 of 1,000). "
        if content.replicates > 1
        else ""
    )
    return [
        f"{marks}Means over replicates, rounded, so a row may not sum to 1,000; <1: fewer than half a person; "
        "–: nobody. Reasons that nobody was lost for are left out. "
        "Each person has one reason: the step at which they stood when the window closed.",
        *descriptions(content.descriptions),
        source_line(content.replicates),
    ]


def alt_text(content: LossesContent, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    sentences = [
        "Table of what became of 1,000 people in need from diagnosis, one row for each group of services and regime, "
        f"one column for each ending; darker cells hold more people. {title}."
    ]
    for row in content.rows:
        lost = [
            f"{reason_words(name)} {number(row.losses[name].people.value)}"
            for name in content.reasons
            if row.losses[name].people.value >= 0.5
        ]
        treated = with_interval(row.losses[TREATED].people, 1, most_decimals=1)
        who = f"{capital(row.group.replace('_', ' '))}, {row_name(row, content)}"
        sentences.append(f"{who}: treated in time {treated}" + (f"; {', '.join(lost)}." if lost else "."))
    if any(math.isfinite(row.losses[TREATED].people.low) for row in content.rows):
        sentences.append("In brackets: 95 % interval.")
    return " ".join(sentences)

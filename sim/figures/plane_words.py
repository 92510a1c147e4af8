"""What the equity-cost plane says in words."""

import math
from collections.abc import Sequence

from sim.figures.plane_content import LEAST_POINTS, Move, PlaneContent
from sim.figures.words import Estimate, capital, descriptions, source_line, spoken, with_interval
from sim.measures.intervals import EQUIVALENT, NO_VERDICT

MOST_SPELLED_OUT = 2
TITLE_WORDS = (
    "Words in the title follow the table: a change counts when its interval leaves out zero, and two regimes are about "
    "alike when the interval lies within the smallest difference that matters."
)
SAME_COST = "costs about the same"


def message(content: PlaneContent) -> str:
    """State what the paired differences in spread and cost allow one to say, and no more."""
    base = spoken(content.baseline)
    moves = [move for move in content.moves if not move.benchmark] or list(content.moves)
    if all(move.inequity_verdict == NO_VERDICT for move in moves):
        return f"What changes in fairness and cost against {base}: one replicate tells no difference for sure"
    if len(moves) <= MOST_SPELLED_OUT:
        told = "; ".join(f"{spoken(move.regime)} {_is(fairness(move))}, and {_is(dearness(move))}" for move in moves)
        return capital(f"compared with {base}, {told}")
    return f"Of {len(moves)} regimes compared with {base}, {_counts(moves)}"


def _counts(moves: Sequence[Move]) -> str:
    wanted = (("fairer", fairness), ("less fair", fairness), ("cheaper", dearness), ("dearer", dearness))
    parts = [(sum(words(move) == word for move in moves), word) for word, words in wanted]
    told = [f"{count} {'is' if count == 1 else 'are'} {word}" for count, word in parts if count]
    return ", ".join(told) if told else "none is clearly fairer, less fair, cheaper or dearer"


def fairness(move: Move) -> str:
    """Return one of four wordings for a change in inequity."""
    return _wording(
        move.inequity, (move.inequity_verdict, move.inequity_clear), ("fairer", "less fair", "about as fair")
    )


def dearness(move: Move) -> str:
    """Return one of four wordings for a change in cost."""
    return _wording(move.cost, (move.cost_verdict, move.cost_clear), ("cheaper", "dearer", SAME_COST))


def _is(words: str) -> str:
    return words if words == SAME_COST else f"is {words}"


def _wording(change: Estimate, verdict: tuple[str, bool], words: tuple[str, str, str]) -> str:
    lower, higher, alike = words
    word, clear = verdict
    if word == EQUIVALENT:
        return alike
    if clear:
        return lower if change.value < 0 else higher
    return f"not clearly {lower} or {higher}"


def subtitle(content: PlaneContent) -> str:
    """Name both measures, place and period."""
    return (
        f"Change against {spoken(content.baseline)} in the {content.inequity.label}, and in total cost, % of the "
        f"baseline’s; England, {content.years}"
    )


def move_lines(move: Move) -> list[str]:
    """Give both changes with their intervals."""
    return [
        f"inequity {with_interval(move.inequity, 1, 2, signed=True)}",
        f"cost {with_interval(move.cost, 1, 2, signed=True)} %",
    ]


def role(move: Move) -> str:
    """Name a regime, and say when it is the benchmark."""
    return capital(spoken(move.regime)) + (" (benchmark)" if move.benchmark else "")


def note_lines(content: PlaneContent) -> list[str]:
    """Explain the marks."""
    regimes = [(content.baseline, content.baseline_description)]
    regimes += [(move.regime, move.description) for move in content.moves]
    return [
        f"{_marks(content)} The origin is the baseline. Cost: all lines of the table’s total.",
        *([TITLE_WORDS] if content.replicates > 1 else []),
        *descriptions(regimes),
        source_line(content.replicates),
    ]


def _marks(content: PlaneContent) -> str:
    if content.replicates == 1:
        return "Marks: the one replicate, each regime and the baseline under the same luck."
    marks = "Small marks: replicates, each a pair under the same luck; large mark: their mean."
    if any(len(move.points) >= LEAST_POINTS for move in content.moves):
        return (
            f"{marks} Outline: 95 % region of the mean; shaded: where 95 % of replicates would fall, were they normal."
        )
    return f"{marks} Cross: 95 % intervals of the mean; too few replicates for an ellipse."


def alt_text(content: PlaneContent, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    sentences = [
        f"Plane of two changes against {spoken(content.baseline)}: inequity across, fairer to the right; total cost "
        f"up, dearer above. {title}."
    ]
    for move in content.moves:
        pairs = f"{len(move.points)} replicate" + ("s" if len(move.points) != 1 else "")
        sentences.append(f"{role(move)}: {', '.join(move_lines(move))}, over {pairs}.")
    if any(math.isfinite(move.cost.low) for move in content.moves):
        sentences.append("Intervals are of 95 %.")
    return " ".join(sentences)

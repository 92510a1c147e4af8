"""What the convergence of a study that ran in batches shows and says in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.figures.numbers import decimals_of, number
from sim.figures.words import capital, source_line, spoken
from sim.settings.plural import counted
from sim.specification.until import ALLOWED_FOR

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """The interval at one look, in the unit drawn; nan where less than two pairs give none."""

    replicates: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Course:
    """One paired difference, first less second, from the first replicate to the last, in the unit drawn.

    ``running`` [n] is the mean over the pairs of the first ``counts`` [n] replicates; ``at`` says at which point of a
    study that varies something, empty where it varies nothing.
    """

    measure: str
    label: str
    unit: str
    first: str
    second: str
    at: str
    counts: npt.NDArray[np.int64]
    running: FloatArray
    looks: Sequence[Seen]
    asked: float
    confidence: float
    narrow: bool

    @property
    def name(self) -> str:
        """Name the difference."""
        return f"{spoken(self.first)} less {spoken(self.second)}"

    @property
    def half_width(self) -> float:
        """Return the half-width at the last look."""
        return (self.looks[-1].high - self.looks[-1].low) / 2


@dataclass(frozen=True)
class Convergence:
    """The differences that a study asks for, and how often it ran."""

    courses: Sequence[Course]
    replicates: int
    most_looks: int
    years: str
    run_keys: Sequence[str] = ()


def message(content: Convergence) -> str:
    """Say what is known as well as asked, and after how many replicates."""
    after = f"after {counted(content.replicates, 'replicate')}"
    if len(content.courses) == 1:
        [course] = content.courses
        known = "is known as well as asked" if course.narrow else "is not yet known as well as asked"
        return f"{course.label}: the difference of {spoken(course.first)} and {spoken(course.second)} {known} {after}"
    narrow = sum(course.narrow for course in content.courses)
    verb = "is" if narrow == 1 else "are"
    return f"{narrow} of {len(content.courses)} differences {verb} known as well as asked {after}"


def subtitle(content: Convergence) -> str:
    """Name what is drawn, place and period."""
    return f"Mean paired difference by number of replicates, with its interval at each look; England, {content.years}"


def heading(course: Course) -> str:
    """Name a panel."""
    return f"{course.label}, {course.unit}: {course.name}{f', {course.at}' if course.at else ''}"


def asked_words(course: Course) -> str:
    """Say what is asked for."""
    return f"±{written(course.asked)} {course.unit}"


def note_lines(content: Convergence) -> list[str]:
    """Explain lines, bars and band, and what the intervals hold."""
    levels = sorted({f"{100 * course.confidence:g} %" for course in content.courses})
    return [
        "Line: mean over the replicates so far. Bars: the interval at each look (marks), Student’s t at one level, "
        f"such that all {content.most_looks} looks that there may be, and more up to {ALLOWED_FOR:,} replicates, hold "
        f"the true difference together with a probability of at least {', '.join(levels)}, however one stops. Band: "
        "the half-width asked for, around the last mean.",
        source_line(content.replicates),
    ]


def alt_text(content: Convergence, title: str) -> str:
    """Describe the figure for a reader who does not see it."""
    sentences = [
        f"{counted(len(content.courses), 'line chart')} of a mean paired difference against the number of replicates. "
        f"{title}."
    ]
    for course in content.courses:
        parts = []
        for look in course.looks:
            if np.isfinite(look.low):
                decimals = decimals_of(look.low, look.high, look.mean)
                low, high = (number(limit, decimals, signed=True) for limit in (look.low, look.high))
                parts.append(f"{low} to {high} after {look.replicates}")
        told = "; ".join(parts) if parts else "no interval"
        sentences.append(f"{capital(heading(course))}. Interval: {told}. Asked for: {asked_words(course)}.")
    return " ".join(sentences)


def written(value: float) -> str:
    """Write a number above zero to two significant digits."""
    return number(value, 1 - int(np.floor(np.log10(value)))) if value > 0 else number(value)

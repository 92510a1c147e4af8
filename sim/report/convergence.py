"""From the rows of a study that ran in batches to what its convergence figure shows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.stopping import Look, Pairs, look_at, pairs_of, worst
from sim.figures.convergence_words import Convergence, Course, Seen
from sim.figures.numbers import factor_of, shown_unit
from sim.figures.tile_content import measured_period
from sim.measures.outcomes import outcome
from sim.measures.rows import ALL
from sim.report.lines import set_label
from sim.specification.run import Study

if TYPE_CHECKING:
    import pandas as pd


def convergence(study: Study, frame: "pd.DataFrame", keys: Sequence[str]) -> Convergence:
    """Gather the course of every difference that a study asks for, each at the point furthest from what is asked.

    Raise ValueError for a study that asks for none.
    """
    if study.stopping is None:
        raise ValueError(f"{study.id} runs a fixed number of replicates")
    counts = [count for count in study.stopping.looks if count <= study.replicates]
    seen = {count: look_at(study, frame, count) for count in counts}
    courses = []
    for last in worst(seen[counts[-1]]):
        looks = [look for count in counts for look in seen[count] if (look.rule, look.point) == (last.rule, last.point)]
        courses.append(_course(study, last, looks, pairs_of(frame, last.rule, last.point)[1]))
    return Convergence(courses, study.replicates, len(study.stopping.looks), measured_period(study.horizon), keys)


def _course(study: Study, last: Look, looks: Sequence[Look], pairs: Pairs) -> Course:
    rule, known = last.rule, outcome(last.rule.measure)
    factor, unit = factor_of(known), shown_unit(known)
    differences = factor * pairs.differences
    point = study.points[last.point - 1]
    return Course(
        measure=rule.measure,
        label=known.label if last.service == ALL else f"{known.label}, {set_label(last.service)}",
        unit="percentage points" if unit == "%" else unit,
        first=rule.first,
        second=rule.second,
        at=point.in_words,
        counts=pairs.replicates + 1,
        running=np.cumsum(differences) / np.arange(1, differences.size + 1),
        looks=[_seen(look, factor) for look in looks],
        asked=factor * rule.half_width,
        confidence=rule.confidence,
        narrow=last.narrow,
    )


def _seen(look: Look, factor: float) -> Seen:
    return Seen(
        look.replicates, *(factor * part for part in (look.interval.mean, look.interval.low, look.interval.high))
    )

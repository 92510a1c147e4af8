"""What each life came to in the measured years of one run: reason, wait, QALYs and cost, by the model's own rules."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.agents.columns import Roster
from sim.agents.state import State
from sim.analysis.costs import cost_by_year
from sim.analysis.courses import Bools, Floats, Ints, Run
from sim.luck.compiled import rule
from sim.model.result import BASES, MAX_DAYS, REASONS
from sim.model.summary import measured_span
from sim.model.tally import Span, diagnosed_alive, followed, reason_at, wait_ended
from sim.model.worth import qalys_in_span
from sim.world.months import MONTHS_PER_YEAR

Smalls = npt.NDArray[np.int8]

NOT_COUNTED = -1
FROM_DIAGNOSIS, FROM_ONSET = range(len(BASES))
IN_TIME = REASONS.index("treated_in_time")


class Lives(NamedTuple):
    """What became of n real people, row by row of the population; per person, whatever the row's weight."""

    reason: Smalls  # [basis 2, n] of REASONS; NOT_COUNTED without the whole access window in the measured days
    ending: Smalls  # [n] of ENDINGS: how the time from diagnosis ended; NOT_COUNTED unless diagnosed in those days
    days: npt.NDArray[np.int32]  # [n] from diagnosis to that ending
    qalys: Floats  # [n] undiscounted, lived in the measured years
    cost: Ints  # [Y, n] paid by commissioners in each measured year, in pence

    @property
    def in_time(self) -> Bools:
        """Say who was treated inside the access window from diagnosis, bool[n]."""
        reached: Bools = self.reason[FROM_DIAGNOSIS] == IN_TIME
        return reached

    @property
    def waited(self) -> npt.NDArray[np.int32]:
        """Return the days as the run counts them: all beyond its last bin stand in that bin, int32[n]."""
        return np.minimum(self.days, np.int32(MAX_DAYS))


def lives_of(state: State, run: Run) -> Lives:
    """Read what became of everyone real in a finished run."""
    plan, real = run.population.plan, run.population.real
    years = plan.months // MONTHS_PER_YEAR - plan.first_measured_month // MONTHS_PER_YEAR
    lives = Lives(
        reason=np.full((len(BASES), real), NOT_COUNTED, dtype=np.int8),
        ending=np.full(real, NOT_COUNTED, dtype=np.int8),
        days=np.zeros(real, dtype=np.int32),
        qalys=np.zeros(real),
        cost=cost_by_year(run, plan.first_measured_month, years),
    )
    read_lives(state.roster, measured_span(run.population), lives.reason, lives.ending, lives.days, lives.qalys)
    return lives


@rule
def read_lives(
    roster: Roster, span: Span, reason: Smalls, ending: Smalls, days: npt.NDArray[np.int32], qalys: Floats
) -> None:
    """Write down every real person's reasons, wait and QALYs as the run's own totals count them."""
    for row in range(qalys.size):
        onset = int(roster.people[row].onset_day)
        if followed(roster, span, row, onset):
            reason[FROM_ONSET, row] = reason_at(roster, row, onset)
        if diagnosed_alive(roster, row):
            diagnosis = int(roster.patients[row].diagnosis_day)
            if followed(roster, span, row, diagnosis):
                reason[FROM_DIAGNOSIS, row] = reason_at(roster, row, diagnosis)
            ending[row], days[row] = wait_ended(roster, span, row)
        if onset < span.end:
            qalys[row] = qalys_in_span(roster, span, row)

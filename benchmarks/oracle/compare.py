"""Lives and books of both programs in one form: every patient's days, and every account's and centre's pence."""

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from benchmarks.oracle.model import PathwayModel
from benchmarks.oracle.person import DIVERTED, NO_BED, NOT_REFERRED, TOO_FAR
from sim.agents.columns import DIVERTED as LOST_DIVERTED
from sim.agents.columns import NO_ROW, STATE_NAMES
from sim.model.model import CommissioningModel
from sim.model.result import REASONS
from sim.model.tally import diagnosed_alive, reason_at
from sim.world.people import NEVER
from sim.world.services import ONGOING

Columns = Mapping[str, npt.NDArray[np.int64]]

DAYS = ("diagnosis_day", "policy_day", "approval_day", "start_day", "stop_day", "death_day", "refused_day")
COUNTS = ("wait_minutes", "refusals")
LOST = {"": 0, DIVERTED: LOST_DIVERTED, **{why: STATE_NAMES.index(why) for why in (NOT_REFERRED, TOO_FAR, NO_BED)}}
UNSEEN = -1
"""Where there is no reason from diagnosis, for want of one."""


def lives_of_oracle(model: PathwayModel) -> Columns:
    """Return what became of everyone, int64[rows] each, in the order of the population."""
    lives = sorted(model.lives, key=lambda one: one.given.row)
    found = {name: np.array([getattr(one, name) for one in lives], dtype=np.int64) for name in (*DAYS, *COUNTS)}
    columns = {
        "centre": [getattr(one.clinic, "cell", NO_ROW) for one in lives],
        "state": [STATE_NAMES.index(one.state) for one in lives],
        "lost": [LOST[one.lost] for one in lives],
        "bill": [one.bill for one in lives],
        "reason_from_onset": [REASONS.index(one.reason(one.given.onset_day)) for one in lives],
        "reason_from_diagnosis": [
            REASONS.index(one.reason(one.diagnosis_day)) if one.diagnosis_day <= one.death_day else UNSEEN
            for one in lives
        ],
    }
    return found | {name: np.array(column, dtype=np.int64) for name, column in columns.items()}


def lives_of_engine(model: CommissioningModel) -> Columns:
    """Return the same of the engine; bills are worked out from prices and days."""
    roster = model.state.roster
    people, patients = roster.people, roster.patients
    found = {name: getattr(patients, name).astype(np.int64) for name in (*DAYS, *COUNTS)}
    rows = range(people.identity.size)
    seen = [diagnosed_alive(roster, row) for row in rows]
    onset, diagnosis = people.onset_day.tolist(), patients.diagnosis_day.tolist()
    since = [reason_at(roster, row, diagnosis[row]) if seen[row] else UNSEEN for row in rows]
    return found | {
        "centre": patients.cell.astype(np.int64),
        "state": patients.state.astype(np.int64),
        "lost": patients.lost.astype(np.int64),
        "bill": bills_of_engine(model),
        "reason_from_onset": np.array([reason_at(roster, row, onset[row]) for row in rows], dtype=np.int64),
        "reason_from_diagnosis": np.array(since, dtype=np.int64),
    }


def bills_of_engine(model: CommissioningModel) -> npt.NDArray[np.int64]:
    """Return what each row cost its payer, int64[rows] in pence.

    A start is paid for in its month; of ongoing treatment every month at the end of which it still runs.
    """
    state = model.state
    people, patients, facts = state.roster.people, state.roster.patients, state.roster.facts
    end = state.population.plan.months
    begun = (patients.start_day != NEVER) & (patients.cell != NO_ROW)
    first = np.maximum(month_of(patients.start_day), 0)
    last = np.minimum(month_of(np.minimum(patients.stop_day, patients.death_day)), end)
    ongoing = facts.kind[people.service] == ONGOING
    times = np.where(ongoing, np.maximum(last - first, 0), 1) * begun
    return np.asarray(times * facts.price_pence[people.service] * people.weight, dtype=np.int64)


def month_of(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the months that hold some days."""
    return np.asarray(16 * days.astype(np.int64) // 487)


def books_of_oracle(model: PathwayModel) -> Columns:
    """Return the pence that accounts paid and centres earned, and what accounts carry over, in canonical order."""
    years, accounts, services = model.months // 12, model.accounts, range(len(model.services))
    paid = [[[one.paid.get((service, year), 0) for year in range(years)] for service in services] for one in accounts]
    return {
        "paid": np.array(paid, dtype=np.int64),
        "earned": np.array([[one.earned.get(year, 0) for year in range(years)] for one in model.clinics]),
        "spend": np.array([one.spent_in for one in accounts], dtype=np.int64),
        "rest": np.array([one.rest_paid for one in accounts], dtype=np.int64),
        "carried": np.array([one.carried for one in accounts], dtype=np.int64),
        "crossed": np.array([one.crossed for one in accounts], dtype=np.int64),
        "promised": np.array([one.promised for one in accounts], dtype=np.int64),
        "monthly": np.array([one.monthly for one in accounts], dtype=np.int64),
        "queued": np.array([clinic.waiting for clinic in model.clinics], dtype=np.int64),
        "occupied": np.array([clinic.occupied for clinic in model.clinics], dtype=np.int64),
    }


def books_of_engine(model: CommissioningModel) -> Columns:
    """Return the same of the engine."""
    state, books = model.state, model.government.books
    return {
        "paid": state.ledger.bills.paid,
        "earned": state.ledger.bills.earned,
        "spend": books.spend,
        "rest": books.rest_spend,
        "carried": books.carried,
        "crossed": books.crossed.sum(axis=1),
        "promised": state.accounts.committed.astype(np.int64),
        "monthly": state.accounts.running.astype(np.int64),
        "queued": state.cells.queued.astype(np.int64),
        "occupied": state.cells.occupied.astype(np.int64),
    }


def differences(one: Columns, other: Columns) -> dict[str, list[tuple[int, ...]]]:
    """Return where two forms differ, by name: the first few places."""
    found = {}
    for name in one:
        if one[name].shape != other[name].shape:
            found[name] = [one[name].shape, other[name].shape]
        elif not np.array_equal(one[name], other[name]):
            found[name] = [tuple(place) for place in np.argwhere(one[name] != other[name])[:5].tolist()]
    return found


def digest(columns: Columns) -> str:
    """Return the SHA-256 (hex) of everything in one form."""
    total = hashlib.sha256()
    for name in sorted(columns):
        total.update(name.encode() + np.ascontiguousarray(columns[name], dtype=np.int64).tobytes())
    return total.hexdigest()

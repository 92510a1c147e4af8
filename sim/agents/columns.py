"""Where agents live: one column for each attribute, one row for each agent.

The rules of the phases read and write these columns. Days are whole days counted from the first
simulated day; ``NEVER`` marks what has not happened. Money is in pence. What a person is before any
regime acts stands in ``sim.world.people``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.luck.draws import Luck
from sim.world.facts import ServiceFacts
from sim.world.people import NEVER, People

NO_ROW = -1
NO_KEY = -1

# States of a patient, in the order of the pathway.
UNBORN = 0  # not yet in the model: the illness has not begun
UNDIAGNOSED = 1
DIAGNOSED = 2
NO_POLICY = 3  # referred, but the treatment is not routinely funded; applies again
AWAITING_FUNDS = 4
AWAITING_SLOT = 5
ON_TREATMENT = 6
TREATED = 7
NOT_REFERRED = 8
TOO_FAR = 9
NO_BED = 10
DEAD = 11

STATE_NAMES = (
    "unborn",
    "undiagnosed",
    "diagnosed",
    "no policy",
    "awaiting funds",
    "awaiting a slot",
    "on treatment",
    "treated",
    "not referred",
    "too far",
    "no bed",
    "dead",
)

Int8 = npt.NDArray[np.int8]
Int16 = npt.NDArray[np.int16]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]


class PatientColumns(NamedTuple):
    """What a regime does to a person. N rows, in the order of the person columns."""

    state: Int8
    lost: Int8  # the state in which the person left the pathway untreated (not referred, too far, no bed); else 0
    cell: Int16  # the offer to which the person was referred; NO_ROW before
    diagnosis_day: Int32  # drawn at onset; happens unless death comes first
    policy_day: Int32  # when the treatment was found to be routinely funded
    approval_day: Int32  # when the payer agreed
    start_day: Int32
    stop_day: Int32  # the end of ongoing treatment
    death_day: Int32  # on the present course; certain once the day has passed
    excess_left: Float64
    hazard_since_day: Int32  # the day from which the present hazard runs
    hazard_per_year: Float64
    wait_minutes: Int32  # emergencies: from onset to the bed
    queue_key: Int64
    calendar_next: Int32
    calendar_previous: Int32
    event_month: Int16
    queue_child: Int32
    queue_sibling: Int32


class Roster(NamedTuple):
    """Everything a rule about one patient reads and writes."""

    people: People
    patients: PatientColumns
    facts: ServiceFacts
    luck: Luck
    calendar: Int32  # [months] first row due in each month


class CellColumns(NamedTuple):
    """Offers: one row for each (service, provider) pair, sorted by service, then provider. C rows."""

    service: Int16
    provider: Int16
    first: Int32  # [S + 1]: the cells of service s are first[s] to first[s + 1]
    occupied: Int32  # places in use by ongoing treatment
    free: Int32  # starts or places left to give in this month
    queue_root: Int32
    queued: Int32
    last_key: Int64  # queue key of the last real patient started in this month; NO_KEY when none
    last_identity: UInt64
    cases: Int32  # real starts since April


class Reach(NamedTuple):
    """How the C offers lie as seen from the P places."""

    choice: Float64  # [P, C] cumulative probability of referral within each service
    hours: Float64  # [P, C] one way, as the patient feels them
    nearest: Int32  # [P, C] the cells of each service, nearest first


class AccountColumns(NamedTuple):
    """Accounts: one row for each unit that holds money for some services. A rows, in pence."""

    available: Int64  # what may still be agreed to in this month
    charged: Int64  # against this year's plan: one-off treatment when agreed, all else when paid
    committed: Int64  # agreed to, not yet begun
    spent: Int64  # paid since April
    running: Int64  # what a month of all ongoing treatment costs
    queue_root: Int32
    queued: Int32
    last_key: Int64
    last_identity: UInt64
    closed: Int8  # 1 when money, not demand, ended this month's approvals


def new_patients(people: People, months: int) -> PatientColumns:
    """Allocate the columns a regime writes, for everyone in ``people``, before the first month."""
    n = people.identity.size

    def filled(value: int, kind: type[np.generic]) -> npt.NDArray[np.generic]:
        return np.full(n, value, dtype=kind)

    never = {
        name: filled(NEVER, np.int32)
        for name in ("diagnosis_day", "policy_day", "approval_day", "start_day", "stop_day", "death_day")
    }
    no_row = {
        name: filled(NO_ROW, np.int32)
        for name in ("calendar_next", "calendar_previous", "queue_child", "queue_sibling")
    }
    return PatientColumns(
        state=np.zeros(n, dtype=np.int8),
        lost=np.zeros(n, dtype=np.int8),
        cell=np.full(n, NO_ROW, dtype=np.int16),
        excess_left=people.excess_budget.copy(),
        hazard_since_day=np.zeros(n, dtype=np.int32),
        hazard_per_year=np.zeros(n, dtype=np.float64),
        wait_minutes=np.zeros(n, dtype=np.int32),
        queue_key=np.zeros(n, dtype=np.int64),
        event_month=np.full(n, months, dtype=np.int16),
        **never,  # type: ignore[arg-type]
        **no_row,  # type: ignore[arg-type]
    )


def new_cells(service: Int32, provider: Int32, first: Int32) -> CellColumns:
    """Allocate empty offers."""
    count = service.size
    return CellColumns(
        service=service.astype(np.int16),
        provider=provider.astype(np.int16),
        first=first.astype(np.int32),
        occupied=np.zeros(count, dtype=np.int32),
        free=np.zeros(count, dtype=np.int32),
        queue_root=np.full(count, NO_ROW, dtype=np.int32),
        queued=np.zeros(count, dtype=np.int32),
        last_key=np.full(count, NO_KEY, dtype=np.int64),
        last_identity=np.zeros(count, dtype=np.uint64),
        cases=np.zeros(count, dtype=np.int32),
    )


def new_accounts(count: int) -> AccountColumns:
    """Allocate accounts with nothing spent and nobody waiting."""
    return AccountColumns(
        available=np.zeros(count, dtype=np.int64),
        charged=np.zeros(count, dtype=np.int64),
        committed=np.zeros(count, dtype=np.int64),
        spent=np.zeros(count, dtype=np.int64),
        running=np.zeros(count, dtype=np.int64),
        queue_root=np.full(count, NO_ROW, dtype=np.int32),
        queued=np.zeros(count, dtype=np.int32),
        last_key=np.full(count, NO_KEY, dtype=np.int64),
        last_identity=np.zeros(count, dtype=np.uint64),
        closed=np.zeros(count, dtype=np.int8),
    )

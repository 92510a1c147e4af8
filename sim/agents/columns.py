"""Where agents live: one column for each attribute, one row for each agent.

The rules of the phases read and write these columns. Days are whole days counted from the first
simulated day; ``NEVER`` marks what has not happened. Money is in pence. What a person is before any
regime acts stands in ``sim.world.people``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.luck.draws import Luck
from sim.luck.records import Float64, Int8, Int16, Int32, Int64, Table, UInt64, new_table
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
DIVERTED = 12  # not a state: an emergency whose nearest bed, in reach, was taken (see ``lost``)

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


class PatientRow:
    """What a regime does to a person; rows in the order of the people."""

    queue_key: Int64
    excess_left: Float64
    hazard_per_year: Float64
    hazard_since_day: Int32  # the day from which the present hazard runs
    diagnosis_day: Int32  # drawn at onset; happens unless death comes first
    policy_day: Int32  # when the treatment was found to be routinely funded
    approval_day: Int32  # when the payer agreed
    start_day: Int32
    stop_day: Int32  # the end of ongoing treatment
    death_day: Int32  # on the present course; certain once the day has passed
    refused_day: Int32  # when a panel last refused a request
    wait_minutes: Int32  # emergencies: from recognition to the bed
    calendar_next: Int32
    calendar_previous: Int32
    queue_child: Int32
    queue_sibling: Int32
    event_month: Int16
    cell: Int32  # the offer to which the person was referred; NO_ROW before
    state: Int8
    request: Int8  # 1 while a panel has a request before it
    refusals: Int8  # requests refused so far
    lost: Int8  # why the person left the pathway untreated (a state), or DIVERTED; else 0


class CellRow:
    """One offer, a (service, provider) pair; rows sorted by service, then provider."""

    last_key: Int64  # queue key of the last real patient started in this month; NO_KEY when none
    last_identity: UInt64
    risk_ratio: Float64  # risk of treatment here over the service's own, by expertise
    occupied: Int32  # places in use by ongoing treatment
    free: Int32  # starts or places left to give in this month
    queue_root: Int32
    queued: Int32
    cases: Int32  # real starts since April
    service: Int16
    provider: Int32


class AccountRow:
    """One account: a unit that holds money for some services; money in pence."""

    available: Int64  # what may still be agreed to in this month
    charged: Int64  # against this year's plan: one-off treatment when agreed, all else when paid
    committed: Int64  # agreed to, not yet begun
    spent: Int64  # paid since April
    running: Int64  # what a month of all ongoing treatment costs
    last_key: Int64
    last_identity: UInt64
    queue_root: Int32
    queued: Int32
    closed: Int8  # 1 when money, not demand, ended this month's approvals


Patients = Table[PatientRow]
Cells = Table[CellRow]
Accounts = Table[AccountRow]


class Roster(NamedTuple):
    """Everything a rule about one patient reads and writes."""

    people: People
    patients: Patients
    facts: ServiceFacts
    luck: Luck
    calendar: npt.NDArray[np.int32]  # [months] first row due in each month


class Reach(NamedTuple):
    """How the C offers lie as seen from the P places."""

    first: npt.NDArray[np.int32]  # [S + 1]: the cells of service s are first[s] to first[s + 1]
    choice: npt.NDArray[np.float64]  # [P, C] cumulative probability of referral within each service
    hours: npt.NDArray[np.float64]  # [P, C] one way, as the patient feels them
    nearest: npt.NDArray[np.int32]  # [P, C] the cells of each service, nearest first
    in_footprint: npt.NDArray[np.bool_]  # [P, C] inside the area of the place's contracting holder
    recognition: npt.NDArray[np.float64]  # [P, S] how readily an illness is recognised, 1 on average
    attendance: npt.NDArray[np.float64]  # [P, S] log odds that the diagnosed are referred next door


class Ledger(NamedTuple):
    """Who pays for whom, and who is paid; money in pence."""

    accounts: Accounts
    account_of: npt.NDArray[np.int32]  # [P, S]
    provider_running: npt.NDArray[np.int64]  # [K] a month of ongoing treatment
    provider_income: npt.NDArray[np.int64]  # [K] since the first month
    service_running: npt.NDArray[np.int64]  # [S] a month of ongoing treatment
    treatment_paid: npt.NDArray[np.int64]  # [S, years] by simulated year
    price_premium: npt.NDArray[np.int64]  # [S, years] what of it lies above (+) or below (-) catalogue prices
    local_price: npt.NDArray[np.int64]  # [P, C] for a start or a month; without rows under a national tariff
    requests: npt.NDArray[np.int64]  # [2, years] individual requests refused and agreed to, in people


class Coverage(NamedTuple):
    """What is funded for whom, and who can be asked for the rest."""

    topics: npt.NDArray[np.int32]  # [P, S] a bit for each topic that is routinely funded
    can_be_requested: npt.NDArray[np.int8]  # [S] 1 when the treatment exists
    approval: npt.NDArray[np.float64]  # [P, S] share of requests that the place's panel agrees to


def new_patients(people: People, months: int) -> Patients:
    """Allocate the rows a regime writes, for everyone in ``people``, before the first month."""
    days = ("diagnosis_day", "policy_day", "approval_day", "start_day", "stop_day", "death_day", "refused_day")
    links = ("calendar_next", "calendar_previous", "queue_child", "queue_sibling", "cell")
    return new_table(
        PatientRow,
        people.size,
        excess_left=people.excess_budget,
        event_month=months,
        **dict.fromkeys(days, NEVER),
        **dict.fromkeys(links, NO_ROW),
    )


def new_cells(service: npt.NDArray[np.int32], provider: npt.NDArray[np.int32]) -> Cells:
    """Allocate empty offers."""
    empty = {"queue_root": NO_ROW, "last_key": NO_KEY, "risk_ratio": 1.0}
    return new_table(CellRow, service.size, service=service, provider=provider, **empty)


def new_accounts(count: int) -> Accounts:
    """Allocate accounts with nothing spent and nobody waiting."""
    return new_table(AccountRow, count, queue_root=NO_ROW, last_key=NO_KEY)

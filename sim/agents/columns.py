"""Where agents live: one column for each attribute, one row for each agent.

The rules of the phases read and write these columns. Days are whole days counted from the first
simulated day; ``NEVER`` marks what has not happened. Money is in pence. What a person is before any
regime acts stands in ``sim.world.people``.
"""

from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.luck.draws import Luck
from sim.luck.records import Float64, Int8, Int16, Int32, Int64, Table, UInt64, new_table
from sim.world.facts import ServiceFacts
from sim.world.people import NEVER, People

NO_ROW = -1
NO_KEY = -1
NO_BLOCK = -1

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

# What has become of an individual funding request.
ASKED = 1
AGREED_TO = 2  # and not refused; a refusal ends it

# What effort to find a living donor has come to.
DONOR_FOUND = 1
DONOR_GAVE = 2

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

    queue_key: Annotated[Int64, "number", "place in a queue: urgency, day (as the payer ranks it while asked), tie"]
    excess_left: Annotated[Float64, "cumulative hazard", "excess hazard still left before the illness kills"]
    hazard_per_year: Annotated[Float64, "per year", "excess hazard of death on the present course"]
    hazard_since_day: Annotated[Int32, "day", "from which the present hazard runs"]
    diagnosis_day: Annotated[Int32, "day", "drawn at onset; happens unless death comes first"]
    policy_day: Annotated[Int32, "day", "on which the treatment was found to be routinely funded, or a panel agreed"]
    approval_day: Annotated[Int32, "day", "on which the payer agreed"]
    start_day: Annotated[Int32, "day", "on which treatment began"]
    stop_day: Annotated[Int32, "day", "on which ongoing treatment ends"]
    death_day: Annotated[Int32, "day", "of death on the present course; certain once the day has passed"]
    refused_day: Annotated[Int32, "day", "on which a panel last refused a request"]
    wait_minutes: Annotated[Int32, "minutes", "of an emergency, from recognition to the bed"]
    cell: Annotated[Int32, "row", "the offer to which the person was referred; NO_ROW before"]
    event_month: Annotated[Int16, "month", "of the next event; the number of months for none"]
    state: Annotated[Int8, "code", "state on the pathway (see STATE_NAMES)"]
    request: Annotated[Int8, "0 to 2", "1 while a panel has a request before it, 2 once it has agreed"]
    refusals: Annotated[Int8, "requests", "refused so far"]
    donor: Annotated[Int8, "code", "DONOR_FOUND; DONOR_GAVE when no slot was needed; 0 when effort has found none"]
    lost: Annotated[Int8, "code", "why the person left the pathway untreated (a state), or DIVERTED; else 0"]


class CellRow:
    """One offer, a (service, provider) pair; rows sorted by service, then provider."""

    last_key: Annotated[Int64, "number", "queue key of the last real patient started in this month; NO_KEY when none"]
    last_identity: Annotated[UInt64, "identity", "of that patient"]
    risk_ratio: Annotated[Float64, "ratio", "risk of treatment here over the service's own, by expertise"]
    occupied: Annotated[Int32, "rows", "places in use by ongoing treatment"]
    free: Annotated[Int32, "rows", "starts or places left to give in this month"]
    queued: Annotated[Int32, "rows", "in the queue for a slot"]
    cases: Annotated[Int32, "people", "real starts since April"]
    service: Annotated[Int16, "row", "the service offered"]
    provider: Annotated[Int32, "row", "the provider that offers it"]


class AccountRow:
    """One account: a unit that holds money for some services; money in pence."""

    available: Annotated[Int64, "pence", "may still be agreed to in this month"]
    charged: Annotated[Int64, "pence", "against this year's plan: one-off treatment when agreed, all else when paid"]
    committed: Annotated[Int64, "pence", "agreed to, not yet begun"]
    spent: Annotated[Int64, "pence", "paid since April"]
    running: Annotated[Int64, "pence a month", "what all ongoing treatment costs"]
    last_key: Annotated[Int64, "number", "queue key of the last real request agreed to in this month; NO_KEY when none"]
    last_identity: Annotated[UInt64, "identity", "of that patient"]
    queued: Annotated[Int32, "rows", "in the queue for money"]
    closed: Annotated[Int8, "0 or 1", "1 when money, not demand, ended this month's approvals"]


Patients = Table[PatientRow]
Cells = Table[CellRow]
Accounts = Table[AccountRow]


class Calendar(NamedTuple):
    """Who is due in each of M months: chains of the B blocks in which rows are kept."""

    first: npt.NDArray[np.int32]  # [M + 1] block of each month that is being filled, and the first that is free
    filled: npt.NDArray[np.int32]  # [M] rows in that block; all others of the month are full
    after: npt.NDArray[np.int32]  # [B] the next block of the same month, or the next that is free; NO_BLOCK for none
    rows: npt.NDArray[np.int32]  # rows of patients, block by block


class Roster(NamedTuple):
    """Everything a rule about one patient reads and writes."""

    people: People
    patients: Patients
    facts: ServiceFacts
    luck: Luck
    calendar: Calendar


class Reach(NamedTuple):
    """How the C offers lie as seen from the P places."""

    first: npt.NDArray[np.int32]  # [S + 1]: the cells of service s are first[s] to first[s + 1]
    choice: npt.NDArray[np.float64]  # [P, C] cumulative probability of referral within each service
    hours: npt.NDArray[np.float64]  # [P, C] one way, as the patient feels them
    nearness: npt.NDArray[np.float64]  # [P, C] what is left of a centre's odds at that distance
    nearest: npt.NDArray[np.int32]  # [P, C] the cells of each service, nearest first
    in_footprint: npt.NDArray[np.bool_]  # [P, C] inside the area of the place's contracting holder
    recognition: npt.NDArray[np.float64]  # [P, S] how readily an illness is recognised, 1 on average
    attendance: npt.NDArray[np.float64]  # [P, S] log odds that the diagnosed are referred next door


class Bills(NamedTuple):
    """What treatment costs, kept twice: with those who pay and with those who are paid; money in pence.

    Services are the S of the world, offers the C of the cells. Premiums are what lies above (+) or below (-)
    catalogue prices.
    """

    running: npt.NDArray[np.int64]  # [A, S] a month of ongoing treatment
    dearer: npt.NDArray[np.int64]  # [A, S] the premium in it
    running_at: npt.NDArray[np.int64]  # [C] a month of ongoing treatment
    dearer_at: npt.NDArray[np.int64]  # [C] the premium in it
    paid: npt.NDArray[np.int64]  # [A, S, years] by simulated year
    premium: npt.NDArray[np.int64]  # [A, S, years] the premium in it
    earned: npt.NDArray[np.int64]  # [C, years] by simulated year
    earned_premium: npt.NDArray[np.int64]  # [C, years] the premium in it


class Ledger(NamedTuple):
    """Who pays for whom, and who is paid; money in pence."""

    accounts: Accounts
    account_of: npt.NDArray[np.int32]  # [P, S]
    days_ahead: npt.NDArray[np.int32]  # [P, S] by which a request ranks earlier in the payer's queue
    provider_running: npt.NDArray[np.int64]  # [K] a month of ongoing treatment
    provider_income: npt.NDArray[np.int64]  # [K] since the first month
    service_running: npt.NDArray[np.int64]  # [S] a month of ongoing treatment
    treatment_paid: npt.NDArray[np.int64]  # [S, years] by simulated year
    price_premium: npt.NDArray[np.int64]  # [S, years] what of it lies above (+) or below (-) catalogue prices
    local_price: npt.NDArray[np.int64]  # [P, C] for a start or a month; without rows under a national tariff
    requests: npt.NDArray[np.int64]  # [2, years] individual requests refused and agreed to, in people
    bills: Bills


class Pathways(NamedTuple):
    """How well the pathways work that holders of contracts design, as seen from the P places."""

    design: npt.NDArray[np.float64]  # [P, S] worth of the design in force, in standard deviations of first drafts
    need: npt.NDArray[np.float64]  # [P, S] what kind of pathway suits the place, standardised over people
    fit: npt.NDArray[np.float64]  # [P, S] log odds of referral that the choice for the whole area adds


class Coverage(NamedTuple):
    """What is funded for whom, and who can be asked for the rest."""

    topics: npt.NDArray[np.int32]  # [P, S] a bit for each topic that is routinely funded
    can_be_requested: npt.NDArray[np.int8]  # [S] 1 when the treatment exists
    approval: npt.NDArray[np.float64]  # [P, S] share of requests that the place's panel agrees to


def new_patients(people: People, months: int) -> Patients:
    """Allocate the rows a regime writes, for everyone in ``people``, before the first month."""
    days = ("diagnosis_day", "policy_day", "approval_day", "start_day", "stop_day", "death_day", "refused_day")
    return new_table(
        PatientRow,
        people.size,
        excess_left=people.excess_budget,
        event_month=months,
        cell=NO_ROW,
        **dict.fromkeys(days, NEVER),
    )


def new_cells(service: npt.NDArray[np.int32], provider: npt.NDArray[np.int32]) -> Cells:
    """Allocate empty offers."""
    return new_table(CellRow, service.size, service=service, provider=provider, last_key=NO_KEY, risk_ratio=1.0)


def new_accounts(count: int) -> Accounts:
    """Allocate accounts with nothing spent and nobody waiting."""
    return new_table(AccountRow, count, last_key=NO_KEY)

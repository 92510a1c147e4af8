"""One life: who somebody is before any regime acts, and what one scenario makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.costs import prices
from sim.analysis.courses import NOBODY, Run, in_time, qalys_lived
from sim.governance.matrix import Regime
from sim.governance.seats import cells_by_place
from sim.luck.decisions import ONSET
from sim.luck.draws import luck_of, standard_normal, words
from sim.measures.rows import AREA_LEVEL
from sim.specification.levels import in_words, known_levels
from sim.world.people import NEVER
from sim.world.places import Places
from sim.world.population import Population
from sim.world.services import ONGOING
from sim.world.time import month_of
from sim.world.world import World

NATION = "nation"


@dataclass(frozen=True)
class Person:
    """What is given: the same under every regime. Days count from the first simulated day."""

    identity: int
    row: int
    service: str
    service_name: str
    group: str
    place: str
    place_name: str
    area_name: str  # the ICB, "" in a world without them
    age_at_onset: float  # years
    severe: bool
    stands_for: int  # people
    onset_day: int
    entry: int  # how the person came into the simulation, see sim.world.people
    kind: int  # of the service: ongoing, one-off or emergency
    window_minutes: int


@dataclass(frozen=True)
class Payment:
    """What one commissioner paid for one person's treatment."""

    payer: str
    pence: int
    months: int  # of ongoing treatment; 0 for a single price


@dataclass(frozen=True)
class Life:
    """What happened to a person under one scenario; None for what did not happen by the last simulated day."""

    person: Person
    scenario: str
    start_month: int  # of the first simulated month, since January 1900
    end_day: int  # the first day that was not simulated
    diagnosis_day: int | None
    refused_day: int | None
    policy_day: int | None
    approval_day: int | None
    start_day: int | None
    stop_day: int | None
    death_day: int | None
    centre: str  # "" where there is none
    hours: float  # of travel to the centre, one way
    lost: int  # why the person left the pathway untreated (a state of a patient), or 0
    wait_minutes: int
    asked: str  # the commissioner whose money it was when it was asked for
    in_time: bool
    payments: tuple[Payment, ...]
    qalys: float


def person_of(world: World, population: Population, row: int) -> Person:
    """Say who the person of a row is."""
    someone, places, services = population.people[row], world.places, world.services
    place, service = int(someone.place), int(someone.service)
    areas = places.unit_of.get(AREA_LEVEL)
    return Person(
        identity=int(someone.identity),
        row=row,
        service=services.ids[service],
        service_name=services.names[service],
        group=services.groups[service],
        place=places.codes[place],
        place_name=places.names[place],
        area_name="" if areas is None else places.unit_names[AREA_LEVEL][areas[place]],
        age_at_onset=age_at_onset(population, row),
        severe=bool(someone.severity == 1),
        stands_for=int(someone.weight),
        onset_day=int(someone.onset_day),
        entry=int(someone.entry),
        kind=int(population.facts[service].kind),
        window_minutes=int(population.facts[service].window_minutes),
    )


def age_at_onset(population: Population, row: int) -> float:
    """Return the age in years at which the illness began, drawn once more from the person's own luck."""
    plan, someone = population.plan, population.people[row]
    fact = population.facts[int(someone.service)]
    _, b, c, _ = words(luck_of(plan.seed, plan.replicate), someone.luck_owner, ONSET, 1)
    return max(0.0, fact.onset_age_mean + fact.onset_age_sd * float(standard_normal(b, c)))


def life_of(run: Run, row: int) -> Life:
    """Return the life of one of a run's rows; raise KeyError for a row that the run does not hold."""
    at = int(np.searchsorted(run.rows, row))
    if at == run.rows.size or run.rows[at] != row:
        raise KeyError(row)
    one = run_of_one(run, at)
    course = {name: int(column[0]) for name, column in one.courses._asdict().items()}
    person = person_of(run.world, run.population, row)
    provider = course.pop("provider")
    place = int(run.population.people[row].place)
    lost, wait_minutes = course.pop("lost"), course.pop("wait_minutes")
    days: dict[str, int | None] = {name: None if day == NEVER else day for name, day in course.items()}
    return Life(
        person=person,
        scenario=run.scenario,
        start_month=run.start_month,
        end_day=run.end_day,
        centre="" if provider == NOBODY else run.world.providers.names[provider],
        hours=0.0 if provider == NOBODY else float(run.world.travel_hours[place, provider]),
        asked=payer_name(run, person, month_of(min(course["policy_day"], run.end_day - 1))),
        in_time=bool(in_time(one)[0]),
        payments=tuple(payments(one, person, course, provider)),
        qalys=float(qalys_lived(one)[0]),
        lost=lost,
        wait_minutes=wait_minutes,
        **days,
    )


def run_of_one(run: Run, at: int) -> Run:
    """Return the same run with one person only."""
    return replace(run, rows=run.rows[at : at + 1], courses=run.courses.of(at))


def payments(run: Run, person: Person, course: dict[str, int], provider: int) -> Iterator[Payment]:
    """Yield what each commissioner paid for the one person of a run: a price at the start, or one for every month.

    A month is paid for at its end, so the month in which treatment stops is not.
    """
    start = course["start_day"]
    if start == NEVER or provider == NOBODY:
        return
    if person.kind != ONGOING:
        begun = month_of(start)
        yield Payment(payer_name(run, person, begun), price_in(run, begun), 0)
        return
    last = month_of(min(course["stop_day"], course["death_day"], run.end_day))
    bills: dict[str, list[int]] = {}
    for month in range(max(month_of(start), 0), last):
        bills.setdefault(payer_name(run, person, month), []).append(price_in(run, month))
    for payer, billed in bills.items():
        yield Payment(payer, sum(billed), len(billed))


def price_in(run: Run, month: int) -> int:
    """Return what a start, or a month, cost the payer of the one person of a run in a simulated month, in pence."""
    return int(prices(run, period_at(run, month))[0])


def payer_name(run: Run, person: Person, month: int) -> str:
    """Name whose money paid for a person in a simulated month: the area of the commissioner that spends it."""
    regime, places = regime_at(run, month), run.world.places
    place = places.codes.index(person.place)
    whole = regime.cell(person.service, person.group, "budget")  # type: ignore[arg-type]
    [cell] = [part for inside, part in cells_by_place(places, whole) if inside[place]]
    names = [commissioner_name(places, level, place) for level in (cell.held_at, cell.partner) if level is not None]
    return " with ".join(names) if run.pooled else commissioner_name(places, NATION, place)


def commissioner_name(places: Places, level: str, place: int) -> str:
    """Name the unit of a level that holds a place."""
    if level == NATION:
        return "the national commissioner"
    kind = in_words(level) if level in known_levels() else level
    return f"the commissioner for {places.unit_names[level][places.unit_of[level][place]]} (one of the {kind})"


def regime_at(run: Run, month: int) -> Regime:
    """Return the regime in force in a simulated month, the first one before the first month."""
    return run.timeline[period_at(run, month)][1]


def period_at(run: Run, month: int) -> int:
    """Return the place in the timeline of the regime in force in a simulated month."""
    return sum(begins <= max(month, 0) for begins, _ in run.timeline) - 1

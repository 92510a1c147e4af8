"""Lives on the page: one person's under each regime, and the short list of people worth telling."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sim.analysis.life import Life, Person
from sim.analysis.parted import Shares
from sim.analysis.story import Parting, events
from sim.analysis.wording import month_name
from sim.figures.numbers import number

PENCE = 100
MONTH_WIDTH = 16


def identity_text(identity: int) -> str:
    """Write an identity as 16 hexadecimal digits."""
    return f"{identity:016x}"


def who_lines(life: Life, replicate: int) -> Iterator[str]:
    """Say who a person is before any regime acts."""
    person = life.person
    where = f"{person.place_name} ({person.area_name})" if person.area_name else person.place_name
    span = f"{month_name(life, 0)} to {month_name(life, life.end_day - 1)}"
    yield f"Patient {identity_text(person.identity)} in replicate {replicate}: simulated ({span}), not a real person"
    yield ""
    yield "What is given, whoever commissions"
    yield f"  Aged {person.age_at_onset:.0f} when the illness began, in {month_name(life, person.onset_day)}"
    yield f"  Lives in {where}"
    yield f"  Needs {person.service_name}"
    yield f"  {'Severely ill, and so first in every queue' if person.severe else 'Not among the severely ill'}"
    if person.stands_for > 1:
        yield f"  Stands for {person.stands_for} people like this"


def life_lines(life: Life, title: str) -> Iterator[str]:
    """Tell one life under one regime, month by month."""
    yield f"Under {life.scenario} ({title})" if title else f"Under {life.scenario}"
    for _, event in events(life):
        yield f"  {month_name(life, event.day):<{MONTH_WIDTH}}{event.words}"
    yield f"  {paid_words(life)}"
    since = month_name(life, max(life.person.onset_day, 0))
    yield f"  Lived {number(life.qalys, 2)} QALYs (years weighted by their quality) from {since} to the end."


def paid_words(life: Life) -> str:
    """Say what the treatment cost by the end of the simulation, and whose money it was."""
    if not life.payments:
        return "Nothing was paid for treatment in the simulated years."
    parts = [
        f"£{number(payment.pence / PENCE)} by {payment.payer}"
        + (f" for {payment.months} {'month' if payment.months == 1 else 'months'}" if payment.months else "")
        for payment in life.payments
    ]
    return f"Paid for treatment: {' and '.join(parts)}."


def parting_lines(partings: Mapping[str, Parting | None]) -> Iterator[str]:
    """Say where the lives part, for each regime that is set against the first."""
    yield "Where the lives part"
    for scenario, parting in partings.items():
        yield f"  {parting.sentence if parting else f'Nowhere: under {scenario} everything told above is the same.'}"


def listed_lines(person: Person, better: str, parting: Parting) -> Iterator[str]:
    """Name one person worth telling, and what differs."""
    yield f"{identity_text(person.identity)}  {person.service}  {person.place_name}"
    yield f"  Better off under {better}. {parting.sentence}"


def share_words(shares: Shares, names: Sequence[str]) -> Iterator[str]:
    """Say how many lives part at all."""
    first, second = names
    if shares.people == 0:
        yield "Nobody fell ill."
        return
    yield (
        f"Of {number(shares.people)} people who had fallen ill, {_share(shares.parted, shares.people)} live a life "
        f"that is not the same under {first} and {second}; {_share(shares.in_time_differs, shares.people)} are treated "
        f"in time under one of the two only. {number(shares.better_first)} live more QALYs, or as many and are "
        f"treated sooner, under {first}, {number(shares.better_second)} under {second}."
    )


def rule_words(kind: str, each: int) -> str:
    """State by what rule the people were chosen."""
    among = "whose lives part" if kind == "parted" else "who are treated in time under one of the two only"
    return (
        f"Chosen by a fixed rule, not by hand: of those {among}, the first {each} by identity (which is as good as "
        "drawn by lot) who are better off under either regime, in turn. Better off: more QALYs lived by the end "
        "of the simulation, or as many and treated sooner. They are not typical: most lives are the same."
    )


def _share(count: int, whole: int) -> str:
    """Write a count with its percentage."""
    share = 100 * count / whole
    return f"{number(count)} ({number(share, 1 if share >= 0.1 or not count else 3)} %)"


def person_json(person: Person) -> dict[str, Any]:
    """Return a person as JSON writes it."""
    return asdict(person) | {"identity": identity_text(person.identity)}


def life_json(life: Life) -> dict[str, Any]:
    """Return a life as JSON writes it: facts, and the events in words."""
    content = {name: value for name, value in asdict(life).items() if name != "person"}
    told = [
        {"event": step, "month": month_name(life, event.day), "day": event.day, "words": event.words}
        for step, event in events(life)
    ]
    return content | {"events": told}


def parting_json(parting: Parting | None) -> dict[str, Any] | None:
    """Return a parting as JSON writes it; None where there is none."""
    return None if parting is None else asdict(parting)

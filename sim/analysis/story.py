"""A life told in plain sentences, event by event, and the first event at which two lives part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sim.agents.columns import DIVERTED, NO_BED, NOT_REFERRED, TOO_FAR
from sim.analysis.life import Life
from sim.analysis.wording import duration, hours, month_name, window
from sim.world.facts import MINUTES_PER_DAY
from sim.world.people import ENTRY_TREATED
from sim.world.services import EMERGENCY, ONGOING
from sim.world.time import DAYS_PER_YEAR


@dataclass(frozen=True)
class Event:
    """Something that happened on a day, in words; ``detail`` is what else tells it from the same event."""

    day: int
    words: str
    detail: str = ""


@dataclass(frozen=True)
class Step:
    """One kind of event: how it is found in a life, and what is said of a life in which it is missing.

    Where the words of what is missing end in "when", the end of that life or of the simulation follows.
    """

    name: str
    tell: Callable[[Life], Event | None]
    missing: str


@dataclass(frozen=True)
class Parting:
    """The first event at which two lives differ: the earlier of its two days, and one sentence."""

    step: str
    day: int
    sentence: str


def _fell_ill(life: Life) -> Event:
    return Event(life.person.onset_day, "Fell ill.")


def _recognised(life: Life) -> Event | None:
    if life.diagnosis_day is None or life.person.entry == ENTRY_TREATED:
        return None
    after = life.diagnosis_day - life.person.onset_day
    late = f", {duration(after)} after it began" if after else " at once"
    return Event(life.diagnosis_day, f"The illness was recognised{late}.")


def _referred(life: Life) -> Event | None:
    if life.diagnosis_day is None or life.person.kind == EMERGENCY:
        return None
    where = f"{life.centre}, {hours(life.hours)} away"
    if life.person.entry == ENTRY_TREATED:
        told = f"Was on treatment when the simulation began, at {where}."
        return Event(max(life.diagnosis_day, 0), told, life.centre)
    if life.lost == TOO_FAR:
        return Event(life.diagnosis_day, f"Was not referred: {where}, was too far.", "too far")
    if life.lost == NOT_REFERRED:
        return Event(life.diagnosis_day, "Was not referred to a centre.", "not referred")
    return Event(life.diagnosis_day, f"Was referred to {where}.", life.centre) if life.centre else None


def _not_funded(life: Life) -> Event | None:
    if not _asks(life) or life.diagnosis_day is None:
        return None
    asked = max(life.diagnosis_day, 0)
    if life.policy_day is not None and life.policy_day <= asked:
        return None
    return Event(asked, "Asked for treatment, which was not routinely funded.")


def _refused(life: Life) -> Event | None:
    if life.refused_day is None:
        return None
    return Event(life.refused_day, "A panel refused a request for it, for the last time.")


def _asked(life: Life) -> Event | None:
    if not _asks(life) or life.policy_day is None or _agreed_before(life):
        return None
    return Event(life.policy_day, f"Asked {life.asked} for funding.")


def _agreed(life: Life) -> Event | None:
    if not _asks(life) or life.approval_day is None or life.policy_day is None:
        return None
    if _agreed_before(life):
        return Event(0, f"Was waiting when the simulation began, with the agreement of {life.asked}.")
    waited = life.approval_day - life.policy_day
    return Event(life.approval_day, f"Funding was agreed {f'{duration(waited)} later' if waited else 'at once'}.")


def _no_bed(life: Life) -> Event | None:
    if life.lost != NO_BED or life.diagnosis_day is None:
        return None
    return Event(life.diagnosis_day, "No centre had a bed free.")


def _started(life: Life) -> Event | None:
    if life.start_day is None or life.diagnosis_day is None:
        return None
    if life.person.entry == ENTRY_TREATED and life.start_day <= 0:
        return Event(life.start_day, "Treatment began.")
    limit = f"{'in time' if life.in_time else 'too late'} (the limit for this service is {window(life)})"
    if life.person.kind == EMERGENCY:
        first = "The nearest bed in reach was taken. " if life.lost == DIVERTED else ""
        way = hours(life.wait_minutes / 60)
        return Event(
            life.start_day, f"{first}Reached a bed at {life.centre} after {way} on the way, {limit}.", life.centre
        )
    waited = life.start_day - life.diagnosis_day
    told = f"{duration(waited)} after the diagnosis" if waited else "on the day of the diagnosis"
    return Event(life.start_day, f"Treatment began at {life.centre} {told}, {limit}.")


def _limit_passed(life: Life) -> Event | None:
    """Tell when the window closed on somebody who was alive and still waiting."""
    if life.diagnosis_day is None or life.in_time or life.lost in (NOT_REFERRED, TOO_FAR, NO_BED):
        return None
    deadline = life.diagnosis_day + -(-life.person.window_minutes // MINUTES_PER_DAY)
    started = life.start_day is not None and life.start_day <= deadline
    dead = life.death_day is not None and life.death_day <= deadline
    if started or dead or deadline >= life.end_day or life.person.entry == ENTRY_TREATED:
        return None
    return Event(deadline, f"The limit for this service, {window(life)} from diagnosis, passed without treatment.")


def _stopped(life: Life) -> Event | None:
    return None if life.stop_day is None else Event(life.stop_day, "Treatment was stopped.")


def _died(life: Life) -> Event | None:
    if life.death_day is None:
        return None
    age = life.person.age_at_onset + (life.death_day - life.person.onset_day) / DAYS_PER_YEAR
    return Event(life.death_day, f"Died, aged {age:.0f}, {standing(life)}.")


def _alive(life: Life) -> Event | None:
    if life.death_day is not None or life.person.onset_day >= life.end_day:
        return None
    return Event(life.end_day - 1, f"Alive at the end of the simulation, {standing(life)}.")


STEPS = (
    Step("fell ill", _fell_ill, "the illness had not begun"),
    Step("recognised", _recognised, "the illness had not been recognised when"),
    Step("referred", _referred, "there had been no referral when"),
    Step("not funded", _not_funded, "the treatment was routinely funded"),
    Step("refused", _refused, "no panel had refused a request when"),
    Step("asked", _asked, "funding had not been asked for when"),
    Step("agreed", _agreed, "funding had not been agreed when"),
    Step("no bed", _no_bed, "there was a bed"),
    Step("started", _started, "treatment had not begun when"),
    Step("limit passed", _limit_passed, "the limit did not pass without treatment"),
    Step("stopped", _stopped, "treatment had not been stopped when"),
    Step("died", _died, "the same person was alive at the end of the simulation"),
    Step("alive", _alive, "the same person had died"),
)
"""What a story tells, in the order of the pathway; events of one day are told in this order."""


def events(life: Life) -> list[tuple[str, Event]]:
    """Return everything that happened in a life, with the name of its step, in the order of days."""
    found = [(step.name, event) for step in STEPS if (event := step.tell(life)) is not None]
    return sorted(found, key=lambda entry: entry[1].day)


def parting(one: Life, other: Life) -> Parting | None:
    """Find the first event at which two lives of one person differ; None when all that is told is the same."""
    found = []
    for order, step in enumerate(STEPS):
        first, second = step.tell(one), step.tell(other)
        if _mark(first) != _mark(second):
            found.append((min(event.day for event in (first, second) if event), order))
    if not found:
        return None
    day, order = min(found)
    step = STEPS[order]
    return Parting(step.name, day, " ".join(_told_apart(step, day, (one, other))))


def _mark(event: Event | None) -> tuple[int, str] | None:
    return None if event is None else (event.day, event.detail)


def _told_apart(step: Step, day: int, lives: Sequence[Life]) -> Iterator[str]:
    """Yield the parts of the sentence that sets two lives against each other at one step."""
    told = []
    for life in lives:
        event = step.tell(life)
        if event is None:
            told.append((1, f"under {life.scenario} {_missing(step, life)}"))
        elif event.day == day:
            told.append((0, f"under {life.scenario}: {_inside(event.words)}"))
        else:
            later = f"{duration(event.day - day)} later, in {month_name(life, event.day)}"
            told.append((1, f"under {life.scenario} the same came {later}"))
    first, second = (words for _, words in sorted(told, key=lambda part: part[0]))
    yield f"In {month_name(lives[0], day)}, {first};"
    yield f"{second}."


def _missing(step: Step, life: Life) -> str:
    if not step.missing.endswith(" when"):
        return step.missing
    if life.death_day is not None:
        return f"{step.missing} death came, in {month_name(life, life.death_day)}"
    return f"{step.missing} the simulation ended, in {month_name(life, life.end_day - 1)}"


def _inside(words: str) -> str:
    """Turn a sentence into a part of another."""
    return words[:1].lower() + words[1:].rstrip(".")


def standing(life: Life) -> str:
    """Say in a few words how far somebody had come by death or by the end of the simulation."""
    if life.start_day is not None:
        ongoing = life.person.kind == ONGOING
        stopped = life.stop_day is not None
        return "after treatment was stopped" if stopped else "on treatment" if ongoing else "after treatment"
    if life.diagnosis_day is None:
        return "the illness not recognised"
    if life.lost:
        return "never treated"
    if life.policy_day is None:
        return "waiting for the treatment to be funded"
    return "waiting for money" if life.approval_day is None else "waiting for a place"


def _asks(life: Life) -> bool:
    """Say whether funding is asked for at all: not in an emergency, nor again when treatment is under way."""
    ordinary = life.person.kind != EMERGENCY and life.person.entry != ENTRY_TREATED
    return ordinary and life.lost not in (NOT_REFERRED, TOO_FAR)


def _agreed_before(life: Life) -> bool:
    """Say whether somebody was waiting with the payer's agreement before the first day."""
    return life.diagnosis_day is not None and life.diagnosis_day < 0 and life.policy_day == life.approval_day == 0

"""Which service at which level: the regimes that tell, built from the baseline of a study.

At the reference, one level holds all four functions of every service. Every other regime moves one service, or all, or
an assignment of services, to other levels; a service moves with all four functions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime, Row
from sim.settings.hints import did_you_mean
from sim.specification.levels import known_levels, some_in_words, unit_counts
from sim.specification.run import Scenario, Study

LEVELS = ("nation", "nhs_region_2022", "icb_2022")
"""The candidates where none are named: the nation, its regions, and the boards."""

Assignment = tuple[str, ...]
"""The level of each service, in the order of the study's services."""


class CannotAdviseError(ValueError):
    """Levels that cannot be compared, or a study from whose baseline no regime can be built."""


@dataclass(frozen=True)
class Advice:
    """A study of the reference, of every other level holding everything, and of every service moved by itself.

    ``origin`` is the study as the user knows it, ``study`` what is run; the first of ``levels`` is the reference.
    """

    origin: Study
    study: Study
    levels: tuple[str, ...]

    @property
    def reference(self) -> str:
        """Return the level at which every service stands that is not moved."""
        return self.levels[0]

    @property
    def moved(self) -> tuple[str, ...]:
        """Return the levels to which services are moved."""
        return self.levels[1:]

    @property
    def local(self) -> str:
        """Return the most local of the levels: that with most units."""
        return max(self.levels, key=lambda level: unit_counts()[level])

    @property
    def services(self) -> tuple[str, ...]:
        """Return the services of the study, sorted."""
        return self.study.services

    @property
    def as_now(self) -> Assignment:
        """Return the assignment of every service to the reference."""
        return (self.reference,) * len(self.services)

    @property
    def central(self) -> str:
        """Return the least local of the levels: that with fewest units."""
        return min(self.levels, key=lambda level: unit_counts()[level])

    def delegated(self, services: Iterable[str], staying: Iterable[str] = ()) -> Assignment:
        """Return the assignment of some services to the most local level and of all others to the least local.

        Those that stay are at the reference, whatever is said of them.
        """
        chosen, left = frozenset(services), frozenset(staying)
        rest = ((service, self.local if service in chosen else self.central) for service in self.services)
        return tuple(self.reference if service in left else level for service, level in rest)

    def whole(self, assignments: Mapping[str, Assignment]) -> Study:
        """Return the study of whole assignments by id."""
        compare = tuple(_scenario(self.origin, self.levels, name, given) for name, given in assignments.items())
        return replace(self.study, compare=compare, baseline=compare[0].id)


def advise(study: Study, levels: Sequence[str] = LEVELS) -> Advice:
    """Plan the runs for a study; the first level is the reference. Levers are those of the study's baseline.

    Of a baseline that is a timeline, the last regime inside the horizon is rebuilt and history stays. Raise
    CannotAdviseError on levels that are unknown, doubled or fewer than two, and where the baseline is a benchmark.
    """
    for level in levels:
        if level not in known_levels():
            hint = did_you_mean(level, known_levels(), listing="levels")
            raise CannotAdviseError(f"no level is called `{level}`; {hint}")
    if len(set(levels)) < max(len(levels), 2):
        raise CannotAdviseError(f"wants at least two different levels, got {', '.join(levels) or 'none'}")
    base = study.scenarios[study.baseline]
    if base.benchmark:
        raise CannotAdviseError(
            f"the baseline of {study.id}, {base.id}, is a benchmark in which every mechanism is off; "
            "set another with --set baseline=REGIME"
        )
    everything = [_everything(study, tuple(levels), level) for level in levels]
    single = [
        _scenario(study, tuple(levels), moved_id(service, level), _moved(study, levels[0], service, level))
        for service in study.services
        for level in levels[1:]
    ]
    return Advice(study, replace(study, compare=(*everything, *single), baseline=everything[0].id), tuple(levels))


def everything_id(level: str) -> str:
    """Return the id of the regime in which one level holds everything."""
    return f"everything_at_{level}"


def moved_id(service: str, level: str) -> str:
    """Return the id of the regime in which one service has been moved to a level."""
    return f"{service}_at_{level}"


def _moved(study: Study, reference: str, service: str, level: str) -> Assignment:
    return tuple(level if name == service else reference for name in study.services)


def _everything(study: Study, levels: tuple[str, ...], level: str) -> Scenario:
    """Return the regime in which a level holds all services, those that are not modelled too."""
    return _last_replaced(study, Regime(everything_id(level), dict.fromkeys(GROUPS, _row(level))), [level])


def _scenario(study: Study, levels: tuple[str, ...], name: str, assignment: Assignment) -> Scenario:
    """Return the regime of an assignment; services that are not modelled stay at the reference."""
    listed = {
        service: _row(level) for service, level in zip(study.services, assignment, strict=True) if level != levels[0]
    }
    regime = Regime(name, dict.fromkeys(GROUPS, _row(levels[0])), listed=listed)
    return _last_replaced(study, regime, [level for level in levels if level in assignment])


def _last_replaced(study: Study, regime: Regime, levels: Sequence[str]) -> Scenario:
    """Put a regime in the place of the last one of the baseline inside the horizon, with the levers of that one."""
    *before, (month, last) = study.scenarios[study.baseline].within(study.horizon)
    title = f"All four functions at {' or '.join(some_in_words(level) for level in levels)}"
    put = replace(regime, levers=last.levers, title=title)
    return Scenario(put.id, title, (*before, (month, put)))


def _row(level: str) -> Row:
    return {function: Cell(level) for function in FUNCTIONS}

"""A run, described completely: the only thing the model is given besides the world."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.governance.matrix import Regime
from sim.settings.plural import counted
from sim.specification.axes import Axis, Point, own_values, parameters_at, points_of, regime_at
from sim.specification.design import GRID, Design
from sim.specification.parameters import ParameterSet
from sim.specification.switches import all_mechanisms_off
from sim.specification.until import Stopping
from sim.world.months import format_month, parse_month

DISTANCE = "referral.travel_enabled"
"""The switch that a benchmark with distance leaves as the study sets it."""
Timeline = tuple[tuple[str, Regime], ...]


@dataclass(frozen=True)
class RunSpec:
    """One scenario under one replicate; equal specifications give equal results.

    Months are written 2013-04. The simulation begins at ``start`` with the burn-in; ``years`` measured
    years follow. The first date of the timeline is the beginning of time.
    """

    timeline: Timeline
    scenario_id: str
    seed: int
    replicate: int
    start: str
    years: int
    burn_in_years: int
    services: tuple[str, ...]
    twin_sets: int
    parameters: ParameterSet
    weights: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Horizon:
    """The simulated years: the burn-in begins at ``start``, the measured years follow it."""

    start: str
    years: int
    burn_in_years: int

    @property
    def end(self) -> str:
        """Return the first month that is no longer simulated."""
        return f"{int(self.start[:4]) + self.burn_in_years + self.years}{self.start[4:]}"

    @property
    def measured_from(self) -> str:
        """Return the first month that is measured."""
        return f"{int(self.start[:4]) + self.burn_in_years}{self.start[4:]}"

    @property
    def in_words(self) -> str:
        """Say which months are simulated, and which of them are measured."""
        last = format_month(parse_month(self.end) - 1)
        measured = f"{self.measured_from} to {last} ({counted(self.years, 'year')})"
        return f"simulated {self.start} to {last}, measured {measured}"


@dataclass(frozen=True)
class Scenario:
    """Regimes in the order in which they come into force; a single regime is a scenario of one line."""

    id: str
    title: str
    timeline: Timeline

    @property
    def benchmark(self) -> bool:
        """Tell whether the scenario is a benchmark, in which every mechanism is off."""
        return any(regime.benchmark for _, regime in self.timeline)

    @property
    def with_distance(self) -> bool:
        """Tell whether the scenario is a benchmark in which distance still matters."""
        return self.benchmark and any(regime.with_distance for _, regime in self.timeline)

    def within(self, horizon: Horizon) -> Timeline:
        """Return the regimes that are in force inside a horizon, the first from its start."""
        at_start = max((month for month, _ in self.timeline if month <= horizon.start), default="")
        later = [entry for entry in self.timeline if horizon.start < entry[0] < horizon.end]
        return ((horizon.start, dict(self.timeline)[at_start]), *later)


@dataclass(frozen=True)
class Study:
    """What is compared, over which years, how often, at which values; ``path`` is the file as the user knows it.

    With ``stopping``, ``replicates`` are those of the batches so far.
    """

    id: str
    title: str
    path: str
    compare: tuple[Scenario, ...]
    baseline: str
    services: tuple[str, ...]
    horizon: Horizon
    replicates: int
    seed: int
    twin_sets: int
    parameters: ParameterSet
    weights: tuple[tuple[str, int], ...] = ()
    axes: tuple[Axis, ...] = ()
    design: Design = GRID
    stopping: Stopping | None = None

    @property
    def most_replicates(self) -> int:
        """Return how many replicates there may come to be."""
        return self.stopping.most_replicates if self.stopping else self.replicates

    @property
    def points(self) -> tuple[Point, ...]:
        """Return the combinations of what is varied; one without values where nothing is."""
        return points_of(self.axes, self.design, own_values(self.parameters, self.axes))

    def at(self, point: Point) -> "Study":
        """Return the study that varies nothing and has the values of one point."""
        compare = tuple(
            replace(scenario, timeline=tuple((month, regime_at(regime, point)) for month, regime in scenario.timeline))
            for scenario in self.compare
        )
        return replace(self, compare=compare, parameters=parameters_at(self.parameters, point), axes=())

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """Return the compared scenarios by id, in the order of the file."""
        return {scenario.id: scenario for scenario in self.compare}

    def run_spec(self, scenario: Scenario, replicate: int) -> RunSpec:
        """Return one run; under a benchmark every mechanism is off, but for distance where it says so."""
        kept = (DISTANCE,) if scenario.with_distance else ()
        return RunSpec(
            timeline=scenario.within(self.horizon),
            scenario_id=scenario.id,
            seed=self.seed,
            replicate=replicate,
            start=self.horizon.start,
            years=self.horizon.years,
            burn_in_years=self.horizon.burn_in_years,
            services=self.services,
            twin_sets=self.twin_sets,
            weights=self.weights,
            parameters=all_mechanisms_off(self.parameters, kept) if scenario.benchmark else self.parameters,
        )

    def run_specs(self) -> tuple[RunSpec, ...]:
        """Return one run for each replicate and scenario where nothing is varied, those of a replicate together."""
        return tuple(
            self.run_spec(scenario, replicate) for replicate in range(self.replicates) for scenario in self.compare
        )

"""Load regimes, scenarios and studies by path or shipped name; everything wrong is reported at once."""

import json
import shlex
from collections.abc import Callable, Sequence
from typing import TypeVar

from sim.governance.matrix import Regime
from sim.settings.problem import ConfigError
from sim.specification.files import RegimeFile
from sim.specification.reader import Reader, Tree
from sim.specification.reasons import Reasons
from sim.specification.run import Scenario, Study

Result = TypeVar("Result")
Loaded = Regime | Scenario | Study

YEARS_AFTER_LAST_CHANGE = 3
LONG_YEARS = 15
"""A scenario over more years than this is run with a row for many people where a service has many."""


def load(name: str, overrides: Sequence[str] = ()) -> Loaded:
    """Load a file of any kind; raises ConfigError with every problem."""
    reader = Reader()
    kind = _load(reader, name, overrides, reader.kind)
    if kind == "regime":
        return load_regime(name, overrides)
    return load_scenario(name, overrides) if kind == "scenario" else load_study(name, overrides)


def kind_of(name: str) -> str:
    """Return what a file says it is: regime, scenario or study; raises ConfigError when it is none."""
    reader = Reader()
    return _load(reader, name, (), reader.kind)


def load_study(name: str, overrides: Sequence[str] = ()) -> Study:
    """Load a study, ``a.b=value`` overrides applied; raises ConfigError with every problem.

    A regime or a scenario is a study of one, over the years of its timeline.
    """
    reader = Reader()
    if _load(reader, name, (), reader.stands_alone):
        return _study_of_one(load_scenario(name), name, overrides)
    return _load(reader, name, overrides, reader.study)


def _study_of_one(scenario: Scenario, name: str, overrides: Sequence[str]) -> Study:
    """Return a study of one scenario; without dates of its own it runs over the years of the template."""
    months = [month for month, _ in scenario.timeline if month]
    template, given = "alone", [f"id={scenario.id}", f"compare=[{json.dumps(name)}]", f"baseline={scenario.id}"]
    given.append(f"title={json.dumps(scenario.title or scenario.id)}")
    if months:
        years = int(months[-1][:4]) - int(months[0][:4]) + YEARS_AFTER_LAST_CHANGE
        given += [f"horizon.start={months[0]}", f"horizon.years={years - 1}", "horizon.burn_in_years=1"]
        template = "alone_long" if years > LONG_YEARS else template
    reader = Reader()
    return _load(reader, template, [*given, *overrides], reader.study)


def load_scenario(name: str, overrides: Sequence[str] = ()) -> Scenario:
    """Load a scenario, or a regime as a scenario of one line; raises ConfigError with every problem."""
    reader = Reader()
    return _load(reader, name, overrides, reader.scenario)


def load_regime(name: str, overrides: Sequence[str] = ()) -> Regime:
    """Load a regime; raises ConfigError with every problem."""
    reader = Reader()
    return _load(reader, name, overrides, reader.regime)


def load_regime_file(name: str) -> RegimeFile:
    """Load a regime with its sources, reasons and limits; raises ConfigError with every problem."""
    reader = Reader()
    return _load(reader, name, (), reader.regime_file)


def load_reasons(name: str) -> Reasons:
    """Load the reasons behind a regime, those of the files on which it builds among them; raises ConfigError."""
    reader = Reader()
    return _load(reader, name, (), reader.reasons)


def _load(reader: Reader, name: str, overrides: Sequence[str], validated: Callable[[Tree], Result | None]) -> Result:
    """Return what a file says, or raise all that is wrong with the command that checks it again."""
    result = reader.collect(lambda: validated(reader.tree(name, overrides)))
    if result is None or reader.problems:
        sets = "".join(f" --set {shlex.quote(text)}" for text in overrides)
        found = any(problem.span.source.lines for problem in reader.problems)
        raise ConfigError(reader.problems, f"sim check {shlex.quote(name)}{sets}" if found else "")
    return result

"""Whether what a study wants to know well enough is measured at all, and its half-width is in the measure's unit."""

from collections.abc import Iterator

from sim.governance.matrix import GROUPS
from sim.measures.outcome import Outcome
from sim.measures.outcomes import OUTCOMES
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES
from sim.settings.hints import did_you_mean
from sim.settings.problem import ConfigError, Problem
from sim.specification.run import Study
from sim.specification.until import Until

CONFIRMED = "# ok"
LARGEST_SHARE, SMALLEST_POUNDS = 0.1, 1000.0
"""A half-width beyond these is more likely in another unit than the measure's."""


def check_until(study: Study) -> None:
    """Raise ConfigError with all that is wrong in what a study wants to know well enough; nothing without it."""
    rules = study.stopping.rules if study.stopping else ()
    problems = [problem for rule in rules for problem in _problems(study, rule)]
    if problems:
        raise ConfigError(problems, f"sim check {study.path}")


def rows_of(rule: Until) -> tuple[tuple[str, str], ...]:
    """Return the rows (measure and set of services) that a rule may be about, the first that was measured counts.

    Sums have a row for ``all``; shares and spreads have one in which every patient counts alike instead.
    """
    names = (ALL, ALL_PATIENTS) if rule.services == ALL else (rule.services,)
    return tuple((rule.measure, name) for name in names)


def not_measured(rule: Until, measured: list[str]) -> ConfigError:
    """Return the error of a rule whose row no run has; ``measured`` are the sets of services that there are."""
    message = f"`{rule.measure}` is not told for `{rule.services}`"
    hint = did_you_mean(rule.services, measured, listing="it is told for")
    return ConfigError([_problem(rule, "services", message, hint)])


def _problem(rule: Until, key: str, message: str, hint: str) -> Problem:
    return Problem(rule.spans[key], (*rule.location, key), message, hint)


def _problems(study: Study, rule: Until) -> Iterator[Problem]:
    known = OUTCOMES.get(rule.measure)
    if known is None:
        hint = did_you_mean(rule.measure, OUTCOMES) or "`sim explain measures` lists them"
        yield _problem(rule, "of", f"`{rule.measure}` is no measure", hint)
    sets = [ALL, ALL_PATIENTS, ALL_SERVICES, *GROUPS, *study.services]
    if rule.services not in sets:
        hint = did_you_mean(rule.services, sets, listing="known here")
        yield _problem(rule, "services", f"`{rule.services}` is no set of services of this study", hint)
    if known is not None and CONFIRMED not in rule.spans["half_width"].text:
        yield from _wrong_unit(rule, known)


def _wrong_unit(rule: Until, known: Outcome) -> Iterator[Problem]:
    """Yield a problem for a half-width in per cent of a share, or in millions of what counts single pounds."""
    width, message = rule.half_width, ""
    if known.number_format.endswith("%") and width >= LARGEST_SHARE:
        message = f"{width:g} looks like per cent; `{rule.measure}` is a {known.unit}, which runs from 0 to 1"
        hint = f"write {width / 100:g}, or confirm with `{CONFIRMED}`"
    elif known.unit.startswith("GBP") and width < SMALLEST_POUNDS:
        message = f"{width:g} looks like millions; `{rule.measure}` is in {known.unit}"
        hint = f"write {width * 1e6:.0f}, or confirm with `{CONFIRMED}`"
    if message:
        yield _problem(rule, "half_width", message, hint)

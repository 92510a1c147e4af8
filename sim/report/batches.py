"""Make the runs of a study in batches until the differences that it names are known well enough."""

from dataclasses import replace
from typing import TypeVar

from sim.analysis.stopping import look_at, worst
from sim.report.stopping import look_line
from sim.study.collect import Collected, collect
from sim.study.execute import Report
from sim.study.make import Making, make_runs
from sim.study.plan import Plan
from sim.study.progress import Progress
from sim.study.until import not_measured, rows_of

Kind = TypeVar("Kind", bound=Making)


def make_batches(making: Kind, progress: Progress) -> tuple[Kind, Collected, Plan, Report | None]:
    """Make what is missing, in batches where the study says when to stop, and return what was made as it ended.

    The counts at which one looks follow from the study and every look is taken from the stored runs of all
    replicates up to it, so that a study that was killed ends at the same count with the same runs. It ends early where
    a difference has no pair of finished runs, for more replicates would fail as well. Raise ConfigError when no run
    of the first batch has what a rule asks for.
    """
    if making.study.stopping is None:
        return making, *make_runs(making, progress)
    if making.part:  # one run, of whatever batch
        every = replace(making, study=replace(making.study, replicates=making.study.most_replicates))
        return every, *make_runs(every, progress)
    wanted = {row for rule in making.study.stopping.rules for row in rows_of(rule)}
    for count in making.study.stopping.looks:
        batch = replace(making, study=replace(making.study, replicates=count), kept=wanted)
        collected, plan, cut_short = make_runs(batch, progress)
        if cut_short:
            return batch, collected, plan, cut_short
        _check_measured(batch, collected, plan)
        looks = look_at(batch.study, collected.frame)
        for look in worst(looks):
            progress.say(look_line(look, making.study))
        if all(look.done for look in looks) or not all(look.interval.n for look in looks):
            break
    whole = replace(batch, kept=making.kept)
    return whole, collect(plan.runs, making.store, making.kept), plan, None


def _check_measured(making: Making, collected: Collected, plan: Plan) -> None:
    """Raise ConfigError for a rule whose row no finished run has, with the sets of services that there are."""
    told = set(zip(collected.frame["measure"], collected.frame["service"], strict=True))
    for rule in making.study.stopping.rules if making.study.stopping and collected.manifests else ():
        if not told & set(rows_of(rule)):
            first = next(run for run in plan.runs if run.key in collected.manifests)
            frame = collect([first], making.store).frame
            frame = frame[(frame["measure"] == rule.measure) & (frame["geography"] == "nation")]
            raise not_measured(rule, sorted(set(frame["service"])))

"""Make the runs of a study in batches until the differences that it names are known well enough."""

from dataclasses import replace

from sim.analysis.stopping import Look, NotMeasuredError, look_at, worst
from sim.cli.job import Job, make_runs
from sim.report.stopping import look_line
from sim.specification.run import Study
from sim.study.collect import Collected, collect
from sim.study.plan import Plan
from sim.study.progress import Progress
from sim.study.until import not_measured, rows_of


def make_batches(job: Job, progress: Progress) -> tuple[Job, Collected, Plan, bool]:
    """Make what is missing, in batches where the study says when to stop, and return the job as it ended.

    The counts at which one looks follow from the study and every look is taken from the stored runs of all
    replicates up to it, so that a study that was killed ends at the same count with the same runs. Raise ConfigError
    when no run of the first batch has what a rule asks for.
    """
    if job.study.stopping is None:
        return job, *make_runs(job, progress)
    wanted = {row for rule in job.study.stopping.rules for row in rows_of(rule)}
    for count in job.study.stopping.looks:
        batch = replace(job, study=replace(job.study, replicates=count), kept=wanted)
        collected, plan, interrupted = make_runs(batch, progress)
        if interrupted:
            return batch, collected, plan, True
        looks = _looks(batch.study, collected)
        for look in worst(looks):
            progress.say(look_line(look, job.study))
        if all(look.done for look in looks):
            break
    whole = replace(batch, kept=job.kept)
    return whole, collect(plan.runs, job.store, job.kept), plan, False


def _looks(study: Study, collected: Collected) -> list[Look]:
    try:
        return look_at(study, collected.frame)
    except NotMeasuredError as error:
        raise not_measured(error.rule, error.measured) from None

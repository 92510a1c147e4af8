"""``sim analyse advise``: move services between levels, one by one and together, and say which belongs where."""

import json
import math
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.adviser import LEVELS, Advice, Assignment, CannotAdviseError, advise
from sim.analysis.adviser_effects import JUDGED, Effects, effects_of, effects_of_whole, lost_in_whole, pairs_wanted
from sim.analysis.adviser_factors import Factors, delegated_by, factors_of
from sim.analysis.adviser_frontier import Candidate, candidates, check, everywhere, pareto_choice
from sim.analysis.adviser_population import LOSS, TOLERANCE, people_of_units
from sim.analysis.adviser_scores import EQUAL, Weights
from sim.analysis.adviser_verdicts import MOVE, ServiceAdvice, effect_rows, judge
from sim.cli.failure import UsageError
from sim.cli.job import (
    Job,
    check_folder,
    check_workers,
    exit_code,
    failure_lines,
    failures_as_json,
    results_folder,
    say_stopped,
    show_price,
)
from sim.report.advice import RULES, about_assignments, about_missing, print_advice
from sim.report.advice_factors import about_rule
from sim.report.advice_rows import tables, verdict_rows, write_tables
from sim.report.advice_words import notes, weights_text
from sim.report.advised import Advised
from sim.report.publish import run_rows
from sim.report.table import PAGE_WIDTH, report_console
from sim.report.wrap import print_hanging
from sim.settings.hints import did_you_mean
from sim.settings.plural import counted
from sim.specification.load import load_study
from sim.study import england
from sim.study.make import make_runs
from sim.study.progress import progress_for
from sim.study.store import Store
from sim.world.world import World

NAME = "advice"
MOST_CHECKED = 6
"""Assignments chosen by weights that are run whole, if not told otherwise."""
Runs = list[dict[str, Any]]


@dataclass(frozen=True)
class Wanted:
    """What one call asks for."""

    study: str
    levels: str
    weights: str
    check: int
    tolerance: float
    loss: float
    replicates: int | None
    overrides: tuple[str, ...]
    out: str | None
    workers: str
    dry_run: bool
    as_json: bool
    quiet: bool

    @property
    def command(self) -> str:
        """Return the command that goes on where this one stops."""
        words = ["sim", "analyse", "advise", self.study]
        words += ["--levels", self.levels] if self.levels else []
        words += ["--weights", self.weights] if self.weights else []
        words += ["--check", str(self.check)] if self.check != MOST_CHECKED else []
        words += ["--tolerance", f"{self.tolerance:g}"] if self.tolerance != TOLERANCE else []
        words += ["--loss", f"{self.loss:g}"] if self.loss != LOSS else []
        words += ["--replicates", str(self.replicates)] if self.replicates else []
        words += [word for override in self.overrides for word in ("--set", override)]
        words += ["--out", self.out] if self.out is not None else []
        return shlex.join(words)


def advise_study(wanted: Wanted) -> int:
    """Run what is missing, write and print the advice, and return the exit code (as of ``sim run``).

    Raises ConfigError, DataError or UsageError before anything is run.
    """
    check_workers(wanted.workers)
    weights = _weights(wanted.weights)
    more = [f"replicates={wanted.replicates}"] if wanted.replicates else []
    loaded = load_study(wanted.study, [*wanted.overrides, *more])
    try:
        advice = advise(loaded, _listed(wanted.levels) or LEVELS)
    except CannotAdviseError as error:
        raise UsageError(str(error)) from None
    folder = results_folder(wanted.out, loaded)
    kept = frozenset(pairs_wanted(advice.services))
    store, bench = Store(folder / "store"), england.england_bench()
    job = Job(advice.study, store, bench, wanted.workers, kept, command=wanted.command)
    if wanted.dry_run:
        return _show_price(job, advice, wanted)
    world = england.world_of(loaded.run_spec(loaded.scenarios[loaded.baseline], 0))
    check_folder(folder)
    collected, plan, interrupted = make_runs(job, progress_for(wanted.quiet))
    if interrupted:
        return say_stopped(job, plan, collected, wanted.as_json, interrupted)
    runs = list(run_rows(advice.study, plan, collected, job.store))
    effects = effects_of(advice, collected.frame)
    if not np.isfinite(effects.whole).any():
        return _nothing(job, runs, wanted.as_json)
    return _go_on(_Found(job, advice, effects, world, weights), runs, wanted)


@dataclass(frozen=True)
class _Found:
    """What is known when every single move has been run."""

    job: Job
    advice: Advice
    effects: Effects
    world: World
    weights: Weights


def _go_on(found: _Found, runs: Runs, wanted: Wanted) -> int:
    """Run the best assignments whole and tell everything."""
    advice, effects = found.advice, found.effects
    terms = (wanted.tolerance, wanted.loss)
    factors = factors_of(advice, found.world, terms)
    told = judge(advice, effects, {one.service: one.group for one in factors}, found.weights)
    looked_at = candidates(advice, effects, _named(advice, effects, told, factors), wanted.check)
    whole = advice.whole({one.id: one.levels for one in looked_at[1:]})
    job = replace(found.job, study=whole)
    collected, plan, interrupted = make_runs(job, progress_for(wanted.quiet))
    if interrupted:
        return say_stopped(job, plan, collected, wanted.as_json, interrupted)
    runs += run_rows(whole, plan, collected, job.store)
    parts = [effects.nothing[:, None], effects_of_whole(effects, collected.frame, whole), effects.everything]
    lost = [lost_in_whole(effects, collected.frame, whole), effects.everything_lost]
    never = np.zeros_like(lost[0][:, :, :1])  # of the reference nothing is lost
    everyone: list[Candidate] = [*looked_at, *everywhere(advice, effects)]
    ran = (np.concatenate(parts, axis=1), np.concatenate([never, *lost], axis=2))
    checked = check(advice, effects, everyone, *ran, found.weights)
    advised = Advised(
        advice=advice,
        found=effects,
        effects=effect_rows(advice, effects),
        told=told,
        checked=checked,
        choice=pareto_choice(checked, effects, found.weights),
        factors=factors,
        weights=found.weights,
        terms=terms,
        people=people_of_units(found.world, advice.levels),
    )
    _tell(job, advised, runs, wanted)
    return exit_code(runs)


def _named(
    advice: Advice, effects: Effects, told: Sequence[ServiceAdvice], factors: Sequence[Factors]
) -> dict[str, Assignment]:
    """Return the assignments of the verdicts, where they move anything, of the rule and of the real list."""
    moved = {one.service: one.level for one in told if one.verdict == MOVE}
    untold = [service for service, known in zip(advice.services, effects.told_of, strict=True) if not known]
    return {
        **({"verdicts": tuple(moved.get(s, advice.reference) for s in advice.services)} if moved else {}),
        RULES[0]: delegated_by(advice, factors, untold),
        RULES[1]: delegated_by(advice, factors, untold, by_list=True),
    }


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _weights(text: str) -> Weights:
    """Return the weights of the four outcomes; those that are not named weigh nothing, without any all weigh 1."""
    given: dict[str, float] = {}
    for part in _listed(text):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in (judged.id for judged in JUDGED):
            hint = did_you_mean(name, [judged.id for judged in JUDGED], listing="outcomes")
            raise UsageError(f"--weights does not know `{name}`; {hint}")
        try:
            given[name] = float(value)
        except ValueError:
            raise UsageError(f"--weights wants a number for {name}, such as {name}=2, got {value!r}") from None
        if not (math.isfinite(given[name]) and given[name] >= 0.0):
            raise UsageError(f"--weights wants numbers from 0 up, got {part}")
    if given and not any(given.values()):
        raise UsageError("--weights wants one that is above 0")
    return np.array([given.get(judged.id, 0.0) for judged in JUDGED]) if given else EQUAL


def _show_price(job: Job, advice: Advice, wanted: Wanted) -> int:
    study = job.study
    regimes = f"{counted(len(advice.levels), 'level')} whole + {counted(len(advice.services), 'service')} x "
    regimes += f"{counted(len(advice.moved), 'move')} = {counted(len(study.compare), 'regime')}"
    product = f"x {counted(study.replicates, 'replicate')}"
    product += f" x {counted(len(study.points), 'point')}" if study.axes else ""
    rest = (wanted.check + len(RULES) + 1) * study.replicates * len(study.points)
    what = f"{regimes} {product} = {counted(len(job.plan().runs), 'run')}; then up to {rest:,} of whole assignments"
    more = {"levels": list(advice.levels), "weights": weights_text(_weights(wanted.weights)), "runs_after": rest}
    return show_price(job, wanted.as_json, what, more)


def _nothing(job: Job, runs: Runs, as_json: bool) -> int:
    """Say that no effect can be told because runs are missing."""
    code = exit_code(runs)
    lines = ["There is nothing to tell: no replicate has the runs that advice needs.", *failure_lines(job, runs, code)]
    print("\n".join(lines), file=sys.stderr if as_json else sys.stdout)
    if as_json:
        content = {"ok": False, "exit_code": code, "study": job.study.id, "failed": failures_as_json(job, runs)}
        print(json.dumps(content, ensure_ascii=False, indent=2))
    return code


def _tell(job: Job, advised: Advised, runs: Runs, wanted: Wanted) -> None:
    """Write every table and the text, and print the text; with JSON it goes to standard error."""
    points = [number for number in range(1, len(job.study.points) + 1) if job.study.axes]
    effects = [*advised.effects, *(row for n in points for row in effect_rows(advised.advice, advised.found, n))]
    found = dict(tables(advised, effects))
    names = ("regime", "point", "replicate", "key", "status", "error")
    found["runs"] = [{name: row[name] for name in names} for row in runs]
    paths = write_tables(found, job.folder, NAME)
    text = job.folder / f"{NAME}.txt"
    _write_text(advised, text)
    console = report_console(sys.stderr if wanted.as_json else sys.stdout)
    print_advice(advised, console)
    print_hanging(list(notes(advised.advice, advised.weights, advised.terms)), console)
    for line in [*failure_lines(job, runs, exit_code(runs)), "", f"Text        {text}"]:
        console.print(line, soft_wrap=True)
    for path in paths:
        console.print(f"Table       {path}", soft_wrap=True)
    if wanted.as_json:
        print(json.dumps(_as_json(job, advised, found, runs), ensure_ascii=False, indent=2))


def _write_text(advised: Advised, path: Path) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        console = report_console(file)
        console.width = PAGE_WIDTH
        print_advice(advised, console)
        print_hanging(list(notes(advised.advice, advised.weights, advised.terms)), console)
    os.replace(partial, path)


def _as_json(job: Job, advised: Advised, found: Mapping[str, Sequence[Any]], runs: Runs) -> dict[str, Any]:
    code = exit_code(runs)
    shown = {name: _plain(rows) for name, rows in found.items() if name not in ("", "runs")}
    return {
        "ok": code == 0,
        "exit_code": code,
        "study": job.study.id,
        "out": str(job.folder),
        "runs": len(runs),
        "levels": list(advised.advice.levels),
        "weights": weights_text(advised.weights),
        "choice": advised.choice.candidate.id if advised.choice else None,
        "message": [line for part in (about_missing, about_assignments, about_rule) for line in part(advised) if line],
        "verdicts": _plain(verdict_rows(advised)),
        **shown,
        "failed": failures_as_json(job, runs),
    }


def _plain(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows in which a number that is none, or has no bound, is null."""
    return [
        {name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()}
        for row in rows
    ]

"""``sim analyse decompose``: run a study with its mechanisms on and off, and share its outcomes out among them."""

import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.analysis.decomposition import PERMUTATIONS, TOPICS, Decomposition, NothingToDecomposeError, decompose
from sim.analysis.mechanism_groups import UnknownGroupError, groups_of
from sim.analysis.shares import accounts, values_of
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
from sim.report.figures import draw_why
from sim.report.files import write_csv
from sim.report.publish import run_rows
from sim.report.table import report_console
from sim.report.why import SHARE_COLUMNS, Explained, markdown, print_explained, sentences, share_rows
from sim.settings.hints import did_you_mean
from sim.settings.plural import counted
from sim.specification.load import load_study
from sim.study import england
from sim.study.collect import Collected
from sim.study.make import make_runs
from sim.study.progress import progress_for
from sim.study.store import Store
from sim.world.world import load_england

NAME = "decomposition"
RUN_COLUMNS = ("regime", "replicate", "key", "status", "error")


@dataclass(frozen=True)
class Wanted:
    """What one call asks for."""

    study: str
    groups: str
    only: str
    permutations: int
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
        words = ["sim", "analyse", "decompose", self.study]
        words += ["--groups", self.groups] if self.groups else []
        words += ["--only", self.only] if self.only else []
        words += ["--permutations", str(self.permutations)] if self.permutations != PERMUTATIONS else []
        words += ["--replicates", str(self.replicates)] if self.replicates else []
        words += [word for override in self.overrides for word in ("--set", override)]
        words += ["--out", self.out] if self.out is not None else []
        return shlex.join(words)


@dataclass(frozen=True)
class Written:
    """The files of a decomposition."""

    shares: Path
    text: Path
    runs: Path
    figures: Sequence[Path]


def decompose_study(wanted: Wanted) -> int:
    """Run what is missing, write and print the shares, and return the exit code (as of ``sim run``).

    Raises ConfigError, DataError or UsageError before anything is run.
    """
    check_workers(wanted.workers)
    outcomes = _outcomes(wanted.only)
    more = [f"replicates={wanted.replicates}"] if wanted.replicates else []
    loaded = load_study(wanted.study, [*wanted.overrides, *more])
    try:
        found = decompose(loaded, groups_of(wanted.groups), wanted.permutations)
    except (UnknownGroupError, NothingToDecomposeError) as error:
        raise UsageError(str(error)) from None
    folder, bench = results_folder(wanted.out, loaded), england.england_bench()
    store = Store(folder / "store")
    job = Job(found.study, store, bench, wanted.workers, outcomes, found.asked, command=wanted.command)
    if wanted.dry_run:
        return _show_price(job, found, wanted.as_json)
    load_england()  # a table that cannot be used stops the study, not each of its runs
    check_folder(folder)
    collected, plan, cut_short = make_runs(job, progress_for(wanted.quiet))
    if cut_short:
        return say_stopped(job, plan, collected, wanted.as_json, cut_short)
    runs = list(run_rows(found.study, plan, collected, job.store))
    explained = Explained(loaded, found, accounts(found, collected.frame, outcomes))
    written = _write(job, explained, collected, runs)
    _show(job, explained, written, runs, wanted.as_json)
    return exit_code(runs)


def _outcomes(only: str) -> list[tuple[str, str]]:
    """Return the outcomes (measure and set of services) that are asked for, in the usual order."""
    names = [name.strip() for name in only.split(",") if name.strip()]
    for name in names:
        if name not in TOPICS:
            raise UsageError(f"--only does not know `{name}`; {did_you_mean(name, TOPICS, listing='outcomes')}")
    return [pair for topic, pairs in TOPICS.items() if not names or topic in names for pair in pairs]


def _show_price(job: Job, found: Decomposition, as_json: bool) -> int:
    study = found.study
    groups = f"{counted(len(found.groups), 'group')} of mechanisms"
    subsets = f"{groups}, {counted(len(found.subsets), 'subset')}"
    product = f"x {counted(len(study.compare), 'regime')} x {counted(study.replicates, 'replicate')}"
    runs = counted(len(job.plan().runs), "run")
    what = f"{subsets} {product} = {runs}"
    if found.orders:
        what = f"{groups}, {len(found.orders[0])} orders a replicate {product} = {runs}"
    return show_price(job, as_json, what, {"groups": {group.id: group.switches for group in found.groups}})


def _write(job: Job, explained: Explained, collected: Collected, runs: Sequence[dict[str, Any]]) -> Written:
    """Write shares (CSV), text (Markdown), every run with its outcomes (CSV), and the figure."""
    folder = job.folder
    written = Written(folder / f"{NAME}.csv", folder / f"{NAME}.md", folder / f"{NAME}_runs.csv", [])
    rows = list(_run_values(job, explained.found, collected, runs))
    write_csv(rows, list(rows[0]), written.runs)
    if not explained.accounts:
        return written
    write_csv(share_rows(explained), SHARE_COLUMNS, written.shares)
    written.text.write_text(markdown(explained, job.command), encoding="utf-8")
    sampled, keys = bool(explained.found.orders), sorted(collected.manifests)
    figures = draw_why(explained.found.study, explained.told, sampled, keys, folder / "figures")
    return Written(written.shares, written.text, written.runs, figures)


def _run_values(
    job: Job, found: Decomposition, collected: Collected, runs: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield each run with the groups that were at work in it and its outcomes, in their own units."""
    outcomes, regimes = list(job.kept or ()), list(found.study.scenarios)
    values = {pair: values_of(found, collected.frame, pair) for pair in outcomes}
    for row in runs:
        at = (regimes.index(row["regime"]), row["replicate"], row["point"] - 1)
        own = {f"{measure}, {service}": float(values[measure, service][at]) for measure, service in outcomes}
        names = "+".join(found.at_work(found.subsets[row["point"] - 1]))
        yield {"at_work": names} | {name: row[name] for name in RUN_COLUMNS} | own


def _show(job: Job, explained: Explained, written: Written, runs: Sequence[dict[str, Any]], as_json: bool) -> None:
    """Print the shares, what failed, and where everything lies; with ``as_json`` the text goes to standard error."""
    console, code = report_console(sys.stderr if as_json else sys.stdout), exit_code(runs)
    if explained.accounts:
        print_explained(explained, console)
    else:
        console.print("There is nothing to tell: no replicate has every run that the shares need.")
    for line in [*failure_lines(job, runs, code), *_places(explained, written)]:
        console.print(line, soft_wrap=True)
    if as_json:
        print(json.dumps(_as_json(job, explained, written, runs), ensure_ascii=False, indent=2))


def _places(explained: Explained, written: Written) -> Iterator[str]:
    yield ""
    if explained.accounts:
        yield f"Shares      {written.shares}"
        yield f"Text        {written.text}"
    yield f"Runs        {written.runs}"
    for path in written.figures:
        if path.suffix in (".png", ".svg"):
            yield f"Figure      {path}"


def _as_json(job: Job, explained: Explained, written: Written, runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    code = exit_code(runs)
    shares = [
        {name: None if value != value else value for name, value in asdict(part).items()}  # noqa: PLR0124
        for account in explained.accounts
        for part in account.parts
    ]
    return {
        "ok": code == 0,
        "exit_code": code,
        "study": explained.study.id,
        "out": str(job.folder),
        "runs": len(runs),
        "groups": {group.id: group.switches for group in explained.found.groups},
        "message": list(sentences(explained)),
        "shares": shares,
        "figures": [str(path) for path in written.figures],
        "failed": failures_as_json(job, runs),
    }

"""Write everything that a finished study has to show into its results folder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from sim.analysis.lottery import lottery_rows
from sim.analysis.paired import compare_regimes
from sim.analysis.stopping import allowing_for_looks
from sim.report.figures import FigureData, draw_clouds, draw_figures, draw_sweep, draw_years
from sim.report.files import write_comparison, write_csv
from sim.report.gains import gain_lines, gains_of, write_gains
from sim.report.lottery import lottery_lines, write_lottery
from sim.report.notes import notes, sweep_notes
from sim.report.stopping import Stopped, publish_stopping
from sim.report.sweep import (
    MOST_POINTS_SHOWN,
    Swept,
    print_sweep,
    sweep_columns,
    sweep_lines,
    sweep_rows,
    swept,
)
from sim.report.table import Compared, measured_ones, print_tables, report_console
from sim.report.wrap import print_hanging
from sim.report.yearly import FILE as YEARS_FILE
from sim.report.yearly import write_years, year_lines, years_of
from sim.specification.run import Study
from sim.study.collect import Collected
from sim.study.earlier import remove_other_tables
from sim.study.plan import Plan
from sim.study.resolved import write_resolved
from sim.study.store import Store
from sim.study.tidy import write_tidy

if TYPE_CHECKING:
    import pandas as pd

RUN_COLUMNS = ("regime", "replicate", "key", "status", "digest", "seconds", "error")


@dataclass(frozen=True)
class Published:
    """What was written; without a run of the baseline there is no comparison and nothing to print.

    ``empty_figures`` names the figures for which the study had nothing to draw.
    """

    folder: Path
    runs: Sequence[dict[str, Any]]
    comparison: Path | None
    figures: Sequence[Path]
    show: Callable[[Console], None]
    gains: Path | None = None
    lottery: Path | None = None
    years: Path | None = None
    looks: Path | None = None
    stopping: Sequence[Mapping[str, Any]] = ()
    empty_figures: Sequence[str] = ()


def publish(study: Study, plan: Plan, collected: Collected, store: Store) -> Published:
    """Write the resolved study, the runs, the comparison (CSV and text) and the figures beside the store."""
    folder = store.root.parent
    runs = write_record(study, plan, collected, store)
    if not (collected.frame["regime"] == study.baseline).any():
        return Published(folder, runs, None, [], lambda console: None)
    keys = sorted({run.key for run in plan.runs if run.key in collected.manifests})
    finished = [run for run in plan.runs if run.key in collected.manifests]
    write_tidy(finished, store, folder / "tidy.parquet", only_national=bool(study.axes))
    if study.axes:
        stopped = publish_stopping(study, collected.frame, keys, folder)
        clouds = draw_clouds(study, collected.frame, keys, folder / "figures")
        return _publish_sweep(study, swept(study, collected), stopped, runs, keys, clouds)
    compared = compare(study, collected.frame)
    write_comparison(compared.rows, folder / "comparison.csv")
    gains = gains_of(plan, collected, store, study.baseline)
    if gains.rows:
        write_gains(gains, folder / "gains.csv")
    lottery = lottery_rows(collected.frame, study)
    write_lottery(lottery, folder / "lottery.csv")
    stopped = publish_stopping(study, collected.frame, keys, folder)
    years = years_of(study, finished, store)
    if years:
        write_years(years, folder / YEARS_FILE)
    by_year = year_lines(years, study) if years else ()
    told = [*stopped.lines, *by_year, *lottery_lines(lottery, study), *gain_lines(gains, compared.benchmarks)]
    with (folder / "comparison.txt").open("w", encoding="utf-8") as file:
        print_report(study, compared, report_console(file), told)
    drawn = draw_figures(FigureData(study, collected.frame, compared.rows, keys), folder / "figures")
    drawn_years = draw_years(study, years, keys, folder / "figures") if years else []
    return Published(
        folder=folder,
        runs=runs,
        comparison=folder / "comparison.csv",
        figures=[*drawn.paths, *drawn_years, *stopped.figures],
        show=lambda console: print_report(study, compared, console, told),
        gains=folder / "gains.csv" if gains.rows else None,
        lottery=folder / "lottery.csv",
        years=folder / YEARS_FILE if years else None,
        looks=stopped.path,
        stopping=stopped.rows,
        empty_figures=drawn.empty,
    )


def write_record(study: Study, plan: Plan, collected: Collected, store: Store) -> list[dict[str, Any]]:
    """Write what makes a folder one of results, the resolved study and the list of its runs; return that list.

    Tables and figures of another study that the folder holds are removed.
    """
    folder = store.root.parent
    remove_other_tables(study, folder)
    write_resolved(study, folder / "study.yaml")
    runs = list(run_rows(study, plan, collected, store))
    write_csv(runs, [*point_columns(study), *RUN_COLUMNS], folder / "runs.csv")
    return runs


def _publish_sweep(
    study: Study,
    found: Sequence[Swept],
    stopped: Stopped,
    runs: Sequence[dict[str, Any]],
    keys: Sequence[str],
    clouds: Sequence[Path],
) -> Published:
    """Write the table of all points (CSV and text) and the headline outcomes along the first axis."""
    folder = stopped.folder
    write_csv(list(sweep_rows(study, found)), sweep_columns(study), folder / "sweep.csv")
    with (folder / "sweep.txt").open("w", encoding="utf-8") as file:
        print_sweep_report(study, found, report_console(file), stopped.lines)
    lines = sweep_lines(study, found)
    lines.to_csv(folder / "sweep_lines.csv", index=False, lineterminator="\n")
    figures = [*draw_sweep(study, lines, keys, folder / "figures"), *clouds, *stopped.figures]
    show = partial(print_sweep_report, study, found, told=stopped.lines, most=MOST_POINTS_SHOWN)
    more: dict[str, Any] = {"looks": stopped.path, "stopping": stopped.rows}
    return Published(folder, runs, folder / "sweep.csv", figures, show, **more)


def print_sweep_report(
    study: Study, found: Sequence[Swept], console: Console, told: Sequence[str] = (), most: int | None = None
) -> None:
    """Print the table of the points, at most so many, what is told below it, and the notes."""
    print_sweep(study, found, console, most)
    missing = len(study.points) - len(found)
    if missing:
        console.print(f"\n{missing} of {len(study.points)} points have no finished run of {study.baseline}.")
    console.print()
    print_hanging(told, console)
    for note in sweep_notes(study, [entry.compared for entry in found]):
        console.print(note)


def print_report(study: Study, compared: Compared, console: Console, told: Sequence[str]) -> None:
    """Print the table, what is told below it (the lottery, who gains and who loses), and the notes."""
    print_tables(compared, console)
    console.print()
    print_hanging(told, console)
    for note in notes(study, compared):
        console.print(note)


def compare(study: Study, frame: "pd.DataFrame") -> Compared:
    """Set every regime that was run against the baseline; raise ValueError when that has no run."""
    benchmarks = [scenario.id for scenario in study.compare if scenario.benchmark]
    rows = allowing_for_looks(measured_ones(compare_regimes(frame, study.baseline)), study)
    return Compared(rows, list(study.scenarios), study.baseline, benchmarks)


def point_columns(study: Study) -> list[str]:
    """Return the columns that say at which point a run was made, none where nothing is varied."""
    return ["point", *(axis.key for axis in study.axes)] if study.axes else []


def run_rows(study: Study, plan: Plan, collected: Collected, store: Store) -> Iterator[dict[str, Any]]:
    """Yield one row for each run of the study: done, failed, or not made."""
    points = {point.number: dict(point.values) for point in study.points}
    for run in plan.runs:
        row = dict.fromkeys(RUN_COLUMNS, "") | {
            "point": run.point,
            **dict.fromkeys((axis.key for axis in study.axes), ""),  # a lever may stand where each regime has it
            **points[run.point],
            "regime": run.scenario,
            "replicate": run.replicate,
            "key": run.key,
        }
        manifest = collected.manifests.get(run.key)
        failure = None if manifest else store.failure(run.key)
        if manifest:
            row |= {
                "status": "done",
                "digest": manifest["result_digest"],
                "seconds": manifest["timing"]["wall_s"],
            }
        elif failure:
            row |= {"status": "failed", "error": f"{failure['error']}: {failure['message']}"}
        else:
            row["status"] = "not made"
        yield row

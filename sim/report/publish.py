"""Write everything that a finished study has to show into its results folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from sim.analysis.paired import paired_differences
from sim.report.figures import FigureData, draw_figures
from sim.report.files import write_comparison, write_csv
from sim.report.gains import Gains, gain_lines, gains_of, write_gains
from sim.report.notes import notes
from sim.report.table import Compared, comparisons, print_tables, report_console
from sim.report.wrap import print_hanging
from sim.specification.run import Study
from sim.study.collect import Collected
from sim.study.plan import Plan
from sim.study.resolved import write_resolved
from sim.study.store import Store

if TYPE_CHECKING:
    import pandas as pd

RUN_COLUMNS = ("regime", "replicate", "key", "status", "digest", "seconds", "error")


@dataclass(frozen=True)
class Published:
    """What was written, and the comparisons; without a run of the baseline there are none.

    ``empty_figures`` names the figures for which the study had nothing to draw.
    """

    folder: Path
    runs: Sequence[dict[str, Any]]
    compared: Compared | None
    figures: Sequence[Path]
    gains: Gains
    empty_figures: Sequence[str] = ()

    @property
    def comparison(self) -> Path | None:
        """Return the path of the comparison file."""
        return self.folder / "comparison.csv" if self.compared else None


def publish(study: Study, plan: Plan, collected: Collected, store: Store) -> Published:
    """Write the resolved study, the runs, the comparison (CSV and text) and the figures beside the store."""
    folder = store.root.parent
    write_resolved(study, folder / "study.yaml")
    runs = list(_runs(plan, collected, store))
    write_csv(runs, RUN_COLUMNS, folder / "runs.csv")
    if not (collected.frame["regime"] == study.baseline).any():
        return Published(folder, runs, None, [], Gains())
    compared = compare(study, collected.frame)
    write_comparison(compared.rows, folder / "comparison.csv")
    gains = gains_of(plan, collected, store, study.baseline)
    if gains.rows:
        write_gains(gains, folder / "gains.csv")
    with (folder / "comparison.txt").open("w", encoding="utf-8") as file:
        print_report(study, compared, report_console(file), gains)
    keys = sorted({run.key for run in plan.runs if run.key in collected.manifests})
    drawn = draw_figures(FigureData(study, collected.frame, compared.rows, keys), folder / "figures")
    return Published(folder, runs, compared, drawn.paths, gains, drawn.empty)


def print_report(study: Study, compared: Compared, console: Console, gains: Gains) -> None:
    """Print the table, who gains and who loses, and the notes below them."""
    print_tables(compared, console)
    console.print()
    print_hanging(gain_lines(gains, compared.benchmarks), console)
    for note in notes(study, compared):
        console.print(note)


def compare(study: Study, frame: "pd.DataFrame") -> Compared:
    """Set every regime that was run against the baseline; raise ValueError when that has no run."""
    records = paired_differences(frame, study.baseline).to_dict("records")
    benchmarks = [scenario.id for scenario in study.compare if scenario.benchmark]
    return Compared(comparisons(records), list(study.scenarios), study.baseline, benchmarks)


def _runs(plan: Plan, collected: Collected, store: Store) -> Iterator[dict[str, Any]]:
    """Yield one row for each run of the study: done, failed, or not made."""
    for run in plan.runs:
        row = dict.fromkeys(RUN_COLUMNS, "") | {
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

"""The figures of a study: each is gathered from its rows, drawn and written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.paired import Comparison
from sim.specification.run import Study

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.sensitivity import Sensitivity
    from sim.analysis.shares import Account
    from sim.figures.output import Finished
    from sim.figures.sheet import Preset
    from sim.report.sensitivity import Output
    from sim.report.yearly import Years


SWEEP_FIGURE, CLOUD_FIGURE = "F11", "F17"
"""The figure of a study that varies something along a line, and that of one that draws its points."""


@dataclass(frozen=True)
class FigureData:
    """What figures are made from: the runs' rows with regime and replicate, the comparisons, the runs' keys."""

    study: Study
    frame: "pd.DataFrame"
    rows: Sequence[Comparison]
    run_keys: Sequence[str]


@dataclass(frozen=True)
class Drawn:
    """The files that were written, and the figures for which there was nothing to draw."""

    paths: Sequence[Path]
    empty: Sequence[str]


def draw_figures(data: FigureData, folder: Path, only: Sequence[str] = (), preset: str = "wide") -> Drawn:
    """Draw the figures named in ``only``, or all, and write them into the folder in every form.

    Raise KeyError on a figure or a preset that does not exist.
    """
    from sim.figures.output import write_figure
    from sim.figures.sheet import PRESETS
    from sim.figures.style import styled

    paths: list[Path] = []
    empty: list[str] = []
    with styled():
        for name in only or FIGURES:
            figure = FIGURES[name](data, PRESETS[preset])
            if figure is None:
                empty.append(name)
            else:
                paths += write_figure(figure, folder)
    return Drawn(paths, empty)


def draw_sweep(
    study: Study, lines: "pd.DataFrame", keys: Sequence[str], folder: Path, preset: str = "wide"
) -> list[Path]:
    """Draw how outcomes move with what the first axis varies, from the columns of ``sweep_lines``; return the files.

    Nothing is drawn of words, where a grid of several axes would put many lines into one panel, or of points that
    lie on no line.
    """
    from sim.figures.output import write_figure
    from sim.figures.sheet import PRESETS
    from sim.figures.style import styled
    from sim.figures.sweep_lines import draw
    from sim.figures.sweep_words import SweepFacts
    from sim.figures.tile_content import measured_period

    first = study.axes[0]
    lines = lines[lines["parameter"] == first.key]
    numbers = all(isinstance(value, (int, float)) for value in first.values)
    if not numbers or lines.empty or (len(study.axes) > 1 and study.design.method == "grid"):
        return []
    facts = SweepFacts(
        regimes=list(study.scenarios),
        baseline=study.baseline,
        benchmarks=[scenario.id for scenario in study.compare if scenario.benchmark],
        years=measured_period(study.horizon),
        replicates=study.replicates,
        descriptions=[(scenario.id, scenario.title) for scenario in study.compare],
        run_keys=keys,
        paired=True,
    )
    with styled():
        figure = draw(lines, facts, PRESETS[preset])
        return list(write_figure(figure, folder)) if figure else []


def draw_clouds(
    study: Study, frame: "pd.DataFrame", keys: Sequence[str], folder: Path, preset: str = "wide"
) -> list[Path]:
    """Draw what a study says that draws each point by itself; return the files, none of another study."""
    from sim.figures.cloud_plot import draw
    from sim.figures.output import write_figure
    from sim.figures.sheet import PRESETS
    from sim.figures.style import styled
    from sim.report.clouds import clouds_of

    content = clouds_of(study, frame, keys)
    if content is None:
        return []
    with styled():
        return list(write_figure(draw(content, PRESETS[preset]), folder))


def draw_convergence(
    study: Study, frame: "pd.DataFrame", keys: Sequence[str], folder: Path, preset: str = "wide"
) -> list[Path]:
    """Draw how the differences that a study asks for became known; return the files, none without such a study."""
    from sim.figures.convergence_plot import draw
    from sim.figures.output import write_figure
    from sim.figures.sheet import PRESETS
    from sim.figures.style import styled
    from sim.report.convergence import convergence

    if study.stopping is None:
        return []
    with styled():
        figure = draw(convergence(study, frame, keys), PRESETS[preset])
        return list(write_figure(figure, folder)) if figure else []


def draw_why(
    study: Study, accounts: "Sequence[Account]", sampled: bool, keys: Sequence[str], folder: Path
) -> list[Path]:
    """Draw the shares of a study's mechanisms (differences, or levels of one regime); return the files."""
    from sim.figures.output import write_figure
    from sim.figures.shares_plot import draw_shares
    from sim.figures.shares_words import SharesContent
    from sim.figures.style import styled
    from sim.figures.tile_content import measured_period

    there = {account.regime for account in accounts} | {study.baseline}
    content = SharesContent(
        accounts=accounts,
        regimes=list(study.scenarios),
        baseline=study.baseline,
        descriptions=[(scenario.id, scenario.title) for scenario in study.compare if scenario.id in there],
        years=measured_period(study.horizon),
        replicates=study.replicates,
        sampled=sampled,
        run_keys=keys,
    )
    with styled():
        return list(write_figure(draw_shares(content), folder))


def draw_years(study: Study, years: "Years", keys: Sequence[str], folder: Path, preset: str = "wide") -> list[Path]:
    """Draw single years of a study in which hands change; return the files, none where nobody was measured."""
    from sim.figures.output import write_figure
    from sim.figures.sheet import PRESETS
    from sim.figures.style import styled
    from sim.figures.years_plot import draw_years as draw
    from sim.report.yearly import years_content

    content = years_content(study, years, keys)
    if content is None:
        return []
    with styled():
        return list(write_figure(draw(content, PRESETS[preset]), folder))


def draw_tornado(study: Study, output: "Output", found: "Sensitivity", keys: Sequence[str], folder: Path) -> list[Path]:
    """Draw the sensitivity indices of one output; return the files."""
    from sim.figures.output import write_figure
    from sim.figures.style import styled
    from sim.figures.tile_content import measured_period
    from sim.figures.tornado_plot import draw_tornado as draw
    from sim.figures.tornado_words import TornadoContent

    names = (output.measure, output.service, output.regime, output.baseline)
    content = TornadoContent(*names, found, measured_period(study.horizon), keys)
    with styled():
        return list(write_figure(draw(content), folder))


def _funnels(data: FigureData, preset: "Preset") -> "Finished | None":
    from sim.figures.funnel_content import funnel_content
    from sim.figures.funnel_plot import draw_funnels

    content = funnel_content(data.study, data.frame, data.rows, data.run_keys)
    return draw_funnels(content, preset) if content else None


def _tile_map(data: FigureData, preset: "Preset") -> "Finished | None":
    from sim.figures.tile_content import of_patients, tile_map_content
    from sim.figures.tile_grid import load_tile_grid
    from sim.figures.tile_map import draw_tile_map

    # The tiles count the people whose spread the title is about.
    content = tile_map_content(data.study, data.frame, data.rows, data.run_keys, of_patients())
    return draw_tile_map(content, load_tile_grid(), preset) if content else None


def _plane(data: FigureData, preset: "Preset") -> "Finished | None":
    from sim.figures.plane_content import plane_content
    from sim.figures.plane_plot import draw_plane

    content = plane_content(data.study, data.frame, data.rows, data.run_keys)
    return draw_plane(content, preset) if content else None


def _losses(data: FigureData, preset: "Preset") -> "Finished | None":
    from sim.figures.losses_content import losses_content
    from sim.figures.losses_table import draw_losses

    content = losses_content(data.study, data.frame, data.rows, data.run_keys)
    return draw_losses(content, preset) if content else None


FIGURES: dict[str, Callable[[FigureData, "Preset"], "Finished | None"]] = {
    "F1": _funnels,
    "F3": _tile_map,
    "F4": _plane,
    "F12": _losses,
}
"""Every figure of a study, in the order of a paper."""

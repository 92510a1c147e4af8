"""What holds for every figure of a study: nothing collides, nothing invented, the same bytes, and grey is enough."""

import csv
import json
import math
from itertools import combinations
from pathlib import Path

import pytest

from sim.figures.identity import IDENTITIES, identities
from sim.figures.output import write_figure
from sim.figures.overlap import layout_problems
from sim.figures.style import contrast, styled
from sim.report.figures import FIGURES, draw_figures
from tests.figures.studies import FONT, NAMES, data_of, drawn, frame_of, without

ALL = list(FIGURES)


@pytest.mark.parametrize("preset", ["wide", "slide"])
@pytest.mark.parametrize(
    ("names", "replicates"),
    [(NAMES[:2], 1), (NAMES[:3], 2), ((*NAMES[:3], NAMES[5]), 6), (NAMES, 4)],
    ids=["two, once", "three, twice", "four", "six"],
)
def test_no_text_overlaps_or_leaves_the_page(names: tuple[str, ...], replicates: int, preset: str) -> None:
    data = data_of(names, replicates)
    for name in ALL:
        with styled(FONT):
            figure = drawn(name, data, preset).page.figure
            assert layout_problems(figure) == [], name


@pytest.mark.parametrize("name", ALL)
def test_every_figure_names_its_source_replicates_and_what_the_interval_holds(name: str) -> None:
    many, one = drawn(name, data_of()).words.note, drawn(name, data_of(replicates=1)).words.note

    assert "Simulated, not observed" in many
    assert "5 replicates; 95 % intervals over replicates hold the luck" in many
    assert "1 replicate, so there are no intervals" in one


@pytest.mark.parametrize("name", ALL)
def test_the_same_data_gives_the_same_bytes_in_every_form(name: str, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        with styled(FONT):
            write_figure(drawn(name, data_of()), tmp_path / folder)

    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == sorted(f"{name}.{ending}" for ending in ("svg", "pdf", "png", "csv", "alt.txt", "json"))
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


@pytest.mark.parametrize("name", ALL)
def test_the_numbers_and_words_are_written_beside_the_drawing(name: str, tmp_path: Path) -> None:
    with styled(FONT):
        write_figure(drawn(name, data_of()), tmp_path)

    rows = list(csv.DictReader((tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
    described = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    assert {row["regime"] for row in rows} <= set(NAMES[:3])
    assert len(rows) > 5
    assert described["title"] in (tmp_path / f"{name}.alt.txt").read_text(encoding="utf-8")
    assert "nan" not in described["note"] + described["title"] + (tmp_path / f"{name}.alt.txt").read_text()


def test_where_nothing_was_measured_there_is_nothing_to_draw_and_no_failure(tmp_path: Path) -> None:
    frame = frame_of(NAMES[:2], 2)
    only_queues = frame[frame["measure"] == "waiting_at_end"]

    written = draw_figures(data_of(NAMES[:2], frame=only_queues), tmp_path)

    assert list(written.empty) == ALL
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["tau_icb", "cost_total_gbp", "reason_from_diagnosis_died", "standardised_access"])
def test_one_missing_measure_takes_no_other_figure_with_it(missing: str) -> None:
    data = data_of(NAMES[:2], frame=without(frame_of(NAMES[:2], 3), missing))
    lost = {"tau_icb": {"F4"}, "cost_total_gbp": {"F4"}, "standardised_access": {"F1"}}.get(missing, {"F12"})

    assert {name for name in ALL if drawn(name, data) is None} == lost


def test_regimes_look_unlike_without_colour() -> None:
    for one, other in combinations(IDENTITIES, 2):
        assert one.marker != other.marker
        assert one.line != other.line
        assert one.colour != other.colour


@pytest.mark.parametrize("look", IDENTITIES)
def test_marks_and_names_can_be_seen_on_white(look: object) -> None:
    assert contrast(look.colour, "#FFFFFF") >= 2.99  # type: ignore[attr-defined]
    assert contrast(look.ink, "#FFFFFF") >= 4.5  # type: ignore[attr-defined]


def test_a_regime_looks_as_its_place_in_the_study_says_whatever_its_name() -> None:
    assert [*identities(["b", "a"]).values()] == [*identities(["x", "y"]).values()]
    assert math.isclose(len(identities([str(n) for n in range(9)])), 9)


@pytest.mark.parametrize("name", ["F9", ""])
def test_an_unknown_figure_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        draw_figures(data_of(NAMES[:2], 1), tmp_path, [name])

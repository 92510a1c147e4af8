"""The table of targets shows what was kept, and nothing that was not measured."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.model import measures_over_run, over
from benchmarks.record import PAGE, keep, kept_value
from benchmarks.shared import REGIMES, TOGETHER, share
from benchmarks.targets import TARGETS, Target, tabulate


def test_what_was_kept_is_shown_and_the_rest_is_not(tmp_path: Path) -> None:
    keep("starting", {"help_s": 0.2, "warm_s": 3.0}, 5, tmp_path)

    rows = {row[0]: row[1:4] for row in tabulate(tmp_path).rows}

    assert rows["sim --help"] == ("≤ 0.3 s", "0.2 s", "yes")
    assert rows["warm start of a run"] == ("≤ 2.5 s", "3 s", "no")
    assert rows["compiling everything once"] == ("≤ 45 s", "not measured", "")


def test_a_later_measurement_replaces_only_its_own_figures(tmp_path: Path) -> None:
    keep("workload", {"one": 1.23456, "two": 2.0}, 5, tmp_path)
    keep("workload", {"two": 3.0}, 1, tmp_path)

    assert kept_value("workload", "one", tmp_path) == 1.235
    assert kept_value("workload", "two", tmp_path) == 3.0
    assert kept_value("workload", "three", tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["workload.json"]


@pytest.mark.parametrize(
    ("sense", "value", "met"), [("≥", 150.0, True), ("≥", 149.9, False), ("≤", 150.0, True), ("≤", 150.1, False)]
)
def test_a_bound_itself_still_meets_the_target(sense: str, value: float, met: bool) -> None:
    assert Target("speed", sense, 150, "×", "workload", "speed").met_by(value) is met


def test_every_target_is_measured_by_a_benchmark_of_this_repository() -> None:
    assert all(find_spec(f"benchmarks.{target.benchmark}") for target in TARGETS)
    assert len({(target.benchmark, target.figure) for target in TARGETS}) == len(TARGETS)


def test_the_page_shows_the_figures_that_are_kept() -> None:
    text = PAGE.read_text(encoding="utf-8")

    for name in ("targets", "workload", "starts", "model", "shared"):
        assert text.count(f"<!-- {name} -->") == text.count(f"<!-- end of {name} -->") == 1
    assert tabulate().markdown() in text


def test_the_shares_are_what_they_are_called() -> None:
    run = {
        "cpu": {"world": 1.0, "population": 1.0, "set-up": 1.0, "simulation": 5.0, "summary": 1.0, "table": 1.0},
        "events": {"diagnosed": 6, "died": 4},
    }

    assert measures_over_run(run) == 0.25
    assert over((run, {"cpu_s": 3.0, "events": 10})) == pytest.approx(2.0)
    assert share({**dict.fromkeys(REGIMES, 1.0), TOGETHER: 2.4}) == pytest.approx(0.8)

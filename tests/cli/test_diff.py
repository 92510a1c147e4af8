from pathlib import Path

from sim.report.table import PAGE_WIDTH
from sim.specification.parameters import ParameterSet
from sim.specification.switches import mechanisms
from tests.cli.command import sim
from tests.specification.written import regime, scenario, write


def test_two_regimes_are_set_against_each_other_in_words() -> None:
    ended = sim("diff", "national_2013", "scg_2006")

    words = " ".join(ended.out.split())
    assert (ended.code, ended.err) == (0, "")
    assert "budget (whose money pays)" in ended.out
    assert "national_2013  the national body" in ended.out
    assert "primary care trusts (2006), pooled and spent by 10 strategic health authorities (2006)" in words
    assert "Highly specialised services: the same holders in both" in ended.out
    assert "specification_binding_share: 0.9 in national_2013, 1.0 in scg_2006" in ended.out


def test_levers_that_are_alike_are_said_to_be() -> None:
    assert "Levers: the same in both" in sim("diff", "national_2022", "ics_2022").out


def test_levers_that_differ_are_told_with_both_values(tmp_path: Path) -> None:
    open_fence = write(tmp_path / "open.yaml", regime(id="open", levers={"ring_fence": False}))

    ended = sim("diff", write(tmp_path / "shut.yaml", regime(id="shut", levers={"ring_fence": True})), open_fence)

    assert "ring_fence: true in shut, false in open" in ended.out


def test_of_a_benchmark_the_mechanisms_are_named() -> None:
    ended = sim("diff", "national_2013", "equal_access")

    assert "equal_access is a benchmark" in ended.out
    assert [switch.key for switch in mechanisms(ParameterSet()) if f"({switch.key})" not in ended.out] == []


def test_of_two_benchmarks_it_is_said_which_one_keeps_distance() -> None:
    between = " ".join(sim("diff", "equal_access", "equal_access_travel").out.split())
    switched_off = sim("diff", "national_2022", "equal_access_travel").out

    assert "equal_access_travel leaves distance (referral.travel_enabled) as a study has it" in between
    assert "(referral.travel_enabled)" not in switched_off
    assert "(budget.cap_enabled)" in switched_off


def test_a_regime_and_its_renamed_copy_do_not_differ(tmp_path: Path) -> None:
    one, other = (
        write(tmp_path / "a.yaml", regime()),
        write(tmp_path / "b.yaml", regime(id="copy", title="Copy")),
    )

    assert "Nothing that acts differs." in sim("diff", one, other).out


def test_scenarios_are_compared_over_time(tmp_path: Path) -> None:
    ended = sim("diff", "national_2013", write(tmp_path / "branch.yaml", scenario()))

    assert "From 2016-04: national_2013 against scg_2006" in ended.out
    assert "national_2013 against national_2013" not in ended.out  # nothing differs before


def test_a_stretch_of_time_is_told_once_and_with_its_end() -> None:
    ended = sim("diff", "national_2013", "scg_to_national")

    assert "At first, until 2013-04: national_2013 against scg_2006" in ended.out
    assert ended.out.count(" against ") == 1


def test_without_a_title_only_the_name_is_told(tmp_path: Path) -> None:
    untitled = write(tmp_path / "own.yaml", regime(title=""))

    assert sim("diff", untitled, "scg_2006").out.startswith("mine\nscg_2006: Ten regional")


def test_the_difference_stands_in_json() -> None:
    [period] = sim("diff", "national_2013", "scg_2006", "--json").json["periods"]

    budget = next(entry for entry in period["holders"] if entry["function"] == "budget")
    assert budget["second"] == {"holder": "pct_2006_ods", "pooled_at": "sha_2006"}
    assert period["levers"] == [{"lever": "specification_binding_share", "first": 0.9, "second": 1.0}]
    assert (period["benchmark"], period["mechanisms_off"]) == ("", [])


def test_an_unknown_name_is_refused_with_a_near_one() -> None:
    ended = sim("diff", "national_2013", "scg_2007")

    assert ended.code == 3
    assert "did you mean `scg_2006`?" in ended.err


def test_a_study_is_neither_regime_nor_scenario() -> None:
    ended = sim("diff", "demo", "scg_2006", "--json")

    assert ended.code == 3
    assert ended.json["problems"][0]["message"].startswith("wants sim/regime/1 or sim/scenario/1")
    assert ended.json["problems"][0]["hint"] == "name another file"


def test_a_long_line_goes_on_below_its_words_and_no_line_is_wider_than_the_page(tmp_path: Path) -> None:
    lines = sim("diff", "ics_2022", "ics_actual_2024").out.splitlines()

    assert max(map(len, lines)) <= PAGE_WIDTH
    place = next(index for index, line in enumerate(lines) if line.startswith("    ics_actual_2024"))
    assert lines[place].index("the integrated care boards (2022) in East") == 21
    assert lines[place + 1].startswith(" " * 21 + lines[place + 1].strip()[:5])


def test_boards_that_act_as_one_are_named_and_said_to_be_one_body(tmp_path: Path) -> None:
    cell = {
        "holder": "icb_2022",
        "where": {"icb_2022": ["E54000008", "E54000048"]},
        "as_one": True,
        "elsewhere": "icb_2022",
    }
    content = {"schema": "sim/regime/1", "id": "two", "extends": "ics_2022"}
    two = write(tmp_path / "two.yaml", content | {"matrix": {"specialised_delegable": {"budget": cell}}})

    words = " ".join(sim("diff", "ics_2022", two).out.split())

    assert (
        "NHS Cheshire and Merseyside Integrated Care Board and NHS Lancashire and South Cumbria Integrated Care Board, "
        "together as one body; elsewhere the integrated care boards (2022), each by itself"
    ) in words

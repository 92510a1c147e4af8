import json
from pathlib import Path
from typing import Any

import pytest

from sim.cli.explain import PAGES
from sim.cli.topics import TOPICS
from sim.governance.matrix import GROUPS
from sim.settings.schema import fields
from sim.specification.catalogue import KINDS, shipped
from sim.specification.checks import SCHEMAS
from sim.specification.parameters import ParameterSet
from sim.specification.switches import declared, mechanisms
from tests.cli.command import sim
from tests.specification.written import write


def test_without_a_topic_all_topics_are_listed() -> None:
    ended = sim("explain")

    assert ended.code == 0
    assert [topic for topic in TOPICS if f"sim explain {topic}" not in ended.out] == []


def test_help_names_every_topic_and_every_topic_has_a_page() -> None:
    words = " ".join(sim("explain", "--help").out.split())

    assert list(PAGES) == list(TOPICS)
    assert [topic for topic in (*TOPICS, "schema") if f"{topic}," not in words and f"{topic}." not in words] == []


OTHERS = ("referral", "horizon", "matrix", "pnh", "icb_2022", "history_1983_2025", "branch_2024")


@pytest.mark.parametrize("topic", [*TOPICS, *shipped("regime"), *OTHERS])
@pytest.mark.parametrize("form", [(), ("--markdown",), ("--json",)])
def test_every_topic_is_explained_in_every_form(topic: str, form: tuple[str, ...]) -> None:
    ended = sim("explain", topic, *form)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out


def test_a_level_lists_its_units_and_a_scenario_its_regimes() -> None:
    assert "E54000008  NHS Cheshire and Merseyside" in sim("explain", "icb_2022").out
    assert "2013-04  national_2013" in sim("explain", "history_1983_2025").out


def test_a_parameter_is_explained_with_all_that_stands_behind_it() -> None:
    page = sim("explain", "referral.travel_weight_per_hour", "--json").json

    extra = ParameterSet.model_fields["referral"].annotation.model_fields["travel_weight_per_hour"]
    assert page["value"] == str(extra.default)
    assert page["unit"] == "log odds per hour"
    assert set(page) >= {"title", "description", "plausible range", "allowed", "source", "grade"}


def test_the_share_of_disputes_says_of_what_it_is_a_share_and_what_follows() -> None:
    text = sim("explain", "co_commissioning.dispute_share", "--json").json["description"]

    assert "of the matters that the two settle, the share that one of them blocks" in text
    assert "not funded until its next review" in text
    assert "a shared purse in one month, which then starts nobody new" in text


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("levers.year_end", "carry, bail_out"),
        ("year_end", "carry, bail_out"),
        ("horizon.years", "1 to 60"),
    ],
)
def test_levers_study_keys_and_bare_names_are_explained(key: str, words: str) -> None:
    assert words in sim("explain", key).out


@pytest.mark.parametrize("group", list(ParameterSet.model_fields))
def test_a_group_lists_its_parameters(group: str) -> None:
    rows = sim("explain", group, "--json").json["rows"]

    inside = {entry.key for entry in declared(ParameterSet()) if entry.key.startswith(f"{group}.")}
    assert inside <= {row["key"] for row in rows}


def test_every_parameter_is_listed() -> None:
    rows = sim("explain", "parameters", "--json").json["rows"]

    assert [row["key"] for row in rows] == [entry.key for entry in declared(ParameterSet())]
    assert [row["key"] for row in rows if not row["description"]] == []


def test_every_switch_is_listed() -> None:
    rows = sim("explain", "mechanisms", "--json").json["rows"]

    assert [row["switch"] for row in rows] == [entry.key for entry in mechanisms(ParameterSet())]


def test_markdown_is_a_table() -> None:
    lines = sim("explain", "parameters", "--markdown").out.splitlines()

    table = [line for line in lines if line.startswith("| ")]
    assert table[1].startswith("| --- | --- |")
    assert {line.replace("\\|", "").count("|") for line in table} == {table[0].count("|")}


def test_a_regime_shows_who_holds_what_and_why() -> None:
    ended = sim("explain", "scg_2006")

    assert "strategic health authorities" in ended.out
    assert "cannot represent" in ended.out
    assert "levers.ring_fence" in ended.out


def extending(folder: Path, name: str, base: str, **changes: Any) -> str:
    return write(folder / f"{name}.yaml", {"schema": "sim/regime/1", "id": name, "extends": base} | changes)


def reasons_of(name: str) -> dict[tuple[str, str], tuple[str, str, str]]:
    rows = sim("explain", name, "--json").json["rows"]
    return {(row["applies to"], row["what"]): (row["grade"], row["reason"], row["reason given in"]) for row in rows}


def test_a_regime_that_extends_another_shows_the_reasons_that_it_inherits(tmp_path: Path) -> None:
    own = reasons_of("ics_2022")
    found = reasons_of(extending(tmp_path, "child", "ics_2022"))

    assert {subject: (grade, text) for subject, (grade, text, _) in found.items()} == {
        subject: (grade, text) for subject, (grade, text, _) in own.items()
    }
    assert {file for _, _, file in found.values()} == {"ics_2022.yaml"}
    assert {file for _, _, file in own.values()} == {""}


def test_a_value_that_is_set_anew_does_not_keep_the_reason_of_the_old_one(tmp_path: Path) -> None:
    matrix = {"specialised_delegable": {"budget": "nhs_region_2022"}, "highly_specialised": {"cases": "icb_2022"}}
    reasons = {"levers.year_end": {"grade": "official", "reason": "the law"}}
    middle = extending(tmp_path, "middle", "ics_2022", matrix=matrix, levers={"year_end": "bail_out"}, reasons=reasons)
    found = reasons_of(extending(tmp_path, "child", middle, levers={"ring_fence": False}))

    assert found["specialised services (delegable)", "budget"] == ("", "", "")
    assert found["highly specialised services", "cases"] == ("", "", "")
    assert found["highly specialised services", "policy"][::2] == ("published", "ics_2022.yaml")
    assert found["specialised services (delegable)", "cases"][::2] == ("assumption", "ics_2022.yaml")
    assert found["levers", "year_end"] == ("official", "the law", middle)
    assert found["levers", "ring_fence"] == ("", "", "")
    assert found["levers", "risk_share"][::2] == ("assumption", "ics_2022.yaml")


def test_inherited_reasons_stand_on_a_terminal_with_their_file(tmp_path: Path) -> None:
    text = " ".join(sim("explain", extending(tmp_path, "child", "ics_2022")).out.split())

    assert "budget, contracting: 42 integrated care boards (2022) (published, from ics_2022.yaml)" in text
    assert "levers.allocation (published, from ics_2022.yaml): Boards were to move towards" in text


def test_every_source_and_every_limit_of_a_regime_stands_in_json() -> None:
    page = sim("explain", "ics_2022", "--json").json

    assert [len(page[name]) for name in ("source", "cannot represent")] == [2, 2]


def test_an_inherited_reason_without_a_grade_is_refused_where_it_stands(tmp_path: Path) -> None:
    base = extending(tmp_path, "base", "ics_2022", reasons={"levers.year_end": {"reason": "none"}})

    ended = sim("explain", extending(tmp_path, "child", base))

    assert ended.code == 3
    assert "base.yaml" in ended.err
    assert "grade: is missing" in ended.err


def test_a_study_is_explained_with_its_years_its_baseline_and_what_it_varies() -> None:
    page = sim("explain", "sweep_travel", "--json").json

    assert page["baseline"] == "national_2013"
    assert page["years"] == "simulated 2013-04 to 2015-03, measured 2014-04 to 2015-03 (1 year)"
    assert page["varies"] == ["referral.travel_weight_per_hour: 1, 3, 5", "levers.year_end: carry, bail_out"]
    assert set(page["rows"][0]) == {"compares", "title"}


def test_every_regime_is_listed_with_its_matrix_one_line_a_group() -> None:
    rows = sim("explain", "regimes", "--json").json["rows"]

    groups = {name: [row["services"] for row in rows if row["regime"] == name] for name in shipped("regime")}
    assert [name for name, found in groups.items() if found[: len(GROUPS)] != list(GROUPS)] == []
    assert [row for row in rows if not (row["title"] and row["dates"])] == []
    pooled = next(row for row in rows if (row["regime"], row["services"]) == ("ics_joint_2025", GROUPS[2]))
    assert (pooled["policy"], pooled["budget"]) == ("nation", "icb_2022 (pooled_at: joint_committee_2023)")


def test_every_regime_is_named_on_a_terminal_too() -> None:
    words = " ".join(sim("explain", "regimes").out.split())

    assert "One national commissioner that contracts through ten regional hubs; April 2013 to June 2022" in words


NARROW = 80
IN_MARKDOWN = ("odd", "dictionary")


@pytest.mark.parametrize("topic", ["", *(topic for topic in TOPICS if topic not in IN_MARKDOWN), *OTHERS])
def test_no_line_is_wider_than_a_narrow_terminal_and_no_word_is_cut(
    topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(NARROW))

    text = sim("explain", topic).out

    assert [line for line in text.splitlines() if len(line) > NARROW or "…" in line] == []


def test_on_a_narrow_terminal_a_regime_is_a_block_whose_lines_hang_below_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(NARROW))

    text = sim("explain", "regimes").out

    block = text.split("\n\n")[list(shipped("regime")).index("ics_joint_2025")].splitlines()
    assert block[0] == "ics_joint_2025"
    assert "  highly_specialised: all by nation" in block
    assert "    joint_committee_2023); contracting by joint_committee_2023" in block
    assert [line for line in block[1:] if not line.startswith("  ")] == []


def test_a_table_that_cannot_be_narrower_becomes_a_block_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(NARROW))
    narrow = sim("explain", "levers").out
    monkeypatch.setenv("COLUMNS", str(2 * NARROW))
    wide = sim("explain", "levers").out

    assert "levers.allocation\n  value: weighted_capitation; grade: assumption\n" in narrow
    assert "levers.allocation                     weighted_capitation" in wide


def test_what_stands_in_a_cell_of_a_matrix_is_explained() -> None:
    assert "The level at which the money is pooled" in " ".join(sim("explain", "pooled_at").out.split())
    assert "Who plans, contracts and pays" in sim("explain", "contracting").out
    assert "matrix.GROUP.budget.elsewhere" in sim("explain", "matrix").out
    assert "None" not in sim("explain", "partner").out


def test_a_service_is_explained_with_its_group_and_its_technologies() -> None:
    page = sim("explain", "ahus", "--json").json

    assert page["group"] == "highly_specialised"
    assert [row["technology"] for row in page["rows"]] == ["ahus_eculizumab"]
    assert sim("explain", "burn_care").code == 0


def test_the_technologies_say_which_of_them_a_run_knows_and_what_is_not_on_record() -> None:
    rows = {row["technology"]: row for row in sim("explain", "technologies", "--json").json["rows"]}
    text = " ".join(sim("explain", "technologies").out.split())

    assert (rows["ahus_eculizumab"]["first"], rows["ahus_eculizumab"]["service"]) == ("yes", "ahus")
    assert rows["tavi"]["first"] == "no"
    assert rows["ahus_eculizumab"]["£ per QALY"] == "not on record"
    assert "first: whether it is the first treatment of its service" in text
    assert "All others are listed for the record and change nothing in a run." in text


def test_every_scenario_is_listed_with_its_timeline() -> None:
    rows = sim("explain", "scenarios", "--json").json["rows"]

    assert [row["scenario"] for row in rows] == list(shipped("scenario"))
    assert "scg_2006 from 2006-04, then national_2013 from 2013-04" in {row["timeline"] for row in rows}


def test_the_protocol_is_printed_with_what_the_code_declares() -> None:
    text = sim("explain", "odd").out

    assert "## 7. Submodels" in text
    assert [entry.key for entry in declared(ParameterSet()) if f"| `{entry.key}` |" not in text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_a_kind_is_json_schema_for_editors(kind: str) -> None:
    schema = sim("explain", "schema", kind).json

    assert set(fields(SCHEMAS[f"sim/{kind}/1"])) | {"extends"} == set(schema["properties"])
    assert schema["additionalProperties"] is False
    bare = [key for key, content in schema["properties"].items() if "description" not in content]
    assert bare == []


def test_the_schema_of_a_regime_knows_the_levels() -> None:
    schema = sim("explain", "schema", "regime").json

    text = json.dumps(schema["$defs"]["HolderFile"])
    assert '"icb_2022"' in text
    assert "anyOf" in json.dumps(schema["$defs"]["RowFile"]["properties"]["policy"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("referral.travel_wieght_per_hour",), "did you mean `referral.travel_weight_per_hour`?"),
        (("regmes",), "did you mean `regimes`?"),
        (("travel_w",), "did you mean one of `capacity.travel_weight_per_hour`, `referral.travel_weight_per_hour`?"),
        (("icb",), "did you mean one of `icb_2022`, `icb_2026`, `sub_icb_2022`?"),
        (("branch_2041",), "did you mean `branch_20"),
        (("xyzzy",), "`sim explain` lists what there is"),
        (("schema",), "schema wants one of regime, scenario, study"),
        (("schema", "studdy"), "did you mean `study`?"),
        (("regimes", "study"), "only `schema` takes a kind of file"),
    ],
)
def test_what_does_not_exist_is_a_usage_error(arguments: tuple[str, ...], words: str) -> None:
    ended = sim("explain", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


def test_a_usage_error_stands_in_json_too() -> None:
    ended = sim("explain", "regmes", "--json")

    assert (ended.code, ended.json["ok"], ended.json["exit_code"]) == (2, False, 2)

from pathlib import Path

import pytest

from sim.governance.levers import Levers
from sim.governance.matrix import FUNCTIONS, GROUPS, Cell
from sim.settings.problem import Problem
from sim.settings.schema import fields, models_in
from sim.specification.cells import MatrixFile, RowFile
from sim.specification.files import RegimeFile
from sim.specification.load import load_reasons, load_regime, load_regime_file
from sim.specification.parameters import ParameterSet
from tests.specification.written import CELLS, problems_of, regime, write

LISTED = {"matrix.listed[1].budget": {"grade": "assumption", "reason": "none"}}


def test_the_file_has_the_functions_and_groups_of_the_matrix() -> None:
    assert tuple(fields(RowFile)) == FUNCTIONS
    assert tuple(fields(MatrixFile)) == (*GROUPS, "listed")


def test_a_cell_is_a_level_or_money_pooled_elsewhere(tmp_path: Path) -> None:
    loaded = load_regime(write(tmp_path / "mine.yaml", regime()))

    assert loaded.matrix["highly_specialised"]["budget"] == Cell("nation")
    assert loaded.matrix["specialised_delegable"]["budget"] == Cell("pct_2006_ods", "sha_2006")


def test_listed_services_have_their_own_row(tmp_path: Path) -> None:
    loaded = load_regime(write(tmp_path / "mine.yaml", regime()))

    assert loaded.cell("renal_dialysis", "specialised_delegable", "budget") == Cell("ccg_2013")
    assert loaded.cell("chemotherapy", "specialised_delegable", "budget").holder == "pct_2006_ods"


def test_a_cell_may_be_shared_and_may_hold_in_some_places_only(tmp_path: Path) -> None:
    row = load_regime(write(tmp_path / "mine.yaml", regime())).matrix["specialised_retained"]

    assert row["contracting"] == Cell("spec_hub_2013", partner="ccg_2013", lead="none")
    assert row["cases"] == Cell(
        "icb_2022",
        where=(("icb_2022", ("E54000032",)), ("nhs_region_2022", ("E40000007", "E40000011"))),
        elsewhere=Cell("nation", partner="nhs_region_2022", lead="partner"),
    )


def test_units_of_some_places_may_act_as_one(tmp_path: Path) -> None:
    cell = {"holder": "icb_2022", "where": {"icb_2022": ["E54000032", "E54000008"]}, "elsewhere": "icb_2022"}
    matrix = regime()["matrix"]
    matrix["specialised_retained"] = {**matrix["specialised_retained"], "cases": {**cell, "as_one": True}}

    row = load_regime(write(tmp_path / "mine.yaml", regime(matrix=matrix))).matrix["specialised_retained"]

    assert row["cases"].as_one
    assert not row["cases"].elsewhere.as_one


def test_several_lists_of_services_have_rows_of_their_own(tmp_path: Path) -> None:
    matrix = regime()["matrix"]
    rows = [{**CELLS, "services": ["renal_dialysis"], "budget": "ccg_2013"}, {**CELLS, "services": ["pnh"]}]

    loaded = load_regime(write(tmp_path / "mine.yaml", regime(matrix={**matrix, "listed": rows}, reasons=LISTED)))

    assert loaded.cell("renal_dialysis", "specialised_delegable", "budget") == Cell("ccg_2013")
    assert loaded.cell("pnh", "highly_specialised", "contracting") == Cell("spec_hub_2013")
    assert loaded.cell("chemotherapy", "specialised_delegable", "budget").holder == "pct_2006_ods"


WRONG = [
    ({"holder": "nation", "lead": "none"}, "policy", "names a lead but no partner", "add `partner: LEVEL`"),
    ({"holder": "nation", "partner": "nation"}, "policy", "is shared by nation with itself", "name another level"),
    ({"holder": "icb_2022", "where": {"icb_2022": ["E54000032"]}}, "policy", "holds in some places", "add `elsewhere"),
    ({"holder": "icb_2022", "elsewhere": "nation"}, "policy", "says who holds elsewhere but not where", "add `where"),
    (
        {"holder": "icb_2022", "where": {"icb_2022": ["E54000032"]}, "elsewhere": "icb_2022"},
        "policy",
        "holds alike in and outside",
        "add `as_one: true`",
    ),
    ({"holder": "icb_2022", "as_one": True}, "policy", "acts as one but does not say where", "add `where"),
    ({"holder": "nation", "partner": "icb_2023"}, "policy.partner", "wants a level", "did you mean `icb_2022`?"),
    (
        {"holder": "nation", "partner": "icb_2022", "lead": "both"},
        "policy.lead",
        "wants one of holder, partner, none",
        "",
    ),
    (
        {"holder": "icb_2022", "where": {"nhs_region_2022": ["London", "Midland"]}, "elsewhere": "nation"},
        "policy.where.nhs_region_2022[1]",
        "`Midland` is no unit of nhs_region_2022",
        "did you mean `Midlands`?",
    ),
    (
        {"holder": "icb_2022", "where": {"nhs_regoin_2022": ["London"]}, "elsewhere": "nation"},
        "policy.where.nhs_regoin_2022",
        "wants a level",
        "did you mean `nhs_region_2022`?",
    ),
    (
        {"holder": "icb_2022", "where": {"icb_2022": ["E54000032"]}, "elsewhere": {"holder": "x", "where": {}}},
        "policy.elsewhere.holder",
        "wants a level",
        "levels: ",
    ),
]
"""A cell, the key of its first problem, and how the message and the hint begin."""


@pytest.mark.parametrize(("cell", "key", "message", "hint"), WRONG)
def test_a_cell_that_does_not_fit_is_refused_where_it_stands(
    tmp_path: Path, cell: dict[str, object], key: str, message: str, hint: str
) -> None:
    matrix = regime()["matrix"]
    matrix["highly_specialised"]["policy"] = cell

    problem = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(matrix=matrix))))[0]

    assert problem.key == f"matrix.highly_specialised.{key}"
    assert (problem.message[: len(message)], problem.hint[: len(hint)]) == (message, hint)
    assert problem.span.text.strip()


BATH = "NHS Bath and North East Somerset, Swindon and Wiltshire Integrated Care Board"
KENT = "NHS Kent and Medway Integrated Care Board"


def problems_with(units: str, tmp_path: Path) -> list[Problem]:
    path = tmp_path / "torn.yaml"
    cell = f"{{holder: icb_2022, where: {{icb_2022: [{units}]}}, elsewhere: nation}}"
    path.write_text(
        f"schema: sim/regime/1\nid: torn\nextends: ics_2022\nmatrix:\n  specialised_delegable:\n    budget: {cell}\n"
    )
    return problems_of(lambda: load_regime(str(path)))


@pytest.mark.parametrize(
    ("units", "index"),
    [
        (BATH, 0),
        (f"{KENT}, {BATH}", 1),
        (f"{BATH}, {KENT}", 0),
        ("Bath and North East Somerset, Swindon and Wiltshire", 0),
    ],
)
def test_a_name_torn_at_its_comma_is_one_problem_and_is_to_be_quoted(units: str, index: int, tmp_path: Path) -> None:
    [problem] = problems_with(units, tmp_path)

    assert problem.key == f"matrix.specialised_delegable.budget.where.icb_2022[{index}]"
    assert problem.hint == (
        f'a comma ends a name here; put it in quotation marks: "{BATH}", or write the code E54000040'
    )


def test_two_wrong_names_are_not_taken_for_one_torn_name(tmp_path: Path) -> None:
    first, second = problems_with("NHS Kent and Medwey, NHS Devon", tmp_path)

    assert first.hint == f"did you mean `{KENT}`?  (`sim explain icb_2022` lists them by code and name)"
    assert second.hint.startswith("did you mean `NHS Devon Integrated Care Board`?")


def test_a_service_stands_in_one_list_only(tmp_path: Path) -> None:
    rows = [{**CELLS, "services": ["renal_dialysis", "pnh"]}, {**CELLS, "services": ["chemotherapy", "pnh"]}]
    matrix = {**regime()["matrix"], "listed": rows}

    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(matrix=matrix))))

    assert (problem.key, problem.message) == ("matrix.listed[1].services[1]", "`pnh` is in matrix.listed[0] as well")
    assert problem.span.text[problem.column - 1 :] == "pnh]"


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ({**CELLS, "services": ["pnhh"]}, "matrix.listed.services[0]"),
        ([{**CELLS, "services": ["pnh"], "budget": "icb"}], "matrix.listed[0].budget.holder"),
        ("pnh", "matrix.listed"),
        ([], "matrix.listed"),
    ],
)
def test_what_is_wrong_in_a_list_is_told_as_it_was_written(tmp_path: Path, rows: object, key: str) -> None:
    matrix = {**regime()["matrix"], "listed": rows}

    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(matrix=matrix))))

    assert problem.key == key
    assert problem.hint or problem.message


def test_a_key_of_a_cell_that_stands_in_a_row_is_sent_there(tmp_path: Path) -> None:
    matrix = regime()["matrix"]
    matrix["highly_specialised"]["partner"] = "icb_2022"

    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(matrix=matrix))))

    assert problem.hint.startswith("it belongs inside a cell: ")


def test_levers_are_read_and_have_defaults(tmp_path: Path) -> None:
    some = write(tmp_path / "a.yaml", regime(levers={"year_end": "bail_out"}))
    none = write(tmp_path / "b.yaml", {k: v for k, v in regime().items() if k != "levers"})

    assert load_regime(some).levers == Levers(year_end="bail_out")
    assert load_regime(none).levers == Levers()


def test_an_unknown_level_is_refused_with_a_near_one(tmp_path: Path) -> None:
    matrix = regime()["matrix"]
    matrix["highly_specialised"]["policy"] = "icb_2023"

    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(matrix=matrix))))

    assert problem.message == 'wants a level, got "icb_2023"'
    assert "did you mean `icb_2022`?" in problem.hint
    assert problem.span.text[problem.column - 1 :].startswith("icb_2023")


def test_only_a_budget_is_pooled(tmp_path: Path) -> None:
    matrix = regime()["matrix"]
    matrix["highly_specialised"]["policy"] = {"holder": "nation", "pooled_at": "nation"}

    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(matrix=matrix))))

    assert (problem.message, problem.hint[:25]) == ("unknown key", "only a budget is pooled: ")


def test_a_group_without_a_row_is_missing(tmp_path: Path) -> None:
    [problem] = problems_of(
        lambda: load_regime(
            write(
                tmp_path / "mine.yaml",
                regime(matrix={"highly_specialised": CELLS} | {"specialised_retained": CELLS}),
            )
        )
    )

    assert (problem.key, problem.message) == ("matrix.specialised_delegable", "is missing")


PARAMETER_KEYS = [
    key
    for group, info in fields(ParameterSet).items()
    for m in models_in(info.annotation)
    for key in (group, *fields(m))
]


@pytest.mark.parametrize("key", ["parameters", *PARAMETER_KEYS])
@pytest.mark.parametrize("part", ["", "levers", "matrix"])
def test_a_regime_can_touch_nothing_but_matrix_and_levers(tmp_path: Path, key: str, part: str) -> None:
    content = regime()
    (content[part] if part else content)[key] = 1

    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", content)))

    assert problem.message == "unknown key"
    assert "parameters belong to a study" in problem.hint


def test_what_acts_in_a_regime_is_matrix_levers_and_benchmark() -> None:
    about = {"schema", "id", "title", "dates", "sources", "reasons", "cannot_represent"}

    assert set(fields(RegimeFile)) - about == {"matrix", "levers", "benchmark", "with_distance"}


def test_only_a_benchmark_speaks_of_distance(tmp_path: Path) -> None:
    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(with_distance=True))))

    assert (problem.key, problem.hint) == ("with_distance", "add `benchmark: true`, or take it out")
    assert load_regime(write(tmp_path / "b.yaml", regime(with_distance=True, benchmark=True))).with_distance


def test_a_reason_must_be_for_a_cell_or_lever(tmp_path: Path) -> None:
    reason = {"grade": "assumption", "reason": "x"}
    reasons = {"levers.yaer_end": reason, "levers.ring_fence": reason, "matrix.highly_specialised": reason}

    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(reasons=reasons))))

    assert problem.message == "is no cell of the matrix and no lever"
    assert "did you mean `levers.year_end`?" in problem.hint


def test_an_extended_regime_changes_only_what_it_says(tmp_path: Path) -> None:
    child = {
        "schema": "sim/regime/1",
        "extends": "scg_2006",
        "id": "scg_frozen",
        "matrix": {"specialised_retained": {"cases": "nation"}},
    }

    loaded, base = load_regime(write(tmp_path / "child.yaml", child)), load_regime("scg_2006")

    assert loaded.matrix["specialised_retained"]["cases"] == Cell("nation")
    assert loaded.matrix["specialised_retained"]["budget"] == base.matrix["specialised_retained"]["budget"]
    assert (loaded.id, loaded.levers) == ("scg_frozen", base.levers)


def test_an_extended_regime_takes_over_what_acts_but_not_what_is_said_of_the_other(tmp_path: Path) -> None:
    child = write(tmp_path / "child.yaml", {"schema": "sim/regime/1", "extends": "equal_access", "id": "child"})

    loaded, base = load_regime_file(child), load_regime_file("equal_access")

    assert (loaded.matrix, loaded.levers, loaded.benchmark) == (base.matrix, base.levers, True)
    about = (loaded.title, loaded.dates, loaded.sources, loaded.reasons, loaded.cannot_represent)
    assert about == ("", "", [], {}, [])


def test_an_extended_regime_needs_an_id_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path / "child.yaml", {"schema": "sim/regime/1", "extends": "scg_2006"})

    [problem] = problems_of(lambda: load_regime(path))

    assert (problem.key, problem.hint[:16]) == ("id", "add `id: child` ")


@pytest.mark.parametrize(("id_", "fixed"), [("Mine Own", "mine_own"), ("ics-2022", "ics_2022")])
def test_an_id_is_plain(tmp_path: Path, id_: str, fixed: str) -> None:
    [problem] = problems_of(lambda: load_regime(write(tmp_path / "mine.yaml", regime(id=id_))))

    assert problem.hint == f"write `{fixed}`"


def test_a_regime_without_a_matrix_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "bare.yaml").write_text("schema: sim/regime/1\nid: bare\npolcy: nation\n")

    problems = problems_of(lambda: load_regime(str(tmp_path / "bare.yaml")))

    assert {problem.key for problem in problems} == {"matrix", "polcy"}


def test_a_regime_that_takes_over_no_lever_takes_over_no_reason_for_one(tmp_path: Path) -> None:
    why = {"levers.ring_fence": {"grade": "assumption", "reason": "An example."}}
    write(tmp_path / "base.yaml", regime(id="base", levers={"ring_fence": False}, reasons=why))
    child = {"schema": "sim/regime/1", "id": "child", "extends": "base.yaml", "levers": {}}
    path = write(tmp_path / "child.yaml", child)

    assert load_regime(path).levers == Levers()
    assert load_reasons(path).behind("levers.ring_fence", "levers") is None

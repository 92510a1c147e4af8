"""The description of the model says what the code says: every part is there, and none has drifted."""

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from sim.cli import odd_source, odd_tables
from sim.cli.odd import PARTS, renewed
from sim.cli.odd_source import constants, record_classes
from sim.governance.levers import Levers
from sim.luck.records import columns
from sim.phases import PHASES
from sim.specification.parameters import ParameterSet
from sim.specification.switches import Declared, declared, mechanisms

RENEW = "run  python -m sim.cli.odd docs/odd.md"
SEVEN = (
    "1. Purpose and patterns",
    "2. Entities, state variables and scales",
    "3. Process overview and scheduling",
    "4. Design concepts",
    "5. Initialisation",
    "6. Input data",
    "7. Submodels",
)
ELEVEN = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)


@pytest.fixture(scope="module")
def page() -> str:
    return (Path(__file__).resolve().parents[2] / "docs" / "odd.md").read_text(encoding="utf-8")


def headings(page: str, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", page, flags=re.MULTILINE)


def first_cells(page: str) -> list[str]:
    """Return the first cell of every row of every table, without the marks of code."""
    return [cell.strip("` ") for cell in re.findall(r"^\| (.*?) \|", page, flags=re.MULTILINE)]


def undeclared(entry: Declared) -> list[str]:
    """Name what should stand beside a parameter and does not; a switch needs no source."""
    wanted = ("description", "unit") if entry.facts.switch else ("description", "unit", "source", "grade")
    return [f"{entry.key}: no {name}" for name in wanted if not getattr(entry.facts, name)]


def test_it_says_what_the_code_says_now(page: str) -> None:
    assert renewed(page) == page, f"docs/odd.md has drifted from the code: {RENEW}"


def test_all_seven_parts_stand_in_their_order(page: str) -> None:
    assert headings(page, 2) == list(SEVEN)


def test_all_eleven_concepts_stand_in_their_order(page: str) -> None:
    concepts = page.split("## 4. Design concepts")[1].split("## 5. Initialisation", maxsplit=1)[0]

    assert headings(concepts, 3) == list(ELEVEN)
    texts = [part for part in re.split(r"^### .+$", concepts, flags=re.MULTILINE)[1:] if not part.strip()]
    assert texts == []


def test_every_mechanism_has_one_section_with_its_switches(page: str) -> None:
    numbers = [int(number) for number in re.findall(r"^#### Mechanism (\d+): \S", page, flags=re.MULTILINE)]
    switches = mechanisms(ParameterSet())

    assert numbers == sorted({entry.facts.mechanism for entry in switches if entry.facts.mechanism is not None})
    assert [entry.key for entry in switches if page.count(f"Off-switch `{entry.key}`.") != 1] == []


def test_every_mechanism_is_told_by_the_module_that_holds_its_rule(page: str) -> None:
    sections = re.split(r"^#### Mechanism \d+: .+$", page, flags=re.MULTILINE)[1:]

    assert [section[:200] for section in sections if "`sim." not in section.split("#### `")[0]] == []


def test_every_phase_has_one_section(page: str) -> None:
    found = re.findall(r"^#### Phase \d+: (\w+)$", page, flags=re.MULTILINE)
    texts = re.split(r"^#### Phase \d+: \w+$", page, flags=re.MULTILINE)[1:]

    assert found == [phase.name for phase in PHASES]
    assert [name for name, text in zip(found, texts, strict=True) if "\n- `sim." not in text.split("###")[0]] == []


def test_every_parameter_and_lever_stands_once_in_the_tables(page: str) -> None:
    keys = [entry.key for entry in (*declared(ParameterSet()), *declared(Levers(), "levers."))]
    cells = first_cells(page)

    switches = {entry.key for entry in mechanisms(ParameterSet())}  # they stand in the second cell of another table
    assert {key: cells.count(key) for key in keys if cells.count(key) != 1} == {}
    assert [key for key in switches if page.count(f"| `{key}` |") != 2] == []


def test_every_parameter_and_lever_has_unit_source_and_grade() -> None:
    entries = (*declared(ParameterSet()), *declared(Levers(), "levers."))

    assert [missing for entry in entries for missing in undeclared(entry)] == []


def test_a_parameter_without_a_source_is_noticed() -> None:
    entry = next(one for one in declared(ParameterSet()) if one.facts.mechanism is None)

    assert undeclared(entry) == []
    assert undeclared(replace(entry, facts=replace(entry.facts, source=""))) == [f"{entry.key}: no source"]


def test_every_state_variable_says_what_it_is_and_in_what_unit() -> None:
    rows = [(name, getattr(import_module(module), name)) for module, name in record_classes()]
    bare = [f"{name}.{one.name}" for name, row in rows for one in columns(row) if not (one.unit and one.meaning)]

    assert {"Person", "PatientRow", "CellRow", "AccountRow"} <= {name for name, _ in rows}
    assert bare == []


def test_every_decision_of_luck_is_drawn_somewhere() -> None:
    rows = [line.split(" | ") for line in odd_tables.decisions().splitlines()[2:]]

    assert [int(row[0].strip("| ")) for row in rows] == [number for _, number in constants("sim.luck.decisions")]
    assert [row[1] for row in rows if "`sim." not in row[2]] == []


@pytest.mark.parametrize("name", list(PARTS))
def test_a_part_that_has_drifted_is_noticed(page: str, name: str) -> None:
    begin = f"<!-- begin: {name} -->"
    drifted = page.replace(begin, f"{begin}\n\nonce true")

    assert drifted != page
    assert renewed(drifted) == page


def test_a_page_without_a_place_for_a_part_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="no one place for the part `levers`"):
        renewed(page.replace("<!-- begin: levers -->", ""))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Review (mechanisms 3 and 4).", (3, 4)),
        ("Choice (mechanisms 8, 13 and 19).", (8, 13, 19)),
        ("Costs (mechanism 1), by place.", (1,)),
        ("Returns int32[3, P, S] and 40 bits.", ()),
    ],
)
def test_the_mechanisms_that_a_docstring_names_are_read(text: str, numbers: tuple[int, ...]) -> None:
    assert odd_source.mechanisms_named(text) == numbers


def test_what_it_names_in_the_project_is_there(page: str, repository: Path) -> None:
    named = re.findall(r"`((?:docs|sim|tests)/[\w./]+\.\w+)`", page)

    assert named
    assert [name for name in named if not (repository / name).exists()] == []

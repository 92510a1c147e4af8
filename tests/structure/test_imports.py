"""A part imports only parts further down, and what shows results stays in the parts that show them."""

import pytest

import sim
from tests.structure.sources import Source, imported, read, sources

PARTS = (
    "cli",
    "report",
    "figures",
    "analysis",
    "study",
    "measures",
    "model",
    "specification",
    "phases",
    "governance",
    "agents",
    "world",
    "settings",
    "luck",
)
ONLY_IN = {
    "matplotlib": ("report", "figures"),
    "rich": ("cli", "report", "study"),  # a study shows how far it has come
    "typer": ("cli",),
}


ABOVE_ALL = {"__main__", *sim.__all__} - {"__version__"}
"""What stands above every part: the command line's start, and the public names, which are of several parts."""


def upward_imports(source: Source) -> list[str]:
    """Name the imports that point from a part to one above it, or to what stands above them all."""
    if source.part not in PARTS:
        return []
    above = PARTS[: PARTS.index(source.part)]
    targets = ((line, name, name.split(".")) for line, name in imported(source))
    return [
        f"{source.path}:{line} imports {name}"
        for line, name, words in targets
        if words[0] == "sim" and len(words) > 1 and (words[1] in above or words[1] in ABOVE_ALL)
    ]


def misplaced_tools(source: Source) -> list[str]:
    return [
        f"{source.path}:{line} imports {name}"
        for line, name in imported(source)
        if source.part not in ONLY_IN.get(name.split(".")[0], (source.part,))
    ]


def test_every_folder_is_a_part_of_the_house() -> None:
    assert {source.part for source in sources()} - {""} <= set(PARTS)


def test_parts_import_only_downwards() -> None:
    assert [problem for source in sources() for problem in upward_imports(source)] == []


def test_the_package_itself_imports_nothing_of_its_own() -> None:
    root = next(source for source in sources() if source.path == "sim/__init__.py")

    assert [name for _, name in imported(root) if name.startswith("sim")] == []


def test_the_public_names_live_in_parts() -> None:
    assert {home.split(".")[0] for home in sim._HOME.values()} <= set(PARTS)


def test_only_the_parts_that_show_results_import_what_shows_them() -> None:
    assert [problem for source in sources() for problem in misplaced_tools(source)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import sim.model.run",
        "from sim import model",
        "from sim.model import run",
        "from ..model import run",
        "from .. import cli",
        "def late():\n    from sim.study import store",
        "from sim import Experiment",
    ],
)
def test_an_upward_import_is_noticed_however_it_is_written(text: str) -> None:
    assert len(upward_imports(read("sim/phases/referral.py", text))) == 1


@pytest.mark.parametrize("text", ["from sim import __version__", "from . import waiting", "from sim.luck import draws"])
def test_imports_within_a_part_and_downwards_are_free(text: str) -> None:
    assert upward_imports(read("sim/phases/referral.py", text)) == []


def test_a_plotting_library_in_the_model_is_noticed() -> None:
    assert len(misplaced_tools(read("sim/model/run.py", "import matplotlib.pyplot as plt"))) == 1

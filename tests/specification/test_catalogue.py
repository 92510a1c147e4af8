from pathlib import Path

import pytest

import sim
from sim.settings.extends import UnknownNameError
from sim.specification.catalogue import KINDS, resolve, shipped, shipped_folder


def test_a_shipped_name_leads_to_its_file() -> None:
    assert resolve("national_2013") == shipped("regime")["national_2013"]
    assert resolve("regional_2013").is_file()


def test_a_path_is_taken_from_the_file_that_names_it(tmp_path: Path) -> None:
    assert resolve("../a.yaml", tmp_path / "b" / "c.yaml") == tmp_path / "b" / "../a.yaml"
    assert resolve("a.yaml") == Path("a.yaml")


def test_an_unknown_name_suggests_a_near_one() -> None:
    with pytest.raises(UnknownNameError) as caught:
        resolve("national_2031")

    assert "did you mean `national_2013`?" in caught.value.args[1]


def test_no_name_is_shipped_twice() -> None:
    names = [name for kind in KINDS for name in shipped(kind)]

    assert len(names) == len(set(names))


def test_an_installed_package_carries_the_files_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sim" / "configs" / "regimes").mkdir(parents=True)
    monkeypatch.setattr(sim, "__file__", str(tmp_path / "sim" / "__init__.py"))

    assert shipped_folder() == tmp_path / "sim" / "configs"


def test_a_checkout_has_them_beside_the_package(repository: Path) -> None:
    assert shipped_folder() == repository / "configs"

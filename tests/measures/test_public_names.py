"""What an analyst can import from sim.measures, and what that costs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim.measures


def test_every_public_name_is_there_and_none_hides_a_module() -> None:
    folder = Path(sim.measures.__file__).parent

    assert len(set(sim.measures.__all__)) == len(sim.measures.__all__)
    assert [name for name in sim.measures.__all__ if getattr(sim.measures, name).__name__ != name] == []
    assert set(sim.measures.__all__) & {path.stem for path in folder.glob("*.py")} == set()
    assert set(sim.measures.__all__) <= set(dir(sim.measures))


def test_every_public_name_has_a_type() -> None:
    text = (Path(sim.measures.__file__).parent / "__init__.pyi").read_text(encoding="utf-8")
    typed = dict(re.findall(r"^from sim\.measures\.\w+ import (\w+) as (\w+)$", text, flags=re.MULTILINE))

    assert sorted(typed.items()) == sorted((name, name) for name in sim.measures.__all__)


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'ginny'"):
        _ = sim.measures.ginny


def test_the_package_alone_imports_nothing_heavy() -> None:
    code = "import sys, sim.measures; print({'numpy', 'scipy', 'pandas', 'numba'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert ended.stdout.strip() == "set()"

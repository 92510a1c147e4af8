"""What every test gets: reproducible examples, plots without a screen, and the repository's root."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")
for library in ("OMP", "OPENBLAS", "MKL"):
    # Two test processes with a thread a processor each spend most of their time waiting for one another.
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

settings.register_profile("reproducible", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parent.parent

"""What every module of limit cases gets."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def free_memory() -> Iterator[None]:
    """Let the models of a module go before the next: Python looks for cycles of few large objects too seldom."""
    yield
    gc.collect()

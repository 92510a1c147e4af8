from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--vectors",
        metavar="DIR",
        type=Path,
        help="read the reference vectors (*.json) from DIR instead of tests/reference/metrics",
    )

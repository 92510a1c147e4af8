"""Simulate who commissions specialised health services, and what that does to access and cost.

An experiment from Python is an ``Experiment``; docs/recipes.md shows what to do with one. Its parts are read when a
name below is first used, so that importing this package costs nothing.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOME = {
    "ConfigError": "settings.problem",
    "DataError": "world.tables",
    "Experiment": "report.experiment",
    "Made": "report.experiment",
    "load_study": "specification.load",
}

__all__ = ["ConfigError", "DataError", "Experiment", "Made", "__version__", "load_study"]


def __getattr__(name: str) -> object:
    """Return a public name from the module that it lives in; raise AttributeError when there is none."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""Counts in words."""


def counted(count: int, noun: str) -> str:
    """Write a count with its noun, which takes an s unless there is exactly one.

    >>> counted(1, "run"), counted(0, "run"), counted(1200, "regime")
    ('1 run', '0 runs', '1,200 regimes')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

"""Days and months: a month is 30.4375 days, kept in whole sixteenths so that no float decides a month."""

from sim.luck.compiled import rule

SIXTEENTHS_PER_MONTH = 487
DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12


@rule
def month_of(day: int) -> int:
    """Return the month (from 0) that holds a day; negative before the first day."""
    return (16 * day) // SIXTEENTHS_PER_MONTH


@rule
def first_day(month: int) -> int:
    """Return the first whole day of a month."""
    return -((-SIXTEENTHS_PER_MONTH * month) // 16)


def parse_month(text: str) -> int:
    """Turn 'YYYY-MM' into months since January 1900; raises ValueError when it is not a month."""
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and len(month) == 2 and 1 <= int(month) <= MONTHS_PER_YEAR):
        raise ValueError(f"wants a month written YYYY-MM, got {text!r}")
    return (int(year) - 1900) * MONTHS_PER_YEAR + int(month) - 1


def format_month(number: int) -> str:
    """Turn months since January 1900 into 'YYYY-MM'."""
    return f"{1900 + number // MONTHS_PER_YEAR}-{number % MONTHS_PER_YEAR + 1:02d}"

"""Months of the calendar as whole numbers, counted from January 1900."""

MONTHS_PER_YEAR = 12
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def parse_month(text: str) -> int:
    """Turn 'YYYY-MM' into months since January 1900; raise ValueError when it is not a month."""
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and len(month) == 2 and 1 <= int(month) <= MONTHS_PER_YEAR):
        raise ValueError(f"wants a month written YYYY-MM, got {text!r}")
    return (int(year) - 1900) * MONTHS_PER_YEAR + int(month) - 1


def format_month(number: int) -> str:
    """Turn months since January 1900 into 'YYYY-MM'."""
    return f"{1900 + number // MONTHS_PER_YEAR}-{number % MONTHS_PER_YEAR + 1:02d}"

"""Days and months: a month is 30.4375 days, kept in whole sixteenths so that no float decides a month."""

from sim.luck.compiled import copied

SIXTEENTHS_PER_MONTH = 487
DAYS_PER_YEAR = 365.25


@copied
def month_of(day: int) -> int:
    """Return the month (from 0) that holds a day; negative before the first day."""
    return (16 * day) // SIXTEENTHS_PER_MONTH


@copied
def first_day(month: int) -> int:
    """Return the first whole day of a month."""
    return -((-SIXTEENTHS_PER_MONTH * month) // 16)

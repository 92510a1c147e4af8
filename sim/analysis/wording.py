"""Dates and times of a life in words."""

from sim.analysis.life import Life
from sim.world.facts import MINUTES_PER_DAY
from sim.world.months import MONTH_NAMES, MONTHS_PER_YEAR
from sim.world.time import DAYS_PER_YEAR, month_of

LONG_IN_DAYS, LONG_IN_MONTHS = 60, 24
"""From here on a time is told in months, or in years."""


def month_name(life: Life, day: int) -> str:
    """Return the calendar month of a day, such as ``June 2015``."""
    year, month = divmod(life.start_month + month_of(day), MONTHS_PER_YEAR)
    return f"{MONTH_NAMES[month]} {1900 + year}"


def window(life: Life) -> str:
    """Word the service's access window."""
    minutes = life.person.window_minutes
    return hours(minutes / 60) if minutes < MINUTES_PER_DAY else duration(minutes // MINUTES_PER_DAY, exact=True)


def duration(days: int, exact: bool = False) -> str:
    """Word a number of days the way people do; ``exact`` keeps days.

    >>> duration(1), duration(59), duration(120), duration(800), duration(126, exact=True)
    ('1 day', '59 days', '4 months', '2.2 years', '126 days')
    """
    if exact or days < LONG_IN_DAYS:
        return f"{days} {'day' if days == 1 else 'days'}"
    months = days / DAYS_PER_YEAR * MONTHS_PER_YEAR
    return f"{months:.0f} months" if months < LONG_IN_MONTHS else f"{days / DAYS_PER_YEAR:.1f} years"


def hours(number: float) -> str:
    """Word a number of hours, in minutes where it is short.

    >>> hours(0.5), hours(1.0), hours(2.25)
    ('30 minutes', '60 minutes', '2.2 hours')
    """
    return f"{60 * number:.0f} minutes" if number < 1.5 else f"{number:.1f} hours"

"""The calendar: each month knows who is due in it, so idle patients cost nothing.

A person has at most one next event, and ``event_month`` says when. Each month is a chain of blocks of rows. An event
that is moved or taken back leaves its row behind where it stood, and the row no longer counts there. Nothing depends
on the order within a month.
"""

import numpy as np
import numpy.typing as npt

from sim.agents.columns import NO_BLOCK, Calendar, Patients
from sim.luck.compiled import copied, rule

Rows = npt.NDArray[np.int32]

BLOCK = 1024
"""Rows in a block: few enough that one begun for a month costs little, many enough that one is seldom opened."""


def new_calendar(months: int, people: int) -> Calendar:
    """Return a calendar without events for so many people.

    It holds everyone once, a block begun for each month, one block that is always free, and a quarter of everyone more,
    so that rows that no longer count are seldom cleared away. Memory is taken only by blocks that have been used.
    """
    blocks = -(-5 * people // (4 * BLOCK)) + months + 2
    after = np.arange(1, blocks + 1, dtype=np.int32)
    after[-1] = NO_BLOCK
    return Calendar(
        first=np.append(np.full(months, NO_BLOCK, dtype=np.int32), np.int32(0)),
        filled=np.full(months, BLOCK, dtype=np.int32),
        after=after,
        rows=np.empty(blocks * BLOCK, dtype=np.int32),
    )


@copied
def schedule(patients: Patients, calendar: Calendar, row: int, month: int) -> None:
    """Give a person a next event, in place of any other; one beyond the horizon is not kept, so any other is undone."""
    if month >= calendar.filled.size:
        patients[row].event_month = calendar.filled.size
    elif patients[row].event_month != month:
        patients[row].event_month = month
        free = int(calendar.first[calendar.filled.size])
        if calendar.filled[month] == BLOCK and calendar.after[free] == NO_BLOCK:
            clear_away(patients, calendar)
        append(calendar, row, month)


@rule
def take_up(patients: Patients, calendar: Calendar, month: int, due: Rows) -> int:
    """Take a block of those due in a month out of the calendar, write their rows down and return how many they are.

    None are left when it returns NO_BLOCK. This also brings their records near, many at a time, before each acts.
    """
    months, count, block = calendar.filled.size, 0, int(calendar.first[month])
    if block == NO_BLOCK:
        return NO_BLOCK
    for position in range(block * BLOCK, block * BLOCK + int(calendar.filled[month])):
        row = int(calendar.rows[position])
        if patients[row].event_month == month:
            patients[row].event_month = months
            due[count] = row
            count += 1
    calendar.first[month], calendar.filled[month] = set_free(calendar, block), BLOCK
    return count


def everyone_due(patients: Patients, calendar: Calendar, month: int) -> Rows:
    """Take everyone who is due in a month out of the calendar and return their rows, each once, in any order."""
    blocks, block = 0, int(calendar.first[month])
    while block != NO_BLOCK:
        blocks, block = blocks + 1, int(calendar.after[block])
    due = np.empty(blocks * BLOCK, dtype=np.int32)
    return due[: take_all(patients, calendar, month, due)]


@rule
def take_all(patients: Patients, calendar: Calendar, month: int, due: Rows) -> int:
    """Take everyone who is due in a month out of the calendar, write the rows down and return how many they are."""
    taken, count = 0, take_up(patients, calendar, month, due)
    while count != NO_BLOCK:
        taken += count
        count = take_up(patients, calendar, month, due[taken:])
    return taken


@copied
def append(calendar: Calendar, row: int, month: int) -> None:
    """Write a row into a month, into the first of its blocks or into a fresh one."""
    if calendar.filled[month] == BLOCK:
        fresh = int(calendar.first[calendar.filled.size])
        calendar.first[calendar.filled.size] = calendar.after[fresh]
        calendar.after[fresh] = calendar.first[month]
        calendar.first[month] = fresh
        calendar.filled[month] = 0
    calendar.rows[int(calendar.first[month]) * BLOCK + int(calendar.filled[month])] = row
    calendar.filled[month] += 1


@copied
def set_free(calendar: Calendar, block: int) -> int:
    """Give a block back and return the one that stood behind it."""
    behind = int(calendar.after[block])
    calendar.after[block] = calendar.first[calendar.filled.size]
    calendar.first[calendar.filled.size] = block
    return behind


@rule
def clear_away(patients: Patients, calendar: Calendar) -> None:
    """Clear away every row that no longer counts where it stands, and all but one of a person in the same month.

    Each month is written anew while it is read. That takes no more blocks than have been read, and the one that is
    always free. Whoever has been written is marked by a month below zero until all are.
    """
    months = calendar.filled.size
    for month in range(months):
        block, end = int(calendar.first[month]), int(calendar.filled[month])
        calendar.first[month], calendar.filled[month] = NO_BLOCK, BLOCK
        while block != NO_BLOCK:
            for position in range(block * BLOCK, block * BLOCK + end):
                row = int(calendar.rows[position])
                if patients[row].event_month == month:
                    patients[row].event_month = -1 - month
                    append(calendar, row, month)
            block, end = set_free(calendar, block), BLOCK
    for month in range(months):
        block, end = int(calendar.first[month]), int(calendar.filled[month])
        while block != NO_BLOCK:
            for position in range(block * BLOCK, block * BLOCK + end):
                patients[int(calendar.rows[position])].event_month = month
            block, end = int(calendar.after[block]), BLOCK

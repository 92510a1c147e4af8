"""Money by year, payer and provider: rows beside the national ones, in pounds, and spend against plan."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.measures.cost_lines import PENCE, IntArray, cost_lines
from sim.measures.rows import ALL, ALL_YEARS, NATION, NATIONAL, PAYER, PROVIDER, Row, ratio
from sim.model.result import RunResult
from sim.world.months import MONTHS_PER_YEAR, format_month, parse_month

ABOVE_PLAN = 0.005
"""An account overspends when it pays more than this share above its plan: the smallest difference that matters."""


class Area(NamedTuple):
    """Of whom a row is: a geography and a code in it."""

    geography: str
    code: str


def years_of(result: RunResult) -> list[str]:
    """Return the first month of every measured year, as in 2015-04."""
    return list(_years(result.start, result.measured_years))


@lru_cache
def _years(start: str, years: int) -> tuple[str, ...]:
    first = parse_month(start)
    return tuple(format_month(first + MONTHS_PER_YEAR * year) for year in range(years))


def payer_code(identity: int) -> str:
    """Return the code under which tables know an account: its identity in hexadecimal digits."""
    return f"{identity:016x}"


def yearly_rows(result: RunResult) -> list[Row]:
    """Return every line of cost in each measured year: for the nation, and for each service that had any."""
    nation, years = Area(NATIONAL, NATION), years_of(result)
    rows: list[Row] = []
    for measure, line in cost_lines(result).items():
        amounts = zip(years, line.total.tolist(), strict=True)
        rows += [_amount(measure, pence, nation, period=year) for year, pence in amounts]
        if line.by_service is not None:
            for service, paid in zip(result.service_ids, line.by_service.tolist(), strict=True):
                found = ((year, pence) for year, pence in zip(years, paid, strict=True) if pence)
                rows += [_amount(measure, pence, nation, service, year) for year, pence in found]
    return rows


def payer_rows(result: RunResult) -> Iterator[Row]:
    """Yield what each account paid by year and by service, its spend against plan, and what it has left at the end.

    Accounts that neither planned nor paid anything, as those of another regime of a timeline, have no rows.
    """
    lines = {measure: line for measure, line in cost_lines(result).items() if line.by_payer is not None}
    used = (result.plan_pence != 0).any(axis=1) | (result.spend_pence != 0).any(axis=1)
    for account in np.flatnonzero(used).tolist():
        payer = Area(PAYER, payer_code(result.account_identities[account]))
        for measure, line in lines.items():
            assert line.by_payer is not None
            by_service = None if line.by_payer_and_service is None else line.by_payer_and_service[account]
            yield from _of_one(measure, payer, line.by_payer[account], by_service, result)
        yield from _against_plan(result.spend_pence[account], result.plan_pence[account], payer, result)
        yield _amount("balance_at_end_gbp", int(result.balance_pence[account]), payer)
        yield _amount("committed_at_end_gbp", int(result.committed_pence[account]), payer)


def provider_rows(result: RunResult) -> Iterator[Row]:
    """Yield what each provider was paid for the modelled services, by year and by service; nothing for the idle."""
    for measure, line in cost_lines(result).items():
        if line.by_provider_and_service is None:
            continue
        for number, provider in enumerate(result.provider_ids):
            if result.earned_pence[number].any():
                amounts = line.by_provider_and_service[number]
                yield from _of_one(measure, Area(PROVIDER, provider), amounts.sum(axis=0), amounts, result)


def plan_rows(result: RunResult) -> list[Row]:
    """Return the nation's spend against plan in each year, and for all years and each how much was overspent by whom.

    In overspends the underspends of others are not set off, as they are in spend beyond plan.
    """
    spend, plan = result.spend_pence, result.plan_pence
    rows = _against_plan(spend.sum(axis=0), plan.sum(axis=0), Area(NATIONAL, NATION), result)
    rows += _overspend(spend, plan, ALL_YEARS)
    for year, month in enumerate(years_of(result)):
        rows += _overspend(spend[:, year], plan[:, year], month)
    return rows


def _against_plan(spend: IntArray, plan: IntArray, area: Area, result: RunResult) -> list[Row]:
    """Return spend and plan of one, int64[Y] each, over all years and in each year that has either."""
    found = [(ALL_YEARS, spend.sum(), plan.sum()), *zip(years_of(result), spend, plan, strict=True)]
    pounds = [(period, float(paid) / PENCE, float(planned) / PENCE) for period, paid, planned in found]
    return [
        Row("spend_over_plan_share", ALL, paid, planned, ratio(paid, planned) - 1.0, *area, period=period)
        for period, paid, planned in pounds
        if paid or planned
    ]


def _overspend(spend: IntArray, plan: IntArray, period: str) -> list[Row]:
    over, whole = float(np.maximum(spend - plan, 0).sum()) / PENCE, float(plan.sum()) / PENCE
    plans, many = float((plan > 0).sum()), float(((plan > 0) & (spend > plan * (1.0 + ABOVE_PLAN))).sum())
    return [
        Row("overspend_share_of_plan", ALL, over, whole, ratio(over, whole), period=period),
        Row("overspent_plans_share", ALL, many, plans, ratio(many, plans), period=period),
    ]


def _of_one(
    measure: str, area: Area, by_year: IntArray, by_service: IntArray | None, result: RunResult
) -> Iterator[Row]:
    """Yield an amount of one payer or provider per year, then in each year and for each service that had any."""
    years = float(result.measured_years)
    yield _amount(measure, int(by_year.sum()), area, years=years)
    for month, pence in zip(years_of(result), by_year.tolist(), strict=True):
        if pence:
            yield _amount(measure, pence, area, period=month)
    if by_service is not None:
        amounts, found = by_service.sum(axis=1).tolist(), by_service.any(axis=1)
        for service in np.flatnonzero(found).tolist():
            yield _amount(measure, amounts[service], area, result.service_ids[service], years=years)


def _amount(
    measure: str, pence: int, area: Area, service: str = ALL, period: str = ALL_YEARS, years: float = 1.0
) -> Row:
    pounds = float(pence) / PENCE
    return Row(measure, service, pounds, years, pounds / years, area.geography, area.code, period)

"""Advice as tidy tables, for files and for JSON."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.analysis.adviser_effects import JUDGED
from sim.analysis.adviser_factors import agreement
from sim.analysis.adviser_scores import OverPoints
from sim.analysis.adviser_verdicts import Effect
from sim.measures.intervals import NO_VERDICT, Interval
from sim.measures.outcomes import outcome
from sim.report.advice_words import case_against, case_for, missing_words, verdict_words
from sim.report.advised import Advised, mean_people, share_large_enough
from sim.report.files import write_csv

Rows = list[dict[str, Any]]


def tables(advised: Advised, effects: Sequence[Effect]) -> Mapping[str, Rows]:
    """Return every table by the end of its file's name; ``effects`` may hold those of single points too."""
    return {
        "": verdict_rows(advised),
        "options": list(_option_rows(advised)),
        "effects": [_effect_row(row) for row in effects],
        "assignments": list(_assignment_rows(advised)),
        "levels": list(_level_rows(advised)),
        "factors": list(_factor_rows(advised)),
        "populations": list(_population_rows(advised)),
    }


def write_tables(found: Mapping[str, Rows], folder: Path, name: str) -> list[Path]:
    """Write each table as CSV, whole or not at all; return their paths."""
    paths = []
    for end, rows in found.items():
        path = folder / (f"{name}_{end}.csv" if end else f"{name}.csv")
        partial = path.with_suffix(".partial")
        write_csv(rows, list(rows[0]), partial)
        os.replace(partial, path)
        paths.append(path)
    return paths


def verdict_rows(advised: Advised) -> Rows:
    """Return one row for each service, in the order of the printed table."""
    rows: Rows = []
    for told in advised.told:
        case = advised.case(told.service, told.level)
        rows.append(
            {
                "service": told.service,
                "group": told.group,
                "verdict": told.verdict,
                "in_words": verdict_words(advised.advice, told),
                "level": told.level,
                **_interval("score", told.score),
                "replicates": told.score.n,
                "share_of_weightings": told.share_of_weightings,
                "share_of_points": told.share_of_points,
                "not_judged": missing_words(told) if told.missing or told.verdict == NO_VERDICT else "",
                "for": "; ".join(case_for(case)),
                "against": "; ".join(case_against(case)),
            }
        )
    return rows


def _option_rows(advised: Advised) -> Iterator[dict[str, Any]]:
    for told in advised.told:
        for option in told.options:
            yield {
                "service": told.service,
                "level": option.level,
                **_interval("score", option.score),
                "replicates": option.score.n,
                "ruled_out": option.ruled_out,
                **_points(option.points),
            }


def _effect_row(row: Effect) -> dict[str, Any]:
    judged = next(judged for judged in JUDGED if judged.id == row.outcome)
    return {
        "service": row.service,
        "level": row.level,
        "outcome": row.outcome,
        "scope": row.scope,
        "point": row.point or "all",
        "unit": outcome(judged.own if row.scope == "own" else judged.whole[0]).unit,
        "reference": row.reference,
        **_interval("difference", row.difference),
        "smallest_difference": row.smallest,
        "verdict": row.verdict,
        "replicates": row.difference.n,
    }


def _assignment_rows(advised: Advised) -> Iterator[dict[str, Any]]:
    for one in advised.checked:
        lost, in_all = advised.regret(one), advised.regret_in_steps(one)
        for number, judged in enumerate(JUDGED):
            yield {
                "assignment": one.candidate.id,
                "status": one.status,
                "rival": one.rival,
                "share_of_weightings": one.candidate.share_of_weightings,
                "moved": one.candidate.moves(advised.advice.reference),
                "outcome": judged.id,
                "unit": outcome(judged.whole[0]).unit,
                **_interval("effect", one.effect[number]),
                **_interval("sum_of_moves", one.predicted[number]),
                **_interval("error", one.error[number]),
                **_interval("regret", lost[number]),
                **_interval("regret_in_steps", in_all),
                **_points(one.points),
                "not_measured_in": ", ".join(service for name, service in one.unmeasured if name == judged.id),
                "smallest_difference": float(advised.found.whole_steps[number]),
                "replicates": one.effect[number].n,
            }


def _level_rows(advised: Advised) -> Iterator[dict[str, Any]]:
    for one in advised.checked:
        for service, level in zip(advised.advice.services, one.candidate.levels, strict=True):
            yield {"assignment": one.candidate.id, "service": service, "level": level}


def _factor_rows(advised: Advised) -> Iterator[dict[str, Any]]:
    told = {one.service: one for one in advised.told}
    for one in advised.factors:
        yield {
            "service": one.service,
            "group": one.group,
            "patients_a_year": one.patients,
            "cost_a_patient_gbp": one.cost_gbp,
            "budget_gbp": one.budget_gbp,
            "centres": one.centres or "",
            "risk_gbp_a_head": one.risk_gbp_a_head,
            "factors_for_delegation": one.of_four,
            "rule_picks": "" if one.picked is None else one.picked,
            "on_the_list": one.on_the_list,
            "verdict": told[one.service].verdict,
            "rule": agreement(advised.advice, one.picked, told[one.service]),
            "list": agreement(advised.advice, one.on_the_list, told[one.service]),
        }


def _population_rows(advised: Advised) -> Iterator[dict[str, Any]]:
    for one in advised.factors:
        for level, mean in mean_people(advised).items():
            yield {
                "service": one.service,
                "tolerance_cv": advised.terms[0],
                "for_cost": one.safe.for_cost,
                "loss_share": advised.terms[1],
                "for_expertise": one.safe.for_expertise,
                "safe_population": one.safe.people,
                "level": level,
                "mean_population": mean,
                "large_enough": mean >= one.safe.people,
                "share_of_units_large_enough": share_large_enough(advised, level, one.safe.people),
            }


def _interval(name: str, interval: Interval) -> dict[str, float]:
    return {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}


def _points(points: OverPoints) -> dict[str, float]:
    return {
        "share_best": points.share_best,
        "mean_regret": points.mean_regret,
        "largest_regret": points.largest_regret,
    }

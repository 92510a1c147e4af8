"""Technologies: treatments as they arrived in England, with their dates, cost, effect and cost per QALY."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.world.months import parse_month
from sim.world.tables import BoolArray, FloatArray, IndexArray, read_table

ESTABLISHED_BEFORE = parse_month("2013-04")
"""The month of the first dated stocks; what people were on treatment with then had come before."""
COLUMNS = (
    "id",
    "name",
    "service_id",
    "begins_service",
    "available_date",
    "first_national_funding_date",
    "date_grade",
    "cost_gbp",
    "cost_basis",
    "cost_grade",
    "effect_qaly",
    "effect_grade",
    "icer_gbp_per_qaly",
    "icer_grade",
    "eligible_share",
    "eligible_grade",
)


@dataclass(frozen=True)
class Technologies:
    """N technologies sorted by id; months since January 1900, money in pounds of the year of the source."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    services: tuple[str, ...]  # the service within which each arrives
    begins_service: BoolArray  # [N] before it the service did not exist
    licensed_month: IndexArray  # [N]
    funded_month: IndexArray  # [N] first funded for the whole of England, as recorded
    date_grades: tuple[str, ...]
    cost_gbp: FloatArray  # [N]
    cost_basis: tuple[str, ...]  # a year, or once, and beside what
    cost_grades: tuple[str, ...]
    qalys_gained: FloatArray  # [N] by a patient
    effect_grades: tuple[str, ...]
    gbp_per_qaly: FloatArray  # [N] incremental; NaN where none was found
    ratio_grades: tuple[str, ...]  # "none" where there is no ratio
    eligible_share: FloatArray  # [N] of the service's patients
    eligible_grades: tuple[str, ...]


class Arrivals(NamedTuple):
    """When each of S services began, and at what cost per QALY; months since January 1900.

    Both months are -1 for services older than the catalogue.
    """

    licensed: IndexArray  # [S]
    usable: IndexArray  # [S] licensed, and funded for the whole of England
    gbp_per_qaly: FloatArray  # [S] of the technology with which it began; NaN where there is none


def load_technologies(path: Path, service_ids: tuple[str, ...]) -> Technologies:
    """Read technologies.csv; raise DataError naming every cell that is wrong."""
    table = read_table(path, COLUMNS)
    ids, services = table.codes("id"), table.texts("service_id", one_of=service_ids)
    begins = table.texts("begins_service", one_of=("no", "yes"))
    first: set[str] = set()
    for row, service in enumerate(services):
        if begins[row] == "yes" and service in first:
            table.wrong(row, "begins_service", "yes", f"yes for one technology of {service}")
        if begins[row] == "yes":
            first.add(service)
    words = {
        field: table.texts(column)
        for field, column in (
            ("names", "name"),
            ("cost_basis", "cost_basis"),
            ("date_grades", "date_grade"),
            ("cost_grades", "cost_grade"),
            ("effect_grades", "effect_grade"),
            ("ratio_grades", "icer_grade"),
            ("eligible_grades", "eligible_grade"),
        )
    }
    licensed, funded = table.months("available_date"), table.months("first_national_funding_date")
    cost, gained = table.numbers("cost_gbp"), table.numbers("effect_qaly")
    ratio = table.numbers("icer_gbp_per_qaly", at_least=1.0, blank=np.nan)
    share = table.numbers("eligible_share", at_most=1.0)
    table.finish()
    order = sorted(range(len(ids)), key=lambda row: ids[row])
    return Technologies(
        ids=tuple(ids[row] for row in order),
        services=tuple(services[row] for row in order),
        begins_service=np.array([begins[row] == "yes" for row in order], dtype=np.bool_),
        licensed_month=licensed[order],
        funded_month=funded[order],
        cost_gbp=cost[order],
        qalys_gained=gained[order],
        gbp_per_qaly=ratio[order],
        eligible_share=share[order],
        **{field: tuple(column[row] for row in order) for field, column in words.items()},
    )


def arrivals(technologies: Technologies, service_ids: tuple[str, ...], treated_in_2013: FloatArray) -> Arrivals:
    """Return when services began: with the technology that the catalogue says began them.

    It can be used from its licence or from its funding for the whole of England, whichever came later. Where
    people were on treatment in April 2013 it was in use by then, whatever the date of a later policy.
    """
    index = {service: s for s, service in enumerate(service_ids)}
    licensed = np.full(len(service_ids), -1, dtype=np.int32)
    usable, ratio = licensed.copy(), np.full(len(service_ids), np.nan)
    for row in np.flatnonzero(technologies.begins_service):
        s = index[technologies.services[row]]
        licensed[s] = technologies.licensed_month[row]
        usable[s] = max(licensed[s], technologies.funded_month[row])
        ratio[s] = technologies.gbp_per_qaly[row]
        if treated_in_2013[s] > 0 and usable[s] > ESTABLISHED_BEFORE:
            licensed[s], usable[s] = min(licensed[s], ESTABLISHED_BEFORE), ESTABLISHED_BEFORE
    return Arrivals(licensed, usable, ratio)

"""Which outcomes the comparison table shows, in which order, and how their numbers are scaled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sim.governance.matrix import GROUPS
from sim.measures.rows import ALL, ALL_PATIENTS, ALL_SERVICES

PATIENTS_AND_SERVICES = (ALL_PATIENTS, ALL_SERVICES)


@dataclass(frozen=True)
class Line:
    """One outcome of the table: its measure, its name with its unit, and the sets of services it is shown for.

    ``alone`` is its name where no other lines stand around it, if that differs.
    """

    measure: str
    label: str
    sets: tuple[str, ...] = (ALL,)
    chance_floor: str = ""
    alone: str = ""


@dataclass(frozen=True)
class Section:
    """Lines that belong together."""

    title: str
    lines: Sequence[Line]


SECTIONS = (
    Section(
        "Access",
        (
            Line(
                "access_from_diagnosis",
                "Treated in time, from diagnosis, %",
                (*PATIENTS_AND_SERVICES, *GROUPS),
            ),
            Line("access_from_onset", "Treated in time, from onset, %", PATIENTS_AND_SERVICES),
        ),
    ),
    Section(
        "Lottery",
        (
            Line("tau_icb", "Spread between ICBs, τ", (ALL_PATIENTS, *GROUPS), "tau_icb_chance_floor"),
            Line("mor_icb", "Median odds ratio of two ICBs", (ALL_PATIENTS,)),
            Line(
                "overdispersion_icb",
                "Over-dispersion of ICBs, φ",
                (ALL_PATIENTS,),
                "overdispersion_icb_chance_floor",
            ),
            Line("twin_discordance", "Twins of two places treated unlike, %", PATIENTS_AND_SERVICES),
            Line("twin_wait_gap_days", "Wait gap of twins, days", (ALL_SERVICES,)),
        ),
    ),
    Section(
        "Time",
        (
            Line("median_days_to_treatment", "Median wait from diagnosis, days", PATIENTS_AND_SERVICES),
            Line("travel_minutes_mean", "Travel one way, minutes", (ALL_PATIENTS,)),
        ),
    ),
    Section(
        "Money",
        (
            Line("cost_treatment_gbp", "Treatment, £m a year"),
            Line("cost_price_premium_gbp", "Of it above catalogue prices, £m a year"),
            Line("cost_rest_of_portfolio_gbp", "Services not modelled, £m a year"),
            Line("cost_low_value_gbp", "Low-value referrals, £m a year"),
            Line("cost_administration_gbp", "Administration, £m a year"),
            Line("cost_handover_gbp", "Handover, £m a year"),
            Line("cost_patient_travel_gbp", "Patients’ travel, £m a year"),
            Line("cost_total_gbp", "All six, £m a year", alone="Cost in all, £m a year"),
            Line("balance_at_end_gbp", "Balance at the end, £m"),
            Line("committed_at_end_gbp", "Promised at the end, £m"),
            Line("spend_over_plan_share", "Spend beyond plan, %"),
        ),
    ),
    Section(
        "Health",
        (
            Line("qalys", "QALYs lived a year"),
            Line("displaced_qalys", "QALYs forgone elsewhere a year"),
            Line("low_value_qalys", "QALYs of low-value referrals"),
            Line("deaths_waiting", "Deaths untreated, a year"),
        ),
    ),
)

HEADLINES = (
    ("access_from_diagnosis", ALL_PATIENTS),
    ("access_from_diagnosis", ALL_SERVICES),
    ("tau_icb", ALL_PATIENTS),
    ("twin_discordance", ALL_SERVICES),
    ("cost_total_gbp", ALL),
    ("spend_over_plan_share", ALL),
    ("qalys", ALL),
)
"""The outcomes (measure and set of services) of a page that has many numbers to show for each."""

SET_LABELS = {ALL_PATIENTS: "every patient alike", ALL_SERVICES: "every service alike"}


def set_label(service: str) -> str:
    """Return the words for a set of services."""
    return SET_LABELS.get(service, service.replace("_", " "))


def shown_outcomes() -> frozenset[tuple[str, str]]:
    """Return every outcome (measure and set of services) of the table, chance floors and queues among them."""
    lines = [line for section in SECTIONS for line in section.lines]
    shown = [(line.measure, name) for line in lines for name in line.sets]
    shown += [(line.chance_floor, name) for line in lines if line.chance_floor for name in line.sets]
    return frozenset([*shown, *((f"waiting_at_{when}", ALL) for when in ("start", "end"))])


def headline_label(measure: str, service: str) -> str:
    """Return the words for an outcome that stands alone: its name and unit, then its set of services."""
    line = next(line for section in SECTIONS for line in section.lines if line.measure == measure)
    name = line.alone or line.label
    return name if service == ALL else f"{name}: {set_label(service)}"


def shown_lines(section: Section, measured: Collection[tuple[str, str]]) -> list[Line]:
    """Return the lines of a section with those of their sets that were measured (measure and set)."""
    lines = [
        Line(
            line.measure,
            line.label,
            tuple(name for name in line.sets if (line.measure, name) in measured),
            line.chance_floor,
        )
        for line in section.lines
    ]
    return [line for line in lines if line.sets]

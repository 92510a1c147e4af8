"""Outcomes of the lottery: indices of variation with floor and excess, and what differs between twins."""

import math
from collections.abc import Iterator
from dataclasses import replace

from sim.measures.outcome import Outcome

BY_CHANCE = " when places differ by chance alone"
_ENDS = (
    ("_chance_floor", BY_CHANCE),
    ("_excess", ", less what chance alone brings"),
    ("_excess_low", ", less what chance alone brings: lower 95 % limit by the luck of redraws"),
    ("_excess_high", ", less what chance alone brings: upper 95 % limit by the luck of redraws"),
)


def variation_outcomes() -> list[Outcome]:
    """Return the indices of variation between areas, each followed by its floor and excess."""
    indices = [*_of_odds(), *_of_funnels(), *_of_inequality(), *_of_extremes()]
    return [
        *(one for index in indices for one in _with_excess(index)),
        Outcome(
            "areas_with_5_expected_icb",
            "ICBs that expect five events or more, which SCV and extremal quotient need everywhere",
            "share of areas",
            "neither",
            ".0%",
            0.05,
            "one area in twenty; the two indices are told only where it is all of them",
            lowest=0.0,
            highest=1.0,
        ),
        Outcome(
            "years_to_see_icb",
            "Years of real data in which so large a tau would show (4 in 5, at 5 %); 1,000 where not beyond chance",
            "years, counted up to 1,000",
            "neither",
            ",.1f",
            1.0,
            "a year, the step in which such data are published",
            lowest=0.0,
            highest=1000.0,
        ),
        Outcome(
            "standardised_access",
            "Treated within the window from diagnosis, standardised by service, severity and year",
            "share of people in need",
            "higher",
            ".1%",
            0.01,
            "one patient in a hundred, as for access",
            lowest=0.0,
        ),
    ]


def _with_excess(index: Outcome) -> Iterator[Outcome]:
    yield index
    for end, words in _ENDS:
        bounded = end == "_chance_floor"
        yield replace(
            index,
            id=index.id + end,
            label=index.label + words,
            better="lower" if end == "_excess" else "neither",
            lowest=index.lowest if bounded else -math.inf,
            highest=index.highest if bounded else math.inf,
        )


def _of_odds() -> list[Outcome]:
    tau = Outcome(
        "tau_icb",
        "Spread of access between ICBs (tau)",
        "SD of log odds",
        "lower",
        ".3f",
        0.05,
        "moves the median odds ratio by about 0.05: two random ICBs then differ by 5 % more in the odds",
        lowest=0.0,
    )
    return [
        tau,
        replace(
            tau,
            id="mor_icb",
            label="Median odds ratio between ICBs",
            unit="ratio of odds",
            reason="the change that a difference of 0.05 in tau makes",
            lowest=1.0,
        ),
        replace(tau, id="tau_services_icb", label="Spread between ICBs within a service, one tau for all services"),
        Outcome(
            "overdispersion_icb",
            "Over-dispersion of ICBs (winsorised phi)",
            "multiple of the variance by chance",
            "lower",
            ".2f",
            0.5,
            "half the variance that chance alone makes, twice the standard error of phi over some forty areas",
            lowest=0.0,
        ),
    ]


def _of_funnels() -> list[Outcome]:
    outside = Outcome(
        "funnel_outside_95_icb",
        "ICBs outside the 95 % limits of a funnel",
        "share of areas",
        "lower",
        ".0%",
        0.05,
        "one area in twenty, which is what chance alone puts outside",
        lowest=0.0,
        highest=1.0,
    )
    return [
        outside,
        replace(outside, id="funnel_outside_998_icb", label="ICBs outside the 99.8 % limits of a funnel"),
    ]


def _of_inequality() -> list[Outcome]:
    variation = Outcome(
        "cv_icb",
        "Coefficient of variation of standardised access between ICBs",
        "standard deviation over mean",
        "lower",
        ".3f",
        0.01,
        "a standard deviation of one patient in a hundred where nearly all are treated",
        lowest=0.0,
    )
    theil = replace(
        variation,
        id="theil_icb",
        label="Theil index of standardised access between ICBs",
        unit="Theil's T",
        number_format=".4f",
        smallest_difference=0.001,
        reason="the change that a difference of 0.01 makes in a coefficient of variation of 0.1",
    )
    between = "Theil index of standardised access: the part between NHS regions"
    within = "Theil index of standardised access: the part between ICBs of one region"
    gini = "Gini index of standardised access between ICBs"
    return [
        variation,
        theil,
        replace(theil, id="theil_between_regions_icb", label=between),
        replace(theil, id="theil_within_regions_icb", label=within),
        replace(variation, id="gini_icb", label=gini, unit="Gini index"),
    ]


def _of_extremes() -> list[Outcome]:
    scv = Outcome(
        "scv_icb",
        "Systematic component of variation between ICBs",
        "variance of observed over expected",
        "lower",
        ".4f",
        0.002,
        "the change that a difference of 0.01 makes in a coefficient of variation of 0.1",
    )
    quotient = "Extremal quotient of standardised access between ICBs"
    reason = "the best served area has a twentieth more over the worst served"
    return [
        scv,
        Outcome("extremal_quotient_icb", quotient, "ratio", "lower", ".2f", 0.05, reason, lowest=1.0),
    ]


def twin_outcomes() -> list[Outcome]:
    """Return what differs between identical patients."""
    common = Outcome(
        "twin_discordance",
        "Identical patients in two random places get different access",
        "probability",
        "lower",
        ".1%",
        0.02,
        "two pairs in a hundred, twice the smallest difference of access: a pair holds two patients",
        lowest=0.0,
        highest=1.0,
    )
    own_luck = "Identical patients, each with luck of their own, in two random places get different access"
    same_place = "Identical patients, each with luck of their own, in one place get different access"
    parts = {
        "between_holders": "between holders of the budget",
        "within_holders": "within the people of one holder of the budget",
        "between_regions": "between NHS regions",
        "between_icbs": "between ICBs of one region",
        "between_places": "between places of one ICB",
    }
    return [
        common,
        replace(common, id="twin_discordance_own_luck", label=own_luck),
        replace(common, id="twin_discordance_same_place", label=same_place),
        *(
            replace(common, id=f"twin_discordance_{part}", label=f"{common.label}: {words}")
            for part, words in parts.items()
        ),
        *_of_waits(),
        replace(
            common,
            id="twin_access",
            label="Identical patients treated within the window from diagnosis",
            unit="share of identical patients",
            better="higher",
            smallest_difference=0.01,
            reason="one patient in a hundred, as for access",
        ),
    ]


def _of_waits() -> list[Outcome]:
    gap = Outcome(
        "twin_wait_gap_days",
        "Wait of identical patients, 90th less 10th percentile of places",
        "days, waits counted up to the access window",
        "lower",
        ".0f",
        7.0,
        "a week, the step in which the NHS counts waiting time",
        lowest=0.0,
    )
    return [
        gap,
        replace(gap, id="twin_wait_difference_days", label="Wait of identical patients, mean difference of two places"),
        replace(gap, id="twin_wait_days", label="Wait of identical patients, mean over places"),
    ]

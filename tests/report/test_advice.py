"""What is said of whole assignments where none is on the frontier, and where nothing can be told."""

import math

import numpy as np

from sim.analysis.adviser import Assignment
from sim.analysis.adviser_frontier import pareto_choice
from sim.analysis.adviser_scores import EQUAL, Weights
from sim.analysis.adviser_standing import DOMINATED
from sim.report.advice import about_assignments
from sim.report.advice_rows import tables
from sim.report.advised import Advised
from tests.analysis.advised import SERVICES, Country, at, found_of

BOARDS = "icb_2022"
RING = {
    ("service_a", BOARDS): {"access": -7.2, "discordance": 3.6, "health": 3.6},
    ("service_b", BOARDS): {"access": -3.6, "discordance": -3.6, "health": 7.2},
}
"""In steps of the whole the reference beats a (by 1.2, -0.6, -0.6), a beats b, and b the reference."""


def advised_of(country: Country, named: dict[str, Assignment], weights: Weights = EQUAL) -> Advised:
    advice, effects, checked = found_of(country, named, weights)
    return Advised(
        advice=advice,
        found=effects,
        effects=[],
        told=[],
        checked=checked,
        choice=pareto_choice(checked, effects, weights),
        factors=[],
        weights=weights,
        terms=(0.2, 0.1),
        people={},
    )


def test_in_a_ring_none_is_on_the_frontier_and_the_page_says_so() -> None:
    advised = advised_of(Country(RING, luck=0.01), {"a": at(service_a=BOARDS), "b": at(service_b=BOARDS)})
    first, second, *_ = about_assignments(advised)

    assert {one.status for one in advised.checked} == {DOMINATED}
    assert first == "On the frontier: none, as each that can be judged is surely beaten by another."
    assert second.startswith("Worth most at the weights given: ")


def test_where_nothing_that_weighs_is_measured_the_page_names_no_best_and_no_regret() -> None:
    without_twins = frozenset((service, "discordance") for service in SERVICES)
    country = Country({("service_a", BOARDS): {"access": 30.0}}, luck=0.1, unseen=without_twins)
    named = {"a": at(service_a=BOARDS), "four_factors": at(service_b=BOARDS)}
    text = {
        weight: " ".join(about_assignments(advised_of(country, named, np.array([1.0 - weight, weight, 0.0, 0.0]))))
        for weight in (0.0, 1.0)
    }

    assert "Nothing can be told at the weights given" in text[1.0]
    assert "Worth most" not in text[1.0]
    assert "forgoes" not in text[1.0]
    assert "Worth most" in text[0.0]
    assert "What four_factors forgoes against" in text[0.0]
    rows = tables(advised_of(country, named, np.array([0.0, 1.0, 0.0, 0.0])), [])["assignments"]
    assert all(math.isnan(row[name]) for row in rows for name in ("regret", "regret_in_steps", "mean_regret"))

"""Effects of moves: what was planted is found, own and elsewhere apart."""

import numpy as np

from sim.analysis.adviser_effects import JUDGED
from sim.analysis.adviser_verdicts import effect_rows
from tests.analysis.advised import SERVICES, STEPS, Country, advice_of, effects_in, frame_of

COUNTRY = Country(
    planted={("service_a", "icb_2022"): {"access": 3.0, "discordance": -2.0, "health": 4.0, "cost": -1.0}},
    elsewhere={"service_a": -7.0},
    overhead_gbp=2e5,
)
K = {judged.id: number for number, judged in enumerate(JUDGED)}


def test_planted_effects_come_back_in_their_own_units_and_in_steps() -> None:
    effects = effects_in(COUNTRY, advice_of())

    own = effects.own[:, 0, 1, 0, 0]
    np.testing.assert_allclose(own, [0.03, 0.04, 4.0, 5e5 + 2e5], rtol=1e-9)
    np.testing.assert_allclose(effects.own_gains[:, 0, 1, 0, 0], [3.0, -2.0, 4.0, -1.4], rtol=1e-9)
    np.testing.assert_allclose(effects.own_steps, np.repeat([[*STEPS.values()]], 6, axis=0).T, rtol=1e-9)


def test_spill_over_is_apart_from_the_own_effect_and_both_make_the_whole() -> None:
    effects = effects_in(COUNTRY, advice_of())

    np.testing.assert_allclose(
        effects.elsewhere[:, 0, 1], np.array([0.0, 0.0, -7.0, 0.0])[:, None, None] + np.zeros((4, 8, 1)), atol=1e-6
    )
    for kind in (K["health"], K["cost"]):
        np.testing.assert_allclose(effects.own[kind] + effects.elsewhere[kind], effects.whole[kind], atol=1e-6)
    np.testing.assert_allclose(effects.whole[K["access"], 0, 1], 0.03 / 6, rtol=1e-9)


def test_others_gain_where_a_shared_queue_gets_shorter() -> None:
    class Queue(Country):
        def gain(self, service: str, level: str, outcome: str, at: tuple[int, int]) -> float:
            return 0.0

        def rows(self, levels: dict[str, str], at: tuple[int, int]) -> dict[tuple[str, str], float]:  # type: ignore[override]
            found = super().rows(levels, at)
            if levels["service_a"] == "icb_2022":
                found["access_from_diagnosis", "service_b"] += 0.05
                found["access_from_diagnosis", "all_services"] += 0.05 / 6
            return found

    effects = effects_in(Queue(), advice_of())
    np.testing.assert_allclose(effects.own[K["access"], 0, 1], 0.0, atol=1e-12)
    np.testing.assert_allclose(effects.elsewhere[K["access"], 0, 1], 0.05 / 5, rtol=1e-9)  # the mean of five others


def test_a_run_that_is_missing_costs_its_replicate_and_no_other() -> None:
    advice = advice_of()
    frame = frame_of(advice.study, COUNTRY)
    gone = (frame["regime"] == "service_a_at_icb_2022") & (frame["replicate"] == 2)
    from sim.analysis.adviser_effects import effects_of

    effects = effects_of(advice, frame[~gone])
    assert np.isnan(effects.own[:, 0, 1, 2]).all()
    assert np.isfinite(np.delete(effects.own[:, 0, 1], 2, axis=1)).all()
    assert {row.difference.n for row in effect_rows(advice, effects) if row.service == "service_a"} == {7, 8}


def test_rows_hold_every_service_level_outcome_and_scope_with_verdicts_of_their_own() -> None:
    advice = advice_of()
    rows = effect_rows(advice, effects_in(Country(planted=COUNTRY.planted, luck=0.1), advice))

    assert len(rows) == len(SERVICES) * 2 * 3 * 4
    mine = {row.outcome: row for row in rows if (row.service, row.level, row.scope) == ("service_a", "icb_2022", "own")}
    assert [mine[name].verdict for name in ("access", "discordance", "health")] == ["larger", "larger", "larger"]
    assert [mine[name].gain for name in ("access", "discordance", "health", "cost")] == [1, -1, 1, -1]

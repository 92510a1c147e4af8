"""Cost-effectiveness and spatial access."""

from typing import Any

import numpy as np

from sim.measures import cost_effectiveness, decision_uncertainty, spatial_access
from tests.reference.adapt import Adapter, Inputs, numbers


def _icer(i: Inputs, _: Inputs) -> dict[str, Any]:
    got = cost_effectiveness.incremental_ratios(i["cost"], i["effect"], i.get("strategy"))
    return {
        "strategy_order": list(got.option),
        "inc_cost": got.extra_cost,
        "inc_effect": got.extra_effect,
        "icer": got.ratio,
        "status": list(got.status),
    }


def _psa(i: Inputs, _: Inputs) -> dict[str, Any]:
    worth, names = i["willingness_to_pay"], i["strategies"]
    got = decision_uncertainty.uncertainty_of_choice(i["cost"], i["effect"], worth)
    health = [
        cost_effectiveness.net_health_benefit(i["cost"], i["effect"], one).mean(axis=0) for one in worth if one > 0
    ]
    return {
        "net_monetary_benefit": got.net_monetary_benefit,
        "net_health_benefit_positive_wtp": health,
        "ceac": got.acceptability,
        "frontier": [names[n] for n in got.best],
        "expected_loss": got.expected_loss,
        "evpi": got.value_of_information,
    }


def _costs(i: Inputs) -> Any:
    return np.array([numbers(row) for row in i["travel_cost"]])


def _weights(i: Inputs, p: Inputs) -> Any:
    """Return the case's decay, over all providers."""
    if p.get("decay") == "step":
        return spatial_access.step_weights(_costs(i), [tuple(step) for step in p["steps"]])
    if p.get("decay") == "gaussian":
        return spatial_access.gaussian_weights(_costs(i), p["sigma"])
    if "alpha" in p:
        return spatial_access.power_weights(_costs(i), p["scale"], p["alpha"], p["min_dist"])
    return spatial_access.inside_catchment(_costs(i), np.inf)


def _reached(i: Inputs, p: Inputs) -> Any:
    """Return the same within the catchment, where the case has one."""
    return _weights(i, p) * spatial_access.inside_catchment(_costs(i), p.get("max_cost") or np.inf)


def _catchment(i: Inputs, p: Inputs) -> dict[str, Any]:
    return {"access": spatial_access.floating_catchment(i["demand"], i["supply"], _reached(i, p))}


def _three_steps(i: Inputs, p: Inputs) -> dict[str, Any]:
    reached, all_providers = _reached(i, p), _weights(i, p)
    args = i["demand"], i["supply"], reached, all_providers
    return {"access": spatial_access.three_step_floating_catchment(*args)}


def _gravity(i: Inputs, p: Inputs) -> dict[str, Any]:
    return {"access": spatial_access.gravity_access(i["supply"], _reached(i, p))}


ADAPTERS: dict[str, Adapter] = {
    "enhanced_two_step_floating_catchment": _catchment,
    "gravity_access": _gravity,
    "gravity_with_competition": _catchment,
    "incremental_cost_effectiveness": _icer,
    "psa_ceac_evpi": _psa,
    "three_step_floating_catchment": _three_steps,
    "two_step_floating_catchment": _catchment,
}

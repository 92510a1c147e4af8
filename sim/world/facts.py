"""Facts of the services in the form the rules read: one array a fact, one row a service."""

from typing import Annotated

import numpy as np

from sim.luck.records import Float64, Int8, Int64, Table, new_table
from sim.settings.parameter import Parameters, parameter
from sim.world.services import ONGOING, Services

PENCE = 100
MONTHS = 12
MINUTES_PER_DAY = 1440


class PopulationParameters(Parameters):
    """How ill people are, and how much of the need of a place no formula sees."""

    severe_share: float = parameter(
        0.2,
        low=0.05,
        high=0.5,
        at_least=0.0,
        at_most=1.0,
        unit="share",
        source="none found",
        grade="assumption",
        description="People whose illness is severe and who come first in every queue (services with a sourced "
        "severe form use its own share)",
    )
    severe_hazard_ratio: float = parameter(
        2.0,
        low=1.0,
        high=4.0,
        at_least=1.0,
        at_most=100.0,
        unit="ratio",
        source="none found",
        grade="assumption",
        description="Untreated excess hazard of the severe over that of the others; the mean over both is kept",
    )
    unobserved_need_scale: float = parameter(
        1.0,
        low=0.0,
        high=2.0,
        at_least=0.0,
        at_most=5.0,
        unit="multiple of each service's own spread",
        source="none found; the spreads are priors of the service table",
        grade="assumption",
        description="How much need varies between places beyond what age and deprivation explain",
    )


class ServiceFact:
    """Numbers of one service that the rules read; hazards are yearly and in excess of the life table."""

    severe_share: Annotated[Float64, "share", "of people who are severely ill"]
    onset_age_mean: Annotated[Float64, "years", "mean age at onset"]
    onset_age_sd: Annotated[Float64, "years", "standard deviation of the age at onset"]
    delay_years: Annotated[Float64, "years", "mean from onset to diagnosis"]
    before_diagnosis: Annotated[Float64, "ratio", "multiplies the untreated hazard until diagnosis"]
    untreated_hazard: Annotated[Float64, "per year", "excess hazard without treatment of those not severe"]
    untreated_hazard_severe: Annotated[Float64, "per year", "excess hazard without treatment of the severe"]
    treated_hazard: Annotated[Float64, "per year", "excess hazard on or after treatment"]
    untreated_event: Annotated[Float64, "probability", "that an emergency without a bed kills"]
    treated_event: Annotated[Float64, "probability", "that the procedure or episode kills"]
    stop_rate: Annotated[Float64, "per year", "of ending ongoing treatment"]
    utility_untreated: Annotated[Float64, "QALYs per year", "without treatment"]
    utility_treated: Annotated[Float64, "QALYs per year", "on or after treatment"]
    price_pence: Annotated[Int64, "pence", "for a start, or for a month of ongoing treatment"]
    window_minutes: Annotated[Int64, "minutes", "the access window"]
    kind: Annotated[Int8, "code", "ongoing, one-off or emergency"]


ServiceFacts = Table[ServiceFact]


def service_facts(services: Services, parameters: PopulationParameters) -> ServiceFacts:
    """Assemble the facts; the price of ongoing treatment is that of a month."""
    stated = services.severe_form_share > 0
    severe_share = np.where(stated, services.severe_form_share, parameters.severe_share)
    ratio = parameters.severe_hazard_ratio
    milder = services.untreated_annual_hazard / (1.0 - severe_share + severe_share * ratio)
    price = np.rint(services.cost_gbp * PENCE / np.where(services.kind == ONGOING, MONTHS, 1))
    return new_table(
        ServiceFact,
        len(services.ids),
        kind=services.kind,
        severe_share=severe_share,
        onset_age_mean=services.onset_age_mean,
        onset_age_sd=services.onset_age_sd,
        delay_years=services.diagnosis_delay_years,
        before_diagnosis=services.hazard_multiplier_before_diagnosis,
        untreated_hazard=np.where(stated, services.untreated_annual_hazard, milder),
        untreated_hazard_severe=np.where(stated, services.severe_form_untreated_hazard, milder * ratio),
        treated_hazard=services.treated_annual_hazard,
        untreated_event=services.untreated_event_probability,
        treated_event=services.treated_event_probability,
        stop_rate=services.stop_rate_per_year,
        price_pence=price,
        window_minutes=np.rint(services.access_window_days * MINUTES_PER_DAY),
        utility_untreated=services.utility_untreated,
        utility_treated=services.utility_treated,
    )

"""Economics: how years and pounds to come are weighed, and what a journey costs a patient."""

from sim.settings.parameter import Parameters, parameter


class EconomicsParameters(Parameters):
    """Discounting and the patient's own costs."""

    discount_rate_share_per_year: float = parameter(
        0.035,
        low=0.0,
        high=0.06,
        at_least=0.0,
        at_most=1.0,
        unit="share per year",
        source="3.5 % for costs and health, as usual in English appraisals",
        grade="official",
        description="Discount rate of costs and QALYs, from the first measured day",
    )
    patient_travel_gbp_per_hour: float = parameter(
        30.0,
        low=10.0,
        high=60.0,
        at_least=0.0,
        at_most=1e6,
        unit="GBP per hour of travel",
        source="none found; fares or mileage and time of a patient and at times a companion",
        grade="assumption",
        description="What an hour on the way costs those who travel",
    )
    journeys_per_month_ongoing: float = parameter(
        1.0,
        low=0.25,
        high=12.0,
        at_least=0.0,
        at_most=60.0,
        unit="return journeys per month",
        source="none found",
        grade="assumption",
        description="How often someone on ongoing treatment travels to the centre",
    )
    journeys_per_start: float = parameter(
        3.0,
        low=1.0,
        high=15.0,
        at_least=0.0,
        at_most=1000.0,
        unit="return journeys",
        source="none found",
        grade="assumption",
        description="How often a one-off treatment or admission makes someone travel to the centre",
    )

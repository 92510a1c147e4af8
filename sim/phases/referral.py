"""Referral: the patient and the contracting holder choose a provider (mechanism 8, travel)."""

from sim.settings.parameter import Parameters, parameter, switch


class ReferralParameters(Parameters):
    """How far patients go, and who is not referred because of the distance."""

    travel_enabled: bool = switch(8, "Whether travel time sways the choice of centre and the chance of referral")
    travel_weight_per_hour: float = parameter(
        3.0,
        low=0.0,
        high=6.0,
        at_least=0.0,
        at_most=50.0,
        unit="log odds per hour",
        source="none found; one third of patients bypass the nearest centre in a study of choice (SCIENCE 13)",
        grade="assumption",
        description="How strongly one hour more of travel lowers the odds that a centre is chosen",
    )
    not_referred_share: float = parameter(
        0.02,
        low=0.0,
        high=0.10,
        at_least=0.0,
        at_most=0.9,
        unit="share",
        source="none found",
        grade="assumption",
        description="Diagnosed people who are not referred even when a centre stands next door",
    )
    non_referral_log_odds_per_hour: float = parameter(
        0.223,
        low=0.0,
        high=0.6,
        at_least=0.0,
        at_most=5.0,
        unit="log odds per hour",
        source="odds ratio 1.25 with travel time, https://pubmed.ncbi.nlm.nih.gov/22516762 (the unit of exposure was "
        "not seen; studies with no effect exist: PMC4697930)",
        grade="approximate",
        description="How much one hour of travel to the chosen centre raises the log odds of non-referral",
    )

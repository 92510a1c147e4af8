"""Every mechanism's parameters, assembled from the modules that own them."""

from pydantic import Field

from sim.phases.referral import ReferralParameters
from sim.settings.parameter import Parameters


class ParameterSet(Parameters):
    """One group of parameters for each module that declares any; the key is the module's name."""

    referral: ReferralParameters = Field(default_factory=ReferralParameters)

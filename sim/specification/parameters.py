"""Every mechanism's parameters, assembled from the modules that own them."""

from pydantic import Field

from sim.governance.accounts import PoolingParameters
from sim.governance.administration import AdministrationParameters
from sim.governance.allocation import BudgetParameters
from sim.governance.co_commissioning import CoCommissioningParameters
from sim.governance.common_pool import CommonPoolParameters
from sim.governance.diffusion import DiffusionParameters
from sim.governance.expertise import ExpertiseParameters
from sim.governance.handover import HandoverParameters
from sim.governance.incentives import IncentiveParameters
from sim.governance.local_fit import LocalFitParameters
from sim.governance.network import NetworkParameters
from sim.governance.panels import PanelParameters
from sim.governance.pathways import ExperimentParameters
from sim.governance.policy import AppraisalParameters, PolicyParameters
from sim.governance.portfolio import PortfolioParameters
from sim.governance.prices import PriceParameters
from sim.governance.priority import PriorityParameters
from sim.phases.diagnosis import DiagnosisParameters
from sim.phases.economics import EconomicsParameters
from sim.phases.funding import FundingParameters
from sim.phases.referral import DeprivationParameters, ReferralParameters
from sim.phases.waiting import WaitingParameters
from sim.settings.parameter import Parameters
from sim.world.capacity import CapacityParameters
from sim.world.facts import PopulationParameters
from sim.world.travel import TravelParameters


class ParameterSet(Parameters):
    """One group of parameters for each module that declares any."""

    population: PopulationParameters = Field(default_factory=PopulationParameters)
    travel: TravelParameters = Field(default_factory=TravelParameters)
    capacity: CapacityParameters = Field(default_factory=CapacityParameters)
    pooling: PoolingParameters = Field(default_factory=PoolingParameters)
    budget: BudgetParameters = Field(default_factory=BudgetParameters)
    portfolio: PortfolioParameters = Field(default_factory=PortfolioParameters)
    policy: PolicyParameters = Field(default_factory=PolicyParameters)
    appraisal: AppraisalParameters = Field(default_factory=AppraisalParameters)
    diffusion: DiffusionParameters = Field(default_factory=DiffusionParameters)
    co_commissioning: CoCommissioningParameters = Field(default_factory=CoCommissioningParameters)
    network: NetworkParameters = Field(default_factory=NetworkParameters)
    experiments: ExperimentParameters = Field(default_factory=ExperimentParameters)
    local_fit: LocalFitParameters = Field(default_factory=LocalFitParameters)
    panels: PanelParameters = Field(default_factory=PanelParameters)
    expertise: ExpertiseParameters = Field(default_factory=ExpertiseParameters)
    administration: AdministrationParameters = Field(default_factory=AdministrationParameters)
    handover: HandoverParameters = Field(default_factory=HandoverParameters)
    priority: PriorityParameters = Field(default_factory=PriorityParameters)
    common_pool: CommonPoolParameters = Field(default_factory=CommonPoolParameters)
    incentives: IncentiveParameters = Field(default_factory=IncentiveParameters)
    prices: PriceParameters = Field(default_factory=PriceParameters)
    diagnosis: DiagnosisParameters = Field(default_factory=DiagnosisParameters)
    deprivation: DeprivationParameters = Field(default_factory=DeprivationParameters)
    referral: ReferralParameters = Field(default_factory=ReferralParameters)
    funding: FundingParameters = Field(default_factory=FundingParameters)
    waiting: WaitingParameters = Field(default_factory=WaitingParameters)
    economics: EconomicsParameters = Field(default_factory=EconomicsParameters)

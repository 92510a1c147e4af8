"""Policy: which treatments are routinely funded, for whom and since when (mechanisms 3 and 4, one error term).

Each service is a number of topics of equal size: indications on which a holder decides apart. A topic's
value lies above the threshold by a known margin, in logs of cost per QALY; the holder sees it with an
error, and funds the topic when what it sees is positive: adopt = 1[margin + error ≥ 0]. For a service that
begins during a run the margin is ln(threshold / cost per QALY), plus the benefit of the doubt, where the
catalogue of technologies has a cost per QALY.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.governance.co_commissioning import Joint, undisturbed
from sim.governance.units import Holders
from sim.luck.draws import Luck
from sim.luck.identity import text_identity
from sim.settings.parameter import Parameters, parameter, switch
from sim.world.services import EMERGENCY, HIGHLY_SPECIALISED, Services

Keys = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

MOST_TOPICS = 16
DECIDED = 1 << MOST_TOPICS
"""Set in a mask of topics once a holder has decided on the treatment at all."""


class PolicyParameters(Parameters):
    """How far commissioners' policies differ when each decides on the same evidence."""

    divergence_enabled: bool = switch(
        3, "Whether each holder of policy decides for itself; when off, all take the decisions one nation would"
    )
    topics_per_service: int = parameter(
        5,
        low=3,
        high=10,
        at_least=1,
        at_most=MOST_TOPICS,
        unit="topics",
        source="none found; about 128 specifications for 143 services, each with several indications",
        grade="assumption",
        description="Indications into which a service's patients fall, each decided on apart",
    )
    mean_margin_log: float = parameter(
        1.0,
        low=0.5,
        high=1.5,
        at_least=0.0,
        at_most=20.0,
        unit="log of cost per QALY",
        source="none found; 1 means that value for money is 2.7 times what the threshold asks",
        grade="assumption",
        description="By how much the mean topic's value clears the threshold; topics lie evenly between none of it "
        "and twice it",
    )
    shared_evidence_share: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        at_least=0.0,
        at_most=1.0,
        unit="correlation",
        source="none found",
        grade="assumption",
        description="Correlation between the errors of two commissioners on one topic: they read the same studies",
    )
    years_between_reviews: int = parameter(
        3,
        low=2,
        high=6,
        at_least=1,
        at_most=60,
        unit="years",
        source="none found",
        grade="assumption",
        description="Years from one review of a topic to the next, on a calendar that all holders share",
    )


class AppraisalParameters(Parameters):
    """How well and how fast a body appraises, given its part of one national staff."""

    enabled: bool = switch(
        4,
        "Whether error and time of a decision depend on the staff a holder has; when off, all err as a national "
        "body would and decide on the date of the catalogue, without error where policy is one as well",
    )
    national_error_log: float = parameter(
        0.04,
        low=0.0,
        high=0.08,
        at_least=0.0,
        at_most=20.0,
        unit="standard deviation of the log of cost per QALY",
        source="none found; with it ten regional holders of policy leave some thousands of requests a year to panels ("
        "50 to 5,700 in nine simulated years, 2,400 on average); about 3,000 for cancer were made, 2006 to 2008",
        grade="assumption",
        description="Error of an appraisal made with all of the nation's staff; a body with a share s of the "
        "people has s of the staff for each topic, and an error 1/√s times as large",
    )
    decision_months: float = parameter(
        26.8,
        low=5.0,
        high=53.0,
        at_least=0.0,
        at_most=600.0,
        unit="months",
        source="26.8 months from licence to decision in England at the median (27.6 on average), 2000 to 2016, "
        "https://ojrd.biomedcentral.com/articles/10.1186/s13023-019-1078-5 (several regimes pooled)",
        grade="published",
        description="Median time from the licence of a treatment to the decision of a body with all of the nation's "
        "staff",
    )
    decision_time_sd_log: float = parameter(
        0.4,
        low=0.2,
        high=0.6,
        at_least=0.0,
        at_most=5.0,
        unit="standard deviation of the log",
        source="5.1 to 53.2 months in the same study",
        grade="approximate",
        description="Spread of the time to a decision",
    )
    staff_exponent: float = parameter(
        0.1,
        low=0.0,
        high=0.2,
        at_least=0.0,
        at_most=5.0,
        unit="exponent",
        source="none found",
        grade="assumption",
        description="How much longer a body with a share s of the staff takes: s to minus this power",
    )
    ordinary_gbp_per_qaly: float = parameter(
        30_000.0,
        low=20_000.0,
        high=30_000.0,
        at_least=1.0,
        at_most=1e9,
        unit="pounds per QALY",
        source="NICE, 20,000 to 30,000 until 2025 (25,000 to 35,000 since), "
        "https://www.nice.org.uk/what-nice-does/faqs/changes-to-nice-s-cost-effectiveness-thresholds",
        grade="official",
        description="Threshold for a new technology of a service that is not highly specialised",
    )
    rarest_gbp_per_qaly: float = parameter(
        100_000.0,
        low=100_000.0,
        high=300_000.0,
        at_least=1.0,
        at_most=1e9,
        unit="pounds per QALY",
        source="NICE's limit for highly specialised technologies since 2017, up to three times as much where 10 to 30 "
        "QALYs and more are gained (none of those with a known ratio gains more than 10), http://blogs.bmj.com/bmj/"
        "2017/04/18/nices-proposed-new-qaly-modifier-for-appraising-highly-specialised-technologies/",
        grade="published",
        description="Threshold for a new technology of a highly specialised service",
    )
    ordinary_discretion_log: float = parameter(
        0.65,
        low=0.0,
        high=1.1,
        at_least=0.0,
        at_most=20.0,
        unit="log of cost per QALY",
        source="none found; as little as lets a nation fund CAR-T at 50,000 a QALY, which needs 0.51, and its own "
        "error three times over; NICE's limit at the end of life was 50,000",
        grade="assumption",
        description="How far beyond the threshold appraisers of other services go",
    )
    rarest_discretion_log: float = parameter(
        4.1,
        low=0.0,
        high=4.5,
        at_least=0.0,
        at_most=20.0,
        unit="log of cost per QALY",
        source="none found; as little as lets a nation fund what was funded: 3.95 for the enzyme for Fabry disease at "
        "5.2 million a QALY, 2.02 Gaucher, 1.61 Pompe, 1.57 MPS IVA, and its own error three times over",
        grade="assumption",
        description="Benefit of the doubt for highly specialised services, beyond their threshold",
    )


class Appraisal(NamedTuple):
    """What the review of policy reads besides who holds it. P places, S services, T topics."""

    topics: int
    margins: Floats  # [S, T]
    correlation: float
    years_between: int
    error: float  # of the nation
    staff: bool  # whether error and time depend on staff
    keys: Keys  # [S, T] of the matter
    licensed: npt.NDArray[np.int32]  # [S] months since January 1900, -1 when established at the start
    exempt: npt.NDArray[np.bool_]  # [S] emergencies: nobody asks whether they are funded
    months: float
    months_sd_log: float
    staff_exponent: float
    luck: Luck


class Deciders(NamedTuple):
    """Who sets policy and who carries it out, uint64[P, S] and float64[P, S]; how far it binds; what sharing does."""

    policy: Keys
    policy_share: Floats
    contracting: Keys
    contracting_share: Floats
    binding: float
    joint: Joint


def appraisal_of(
    services: Services, policy: PolicyParameters, appraisal: AppraisalParameters, start_month: int, luck: Luck
) -> Appraisal:
    """Assemble what reviews read; a treatment routinely funded before the first month is established."""
    topics = policy.topics_per_service
    arrives = services.available_from_month > start_month
    keys = [[text_identity("topic", service, str(topic)) for topic in range(topics)] for service in services.ids]
    begins = services.licensed_from_month if appraisal.enabled else services.available_from_month
    acts = appraisal.enabled or policy.divergence_enabled
    return Appraisal(
        topics=topics,
        margins=margins_of(services, arrives & acts, policy, appraisal),
        correlation=policy.shared_evidence_share if policy.divergence_enabled else 1.0,
        years_between=policy.years_between_reviews,
        error=appraisal.national_error_log if acts else 0.0,
        staff=appraisal.enabled,
        keys=np.array(keys, dtype=np.uint64).reshape(len(services.ids), topics),
        licensed=np.where(arrives, begins, -1).astype(np.int32),
        exempt=services.kind == EMERGENCY,
        months=appraisal.decision_months if appraisal.enabled else 0.0,
        months_sd_log=appraisal.decision_time_sd_log,
        staff_exponent=appraisal.staff_exponent,
        luck=luck,
    )


def margins_of(
    services: Services, arrives: npt.NDArray[np.bool_], policy: PolicyParameters, appraisal: AppraisalParameters
) -> Floats:
    """Return by how much topics clear the threshold, in logs of cost per QALY, float64[S, T].

    Topics of what arrives with a known cost per QALY all have its margin; those of other services lie evenly
    between nothing and twice the mean margin.
    """
    topics = policy.topics_per_service
    rarest = np.array([group == HIGHLY_SPECIALISED for group in services.groups], dtype=np.bool_)
    threshold = np.where(rarest, appraisal.rarest_gbp_per_qaly, appraisal.ordinary_gbp_per_qaly)
    discretion = np.where(rarest, appraisal.rarest_discretion_log, appraisal.ordinary_discretion_log)
    stated = np.log(threshold / services.gbp_per_qaly) + discretion
    usual = 2.0 * policy.mean_margin_log * (np.arange(topics) + 0.5) / topics
    known = (arrives & np.isfinite(stated))[:, np.newaxis]
    margins: Floats = np.where(known, stated[:, np.newaxis], usual)
    return margins


def deciders_of(holders: Holders, binding: float, policy: PolicyParameters, nation: int) -> Deciders:
    """Return who decides; when policies do not diverge, the nation does in every place."""
    if policy.divergence_enabled:
        local = holders.contracting, holders.contracting_share
        return Deciders(holders.policy, holders.policy_share, *local, float(binding), holders.joint)
    one, whole = np.full_like(holders.policy, nation), np.ones_like(holders.policy_share)
    return Deciders(one, whole, one, whole, float(binding), undisturbed(one.shape))

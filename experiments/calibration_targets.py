"""What the model is held against: published numbers, what may be off by how much, and which parameter each one sets.

What may be off follows from how good the published number is, not from what the model gives. A target sets a
parameter, or is a prediction, or bounds what the model may do, or lies beyond it; the last is neither met nor missed.
"""

from experiments.calibration_kinds import Target

PANELS = (
    Target(
        "panel_lowest", "B1, B2", "fewest requests agreed to by any of 152 panels",
        "under {ifr_pct_approval_min} %, mean {ifr_pct_approval_2011_12:g} %", "%", 1, "sets",
        down_to=7.5, parameters=("panels.panel_concentration",),
        note="each panel with as many requests as trusts had on average",
    ),
    Target(
        "panel_highest", "B1, B2", "most requests agreed to by any of 152 panels",
        "over {ifr_pct_approval_max:g} %, mean {ifr_pct_approval_2011_12:g} %", "%", 1, "sets",
        up_to=84.0, parameters=("panels.panel_concentration",),
    ),
    Target(
        "cancer_lowest", "B1", "fewest cancer requests agreed to by any of 62 panels",
        "{ifr_pct_cancer_range_low:g} % among {ifr_pct_cancer_trusts:g} trusts, about {ifr_pct_cancer_per_year:,.0f} "
        "requests a year over 20 months, {ifr_pct_cancer_denied:g} % refused", "%", 1, "prediction", down_to=0.0,
        note="requests shared out by people, as how they were spread is not known",
    ),
    Target(
        "cancer_highest", "B1", "most cancer requests agreed to by any of 62 panels",
        "{ifr_pct_cancer_range_high:g} %", "%", 1, "prediction",
        up_to=100.0,
    ),
    Target(
        "refusals_together", "–", "refusals by the three sternest of 27 panels, of all their refusals",
        "over half: {ifr_christie_concentration:g} trusts; {ifr_christie_requests:g} requests, "
        "{ifr_christie_approval:g} % agreed to", "%", 0, "prediction", up_to=50.0,
    ),
    Target(
        "panel_level", "B1, B2", "mean share of requests agreed to",
        "{ifr_nhse_approval_2013_14} to 75 % ({ifr_pct_cancer_denied:g} % of cancer requests refused); "
        "differs by case mix", "%", 0, "sets", 21.8, 75.0, parameters=("panels.approval_share",),
        note="the middle of the range; no level was fitted",
    ),
    Target(
        "panel_national", "B2", "share agreed to by one national panel",
        "{ifr_nhse_accepted_2013_14:g} of {ifr_nhse_requests_2013_14:,.0f}, {ifr_nhse_accepted_2014_15:g} of "
        "{ifr_nhse_requests_2014_15:,.0f}, {ifr_nhse_accepted_2015_h1:g} of {ifr_nhse_requests_2015_h1:g}: "
        "29.8 % together", "%", 0, "prediction", covers=29.8,
        note="the model's panel is as strict in every year; the real one moved by 15 points in one",
    ),
    Target(
        "panel_days", "–", "days from a request to its answer", "{ifr_christie_mean_days:g} days on average", "days", 0,
        "sets", 22.0, 52.0, parameters=("panels.decision_months",), note="the nearest whole month",
    ),
)  # fmt: skip
POLICY = (
    Target(
        "requests_regional", "–", "requests a year under ten regional holders of policy",
        "about {ifr_pct_cancer_per_year:,.0f} a year for cancer alone", "a year", 0, "sets", 1500.0, 6000.0,
        parameters=("appraisal.national_error_log",), note="half to twice the number", run=True,
    ),
    Target(
        "requests_national", "–", "requests a year under one national holder, first two years",
        "{ifr_nhse_requests_2013_14:,.0f} and {ifr_nhse_requests_2014_15:,.0f}", "a year", 0, "prediction", 640.0,
        2870.0, note="half to twice the number", run=True,
    ),
    Target(
        "requests_third", "–", "requests under one national holder, third year",
        "{ifr_nhse_requests_2015_h1:g} in half a year", "a year", 0, "prediction", 560.0, 2240.0,
        note="half to twice the number", run=True,
    ),
    Target(
        "as_cataract", "B4",
        "trusts that decide against the most contested topic of any service that is not the rarest",
        "{cataract_restricted:g} of {cataract_trusts:g} trusts restricted cataract surgery, 47 %", "%", 0, "bound",
        up_to=47.0,
        note="not specialised, and known for being rationed: a bound on what the model must be able to give",
    ),
    Target(
        "as_ivf", "B5", "trusts that decide against the most contested topic",
        "{ivf_three_cycles_2013:g}, {ivf_three_cycles_2016:g} and "
        "{ivf_three_cycles_2017:g} % of groups funded three cycles of IVF in 2013, 2016 and 2017", "%", 0, "bound",
        up_to=88.0, note="likewise; 88 % did not",
    ),
    Target(
        "spread_falls", "B10", "fall of the spread (CV) between 34 networks over two years, technologies licensed two "
        "to four years before",
        "{cancer_drug_fall_min:g} to {cancer_drug_fall_max:g} % by drug, {cancer_drug_networks:g} networks, 2003 to "
        "2005", "%", 0, "prediction", 9.0, 62.0,
        note="of decisions to fund; the published spread is of use, which follows decisions slowly",
    ),
    Target(
        "months_mean", "B19", "months from licence to a national decision, mean", "{orphan_months_mean} months",
        "months", 1, "sets", 24.8, 30.4, parameters=("appraisal.decision_months",), note="within 10 %",
    ),
    Target(
        "months_median", "B19", "months from licence to a national decision, median",
        "{orphan_months_median} months", "months", 1, "sets", 24.1, 29.5,
        parameters=("appraisal.decision_months",), note="within 10 %",
    ),
    Target(
        "months_shortest", "B19", "shortest of 70 decisions",
        "{orphan_months_min} months, under {orphan_routinely_funded:g} % of {orphan_authorised:g}", "months", 1, "sets",
        covers=5.1, parameters=("appraisal.decision_time_sd_log",),
    ),
    Target(
        "months_longest", "B19", "longest of 70 decisions", "{orphan_months_max} months", "months", 1, "sets",
        covers=53.2, parameters=("appraisal.decision_time_sd_log",),
    ),
    Target(
        "rarest_funded", "B19", "topics of highly specialised services that the nation funds",
        "under {orphan_routinely_funded:g} % of orphan medicines were routinely funded", "% of topics", 1, "beyond",
        note="the catalogue has only services that came to be funded",
    ),
)  # fmt: skip
MONEY = (
    Target(
        "spend", "–", "plan for all specialised services, £bn of 2013-14 (2022 prices times 0.81)",
        "£{spec_budget_2013_14}bn", "£bn", 1, "sets", 12.9, 13.1, parameters=("portfolio.specialised_spend_gbp_m",),
    ),
    Target(
        "contracts", "–", "contracts of the national body of 2013", "{contracts_2013_14:g}", "contracts", 0, "sets",
        277.0, 307.0, parameters=("administration.contract_minimum_patients",), note="within 5 %",
    ),
    Target(
        "tolerance", "–", "spending ahead of plan before new starts are slowed, of plan",
        "overspends of {overspend_share_2013_14} % and of £{overspend_2014_15:g}m on 13.9bn, 0.9 %", "% of plan", 1,
        "sets", 0.9, 2.9, parameters=("budget.tolerated_share_of_plan",), note="between the two years",
    ),
    Target(
        "misclassified", "B15", "money that stayed in general budgets in the first year after the handover of 2013",
        "£{misclassified_2013_14:g}m of £{spec_plan_handover_2013_14}bn, 4.8 %", "% of plan", 1, "sets", 4.3, 5.3,
        parameters=("handover.baseline_error_mean_share",), note="within half a point", run=True,
    ),
    Target(
        "overspend_first", "B15", "overspend in the first year after the handover of 2013, whole portfolio",
        "£{overspend_2013_14:g}m of £{spec_budget_2013_14:g}bn, {overspend_share_2013_14} %", "% of plan", 1,
        "prediction", 1.9, 3.9, note="within one point", run=True,
    ),
    Target(
        "overspend_second", "B15", "overspend in the second year", "£{overspend_2014_15:g}m of £13.9bn, 0.9 %",
        "% of plan", 1, "prediction", -0.1, 1.9, note="within one point", run=True,
    ),
    Target(
        "growth", "B16", "growth of spending on the modelled services, 2013-14 to 2015-16",
        "{spec_growth_2013_16} % a year ({nhs_growth_2013_16} % for all of the service)", "% a year", 1, "beyond",
        note="who falls ill and what treatment costs stay what they are, so all growth is from survivors, technologies "
        "and baselines that are put right", run=True,
    ),
    Target(
        "radiotherapy", "–", "spending on radiotherapy, £m of 2013-14",
        "£{radiotherapy_spend_2013_14}m, £{radiotherapy_spend_2014_15}m, £{radiotherapy_spend_2015_16}m in three years",
        "£m", 0, "prediction", 256.0, 427.0, note="within a quarter", run=True,
    ),
    Target(
        "dialysis_chemotherapy", "–", "spending on dialysis and chemotherapy, £m of 2013-14",
        "£{dialysis_plus_chemo_2014}bn", "£m", 0, "prediction", 1275.0, 2125.0, note="within a quarter", run=True,
    ),
    Target(
        "price_ratio", "–", "dearest over cheapest of eight centres under local prices",
        "£{live_kidney_price_min:,.0f} to £{live_kidney_price_max:,.0f} at {live_kidney_price_centres:g} centres: 3.2",
        "times", 1, "sets", 1.0, 3.23, parameters=("prices.history_sd_log",), note="between none of it and all",
    ),
)  # fmt: skip
HANDOVER = (
    Target(
        "shock_lasts", "B17", "months until a new holder lacks 1/e of what staff it lacked",
        "{merger_delay_months:g} months or more", "months", 0, "sets", 18.0,
        parameters=("handover.staff_recovery_years",),
    ),
    Target(
        "centres_later", "B17", "months by which a handover delays new centres",
        "{merger_delay_months:g} months or more", "months", 1, "prediction", 18.0,
        note="staff lost times the years for which they are lacking",
    ),
    Target(
        "decisions_later", "B17", "months by which a handover delays a decision on a technology",
        "{merger_delay_months:g} months or more", "months", 1, "prediction", 18.0,
    ),
)  # fmt: skip
DIAGNOSIS = (
    Target(
        "contacts", "B18", "doctors seen until diagnosis", "{rare_diagnosis_doctors_uk:g}", "contacts", 1, "sets", 7.0,
        9.0, parameters=("diagnosis.recognition_share_per_contact",),
    ),
    Target(
        "within_3_months", "B18", "diagnosed within three months, highly specialised ongoing services",
        "{rdd_diagnosis_3_months:g} %", "%", 0, "prediction", 21.0, 31.0, note="within five points",
    ),
    Target(
        "over_5_years", "B18", "diagnosed after more than five years", "{rdd_diagnosis_over_5y:g} %", "%", 0,
        "prediction", 15.0, 25.0, note="within five points",
    ),
    Target(
        "over_10_years", "B18", "diagnosed after more than ten years", "over {rdd_diagnosis_over_10y:g} %", "%", 0,
        "prediction", 5.0, 15.0, note="within five points",
    ),
    Target(
        "mean_years", "B18", "years to diagnosis, mean",
        "{rare_diagnosis_mean_uk} years in the United Kingdom, {rare_diagnosis_mean_europe} in Europe", "years", 1,
        "prediction", 4.6, 6.6, note="within one year",
    ),
    Target(
        "within_3_months_alike", "B18", "within three months, every condition alike", "{rdd_diagnosis_3_months:g} %",
        "%", 0, "prediction", 21.0, 31.0, note="within five points",
    ),
    Target(
        "over_5_years_alike", "B18", "more than five years, every condition alike", "{rdd_diagnosis_over_5y:g} %", "%",
        0, "prediction", 15.0, 25.0, note="within five points",
    ),
)  # fmt: skip
READ_OFF = (
    Target(
        "delegable", "–", "part of the rest of the portfolio that follows delegable services",
        "{share_delegated_value_2025:g} %", "%", 0, "sets", 55.5, 56.5, parameters=("portfolio.delegable_share",),
    ),
    Target(
        "ordinary_threshold", "–", "threshold of an ordinary new technology",
        "£{nice_threshold_low:,.0f} to £{nice_threshold_high:,.0f} a QALY", "£ a QALY", 0, "sets", 20_000.0, 30_000.0,
        parameters=("appraisal.ordinary_gbp_per_qaly",),
    ),
    Target(
        "rarest_threshold", "–", "threshold of a highly specialised new technology",
        "£{hst_threshold:,.0f} to £{hst_threshold_max_weighted:,.0f} a QALY", "£ a QALY", 0, "sets", 100_000.0,
        300_000.0, parameters=("appraisal.rarest_gbp_per_qaly",),
    ),
)  # fmt: skip
TARGETS = (*PANELS, *POLICY, *MONEY, *HANDOVER, *DIAGNOSIS, *READ_OFF)

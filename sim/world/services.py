"""Services: who needs them, what they do to a life, what they cost, and how much of them there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.world.months import MONTHS_PER_YEAR
from sim.world.tables import BoolArray, FloatArray, IndexArray, LongArray, SmallArray, Table, read_table
from sim.world.technologies import arrivals, load_technologies

ONGOING, ONE_OFF, EMERGENCY = 0, 1, 2
KINDS: Mapping[str, int] = {"ongoing": ONGOING, "one_off": ONE_OFF, "emergency": EMERGENCY}
HIGHLY_SPECIALISED = "highly_specialised"
TIERS = (HIGHLY_SPECIALISED, "specialised_retained", "specialised_delegable")
VOLUME_EVIDENCE: Mapping[str, int] = {"none": 0, "weak": 1, "strong": 2}
FIRST_YEAR = 1900  # months are counted from its January
FIRST_STOCK_YEAR, LAST_STOCK_YEAR = 2013.25, 2022.25  # the stocks are dated to April

SHARES = (
    "eligible_share",
    "utility_untreated",
    "utility_treated",
    "severe_form_share",
    "share_of_stock_on_costed_treatment",
    "untreated_event_probability",
    "treated_event_probability",
    "hazard_multiplier_before_diagnosis",
)
AMOUNTS = (
    "onsets_per_year_england",
    "diagnosis_delay_years_used",
    "onset_age_mean",
    "onset_age_sd",
    "untreated_annual_hazard",
    "treated_annual_hazard",
    "severe_form_untreated_hazard",
    "duration_on_treatment_years",
    "stop_rate_per_year",
    "access_window_days",
    "capacity_england",
    "cost_gbp_2022",
    "deprivation_gradient",
    "need_unobserved_sd_log",
    "starting_stock_undiagnosed",
    "starting_stock_waiting_2013",
    "starting_stock_waiting_2022",
    "starting_stock_treated_2013",
    "starting_stock_treated_2022",
)
MAY_BE_BLANK = (
    "untreated_annual_hazard",
    "treated_annual_hazard",
    "untreated_event_probability",
    "treated_event_probability",
    "severe_form_share",
    "severe_form_untreated_hazard",
    "duration_on_treatment_years",
    "stop_rate_per_year",
)
"""A blank here means 0: the service has no such hazard, form or duration."""
FIELD_OF = {
    "diagnosis_delay_years_used": "diagnosis_delay_years",
    "capacity_england": "capacity_per_year",
    "starting_stock_undiagnosed": "undiagnosed",
    "starting_stock_waiting_2013": "waiting_2013",
    "starting_stock_waiting_2022": "waiting_2022",
    "starting_stock_treated_2013": "treated_2013",
    "starting_stock_treated_2022": "treated_2022",
}
"""Columns whose name in ``Services`` is another."""


@dataclass(frozen=True)
class Services:
    """S services sorted by id. Hazards are per year, in excess of the life table; shares lie in 0 to 1."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[str, ...]  # tier in 2022, one of TIERS
    kind: SmallArray  # [S] ONGOING, ONE_OFF or EMERGENCY
    centres: LongArray  # [S] centres in England as published, 0 = unknown
    available_from_month: IndexArray  # [S] months since January 1900; -1 = older than the catalogue
    licensed_from_month: IndexArray  # [S] likewise: when the treatment first existed
    gbp_per_qaly: FloatArray  # [S] of the technology with which the service began; NaN where none is known
    volume_evidence: SmallArray  # [S] that outcomes follow volume: one of VOLUME_EVIDENCE
    need_per_year: FloatArray  # [S] people a year in England who could be treated
    eligible_share: FloatArray  # [S] of those who fall ill (already inside need_per_year)
    diagnosis_delay_years: FloatArray  # [S] mean
    onset_age_mean: FloatArray  # [S] years
    onset_age_sd: FloatArray  # [S] years
    utility_untreated: FloatArray  # [S] QALYs per year of life
    utility_treated: FloatArray  # [S] QALYs per year of life
    untreated_annual_hazard: FloatArray  # [S]
    treated_annual_hazard: FloatArray  # [S]
    untreated_event_probability: FloatArray  # [S] death within the event when not treated
    treated_event_probability: FloatArray  # [S] death within the event when treated
    severe_form_share: FloatArray  # [S]
    severe_form_untreated_hazard: FloatArray  # [S]
    hazard_multiplier_before_diagnosis: FloatArray  # [S] on the untreated hazard
    duration_on_treatment_years: FloatArray  # [S] mean, ongoing services; 0 otherwise
    stop_rate_per_year: FloatArray  # [S]
    access_window_days: FloatArray  # [S]
    capacity_per_year: FloatArray  # [S] places when ongoing, otherwise starts or admissions a year
    cost_gbp: FloatArray  # [S] per year when ongoing, per start otherwise; price year 2022
    deprivation_gradient: FloatArray  # [S] need in the most over the least deprived fifth
    need_unobserved_sd_log: FloatArray  # [S] of local need that no formula sees
    undiagnosed: FloatArray  # [S] people, one value for every year
    waiting_2013: FloatArray  # [S] people
    waiting_2022: FloatArray  # [S] people
    treated_2013: FloatArray  # [S] people on ongoing treatment; 0 for other kinds
    treated_2022: FloatArray  # [S] people on ongoing treatment; 0 for other kinds

    def stock_undiagnosed(self, year: float) -> FloatArray:
        """Return the people ill and undiagnosed at a date (2013.25 = April 2013), float64[S]."""
        return _between(self.undiagnosed, self.undiagnosed, year)

    def stock_waiting(self, year: float) -> FloatArray:
        """Return the people diagnosed and waiting at a date, float64[S].

        Before a service begins, those whom it would treat wait for it.
        """
        treated = _between(self.treated_2013, self.treated_2022, year)
        return self.queue(year) + np.where(self._begun(year), 0.0, treated)

    def queue(self, year: float) -> FloatArray:
        """Return the people in the queues of the catalogue at a date, float64[S]."""
        return _between(self.waiting_2013, self.waiting_2022, year)

    def stock_treated(self, year: float) -> FloatArray:
        """Return the people on ongoing treatment at a date, float64[S]; nobody before a service begins."""
        return np.where(self._begun(year), _between(self.treated_2013, self.treated_2022, year), 0.0)

    def _begun(self, year: float) -> BoolArray:
        """Tell which services exist at a date, bool[S]."""
        begun: BoolArray = self.available_from_month <= round((year - FIRST_YEAR) * MONTHS_PER_YEAR)
        return begun


def _between(first: FloatArray, last: FloatArray, year: float) -> FloatArray:
    """Interpolate between the two dated stocks; hold the nearer one outside."""
    share = (year - FIRST_STOCK_YEAR) / (LAST_STOCK_YEAR - FIRST_STOCK_YEAR)
    share = min(max(share, 0.0), 1.0)
    return first + share * (last - first)


@dataclass(frozen=True)
class Catalogue:
    """The rows of services.csv by id: the modelled services and the umbrellas above them."""

    names: Mapping[str, str]
    tiers: Mapping[str, str]
    parents: Mapping[str, str]  # "" where there is none
    centres: Mapping[str, int]
    volume_evidence: Mapping[str, int]


def load_catalogue(path: Path) -> Catalogue:
    """Read services.csv; raise DataError naming every cell that is wrong."""
    table = read_table(path, ["id", "name", "parent_id", "tier_2022", "centres_england", "volume_outcome"])
    ids, names = table.codes("id"), table.texts("name")
    tiers, centres = table.texts("tier_2022", one_of=TIERS), table.whole_numbers("centres_england")
    evidence = table.texts("volume_outcome", one_of=VOLUME_EVIDENCE)
    parents = [cells["parent_id"].strip() for cells in table.rows]
    for row, parent in enumerate(parents):
        if parent and parent not in ids:
            table.wrong(row, "parent_id", parent, "blank or an id of this table")
    table.finish()
    return Catalogue(
        names=dict(zip(ids, names, strict=True)),
        tiers=dict(zip(ids, tiers, strict=True)),
        parents=dict(zip(ids, parents, strict=True)),
        centres={service: int(count) for service, count in zip(ids, centres, strict=True)},
        volume_evidence={id_: VOLUME_EVIDENCE[word] for id_, word in zip(ids, evidence, strict=True)},
    )


def load_services(derived_path: Path, technologies_path: Path, catalogue: Catalogue) -> Services:
    """Read services_derived.csv, one row for each modelled service; raise DataError on anything wrong."""
    spread = [column + suffix for column in (*SHARES, *AMOUNTS) for suffix in ("", "_low", "_high")]
    table = read_table(derived_path, ["service_id", "kind", *spread])
    ids = table.codes("service_id")
    table.texts("service_id", one_of=catalogue.names)
    kind_words = table.texts("kind", one_of=KINDS)
    cells = {column: _ranged(table, column) for column in (*SHARES, *AMOUNTS)}
    _check_sense(table, cells)
    table.finish()

    order = sorted(range(len(ids)), key=lambda row: ids[row])
    ids = tuple(ids[row] for row in order)
    kind = np.array([KINDS[kind_words[row]] for row in order], dtype=np.int8)
    fields = {FIELD_OF.get(column, column): values[order] for column, values in cells.items()}
    began = arrivals(load_technologies(technologies_path, ids), ids, fields["treated_2013"])
    for stock in ("treated_2013", "treated_2022"):
        # the other kinds' treated stock counts people in the middle of an episode, who hold no place
        fields[stock] = np.where(kind == ONGOING, fields[stock], 0.0)
    return Services(
        ids=ids,
        names=tuple(catalogue.names[service] for service in ids),
        groups=tuple(catalogue.tiers[service] for service in ids),
        kind=kind,
        centres=np.array([catalogue.centres[service] for service in ids], dtype=np.int64),
        available_from_month=began.usable,
        licensed_from_month=began.licensed,
        gbp_per_qaly=began.gbp_per_qaly,
        volume_evidence=np.array([catalogue.volume_evidence[service] for service in ids], dtype=np.int8),
        need_per_year=fields.pop("onsets_per_year_england") * fields["eligible_share"],
        cost_gbp=fields.pop("cost_gbp_2022") * fields.pop("share_of_stock_on_costed_treatment"),
        **fields,
    )


def _ranged(table: Table, column: str) -> FloatArray:
    at_most = 1.0 if column in SHARES else np.inf
    return table.ranged(column, 0.0, at_most, blank=0.0 if column in MAY_BE_BLANK else None)


def _check_sense(table: Table, cells: Mapping[str, FloatArray]) -> None:
    """Note rows in which treatment does harm by construction."""
    pairs = (
        ("utility_untreated", "utility_treated", "utility_treated"),
        ("treated_annual_hazard", "untreated_annual_hazard", "untreated_annual_hazard"),
        ("treated_event_probability", "untreated_event_probability", "untreated_event_probability"),
    )
    for smaller, larger, blamed in pairs:
        for row in np.flatnonzero(cells[smaller] > cells[larger]):
            given = table.rows[row]
            if given[smaller].strip() and given[larger].strip():
                table.wrong(int(row), blamed, given[blamed], f"at least {smaller} ({given[smaller]})")

"""How each reference metric is computed with the project's own functions, one family to a file."""

from tests.reference import (
    adapt_decisions,
    adapt_funnels,
    adapt_inequality,
    adapt_rates,
    adapt_time,
    adapt_variation,
)
from tests.reference.adapt import Adapter

FAMILIES = (adapt_rates, adapt_funnels, adapt_variation, adapt_inequality, adapt_decisions, adapt_time)

ADAPTERS: dict[str, Adapter] = {metric: adapter for family in FAMILIES for metric, adapter in family.ADAPTERS.items()}

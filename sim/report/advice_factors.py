"""What advice says of the four factors and of safe populations."""

from collections.abc import Iterator

from rich.console import Console

from sim.analysis.adviser_factors import AGREES, DISAGREES, FEWEST, NOT_TOLD, OPEN, agreement
from sim.report.advice_words import people_text
from sim.report.advised import Advised, grid, mean_people, share_large_enough
from sim.report.wrap import print_hanging
from sim.settings.plural import counted


def print_factors(advised: Advised, console: Console) -> None:
    """Print the factors of every service, and what the rule on them and the real list say beside the verdict."""
    advice = advised.advice
    console.print(
        f"THE FOUR FACTORS (risk: standard deviation of a year's cost in the mean unit of {advice.local}, £ a resident)"
    )
    widths = (25, 9, 11, 8, 7, 5, 9, 9, 9)
    rows = [["service", "patients", "£ a patient", "centres", "risk, £", "of 4", "rule", "list", "rule v.\nverdict"]]
    told = {one.service: one for one in advised.told}
    for one in sorted(advised.factors, key=lambda row: (-row.of_four, -row.patients)):
        centres = str(one.centres) if one.centres else "–"
        rule, real = (_PICKS[yes] for yes in (one.picked, one.on_the_list))
        numbers = [
            f"{one.patients:,.0f}",
            f"{one.cost_gbp:,.0f}",
            centres,
            f"{one.risk_gbp_a_head:,.2f}",
            str(one.of_four) if len(told) >= FEWEST else "–",
        ]
        rows.append([one.service, *numbers, rule, real, agreement(advice, one.picked, told[one.service])])
    console.print(grid(widths, rows))
    console.print()
    print_hanging(list(about_rule(advised)), console)
    console.print()


_PICKS = {True: "local", False: "national", None: "–"}


def about_rule(advised: Advised) -> Iterator[str]:
    """Count where the rule and the real list agree with the verdicts."""
    told = {one.service: one for one in advised.told}
    picks: dict[str, list[bool | None]] = {
        "rule": [one.picked for one in advised.factors],
        "list": [one.on_the_list for one in advised.factors],
    }
    for name, local in picks.items():
        words = [
            agreement(advised.advice, yes, told[one.service]) for yes, one in zip(local, advised.factors, strict=True)
        ]
        agrees, disagrees, leaves, nothing = (words.count(word) for word in (AGREES, DISAGREES, OPEN, NOT_TOLD))
        verdicts = counted(agrees + disagrees, "verdict")
        rest = f", {counted(nothing, 'service')} of which nothing can be told" if nothing else ""
        yield f"The {name} agrees with {agrees} of {verdicts}; {counted(leaves, 'toss-up')}{rest}."
    if len(advised.factors) < FEWEST:
        yield f"Of fewer than {FEWEST} services the rule picks none: their median tells nothing."
    untold = [
        service for service, there in zip(advised.advice.services, advised.found.told_of, strict=True) if not there
    ]
    if untold:
        yield (
            f"In the assignments of the rule and the list {', '.join(untold)} stay at {advised.advice.reference}: not "
            "every outcome of them is measured. What these assignments forgo is told of the other services."
        )


def print_populations(advised: Advised, console: Console) -> None:
    """Print the smallest safe population of every service, and at which levels bodies are as large."""
    tolerance, loss = (f"{100 * term:g} %" for term in advised.terms)
    console.print("MINIMUM SAFE POPULATION (people of one commissioner)")
    widths = (27, 15, 15, 15, 26)
    rows = [
        ["service", f"cost varies\nat most {tolerance}", f"risk rises\nat most {loss}", "safe", "levels large enough"]
    ]
    people = mean_people(advised)
    for one in sorted(advised.factors, key=lambda row: (row.safe.people, row.service)):
        enough = [f"{level} ({words})" if words else level for level, words in _large_enough(advised, one.safe.people)]
        texts = [people_text(value) for value in (one.safe.for_cost, one.safe.for_expertise, one.safe.people)]
        rows.append([one.service, *texts, ", ".join(enough) or "none"])
    console.print(grid(widths, rows))
    console.print()
    sizes = "; ".join(f"{level} {people_text(mean)}" for level, mean in people.items())
    print_hanging([f"Mean people of a unit: {sizes}."], console)
    console.print()


def _large_enough(advised: Advised, safe: float) -> Iterator[tuple[str, str]]:
    """Yield the levels of which any unit is large enough, and how many where not all are."""
    for level, units in advised.people.items():
        share = share_large_enough(advised, level, safe)
        if share > 0.0:
            yield level, "" if share == 1.0 else f"{round(share * units.size)} of {units.size}"

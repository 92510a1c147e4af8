"""What ``sim explain`` has pages about; a module by itself, so that help needs to load nothing else."""

TOPICS = {
    "regimes": "the regimes that are shipped, and who holds what under each",
    "scenarios": "the scenarios that are shipped",
    "studies": "the studies that are shipped",
    "parameters": "every parameter with its range, unit, source and grade",
    "mechanisms": "the off-switches",
    "phases": "what happens in a month, in order",
    "levers": "what a regime can set besides its matrix",
    "levels": "the levels at which a function can be held",
    "services": "the services that are modelled",
    "technologies": "when treatments arrived, at what cost and with what effect",
    "measures": "every measure that a run reports, its unit and what difference matters",
    "dictionary": "every table and column of the results, and every measure, in Markdown",
    "odd": "the whole model in the ODD protocol, in Markdown",
}

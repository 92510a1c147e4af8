"""Benchmark W: one small world in four implementations, the project's own engine among them (``law``)."""

MONTHLY, WEEKLY = 12, 52
"""Steps in a year."""
YEARS = 10

COMPILERS = ("gcc", "clang", "cc")

DIGESTS = {
    10_000: "00921b927e10b4e4b76670c992930cbb86a168a145aa5346750d10da964de7c2",
    100_000: "83e6695f2884feda5f1b457fd2773cc1fea2a99802d69b78d559829df735654a",
    1_000_000: "bd62196e15f6f87a335b11d8dd29b9234b1c2f36de5a6483d31c80742306b7f7",
}
"""SHA-256 of all monthly counts by number of patients, as ``law.digest`` takes it."""

"""Benchmark O: the patient pathway in idiomatic Mesa, one object a patient: an oracle and a yardstick.

It is written from the rules as ``docs/model.md`` and ``docs/odd.md`` state them, in plain Python objects, and knows
mechanisms 1, 2, 5, 8, 13 and 20, with twins; all others are off. With the engine it shares the keyed luck, the tables
of the world, the people as drawn, and what bodies decide without looking at any patient (see ``governance``); all
that is about a patient, a queue, an account or a slot is its own.
"""

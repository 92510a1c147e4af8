"""The rules of W read aloud: plain Python, no tables, no heaps, no calendar; slow and without a line of the engine."""

import math
from dataclasses import dataclass

from benchmarks.workload.law import World

UNDIAGNOSED, REFERRED, DECISION, WAITING, TREATED, EXIT, DEAD = range(7)
NOT_DUE = -1
WORD = 2**32


def luck(patient: int, state: int, relapses: int, seed: int) -> tuple[int, int]:
    """Return the first two words of Philox4x32-10."""
    counter, key = [patient, state, relapses, 0], [seed, 0]
    for _ in range(10):
        one, two = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [two // WORD ^ counter[1] ^ key[0], two % WORD, one // WORD ^ counter[3] ^ key[1], one % WORD]
        key = [(key[0] + 0x9E3779B9) % WORD, (key[1] + 0xBB67AE85) % WORD]
    return counter[0], counter[1]


def stay(word: int, mean: float, longest: int) -> int:
    """Return the first step by which a geometric stay has ended with the probability that the word stands for."""
    for steps in range(1, longest + 1):
        if word < math.floor((1.0 - (1.0 - 1.0 / mean) ** steps) * WORD):
            return steps
    return longest + 1


@dataclass
class Someone:
    number: int
    commissioner: int
    service: int
    death: int
    end: int  # step in which the present stay ends
    state: int = UNDIAGNOSED
    referral: int = NOT_DUE
    relapses: int = 0
    last: bool = False
    asks: bool = False
    blocked: bool = False

    @property
    def cost(self) -> int:
        return 1 + 7 * self.service % 10

    @property
    def cell(self) -> tuple[int, int]:
        return self.commissioner * 60 // 211, self.service


class Reading:
    def __init__(self, world: World, seed: int) -> None:
        self.steps, self.per_year, self.seed = world.steps, world.per_year, seed
        self.longer = world.per_year / 12
        self.people = [
            Someone(
                number,
                int(commissioner),
                int(service),
                death=self.drawn(number, 7, 240.0)[0] - 1,
                end=self.drawn(number, UNDIAGNOSED, 24.0 + 2.0 * int(service))[0] - 1,
            )
            for number, (commissioner, service) in enumerate(zip(world.commissioner, world.service, strict=True))
        ]
        self.spent = [0] * 211

    def drawn(self, number: int, state: int, months: float, relapses: int = 0) -> tuple[int, float]:
        """Draw a stay and, between 0 and 1, what follows it."""
        first, second = luck(number, state, relapses, self.seed)
        return stay(first, months * self.longer, self.steps + 8), second / WORD

    def begin(self, one: Someone, state: int, months: float, step: int) -> float:
        length, branch = self.drawn(one.number, state, months, one.relapses)
        one.state, one.end = state, step + length
        return branch

    def refer(self, one: Someone, step: int) -> None:
        one.referral = step
        self.begin(one, REFERRED, 3.0, step)

    def end_stay(self, one: Someone, step: int) -> None:
        one.end = NOT_DUE
        if one.state == UNDIAGNOSED:
            self.refer(one, step)
        elif one.state == REFERRED:
            one.last = self.begin(one, DECISION, 2.0, step) < 429_496_729 / WORD
        elif one.state == DECISION and not one.last:
            one.asks = True
        elif one.state == TREATED and not one.last:
            one.relapses += 1
            self.refer(one, step)
        else:
            one.state = EXIT

    def fund(self, step: int) -> None:
        new_year = step % self.per_year == 0
        asking = [one for one in self.people if one.asks and one.state == DECISION and (new_year or not one.blocked)]
        for payer in range(211):
            budget = math.floor(0.075 * sum(one.cost for one in self.people if one.commissioner == payer))
            requests = [one for one in asking if one.commissioner == payer]
            for one in sorted(requests, key=lambda one: (one.referral, one.number)):
                one.blocked = self.spent[payer] >= budget
                if not one.blocked:
                    self.spent[payer] += one.cost
                    one.asks, one.state = False, WAITING

    def treat(self, step: int) -> None:
        for cell in sorted({one.cell for one in self.people}):
            rate = math.floor(65536 * 0.0075 / self.longer * sum(one.cell == cell for one in self.people))
            starts = math.floor((step + 1) * rate / 65536) - math.floor(step * rate / 65536)
            queue = [one for one in self.people if one.cell == cell and one.state == WAITING]
            for one in sorted(queue, key=lambda one: (one.referral, one.number))[:starts]:
                one.last = self.begin(one, TREATED, 36.0, step) >= 1_288_490_188 / WORD

    def counts(self) -> list[list[list[int]]]:
        """Let every step pass; return counts by step, commissioner and state."""
        counted = []
        for step in range(self.steps):
            if step % self.per_year == 0:
                self.spent = [0] * 211
            for one in self.people:
                if one.death == step and one.state not in (EXIT, DEAD):
                    one.state = DEAD
                elif one.end == step and one.state not in (EXIT, DEAD):
                    self.end_stay(one, step)
            self.fund(step)
            self.treat(step)
            now = [[0] * 7 for _ in range(211)]
            for one in self.people:
                now[one.commissioner][one.state] += 1
            counted.append(now)
        return counted

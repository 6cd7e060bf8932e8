"""What a chaos run found: figures, and what of them must not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.system.chaos.people import Heard
from tests.system.chaos.photos import Kind, Tag

DOUBLES_PER_PHOTO = 1 / 1000


@dataclass(slots=True)
class Report:
    """The figures of a run."""

    seed: int
    seconds: float
    photos: int = 0
    poison: int = 0
    by_platform: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    refused: Counter[str] = field(default_factory=Counter)  # by the sentence
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    swapped: int = 0
    poison_answered: int = 0
    left: list[str] = field(default_factory=list)  # in Redis, and should not be
    troubles: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, Mapping[int, int]] = field(default_factory=dict)  # of each service
    stopped_badly: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)  # calls that a platform would refuse

    def count(
        self,
        where: str,
        tags: Mapping[int, Tag],
        heard: Mapping[int, Heard],
        ways: Mapping[int, str],
    ) -> None:
        """Add what people on one platform heard of their photos, and how they had sent them."""
        for number, tag in tags.items():
            said = heard.get(number, Heard())
            self.photos += 1
            self.poison += tag.kind is not Kind.PLAIN
            self.swapped += any(other != number for other in said.numbers)
            named = f"{number} on {where} ({tag.kind.name.lower()}, {ways[number]})"
            if said.numbers:
                self.answered += 1
                self.doubled += [named] * (len(said.numbers) > 1)
                self.poison_answered += tag.kind is not Kind.PLAIN
            elif said.refusals:
                self.refused[said.refusals[0]] += 1
            else:
                self.lost.append(named)
            self.by_platform[where] += 1

    @property
    def problems(self) -> list[str]:
        """Why the run is not what was promised; [] if it is."""
        allowed = max(1, round(self.photos * DOUBLES_PER_PHOTO))
        twice = len(self.doubled)
        wrong = {
            f"lost: {', '.join(self.lost[:20])}": self.lost,
            f"{twice} answered twice, {allowed} is the most: {', '.join(self.doubled)}": (
                twice > allowed
            ),
            f"{self.swapped} answered with another photo's caption": self.swapped,
            f"{self.poison_answered} answers to photos that cannot be answered": (
                self.poison_answered
            ),
            f"left in Redis: {', '.join(self.left[:20])}": self.left,
            f"did not stop well: {', '.join(self.stopped_badly)}": self.stopped_badly,
            f"calls of a wrong form: {'; '.join(self.violations[:5])}": self.violations,
            "most photos were refused": 2 * self.answered < self.photos,
        }
        return [sentence for sentence, is_so in wrong.items() if is_so]

    def __str__(self) -> str:
        lines = [
            f"{self.photos} photos, {self.poison} of them poison, in {self.seconds:.0f} s ("
            + ", ".join(f"{count} on {where}" for where, count in self.by_platform.items())
            + ")",
            f"  answered       {self.answered}",
            f"  refused        {self.refused.total()}",
            *(f"    {count:5d} × {said}" for said, count in self.refused.most_common()),
            f"  lost           {len(self.lost)}",
            f"  answered twice {len(self.doubled)}",
            f"  swapped        {self.swapped}",
            f"  left in Redis  {len(self.left)}",
            "what went wrong on purpose",
            *(f"    {count:5d} × {name}" for name, count in sorted(self.troubles.items())),
            "how processes ended (exit status × times)",
            *(f"    {name}: {_ends(ends)}" for name, ends in self.ends.items()),
            f"to repeat it: --seed {self.seed}",
        ]
        return "\n".join([*lines, *(f"PROBLEM: {problem}" for problem in self.problems)])


def _ends(ends: Mapping[int, int]) -> str:
    return ", ".join(f"{status} × {times}" for status, times in sorted(ends.items()))

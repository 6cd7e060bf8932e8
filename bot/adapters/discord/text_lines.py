"""Answers in the order of reading: one line a photo, for a film one line a scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.adapters.discord.media_manifest import Film, Part, Refusal, Still
from bot.adapters.discord.reply_target import Place
from bot.locales import say
from bot.media.video import clock, timeline
from captioner.queue.messages import Answer


@dataclass(frozen=True, slots=True)
class Line:
    """What there is to say of a photo or a scene."""

    number: int  # of the attachment, from 1
    said: str = field(repr=False)  # the caption, or a sentence that says why there is none
    found: Answer | None = None
    slot: str = "0"  # how a button names its photo
    clock: str = ""  # when a scene begins
    until: str = ""  # and ends


def lines_of(place: Place, answers: Sequence[Answer]) -> list[Line]:
    """The lines for all parts of an answer."""
    lines: list[Line] = []
    rest = list(enumerate(answers))
    for number, part in enumerate(place.parts, 1):
        lines += _lines(number, part, place, rest)
    return lines


def _lines(number: int, part: Part, place: Place, rest: list[tuple[int, Answer]]) -> Iterator[Line]:
    """The lines of one part; takes its answers from the rest."""
    match part:
        case Refusal():
            yield Line(number, say(part.code, place.lang, **part.args))
        case Still() if rest:
            at, answer = rest.pop(0)
            # An answer to a command shows its photos itself, one behind the other.
            yield _line(number, answer, place.lang, str(at if place.token else part.at))
        case Film():
            taken, rest[:] = rest[: len(part.moments)], rest[len(part.moments) :]
            yield from _scenes(number, part, place, taken)


def _line(number: int, answer: Answer, lang: str, slot: str) -> Line:
    if answer.failure is not None:
        return Line(number, say(answer.failure, lang))
    return Line(number, answer.captions[0].text, answer, slot)


def _scenes(
    number: int, film: Film, place: Place, taken: list[tuple[int, Answer]]
) -> Iterator[Line]:
    """A line a scene: neighbours that say the same are one."""
    seen = [
        (moment, at, answer)
        for moment, (at, answer) in zip(film.moments, taken, strict=False)
        if answer.failure is None
    ]
    if not seen:
        yield from (_line(number, answer, place.lang, "0") for _, answer in taken[:1])
        return
    captions = [(moment.seconds, answer.captions[0].text) for moment, _, answer in seen]
    for scene in timeline(captions, film.duration):
        begun = [one for one in seen if one[0].seconds <= scene.start] or seen[:1]
        moment, at, answer = begun[-1]
        slot = str(at) if place.token else f"{film.at}.{moment.number}"
        yield Line(number, scene.caption, answer, slot, clock(scene.start), clock(scene.end))

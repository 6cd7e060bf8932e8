"""From what the workers found to an answer in words, in the order of reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.chat.alt_text import alt_text
from bot.chat.confidence import UNSURE_BELOW
from bot.chat.media import Omitted, Part, Still, Video
from bot.chat.models import Action, Look, Media, Place, Reply
from bot.locales import ENGLISH, say
from bot.media.video import clock, timeline
from captioner.queue.messages import Answer, CaptionReply, Failure, Output

_LONGEST = 2000  # characters of a caption; Fluent takes 2,500 at most
_ALT_OF_MEDIA = {
    Output.ATTENTION_GIF: "alt-attention-gif",
    Output.ATTENTION_SHEET: "alt-attention-sheet",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a platform writes: `escape` makes a model's words plain text, cut to what fits there."""

    escape: Callable[[str], str]
    span: str = "–"  # between the two ends of a time


@dataclass(frozen=True, slots=True)
class _Line:
    """What there is to say of a photo or a scene."""

    number: int  # of the attachment, from 1
    said: str = field(repr=False)  # the caption, or a sentence that says why there is none
    answer: Answer | None = None  # where there is a caption
    look: Look = field(default_factory=Look)
    start: str = ""  # when a scene begins
    end: str = ""


def render(reply: CaptionReply, place: Place, style: Style) -> Reply:
    """A worker's reply as an answer to who asked."""
    lang = place.lang
    if all(answer.failure is not None for answer in reply.answers):
        return Reply(text=say(reply.failure or Failure.INTERNAL, lang), lang=lang)
    if not any(_caption(answer) for answer in reply.answers):
        return Reply(text=say(Failure.INTERNAL, lang), lang=lang)
    if reply.output is not Output.CAPTION:
        return _picture(reply, lang, style)
    lines = _lines(place.parts, lang, reply.answers)
    text = "\n".join(_numbered(lines, lang, style))
    if place.wish is Action.OTHERS:
        text = _others(lines, lang, style)
    return Reply(
        text=text,
        lang=lang,
        looks=_looks(lines) if place.wish is Action.CAPTION else (),
        copies=tuple(map(_alt_text, lines)) if place.wish is Action.ALT else (),
        spoken=tuple(map(_spoken, (line.answer for line in lines if line.answer))),
    )


def _picture(reply: CaptionReply, lang: str | None, style: Style) -> Reply:
    """An animation or a still of where the model looked."""
    if not reply.media:
        return Reply(text=say(Failure.INTERNAL, lang), lang=lang)
    caption = _caption(reply.answers[0])
    alt = say(_ALT_OF_MEDIA[reply.output], lang, caption=caption)
    return Reply(
        text=say("attention", lang, caption=style.escape(caption)),
        lang=lang,
        media=Media(reply.output, reply.media, alt),
    )


# --- lines


def _lines(parts: Sequence[Part], lang: str | None, answers: Sequence[Answer]) -> list[_Line]:
    """The lines for all parts of an answer."""
    lines: list[_Line] = []
    rest = list(enumerate(answers))
    for number, part in enumerate(parts, 1):
        match part:
            case Omitted():
                lines.append(_Line(number, say(part.code, lang, **part.args)))
            case Still() if rest:
                photo, answer = rest.pop(0)
                lines.append(_line(number, answer, lang, Look(photo, part.at)))
            case Video():
                taken, rest = rest[: len(part.moments)], rest[len(part.moments) :]
                lines += _scenes(number, part, lang, taken)
    return lines


def _line(number: int, answer: Answer, lang: str | None, look: Look) -> _Line:
    if answer.failure is not None:
        return _Line(number, say(answer.failure, lang))
    return _Line(number, _caption(answer), answer, look)


def _scenes(
    number: int, video: Video, lang: str | None, taken: Sequence[tuple[int, Answer]]
) -> Iterator[_Line]:
    """A line a scene: neighbours that say the same are one."""
    seen = [
        (moment, photo, answer)
        for moment, (photo, answer) in zip(video.moments, taken, strict=False)
        if answer.failure is None
    ]
    if not seen:
        yield from (_line(number, answer, lang, Look()) for _, answer in taken[:1])
        return
    captions = [(moment.seconds, _caption(answer)) for moment, _, answer in seen]
    scenes = timeline(captions, video.duration)
    for scene in scenes:
        begun = [one for one in seen if one[0].seconds <= scene.start] or seen[:1]
        moment, photo, answer = begun[-1]
        times = (clock(scene.start), clock(scene.end)) if len(scenes) > 1 else ("", "")
        yield _Line(number, scene.caption, answer, Look(photo, video.at, moment.number), *times)


# --- words


def _numbered(lines: Sequence[_Line], lang: str | None, style: Style) -> Iterator[str]:
    """What a person reads: a line alone as it is, several with their numbers or times."""
    several = len({line.number for line in lines}) > 1
    for line in lines:
        said = _sentence(line, lang, style)
        if line.start:
            ends = dict.fromkeys((line.start, line.end))
            said = say("timeline-line", lang, time=style.span.join(ends), caption=said)
        yield say("album-line", lang, number=line.number, caption=said) if several else said


def _sentence(line: _Line, lang: str | None, style: Style) -> str:
    if line.answer is None:
        return line.said
    return say(_how_sure(line.answer), lang, caption=style.escape(line.said))


def _others(lines: Sequence[_Line], lang: str | None, style: Style) -> str:
    """The captions after the best."""
    said = []
    for line in lines:
        others = line.answer.captions[1:] if line.answer else ()
        if not others:
            continue
        if head := line.start or (str(line.number) if len(lines) > 1 else ""):
            caption = _sentence(line, lang, style)
            said.append(say("album-line", lang, number=head, caption=caption))
        captions = (style.escape(other.text[:_LONGEST]) for other in others)
        said += [f"• {say('alternative', lang, caption=caption)}" for caption in captions]
    return "\n".join([say("alternatives", lang), *said]) if said else say("no-alternatives", lang)


def _alt_text(line: _Line) -> str:
    if line.answer is None:
        return line.said
    return alt_text(line.answer.captions[0], line.answer.confidence)


def _spoken(answer: Answer) -> str:
    said = say(_how_sure(answer), ENGLISH, caption=_caption(answer))
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _how_sure(answer: Answer) -> str:
    return "unsure" if answer.confidence < UNSURE_BELOW else "caption"


def _caption(answer: Answer) -> str:
    return answer.captions[0].text.strip()[:_LONGEST] if answer.captions else ""


def _looks(lines: Sequence[_Line]) -> tuple[Look, ...]:
    """What can be looked at more closely; several are told apart by their times or numbers."""
    labels = [line.start or str(line.number) if len(lines) > 1 else "" for line in lines]
    return tuple(
        replace(line.look, label=label)
        for line, label in zip(lines, labels, strict=True)
        if line.answer is not None
    )

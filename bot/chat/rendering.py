"""From what the workers found to an answer in words, in the order of reading, and its buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.chat.alt_text import alt_text
from bot.chat.media import Meant, Omitted, Part, Still, Video
from bot.chat.models import Action, Look, Media, Place, Reply, covered
from bot.locales import ENGLISH, isolated, say
from bot.media.timeline import clock, timeline
from captioner.queue.messages import Answer, CaptionReply, Failure, Length, Output, is_unsure

_LONGEST = 2200  # characters of a caption; Fluent takes 2,500 at most
# The name of the file, and what a screen reader says in its place.
_MEDIA = {
    Output.ATTENTION_GIF: ("attention.gif", "alt-attention-gif"),
    Output.ATTENTION_SHEET: ("attention.png", "alt-attention-sheet"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a platform writes: `escape` makes a model's words plain text, cut to what fits there."""

    escape: Callable[[str], str]
    span: str = "–"  # between the two ends of a time


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts captions in one language into sentences of, maybe, another one."""

    lang: str | None  # that the bot speaks
    language: str  # of the captions
    style: Style

    def around(self, text_id: str, caption: str) -> str:
        """A sentence of ours with a caption in it."""
        if text_id == "caption":
            return say(text_id, self.lang, caption=caption)
        return say(text_id, self.lang, caption=isolated(caption, self.language, self.lang))


@dataclass(frozen=True, slots=True)
class _Line:
    """What there is to say of a photo or a scene."""

    number: int  # of the attachment, from 1
    said: str = field(repr=False)  # the caption, or a sentence that says why there is none
    answer: Answer | None = None  # where there is a caption
    look: Look = field(default_factory=Look)
    start: str = ""  # when a scene begins
    end: str = ""
    spoiler: bool = False

    def hide(self, text: str) -> str:
        """What is said of the photo, covered if the photo was."""
        return covered(text) if self.spoiler else text


def render(reply: CaptionReply, place: Place, style: Style) -> Reply:
    """A worker's reply as an answer to who asked."""
    lang, language = place.lang, reply.language or ENGLISH
    if all(answer.failure is not None for answer in reply.answers):
        return Reply(text=say(reply.failure or Failure.INTERNAL, lang), lang=lang)
    if not any(_caption(answer) for answer in reply.answers):
        return Reply(text=say(Failure.INTERNAL, lang), lang=lang)
    writer = _Writer(lang, language, style)
    if reply.output is not Output.CAPTION:
        return _picture(reply, place, writer)
    if place.wish is Action.QUESTION:
        return _answered(reply.answers[0], place, writer)
    lines = _lines(place.parts, lang, reply.answers)
    doubts = _doubts(lines)
    text = "\n".join(_numbered(lines, writer, hedged=not doubts))
    if place.wish is Action.OTHERS:
        text = _others(lines, writer, hedged=not doubts)
    if doubts:
        text = f"{text}\n{say('unsure-of', lang, numbers=doubts)}"
    aloud = [line for line in lines if line.answer and not (line.spoiler and place.in_company)]
    told = place.voice and place.wish.aloud
    if told and len(aloud) < sum(line.answer is not None for line in lines):
        text = f"{text}\n{say('spoiler-not-spoken', lang)}"
    return Reply(
        text=text,
        lang=lang,
        language=language,
        looks=_looks(lines) if place.wish is Action.CAPTION else (),
        attention=any(line.answer is not None and line.answer.grid != (0, 0) for line in lines),
        others=any(line.answer is not None and len(line.answer.captions) > 1 for line in lines),
        copies=(
            tuple(_alt_text(line, language, place.length) for line in lines)
            if place.wish is Action.ALT
            else ()
        ),
        spoken=_all_spoken(aloud, language),
    )


def _picture(reply: CaptionReply, place: Place, writer: _Writer) -> Reply:
    """An animation or a still of where the model looked."""
    lang = writer.lang
    if not reply.media:
        return Reply(text=say(Failure.INTERNAL, lang), lang=lang)
    caption = _caption(reply.answers[0])
    spoiler = any(not isinstance(part, Omitted) and part.spoiler for part in place.parts)
    name, alt_id = _MEDIA[reply.output]
    # The words for screen readers cannot be covered.
    alt = writer.around(alt_id, "…" if spoiler else caption)
    said = writer.style.escape(caption)
    return Reply(
        text=writer.around("attention", covered(said) if spoiler else said),
        lang=lang,
        language=writer.language,
        media=Media(name, reply.media, alt, spoiler),
    )


def _answered(answer: Answer, place: Place, writer: _Writer) -> Reply:
    """The answer to a question, and what it is about where that is one of several."""
    part = place.parts[0] if place.parts else Still()
    spoiler = isinstance(part, Still | Meant) and part.spoiler
    said = writer.around(_how_sure(answer), writer.style.escape(_caption(answer)))
    if isinstance(part, Meant):
        said = isolated(said, writer.language, writer.lang)
    text = covered(said) if spoiler else said
    if isinstance(part, Meant) and part.seconds is not None:
        text = say("answer-moment", writer.lang, time=clock(part.seconds), caption=text)
    elif isinstance(part, Meant):
        text = say("answer-photo", writer.lang, number=part.at + 1, caption=text)
    spoken = (
        () if spoiler and place.in_company else (_spoken(answer, writer.language, hedged=True),)
    )
    if place.voice and not spoken:
        text = f"{text}\n{say('spoiler-not-spoken', writer.lang)}"
    return Reply(
        text=text,
        lang=writer.lang,
        language=writer.language,
        looks=(Look(),),
        attention=False,
        others=False,
        spoken=spoken,
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
                line = _line(number, answer, lang, Look(photo, part.at))
                lines.append(replace(line, spoiler=part.spoiler))
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
    # Scenes of less than a second have no times that would tell one from the other.
    timed = len(scenes) > 1 and len({clock(scene.start) for scene in scenes}) == len(scenes)
    for scene in scenes:
        begun = [one for one in seen if one[0].seconds <= scene.start] or seen[:1]
        moment, photo, answer = begun[-1]
        times = (clock(scene.start), clock(scene.end)) if timed else ("", "")
        look = Look(photo, video.at, moment.number)
        yield _Line(number, scene.caption, answer, look, *times, spoiler=video.spoiler)


# --- words


def _numbered(lines: Sequence[_Line], writer: _Writer, *, hedged: bool) -> Iterator[str]:
    """What a person reads: a line alone as it is, several with their numbers or times."""
    several = len({line.number for line in lines}) > 1
    for line in lines:
        said = _sentence(line, writer, hedged=hedged)
        if line.start:
            ends = dict.fromkeys((line.start, line.end))
            time = writer.style.span.join(ends)
            said = say("timeline-line", writer.lang, time=time, caption=said)
        yield say("album-line", writer.lang, number=line.number, caption=said) if several else said


def _sentence(line: _Line, writer: _Writer, *, hedged: bool) -> str:
    if line.answer is None:
        return line.said
    how = _how_sure(line.answer) if hedged else "caption"
    return line.hide(writer.around(how, writer.style.escape(line.said)))


def _doubts(lines: Sequence[_Line]) -> str:
    """Which of several lines are no more than guesses: said once below them; "" for one alone."""
    if len(lines) == 1:
        return ""
    labels = _labels(lines)
    unsure = [
        label
        for line, label in zip(lines, labels, strict=True)
        if line.answer and _how_sure(line.answer) == "unsure"
    ]
    return ", ".join(dict.fromkeys(unsure)) if len(unsure) > 1 else ""


def _labels(lines: Sequence[_Line]) -> list[str]:
    """What tells lines from each other: their times, or their numbers."""
    labels = [line.start or str(line.number) for line in lines]
    if len({line.number for line in lines}) == 1 and len(set(labels)) < len(labels):
        return [str(number) for number in range(1, len(lines) + 1)]
    return labels


def _others(lines: Sequence[_Line], writer: _Writer, *, hedged: bool) -> str:
    """The captions after the best."""
    said = []
    for line in lines:
        others = line.answer.captions[1:] if line.answer else ()
        if not others:
            continue
        if head := line.start or (str(line.number) if len(lines) > 1 else ""):
            caption = _sentence(line, writer, hedged=hedged)
            said.append(say("album-line", writer.lang, number=head, caption=caption))
        captions = (line.hide(writer.style.escape(other.text[:_LONGEST])) for other in others)
        said += [f"• {say('alternative', writer.lang, caption=caption)}" for caption in captions]
    return (
        "\n".join([say("alternatives", writer.lang), *said])
        if said
        else say("no-alternatives", writer.lang)
    )


def _alt_text(line: _Line, language: str, length: Length) -> str:
    if line.answer is None:
        return line.said
    caption, confidence = line.answer.captions[0], line.answer.confidence
    return line.hide(alt_text(caption, confidence, language, meant=length is Length.ALT))


def _all_spoken(lines: Sequence[_Line], language: str) -> tuple[str, ...]:
    """The sentences to read aloud for several lines; what is doubtful is said once."""
    doubts = _doubts(lines)
    said = [_spoken(line.answer, language, hedged=not doubts) for line in lines if line.answer]
    return (*said, *([say("unsure-of", language, numbers=doubts)] if doubts else []))


def _spoken(answer: Answer, language: str, *, hedged: bool) -> str:
    how = _how_sure(answer) if hedged else "caption"
    said = say(how, language, caption=_caption(answer))
    return said if said.endswith((".", "!", "?", "。", "؟", "…")) else f"{said}."


def _how_sure(answer: Answer) -> str:
    return "unsure" if is_unsure(answer.confidence) else "caption"


def _caption(answer: Answer) -> str:
    return answer.captions[0].text.strip()[:_LONGEST] if answer.captions else ""


def _looks(lines: Sequence[_Line]) -> tuple[Look, ...]:
    """What can be looked at more closely; several are told apart by their times or numbers."""
    labels = _labels(lines) if len(lines) > 1 else [""] * len(lines)
    return tuple(
        replace(line.look, label=label)
        for line, label in zip(lines, labels, strict=True)
        if line.answer is not None
    )


# --- what can be asked next


ALBUM, DELETE = "album", "delete"  # beside what can be asked about a photo


@dataclass(frozen=True, slots=True)
class Button:
    """One of them; a platform decides what its press brings back."""

    does: str  # an Action, or one of the words above
    label: str
    look: Look = field(default_factory=Look)  # the photo that is meant


def buttons_below(
    reply: Reply,
    place: Place,
    *,
    closer: bool = True,
    most: int = 1,
    album: bool = False,
    deletable: bool = True,
) -> Iterator[Button]:
    """The buttons in their order; none where there is nothing to look at.

    `closer`: presses find the photos again; each can then be looked at more closely, at most so
    many. `album`: there are more photos than the one that is answered.
    """
    if not reply.looks:
        return
    lang = place.lang
    closer = closer and place.wish is not Action.QUESTION
    if closer:
        if reply.attention:
            for look in reply.looks[:most]:
                which = say("button-attention-of", lang, which=look.label) if look.label else ""
                yield Button(Action.ATTENTION_GIF, which or say("button-attention", lang), look)
            if len(reply.looks) == 1:
                yield Button(Action.ATTENTION_SHEET, say("button-sheet", lang), reply.looks[0])
        if reply.others:
            yield Button(Action.OTHERS, say("button-alternatives", lang))
    yield Button(Action.SPEECH, say("button-speech", lang))
    if album and closer:
        yield Button(ALBUM, say("button-album", lang))
    if deletable:
        yield Button(DELETE, say("button-delete", lang))

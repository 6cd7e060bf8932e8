"""From what the workers found to what people read and hear of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.adapters.telegram import keyboard
from bot.adapters.telegram.actions import Wish
from bot.adapters.telegram.sender import TEXT_LENGTH, Place, plain
from bot.chat.alt_text import alt_text
from bot.chat.confidence import UNSURE_BELOW
from bot.locales import ENGLISH, say
from bot.media.video import clock, timeline
from captioner.queue.messages import Answer, CaptionReply, Context, Output

_CAPTION_LENGTH = 800  # characters: leaves room for words of ours beside it


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. With `gif` or `still` the text stands under that picture."""

    text: str
    buttons: InlineKeyboardMarkup | None = None
    spoken: str = ""  # the same for who wants it read aloud; English, as captions are
    gif: bytes = b""
    still: bytes = b""


def compose(reply: CaptionReply, place: Place) -> Said:
    """A reply as people get it."""
    lang, wish = place.lang, Wish.from_context(reply.context)
    good = [answer for answer in reply.answers if answer.failure is None]
    if not good:
        return Said(say(reply.failure or "internal", lang))
    if not any(_caption_of(answer) for answer in good):
        return Said(say("internal", lang))
    if reply.output is not Output.CAPTION:
        return _picture(reply, lang)
    if wish is Wish.OTHERS:
        return Said(_others(good[0], lang))
    if wish is Wish.ALT:
        text = plain("\n".join(_alt_texts(reply)), TEXT_LENGTH)
        return Said(text, keyboard.under_alt_text(lang, text))
    person = reply.context.get("person")
    return Said(
        "\n".join(_lines(reply, lang)),
        keyboard.under_answer(
            lang,
            person if isinstance(person, int) else 0,
            one_photo="times" not in reply.context and "count" not in reply.context,
        ),
        "\n".join(_lines(reply, ENGLISH)) if reply.context.get("voice") else "",
    )


def _picture(reply: CaptionReply, lang: str | None) -> Said:
    if not reply.media:
        return Said(say("internal", lang))
    text = say("attention", lang, caption=_caption_of(reply.answers[0]))
    if reply.output is Output.ATTENTION_GIF:
        return Said(text, gif=reply.media)
    return Said(text, still=reply.media)


def _lines(reply: CaptionReply, lang: str | None) -> Iterator[str]:
    """A photo's caption; of an album a line a photo, of a video a line a scene."""
    if "times" in reply.context:
        yield from _scenes(reply, lang)
        return
    refused = _refused(reply.context)
    answers = iter(reply.answers)
    count = reply.context.get("count")
    if not isinstance(count, int):
        yield _sentence(next(answers), lang)
        return
    for place in range(count):
        if place in refused:
            code, args = refused[place]
            said = say(code, lang, **args)
        elif answer := next(answers, None):
            said = _sentence(answer, lang)
        else:
            continue
        yield say("album-line", lang, number=place + 1, caption=said)


def _scenes(reply: CaptionReply, lang: str | None) -> Iterator[str]:
    """The lines of a timeline; a video in which all is the same is like a photo."""
    times = [float(time) for time in str(reply.context["times"]).split(",")]
    length = reply.context.get("length")
    seen = {
        time: answer
        for time, answer in zip(times, reply.answers, strict=False)
        if answer.failure is None
    }
    captions = [(time, _caption_of(answer)) for time, answer in seen.items()]
    scenes = timeline(captions, float(length) if isinstance(length, int | float) else 0.0)
    for scene in scenes:
        said = _sentence(seen[scene.start], lang)
        if len(scenes) == 1:
            yield said
        else:
            time = f"{clock(scene.start)} – {clock(scene.end)}"
            yield say("timeline-line", lang, time=time, caption=said)


def _sentence(answer: Answer, lang: str | None) -> str:
    if answer.failure is not None:
        return say(answer.failure, lang)
    sure = answer.confidence >= UNSURE_BELOW
    return say("caption" if sure else "unsure", lang, caption=_caption_of(answer))


def _others(answer: Answer, lang: str | None) -> str:
    others = [plain(caption.text, _CAPTION_LENGTH) for caption in answer.captions[1:]]
    if not others:
        return say("no-alternatives", lang)
    lines = (f"• {say('alternative', lang, caption=other)}" for other in others)
    return "\n".join([say("alternatives", lang), *lines])


def _alt_texts(reply: CaptionReply) -> Iterator[str]:
    """One for each photo, or for each scene that differs from the one before."""
    before = ""
    for answer in reply.answers:
        if answer.failure is None:
            text = alt_text(answer.captions[0], answer.confidence)
            if text != before or "times" not in reply.context:
                yield text
            before = text


def _caption_of(answer: Answer) -> str:
    return plain(answer.captions[0].text, _CAPTION_LENGTH) if answer.captions else ""


def _refused(context: Context) -> dict[int, tuple[str, dict[str, str | int]]]:
    told = json.loads(str(context.get("refused", "[]")))
    return {int(place): (code, args) for place, code, args in told}

"""From what the workers found to what people read, hear and see of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import discord

from bot.adapters.discord.actions import Wish
from bot.adapters.discord.buttons import Controls, Look
from bot.adapters.discord.media_manifest import Film
from bot.adapters.discord.message_payload import MAX_CONTENT, Answer, Upload, cut, text
from bot.adapters.discord.reply_target import Place
from bot.adapters.discord.text_lines import Line, lines_of
from bot.chat.alt_text import alt_text
from bot.chat.confidence import UNSURE_BELOW
from bot.chat.speech import SpeechUnavailable, speak
from bot.locales import say
from bot.media.sanitizer import CleanPhoto
from captioner.queue.messages import Answer as Found
from captioner.queue.messages import CaptionReply, Output

log = logging.getLogger(__name__)

_MEDIA = {
    Output.ATTENTION_GIF: ("attention.gif", "alt-attention-gif"),
    Output.ATTENTION_SHEET: ("attention.png", "alt-attention-sheet"),
}


async def compose(reply: CaptionReply, place: Place) -> Answer:
    """A reply as people get it."""
    if all(found.failure is not None for found in reply.answers):
        return text(reply.failure or "internal", place.lang)
    if reply.output is not Output.CAPTION:
        return _picture(reply, place)
    lines = lines_of(place, reply.answers)
    match Wish(place.wish):
        case Wish.SPEECH:
            return await _speech(lines, place)
        case Wish.OTHERS:
            return Answer(cut(_others(lines, place.lang), MAX_CONTENT), lang=place.lang)
        case Wish.ALT:
            return Answer(cut(_alt_texts(lines, place.lang), MAX_CONTENT), lang=place.lang)
        case _:
            return Answer(
                cut("\n".join(_numbered(lines, place.lang)), MAX_CONTENT),
                controls=_controls(lines, place),
                sound=await _voice(lines) if place.voice else None,
                lang=place.lang,
            )


def shown(photos: Sequence[CleanPhoto], lang: str, waiting: str | None = None) -> Answer:
    """The photos that somebody gave to a command, which nobody would see otherwise."""
    uploads = [
        Upload(_name(n), photo.jpeg, _of_photo(n, len(photos), lang))
        for n, photo in enumerate(photos)
    ]
    return Answer(waiting, tuple(uploads), lang=lang)


def _of_photo(number: int, count: int, lang: str) -> str:
    if count == 1:
        return say("alt-photo", lang)
    return say("alt-photo-number", lang, number=number + 1, count=count)


def _name(number: int) -> str:
    return f"photo-{number + 1}.jpg" if number else "photo.jpg"


def _picture(reply: CaptionReply, place: Place) -> Answer:
    """An animation or a still of where the model looked."""
    caption = reply.captions[0].text
    name, alt = _MEDIA[reply.output]
    said = say("attention", place.lang, caption=discord.utils.escape_markdown(caption))
    upload = Upload(name, reply.media, say(alt, place.lang, caption=caption))
    return Answer(cut(said, MAX_CONTENT), (upload,), lang=place.lang)


def _numbered(lines: Sequence[Line], lang: str) -> Iterator[str]:
    """What a person reads: a line alone as it is, several with their numbers or times."""
    several = len({line.number for line in lines}) > 1
    for line in lines:
        said = _sentence(line, lang)
        if line.clock:
            time = line.clock if line.clock == line.until else f"{line.clock}–{line.until}"
            said = say("timeline-line", lang, time=time, caption=said)
        yield say("album-line", lang, number=line.number, caption=said) if several else said


def _sentence(line: Line, lang: str) -> str:
    if line.found is None or not line.found.captions:
        return line.said
    caption = discord.utils.escape_markdown(line.said)
    return say(
        "unsure" if line.found.confidence < UNSURE_BELOW else "caption", lang, caption=caption
    )


def _others(lines: Sequence[Line], lang: str) -> str:
    """The captions after the best."""
    said = []
    for line in lines:
        others = line.found.captions[1:] if line.found else ()
        written = [
            say("alternative", lang, caption=discord.utils.escape_markdown(other.text))
            for other in others
        ]
        if not written:
            continue
        head = line.clock or (str(line.number) if len(lines) > 1 else "")
        label = [say("album-line", lang, number=head, caption=_sentence(line, lang))]
        said += [*(label if head else []), *(f"• {one}" for one in written)]
    return "\n".join([say("alternatives", lang), *said]) if said else say("no-alternatives", lang)


def _alt_texts(lines: Sequence[Line], lang: str) -> str:
    """Texts to copy as they are: in code blocks, where nothing has to be escaped."""
    said = [say("alt-text-ready", lang)]
    longest = (MAX_CONTENT - len(said[0])) // max(1, len(lines)) - len("\n```\n\n```")
    for line in lines:
        written = line.said
        if line.found is not None and line.found.captions:
            written = alt_text(line.found.captions[0], line.found.confidence)
        said.append(f"```\n{cut(written.replace('```', '‘‘‘'), longest)}\n```")
    return "\n".join(said)


async def _speech(lines: Sequence[Line], place: Place) -> Answer:
    """The captions, read aloud because somebody asked."""
    sound = await _voice(lines)
    if sound is None:
        return text("speech-unavailable", place.lang)
    said = "\n".join(_numbered(lines, place.lang))
    return Answer(cut(said, MAX_CONTENT), (sound,), lang=place.lang)


async def _voice(lines: Sequence[Line]) -> Upload | None:
    """The captions, spoken: in English, as they are; None where that cannot be done here."""
    captions = [_spoken(line.found, line.said) for line in lines if line.found]
    try:
        speech = await speak("\n".join(captions))
    except SpeechUnavailable as error:
        log.warning("discord: no voice: %s", error)
        return None
    return Upload("caption.ogg", speech.ogg, " ".join(captions))


def _spoken(found: Found, caption: str) -> str:
    said = say("unsure" if found.confidence < UNSURE_BELOW else "caption", caption=caption)
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _controls(lines: Sequence[Line], place: Place) -> Controls | None:
    """The buttons for an answer about photos; none where there is no message that shows them."""
    if not place.message:
        return None
    captioned = [line for line in lines if line.found is not None and line.found.captions]
    moving = any(isinstance(part, Film) for part in place.parts)
    looks = [Look(line.slot, line.clock or str(line.number)) for line in captioned]
    if len(lines) == 1 and not moving:
        looks = [Look(look.slot) for look in looks]
    return Controls(
        message=place.message,
        looks=tuple(looks),
        # What only one person sees goes away by itself.
        deletable_by=0 if place.private else place.person,
        lang=place.lang,
    )

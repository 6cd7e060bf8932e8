"""The buttons below an answer about photos: what can be asked next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.chat.models import Action, Look, Place, Reply
from bot.locales import say

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

"""What people can want to know about a photo."""

from __future__ import annotations

from enum import StrEnum

from captioner.queue.messages import Output


class Wish(StrEnum):
    """What somebody asked for; written in buttons and in the contexts of jobs."""

    CAPTION = "caption"
    ATTENTION_GIF = "attention_gif"
    ATTENTION_SHEET = "attention_sheet"
    OTHERS = "others"  # the captions that came after the best
    SPEECH = "speech"  # the caption, read aloud
    ALT = "alt"  # a text for screen readers, to copy

    @property
    def output(self) -> Output:
        """What a worker has to make for it."""
        return _OUTPUTS.get(self, Output.CAPTION)

    @property
    def private(self) -> bool:
        """Whether only the person who asked is to see what comes of it."""
        return self in _PRIVATE


_OUTPUTS = {
    Wish.ATTENTION_GIF: Output.ATTENTION_GIF,
    Wish.ATTENTION_SHEET: Output.ATTENTION_SHEET,
}
_PRIVATE = {Wish.OTHERS, Wish.SPEECH, Wish.ALT}

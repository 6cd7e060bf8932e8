"""What people can want to know about a photo."""

from __future__ import annotations

from enum import StrEnum

from telegram.constants import ChatAction

from captioner.queue.messages import Context, Output


class Wish(StrEnum):
    """What somebody asked for; written in the contexts of jobs."""

    CAPTION = "caption"
    GIF = "attention_gif"
    SHEET = "attention_sheet"
    OTHERS = "others"  # the captions that came after the best
    ALT = "alt"  # a text for screen readers, to copy

    @property
    def output(self) -> Output:
        """What a worker has to make for it."""
        return {Wish.GIF: Output.ATTENTION_GIF, Wish.SHEET: Output.ATTENTION_SHEET}.get(
            self, Output.CAPTION
        )

    @property
    def action(self) -> ChatAction:
        """What a chat shows while it is made."""
        drawn = self.output is not Output.CAPTION
        return ChatAction.UPLOAD_PHOTO if drawn else ChatAction.TYPING

    @classmethod
    def from_context(cls, context: Context) -> Wish:
        """The wish in a job's context; a caption where there is none that we know."""
        try:
            return cls(str(context.get("wish")))
        except ValueError:
            return cls.CAPTION

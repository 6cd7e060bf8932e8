"""What a platform can do for a conversation: show that somebody waits, and send."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import ClassVar, Generic, TypeVar

from bot.chat.models import Place, Reply, Ticket
from bot.chat.refusals import Refusal
from bot.chat.rendering import Style

P = TypeVar("P", bound=Place)


class Messenger(ABC, Generic[P]):
    """Implemented once a platform. Nothing that it sends pings anybody or carries markup."""

    place: type[P]  # as the platform's jobs carry it
    style: ClassVar[Style]
    repeatable: ClassVar[bool] = False  # whether sending the same reply twice shows it once

    @abstractmethod
    async def send(self, place: P, reply: Reply, *, key: str) -> bool:
        """Send an answer, trying for as long as that makes sense; whether the chat took it.

        The same `key` is the same answer.
        """

    @abstractmethod
    async def refuse(self, place: P, refusal: Refusal, *, key: str) -> None:
        """Say to the person who asked why there will be no answer."""

    def begin(self, place: P) -> bool:  # noqa: ARG002 - for platforms that show it
        """Show that an answer is coming; False where the same is being answered already."""
        return True

    def turn(self, place: P) -> AbstractAsyncContextManager[object]:  # noqa: ARG002 - as above
        """Held while a place is filled in, so that what comes later is also seen later."""
        return nullcontext()

    async def accepted(self, place: P, ticket: Ticket) -> None:
        """Show what there is to see until the answer comes."""

    def ended(self, place: P) -> None:
        """Stop showing it: the answer is there, or there will be none."""

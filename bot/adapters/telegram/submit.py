"""Questions about pictures → jobs; what is said while they wait, and where they are refused."""

from __future__ import annotations

import logging

from bot.adapters.telegram.idempotent_replies import Talking
from bot.adapters.telegram.media_download import Gathering
from bot.adapters.telegram.models import Question
from bot.adapters.telegram.preferences import Choices
from bot.adapters.telegram.progress import Waiting
from bot.chat.concurrency import Shares
from bot.chat.service import Desk, Request, Sorry, Ticket
from bot.locales import say

log = logging.getLogger(__name__)

_MINUTE = 60.0


class Asking:
    """Puts questions to the desk; each returns when the work is queued or refused."""

    def __init__(
        self,
        desk: Desk,
        gathering: Gathering,
        waiting: Waiting,
        talking: Talking,
        choices: Choices,
    ) -> None:
        self._desk = desk
        self._gathering = gathering
        self._waiting = waiting
        self._talking = talking
        self._choices = choices
        self._shares = Shares()

    async def ask(self, question: Question) -> None:
        """Have a question answered, or say why it is not."""
        key = question.asked
        if not self._waiting.begin(key, question.place, question.wish.action):
            return
        coming = False
        try:
            ticket = await self._ticket(question)
            coming = not ticket.duplicate
        except Sorry as sorry:
            await self._refuse(question, sorry)
            return
        finally:
            if not coming:
                self._waiting.end(key)
        if coming and not question.unasked:
            self._say_how_long(question, ticket)

    async def _ticket(self, question: Question) -> Ticket:
        with self._desk.handling(question.dedupe):
            async with self._shares.of(str(question.person)):
                return await self._asked(question)

    async def _asked(self, question: Question) -> Ticket:
        gathered = await self._gathering.gather(question.pictures, question.if_gone)
        photo, *more = gathered.photos
        return await self._desk.ask(
            Request(
                photo=photo,
                more_photos=tuple(more),
                person=str(question.person),
                chat="" if question.group is None else str(question.group),
                dedupe=question.dedupe,
                context=question.context() | gathered.context,
                output=question.wish.output,
            )
        )

    async def _refuse(self, question: Question, sorry: Sorry) -> None:
        await self._choices.count(f"refused.{sorry.code}")
        if question.unasked:  # nobody waits for it
            return
        place = question.place
        if sorry.code == "slow-down" and not await self._choices.first(
            f"{sorry.code}:{place.chat}:{question.person}", seconds=sorry.retry_after or _MINUTE
        ):
            return
        text = say(sorry.code, place.lang, **sorry.args_for_text)
        await self._talking.say(place, text, key=question.dedupe)

    def _say_how_long(self, question: Question, ticket: Ticket) -> None:
        lang = question.place.lang
        if ticket.waking:
            self._waiting.tell(question.asked, question.place, say("waking", lang))
        elif ticket.ahead > 1:
            text = say("waiting", lang, ahead=ticket.ahead)
            self._waiting.tell(question.asked, question.place, text)

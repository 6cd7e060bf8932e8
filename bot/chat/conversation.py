"""A platform's conversations: who may ask, what they ask, and what is said to that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Generic

from bot.asyncio_utils import Turns
from bot.chat.access_control import AccessControl, Id, name_of
from bot.chat.capabilities import CaptionLanguages, looks, offered
from bot.chat.delivery import Notices, ReplyLoop
from bot.chat.media import Source
from bot.chat.messenger import Messenger, P
from bot.chat.models import Action, Request
from bot.chat.owner_commands import OwnerCommands
from bot.chat.pending import Notes
from bot.chat.preferences import PreferenceService, length_of
from bot.chat.questions import AnsweredPhotos, clean_question
from bot.chat.refusals import Refusal
from bot.chat.service import CaptionService
from bot.locales import ENGLISH, language_name
from bot.store import Store
from captioner.queue.messages import MAX_PHOTOS, Length

_EDITS_FOR = 80_000.0  # seconds; less than the day for which it is known what was answered
_REPLIES_AT_ONCE = 100  # each chat that makes us wait holds one up


class Conversation(Generic[P]):
    """What an adapter talks to. Without an `access` control everybody may use the bot."""

    def __init__(
        self,
        service: CaptionService,
        *,
        store: Store | None,
        access: AccessControl | None = None,
    ) -> None:
        self.service = service
        self.preferences = PreferenceService(service, store)
        self.caption_languages = CaptionLanguages(service, self.preferences)
        self.notes = Notes(service, store)
        self.answered = AnsweredPhotos(self.notes)
        self.notices = Notices(service)
        self._turns = Turns()  # of messages
        self._access = access

    async def may_use(self, person: Id, chat: Id | None) -> bool:
        """Whether operator and owners let somebody use the bot in a chat; None for nowhere."""
        return not await self.turned_away(person, chat)

    async def turned_away(self, person: Id, chat: Id | None) -> str:
        """The text on why somebody may not use the bot in a chat; "" where they may."""
        if self._access is None:
            return ""
        rules = await self.service.rules.current()
        platform = self.service.platform
        return self._access.turned_away(platform, person=person, chat=chat, rules=rules)

    def is_owner(self, person: Id) -> bool:
        """Whether somebody is one of those who run this bot."""
        platform = self.service.platform
        return self._access is not None and self._access.is_owner(platform, person)

    def owner_commands(self, *, syntax: str = "/") -> OwnerCommands:
        """What carries out the commands of owners; people type `syntax` before their names."""
        return OwnerCommands(self.service, self.preferences, self._access, syntax=syntax)

    async def move_chat(self, old: Id, new: Id) -> None:
        """A chat has a new id: its choices and what owners decided go along. Raises Refusal."""
        platform = self.service.platform
        await self.service.rules.move(name_of(platform, old), name_of(platform, new))
        await self.preferences.move_chat(old, new)

    def replies(self, messenger: Messenger[P]) -> ReplyLoop[P]:
        """What sends the answers."""
        return ReplyLoop(
            self.service,
            messenger,
            self.preferences.count,
            at_once=_REPLIES_AT_ONCE,
            notices=self.notices,
            remark=self.caption_languages.remark,
        )

    async def answer_once(
        self, message: str, answer: Callable[[], Awaitable[None]], *, edited: float | None = None
    ) -> None:
        """Answer a message, and know that it was answered.

        One that was edited, and is so many seconds old, is answered only if it was not before: an
        old one never, for then nobody knows. An edit comes after what it changed.
        """
        if edited is not None and edited > _EDITS_FOR:
            return
        async with self._turns.of(message):
            if edited is None or not await self.preferences.was(f"answered:{message}"):
                await answer()
                await self.preferences.first(f"answered:{message}")

    async def chosen(self, place: P) -> P:
        """A place as the person there has chosen it: in which languages, and whether aloud."""
        chosen = await self.preferences.of_person(place.person)
        voice = chosen.voice and not place.unasked
        lang = chosen.language or place.lang
        captions = self.caption_languages.wanted(chosen, lang)
        length = Length.SHORT
        if place.wish is Action.ALT:
            length = Length.ALT
        elif place.wish is Action.CAPTION and not place.unasked:
            length = length_of(chosen)
        if length is not Length.SHORT and length not in await self.service.capabilities.lengths():
            length = Length.SHORT
        return replace(place, lang=lang, captions=captions, voice=voice, length=length)

    async def facts(self, lang: str | None) -> dict[str, str]:
        """What texts about the bot choose their words by, for somebody it speaks to in `lang`."""
        there = await self.service.capabilities.current()
        language = "english" if offered(ENGLISH, there.languages) else "others"
        if fixed := self.service.caption_language:
            language = language_name(fixed, lang)
        return {
            "hosts": await self.service.capabilities.photos_go_to(),
            "looks": looks(there),
            "others": "yes" if there.alternatives and self.service.n_best > 1 else "no",
            "language": language,
        }

    async def question(self, written: str) -> str:
        """A question that can be asked here. Raises Refusal."""
        await self.service.capabilities.check_offered(Action.QUESTION)
        return clean_question(written)

    async def ask(
        self,
        messenger: Messenger[P],
        place: P,
        media: Sequence[Source],
        *,
        dedupe: str,
        chat: Id | None,
        moment: int = 0,
        moments: int = MAX_PHOTOS,
    ) -> None:
        """Have something captioned, or say why it is not; returns when that is settled.

        The place is where the platform says; language and voice become what the person has chosen.
        `chat` is None where the chat is the person's own and has no limit beside theirs.
        """
        place = await self.chosen(place)
        if not messenger.begin(place):
            return
        coming = False
        try:
            await self.service.capabilities.check_offered(place.wish)
            # An answer that is quicker than what stands in its place until then waits for that.
            async with messenger.turn(place):
                ticket = await self.service.ask(
                    Request(
                        media=tuple(media),
                        person=str(place.person),
                        dedupe=dedupe,
                        context=place.to_context(),
                        output=place.wish.output,
                        chat="" if chat is None else str(chat),
                        moment=moment,
                        moments=moments,
                        language=place.captions,
                        length=place.length,
                        question=place.question or None,
                    )
                )
                coming = not ticket.duplicate
                if coming:
                    await messenger.accepted(place, ticket)
            if coming and not place.unasked:
                self.notices.begin(messenger, place, ticket)
        except Refusal as refusal:
            await self.refuse(messenger, place, refusal, key=dedupe)
        finally:
            if not coming:
                messenger.ended(place)

    async def refuse(
        self, messenger: Messenger[P], place: P, refusal: Refusal, *, key: str
    ) -> None:
        """Say why a question is not answered, unless nobody asked it."""
        await self.preferences.count(f"refused.{refusal.code}")
        if not place.unasked:
            await messenger.refuse(place, refusal, key=key)

"""What owners command while the bot runs: allow, block, lift, access, pause and resume.

A platform says who commands, what, and about whom, and shows the answer with its buttons. What
takes something away is asked about first. The button carries all that its press needs, signed for
the person who gave the command, so that any process can settle it and nobody else can press it.
"""

from __future__ import annotations

import hmac
import logging
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.adapters.registry import BY_NAME
from bot.chat.access_control import AccessControl, AccessRules, Id, name_of
from bot.chat.preferences import PreferenceService
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.service import CaptionService
from bot.locales import of_platform, say
from bot.store import StoreUnavailable

log = logging.getLogger(__name__)

HERE = "here"  # what an owner writes for the group or server that they write in
ANSWERED_FOR = 900.0  # seconds for which a question can be answered
_LISTED = 30  # names of each list that are shown
_SIGNATURE = 10  # hexadecimal digits
_QUESTION = re.compile(r"([a-z]+):([a-z]+:.+):([0-9a-f]{1,12}):([0-9a-f]{10})")
_NUMBER = re.compile(r"-?[0-9]+")  # is the same with zeros in front
_MENTION = re.compile(r"<@!?([0-9]{1,20})>")


class OwnerCommand(StrEnum):
    """What an owner can command; the values stand in buttons and are the commands' names."""

    ALLOW = "allow"
    BLOCK = "block"
    LIFT = "lift"
    ACCESS = "access"
    PAUSE = "pause"
    RESUME = "resume"

    @property
    def about_somebody(self) -> bool:
        """Whether it needs a person or a chat."""
        return self in _ABOUT_SOMEBODY


_ABOUT_SOMEBODY = {OwnerCommand.ALLOW, OwnerCommand.BLOCK, OwnerCommand.LIFT}
_DONE = {
    OwnerCommand.ALLOW: "allow-done",
    OwnerCommand.BLOCK: "block-done",
    OwnerCommand.LIFT: "lift-done",
    OwnerCommand.PAUSE: "pause-done",
    OwnerCommand.RESUME: "resume-done",
}
_LOGGED = {
    OwnerCommand.ALLOW: "allowed",
    OwnerCommand.BLOCK: "blocked",
    OwnerCommand.LIFT: "lifted what was decided about",
    OwnerCommand.PAUSE: "paused",
    OwnerCommand.RESUME: "resumed",
}
_EVERYTHING = "captions"  # what is paused, where the others name somebody


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to an owner. With a `question` there are two buttons, yes and no, that carry it.

    `settled`: the answer to a press, which stands from now on where the question stood; otherwise
    it is for the person who pressed alone.
    """

    text: str
    question: str = ""
    settled: bool = False


class OwnerCommands:
    """Carries out the commands of a platform's owners, and logs who did what."""

    def __init__(
        self,
        service: CaptionService,
        preferences: PreferenceService,
        access: AccessControl | None,
        *,
        syntax: str = "/",
    ) -> None:
        """`syntax` is what stands before a command's name where people type it."""
        self._service, self._preferences, self._access = service, preferences, access
        self._rules = service.rules
        self._syntax = syntax

    @property
    def example(self) -> str:
        """An id as this platform has them."""
        return BY_NAME[self._service.platform].example.partition(":")[2]

    def named(self, written: str, *, here: Id | None) -> str | None:
        """Whom an owner means by an id, "discord:67890", a mention or "here"; None for nobody."""
        written = written.strip().lower()
        if written == HERE:
            return None if here is None else name_of(self._service.platform, here)
        if found := _MENTION.fullmatch(written):
            written = found[1]
        platform, _, ident = written.partition(":")
        if platform not in BY_NAME:
            platform, ident = self._service.platform, written
        if platform not in BY_NAME or not re.fullmatch(BY_NAME[platform].ids, ident):
            return None
        return name_of(platform, int(ident) if _NUMBER.fullmatch(ident) else ident)

    async def run(
        self, command: OwnerCommand, person: Id, name: str | None, lang: str | None
    ) -> Answer:
        """Do what somebody commands, or ask whether they mean it; `name` is whom it is about."""
        access = self._access
        if access is None or not access.is_owner(self._service.platform, person):
            return Answer(say("owners-only-command", lang))
        if command.about_somebody and name is None:
            how = of_platform("access-how", self._service.platform)
            written = f"{self._syntax}{command}"
            return Answer(say(how, lang, command=written, example=self.example))
        try:
            return await self._answer(access, command, person, name, lang)
        except (Refusal, StoreUnavailable):
            return Answer(say(RefusalCode.CHOICES_UNAVAILABLE, lang))

    async def _answer(
        self,
        access: AccessControl,
        command: OwnerCommand,
        person: Id,
        name: str | None,
        lang: str | None,
    ) -> Answer:
        rules = await self._rules.read()
        if command is OwnerCommand.ACCESS:
            return Answer(self._listed(access, rules, lang))
        if why_not := self._pointless(command, name or "", access, rules, lang):
            return Answer(why_not)
        if asking := self._asking(command, name or "", access, rules, lang):
            return Answer(asking, question=self._question(command, name, person))
        return Answer(await self._do(command, name, person, lang))

    async def press(self, question: str, person: Id, lang: str | None, *, yes: bool) -> Answer:
        """Settle a question by somebody's press of one of its buttons."""
        access = self._access
        if access is None or not access.is_owner(self._service.platform, person):
            return Answer(say("owners-only-command", lang))
        try:
            meant = self._answered(question, person)
            if meant is None:
                return Answer(say("confirm-not-yours", lang))
            if await self._preferences.was(f"settled:{question}"):
                return Answer(say("confirm-twice", lang))
            text = await self._do(*meant, person, lang) if yes else say("confirm-no", lang)
        except (Refusal, StoreUnavailable):
            return Answer(say(RefusalCode.CHOICES_UNAVAILABLE, lang))
        await self._preferences.first(f"settled:{question}")
        return Answer(text, settled=True)

    async def _do(
        self, command: OwnerCommand, name: str | None, person: Id, lang: str | None
    ) -> str:
        """Do it, log it and say so. Raises Refusal."""
        if command is OwnerCommand.PAUSE:
            await self._rules.pause()
        elif command is OwnerCommand.RESUME:
            await self._rules.resume()
        else:
            change = {
                OwnerCommand.ALLOW: self._rules.allow,
                OwnerCommand.BLOCK: self._rules.block,
                OwnerCommand.LIFT: self._rules.lift,
            }[command]
            await change(name or "")
        owner = name_of(self._service.platform, person)
        log.info("owner %s %s %s", owner, _LOGGED[command], name or _EVERYTHING)
        said = [self._say(_DONE[command], lang, name)]
        if not self._rules.lasting and command is not OwnerCommand.RESUME:
            said.append(say("access-not-kept", lang))
        return "\n".join(said)

    def _pointless(
        self,
        command: OwnerCommand,
        name: str,
        access: AccessControl,
        rules: AccessRules,
        lang: str | None,
    ) -> str:
        """Why a command would change nothing, if it would not."""
        if command.about_somebody and name in access.owners:
            return say("access-owner", lang, who=name)
        if command is OwnerCommand.ALLOW and not access.is_blocked(name, rules):
            if not access.private:
                return say("access-open", lang)
            there = access.is_allowed(name, rules)
        elif command is OwnerCommand.BLOCK:
            there = access.is_blocked(name, rules)
        elif command is OwnerCommand.LIFT:
            there = name not in rules.allowed | rules.blocked
        else:
            there = command is (OwnerCommand.PAUSE if rules.paused else OwnerCommand.RESUME)
        return say("access-unchanged", lang) if there else ""

    def _asking(
        self,
        command: OwnerCommand,
        name: str,
        access: AccessControl,
        rules: AccessRules,
        lang: str | None,
    ) -> str:
        """What is asked before something is taken away; "" for what takes nothing."""
        if command is OwnerCommand.BLOCK:
            return say("block-sure", lang, who=name)
        if command is OwnerCommand.PAUSE:
            return say("pause-sure", lang)
        if command is OwnerCommand.LIFT and name in rules.allowed:
            needed = access.private or name in access.blocked
            return say("lift-sure", lang, who=name) if needed else ""
        return ""

    def _listed(self, access: AccessControl, rules: AccessRules, lang: str | None) -> str:
        """Whether the bot is paused, whether it is private, and both lists."""
        said = [self._say("pause-done", lang)] if rules.paused else []
        said.append(say("access-private" if access.private else "access-open", lang))
        for title, at_run_time, by_setting in (
            ("access-allowed", rules.allowed, access.allowed - rules.blocked),
            ("access-blocked", rules.blocked, access.blocked - rules.allowed),
        ):
            lines = [f"• {name}" for name in sorted(at_run_time)]
            settled = sorted(by_setting - at_run_time)
            lines += [f"• {say('access-setting', lang, who=name)}" for name in settled]
            said += ["", say(title, lang), *_cut(lines or ["–"], lang)]
        if not self._rules.lasting:
            said += ["", say("access-not-kept", lang)]
        return "\n".join(said)

    def _say(self, text_id: str, lang: str | None, name: str | None = None) -> str:
        resume = f"{self._syntax}{OwnerCommand.RESUME}"
        return say(text_id, lang, who=name or "", resume=resume)

    # --- questions

    def _question(self, command: OwnerCommand, name: str | None, person: Id) -> str:
        asked = f"{command}:{name or f'all:{_EVERYTHING}'}:{int(time.time() * 1000):x}"
        return f"{asked}:{self._signed(asked, person)}"

    def _answered(self, question: str, person: Id) -> tuple[OwnerCommand, str | None] | None:
        """What a question is about; None if another person was asked, or too long ago.

        Raises StoreUnavailable.
        """
        found = _QUESTION.fullmatch(question)
        if found is None:
            return None
        asked = question.rpartition(":")[0]
        if not hmac.compare_digest(self._signed(asked, person), found[4]):
            return None
        if not 0 <= time.time() - int(found[3], 16) / 1000 <= ANSWERED_FOR:
            return None
        return OwnerCommand(found[1]), None if found[2].startswith("all:") else found[2]

    def _signed(self, asked: str, person: Id) -> str:
        return self._service.hashed("question", f"{person} {asked}")[:_SIGNATURE]


def _cut(lines: list[str], lang: str | None) -> Iterable[str]:
    if len(lines) <= _LISTED:
        return lines
    return [*lines[:_LISTED], say("access-more", lang, count=len(lines) - _LISTED)]

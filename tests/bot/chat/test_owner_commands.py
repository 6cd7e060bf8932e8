"""Owners' commands as the conversation understands them, whatever the platform."""

from __future__ import annotations

import time

import pytest

from bot.chat.conversation import Conversation
from bot.chat.models import Place
from bot.chat.owner_commands import Answer, OwnerCommand
from bot.chat.refusals import Refusal, RefusalCode
from bot.chat.service import CaptionService
from bot.locales import say
from bot.media.sanitizer import Intake
from bot.store import MemoryStore, Store, StoreUnavailable
from captioner.queue.base import Limits
from captioner.queue.memory import MemoryQueue
from tests.bot.adapters.telegram.steps import access_control
from tests.bot.chat.helpers import KEY, Attached, request

OWNER, OTHER_OWNER, STRANGER = 11, 12, 13
WHO = "telegram:4711"


class Away(MemoryStore):
    """A store whose server can be away."""

    away = False

    async def notes(self, key: str, *, keep: bool = False) -> list[str]:
        if self.away:
            raise StoreUnavailable
        return await super().notes(key, keep=keep)

    async def leave(self, key: str, note: str, *, seconds: float) -> None:
        if self.away:
            raise StoreUnavailable
        await super().leave(key, note, seconds=seconds)


def conversation(
    store: Store | None = None,
    *,
    platform: str = "telegram",
    hash_key: bytes | None = KEY,
    intake: Intake | None = None,
    **lists: str,
) -> Conversation[Place]:
    """A platform's conversation; the bot has two owners, on Telegram."""
    store = store or MemoryStore()
    service = CaptionService(
        MemoryQueue(Limits()),
        intake or Intake(),
        adapter=platform,
        hash_key=hash_key,
        store=store,
    )
    owners = ", ".join(f"telegram:{n}" for n in (OWNER, OTHER_OWNER))
    access = access_control(owners=owners, **lists)
    return Conversation[Place](service, store=store, access=access)


async def run(
    talk: Conversation[Place],
    command: OwnerCommand,
    written: str = "",
    *,
    person: int = OWNER,
    here: int | None = None,
) -> Answer:
    owners = talk.owner_commands()
    return await owners.run(command, person, owners.named(written, here=here), "en")


async def yes(talk: Conversation[Place], question: str, person: int = OWNER) -> Answer:
    return await talk.owner_commands().press(question, person, "en", yes=True)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("4711", WHO), (" 004711 ", WHO), ("telegram:4711", WHO), ("Telegram:4711", WHO),
        ("-1001", "telegram:-1001"), ("discord:5", "discord:5"), ("<@5>", "telegram:5"),
        ("<@!5>", "telegram:5"), ("here", "telegram:-77"), ("HERE", "telegram:-77"),
        ("", None), ("@somebody", None), ("somebody", None), ("4711x", None), ("47 11", None),
        ("٤٧١١", None), ("4" * 21, None), ("web:127.0.0.1", None), ("matrix:5", None),
        ("telegram:", None), (":5", None), ("telegram:5:6", None), ("1e5", None), ("--5", None),
        ("discord:telegram:5", None), ("matrix:@Ann:example.org", "matrix:@ann:example.org"),
        ("matrix:!Room:example.org", "matrix:!room:example.org"), ("@ann:example.org", None),
    ],
)  # fmt: skip
async def test_whom_an_owner_means(written: str, name: str | None) -> None:
    assert conversation().owner_commands().named(written, here=-77) == name


async def test_here_in_private_is_nowhere() -> None:
    assert conversation().owner_commands().named("here", here=None) is None


@pytest.mark.parametrize("command", OwnerCommand)
async def test_only_owners_command(command: OwnerCommand) -> None:
    talk = conversation()
    told = await run(talk, command, "4711", person=STRANGER)
    assert told == Answer(say("owners-only-command"))
    assert await talk.service.rules.read() == await conversation().service.rules.read()


async def test_without_lists_there_are_no_owners() -> None:
    talk = Conversation[Place](conversation().service, store=MemoryStore())
    assert await run(talk, OwnerCommand.PAUSE) == Answer(say("owners-only-command"))
    assert await yes(talk, "") == Answer(say("owners-only-command"))


@pytest.mark.parametrize("command", [c for c in OwnerCommand if c.about_somebody])
async def test_who_is_meant_must_be_said(command: OwnerCommand) -> None:
    told = await run(conversation(), command, "@somebody")
    assert told == Answer(say("access-how", command=f"/{command}", example="12345"))


async def test_a_block_is_asked_about_then_done_then_lifted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    talk = conversation()
    asked = await run(talk, OwnerCommand.BLOCK, "4711")
    assert asked.text == say("block-sure", who=WHO)
    assert await talk.may_use(4711, None)  # nothing happened yet
    done = await yes(talk, asked.question)
    assert done.settled
    assert done.text == "\n".join([say("block-done", who=WHO), say("access-not-kept")])
    assert not await talk.may_use(4711, None)
    assert not await talk.may_use(4711, -100)
    assert await talk.may_use(4712, None)
    assert (await run(talk, OwnerCommand.BLOCK, "4711")).text == say("access-unchanged")
    lifted = await run(talk, OwnerCommand.LIFT, "4711")  # gives, so it is not asked about
    assert lifted.text.startswith(say("lift-done", who=WHO))
    assert not lifted.question
    assert await talk.may_use(4711, None)
    assert (await run(talk, OwnerCommand.LIFT, "4711")).text == say("access-unchanged")
    logged = [r.getMessage() for r in caplog.records if r.name == "bot.chat.owner_commands"]
    assert logged == [
        f"owner telegram:{OWNER} blocked {WHO}",
        f"owner telegram:{OWNER} lifted what was decided about {WHO}",
    ]


async def test_a_blocked_chat_is_closed_to_all_but_owners() -> None:
    talk = conversation()
    asked = await run(talk, OwnerCommand.BLOCK, "here", here=-100)
    await yes(talk, asked.question)
    assert not await talk.may_use(STRANGER, -100)
    assert await talk.may_use(STRANGER, None)
    assert await talk.may_use(OWNER, -100)


async def test_no_changes_nothing() -> None:
    talk = conversation()
    asked = await run(talk, OwnerCommand.BLOCK, "4711")
    told = await talk.owner_commands().press(asked.question, OWNER, "en", yes=False)
    assert told == Answer(say("confirm-no"), settled=True)
    assert await talk.may_use(4711, None)
    assert await yes(talk, asked.question) == Answer(say("confirm-twice"))
    assert await talk.may_use(4711, None)


async def test_an_owner_cannot_be_blocked_not_even_by_themself() -> None:
    talk = conversation()
    for owner in (OWNER, OTHER_OWNER):
        told = await run(talk, OwnerCommand.BLOCK, str(owner))
        assert told == Answer(say("access-owner", who=f"telegram:{owner}"))


async def test_a_private_bot_is_opened_to_somebody_and_closed_again() -> None:
    talk = conversation(allow="telegram:99")
    assert not await talk.may_use(4711, None)
    done = await run(talk, OwnerCommand.ALLOW, "4711")
    assert done.text.startswith(say("allow-done", who=WHO))
    assert await talk.may_use(4711, None)
    assert (await run(talk, OwnerCommand.ALLOW, "4711")).text == say("access-unchanged")
    asked = await run(talk, OwnerCommand.LIFT, "4711")
    assert asked.text == say("lift-sure", who=WHO)
    assert await talk.may_use(4711, None)
    await yes(talk, asked.question)
    assert not await talk.may_use(4711, None)


async def test_what_owners_decide_goes_before_the_settings() -> None:
    talk = conversation(allow="telegram:99", block="telegram:4711")
    await run(talk, OwnerCommand.ALLOW, "4711")
    assert await talk.may_use(4711, None)
    asked = await run(talk, OwnerCommand.BLOCK, "99")
    await yes(talk, asked.question)
    assert not await talk.may_use(99, None)
    asked = await run(talk, OwnerCommand.LIFT, "4711")
    await yes(talk, asked.question)
    await run(talk, OwnerCommand.LIFT, "99")
    assert not await talk.may_use(4711, None)
    assert await talk.may_use(99, None)


async def test_allowing_on_an_open_bot_closes_it_to_nobody() -> None:
    talk = conversation()
    assert (await run(talk, OwnerCommand.ALLOW, "4711")).text == say("access-open")
    assert await talk.may_use(STRANGER, None)


async def test_pausing_is_asked_about_and_holds_on_every_platform(intake: Intake) -> None:
    store, photo = MemoryStore(), Attached(b"never fetched")
    talk = conversation(store)
    others = [conversation(store, platform=name, intake=intake) for name in ("discord", "web.1")]
    asked = await run(talk, OwnerCommand.PAUSE)
    assert asked.text == say("pause-sure")
    done = await yes(talk, asked.question)
    assert done.text.startswith(say("pause-done", resume="/resume"))
    assert (await run(talk, OwnerCommand.PAUSE)).text == say("access-unchanged")
    for other in others:
        with pytest.raises(Refusal) as refused:
            await other.service.ask(request(photo=photo))
        assert refused.value.code is RefusalCode.PAUSED
        assert refused.value.text("de") == say("paused", "de")
    assert photo.fetched == 0
    assert (await run(talk, OwnerCommand.RESUME)).text == say("resume-done")
    assert (await run(talk, OwnerCommand.RESUME)).text == say("access-unchanged")
    with pytest.raises(Refusal) as refused:
        await conversation(store, intake=intake).service.ask(request(photo=photo))
    assert photo.fetched == 1  # and found to be no photo
    assert refused.value.code is RefusalCode.NOT_AN_IMAGE


async def test_the_list_says_what_holds_and_why() -> None:
    talk = conversation(allow="telegram:1, telegram:2", block="discord:8, telegram:9")
    await run(talk, OwnerCommand.ALLOW, "discord:8")
    for written in ("2", "4711"):
        await yes(talk, (await run(talk, OwnerCommand.BLOCK, written)).question)
    await yes(talk, (await run(talk, OwnerCommand.PAUSE)).question)
    told = await run(talk, OwnerCommand.ACCESS)
    assert told.text.split("\n") == [
        say("pause-done", resume="/resume"),
        say("access-private"), "",
        say("access-allowed"), "• discord:8", f"• {say('access-setting', who='telegram:1')}", "",
        say("access-blocked"), "• telegram:2", "• telegram:4711",
        f"• {say('access-setting', who='telegram:9')}", "",
        say("access-not-kept"),
    ]  # fmt: skip


async def test_an_empty_and_a_long_list() -> None:
    talk = conversation()
    empty = await run(talk, OwnerCommand.ACCESS)
    assert empty.text.count("–") == 2
    assert say("access-open") in empty.text
    for number in range(50):
        await talk.service.rules.block(f"telegram:{10**15 + number}")
    told = await run(talk, OwnerCommand.ACCESS)
    assert say("access-more", count=20) in told.text
    assert len(told.text) <= 2000


async def test_only_who_was_asked_can_confirm() -> None:
    talk = conversation()
    asked = await run(talk, OwnerCommand.BLOCK, "4711")
    assert await yes(talk, asked.question, STRANGER) == Answer(say("owners-only-command"))
    assert await yes(talk, asked.question, OTHER_OWNER) == Answer(say("confirm-not-yours"))
    command, rest = asked.question.split(":", 1)
    for forged in (
        f"pause:{rest}", asked.question.replace("4711", "4712"), asked.question[:-1],
        asked.question + "0", f"{command}:{WHO}:0:0000000000", "", ":", "pause", "x" * 64,
        f"nonsense:{rest}",
    ):  # fmt: skip
        assert await yes(talk, forged) == Answer(say("confirm-not-yours"))
    assert await talk.may_use(4711, None)


async def test_a_question_is_answered_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    talk = conversation()
    asked = await run(talk, OwnerCommand.BLOCK, "4711")
    assert (await yes(talk, asked.question)).settled
    await run(talk, OwnerCommand.LIFT, "4711")
    assert await yes(talk, asked.question) == Answer(say("confirm-twice"))
    assert await talk.may_use(4711, None)  # an old press blocks nobody again
    assert caplog.text.count("blocked") == 1


async def test_an_old_question_cannot_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = conversation()
    asked = await run(talk, OwnerCommand.BLOCK, "4711")
    now = time.time()
    for later in (16 * 60, -60):
        monkeypatch.setattr(time, "time", lambda later=later: now + later)
        assert await yes(talk, asked.question) == Answer(say("confirm-not-yours"))
    assert await talk.may_use(4711, None)


async def test_questions_fit_into_buttons() -> None:
    talk = conversation()
    longest = await run(talk, OwnerCommand.BLOCK, "telegram:-" + "9" * 20)
    assert len(f"yes:{longest.question}".encode()) <= 64  # on Telegram
    paused = await run(talk, OwnerCommand.PAUSE)
    assert len(f"captionbot:yes:{paused.question}") <= 100  # on Discord


async def test_another_process_can_settle_it() -> None:
    store = MemoryStore()
    asked = await run(conversation(store), OwnerCommand.BLOCK, "4711")
    other = conversation(store)
    assert (await yes(other, asked.question)).settled
    assert not await conversation(store).may_use(4711, None)


async def test_while_the_store_is_away_it_is_said_that_nothing_was_done() -> None:
    store = Away()
    talk = conversation(store)
    asked = await run(talk, OwnerCommand.BLOCK, "4711")
    store.away = True
    away = Answer(say(RefusalCode.CHOICES_UNAVAILABLE))
    for command in OwnerCommand:
        assert await run(talk, command, "4712") == away
    assert await yes(talk, asked.question) == away
    assert await talk.may_use(4711, None)
    store.away = False
    assert (await yes(talk, asked.question)).settled  # it was not answered yet
    assert not await talk.may_use(4711, None)


async def test_a_chat_that_moves_takes_its_block_along() -> None:
    talk = conversation()
    await talk.service.rules.block("telegram:-100")
    await talk.move_chat(-100, -1001)
    assert not await talk.may_use(STRANGER, -1001)
    assert await talk.may_use(STRANGER, -100)

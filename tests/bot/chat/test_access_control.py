"""Who may use the bot: owners always, the blocked never, others as lists say, and owners decide.

What owners decide is known to all processes, kept encrypted, and outlives a server's absence.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from bot.chat.access_control import NO_RULES, AccessControl, AccessRules, Id, RuleBook
from bot.chat.refusals import Refusal, RefusalCode
from bot.settings import Settings
from bot.store import MemoryStore, Store, StoreUnavailable
from bot.store.redis import RedisStore
from tests.support.redis_server import RedisServer

SOMEBODY = "telegram:4711"


def access_control(**lists: str) -> AccessControl:
    names = {f"CAPTIONBOT_{name.upper()}": value for name, value in lists.items()}
    return AccessControl(Settings(_env_file=None, **names))  # type: ignore[call-arg, arg-type]  # by alias


def may_use(access: AccessControl, platform: str, *, person: Id, chat: Id | None = None) -> bool:
    return not access.turned_away(platform, person=person, chat=chat)


def test_without_lists_everybody_may() -> None:
    everybody = access_control()
    assert may_use(everybody, "telegram", person=1, chat=-100)
    assert may_use(everybody, "discord", person="1")
    assert not everybody.is_owner("telegram", 1)


def test_a_blocked_person_may_not_use_it_anywhere() -> None:
    lists = access_control(block="telegram:1", allow="telegram:2, telegram:-100")
    assert not may_use(lists, "telegram", person=1)
    assert not may_use(lists, "telegram", person="1", chat=-100)
    assert may_use(lists, "telegram", person=3, chat=-100)


def test_nobody_may_use_it_in_a_blocked_chat() -> None:
    lists = access_control(block="telegram:-100", allow="telegram:1")
    assert not may_use(lists, "telegram", person=1, chat=-100)
    assert may_use(lists, "telegram", person=1, chat=-200)
    assert may_use(lists, "telegram", person=1)


def test_with_an_allow_list_only_those_on_it_may() -> None:
    lists = access_control(allow="telegram:1,discord:900")
    assert may_use(lists, "telegram", person=1, chat=-100)
    assert not may_use(lists, "telegram", person=2, chat=-100)
    assert may_use(lists, "discord", person=5, chat=900)
    assert not may_use(lists, "discord", person=5, chat=901)
    assert not may_use(lists, "discord", person=5)


def test_an_id_counts_on_its_own_platform_alone() -> None:
    lists = access_control(allow="telegram:1", owners="telegram:7")
    assert not may_use(lists, "discord", person=1)
    assert not may_use(lists, "discord", person=7)
    assert not lists.is_owner("discord", 7)


def test_owners_always_may() -> None:
    lists = access_control(owners="telegram:7", block="telegram:-100", allow="discord:1")
    assert may_use(lists, "telegram", person=7, chat=-100)
    assert lists.is_owner("telegram", "7")
    assert not lists.is_owner("telegram", 77)


@pytest.mark.parametrize("other", ["allow", "owners"])
def test_nobody_is_both_blocked_and_let_in(other: str) -> None:
    with pytest.raises(ValueError, match="take them out of one of the lists"):
        access_control(block="telegram:7", **{other: "telegram:7"})


def test_a_platform_that_no_list_can_name_is_open() -> None:
    assert may_use(access_control(allow="telegram:1"), "web", person="198.51.100.7")


# --- what owners decide


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    opened: Store
    if request.param == "memory":
        opened = MemoryStore()
    else:
        server: RedisServer = request.getfixturevalue("redis_server")
        opened = RedisStore(server.url, uuid.uuid4().hex)
    yield opened
    await opened.close()


class Away(MemoryStore):
    """A store whose server can be away, or slow."""

    away = False
    slow = False

    async def notes(self, key: str, *, keep: bool = False) -> list[str]:
        await self._look()
        return await super().notes(key, keep=keep)

    async def leave(self, key: str, note: str, *, seconds: float) -> None:
        await self._look()
        await super().leave(key, note, seconds=seconds)

    async def _look(self) -> None:
        if self.slow:
            await asyncio.sleep(60)
        if self.away:
            raise StoreUnavailable


class Counting(MemoryStore):
    """Remembers which looks were to keep the notes."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[bool] = []

    async def notes(self, key: str, *, keep: bool = False) -> list[str]:
        self.kept.append(keep)
        return await super().notes(key, keep=keep)


async def key() -> bytes:
    return b"k" * 32


async def other_key() -> bytes:
    return b"o" * 32


async def no_key() -> bytes:
    raise StoreUnavailable


def book(store: Store | None, *, fresh: float = 0.0) -> RuleBook:
    return RuleBook(store, key, fresh=fresh)


async def test_what_is_decided(store: Store) -> None:
    rules = book(store)
    assert await rules.current() == NO_RULES
    await rules.block(SOMEBODY)
    await rules.allow("discord:5")
    await rules.pause()
    decided = AccessRules(frozenset({"discord:5"}), frozenset({SOMEBODY}), paused=True)
    assert await rules.current() == await rules.read() == decided
    await rules.allow(SOMEBODY)  # instead of the block
    assert (await rules.current()).blocked == frozenset()
    await rules.lift(SOMEBODY)
    await rules.lift("discord:5")
    await rules.resume()
    assert await rules.current() == NO_RULES


async def test_another_process_and_the_next_one_know_it(store: Store) -> None:
    other = book(store)
    assert not (await other.current()).paused
    await book(store).block(SOMEBODY)
    assert (await other.current()).blocked == {SOMEBODY}
    assert (await book(store).current()).blocked == {SOMEBODY}


async def test_doing_it_twice_is_doing_it_once(store: Store) -> None:
    rules = book(store)
    await asyncio.gather(*(rules.block(SOMEBODY) for _ in range(3)))
    await rules.lift(SOMEBODY)
    assert await rules.current() == NO_RULES


async def test_a_chat_that_gets_a_new_id_stays_what_it_was(store: Store) -> None:
    rules = book(store)
    await rules.block("telegram:-100")
    await rules.move("telegram:-100", "telegram:-1001")
    assert (await rules.current()).blocked == {"telegram:-1001"}
    await rules.allow("telegram:-200")
    await rules.move("telegram:-200", "telegram:-1002")
    assert (await rules.current()).allowed == {"telegram:-1002"}
    await rules.move("telegram:-300", "telegram:-1003")
    assert (await rules.current()).blocked == {"telegram:-1001"}


async def test_nothing_of_it_can_be_read_without_the_key() -> None:
    store = MemoryStore()
    await book(store).block(SOMEBODY)
    assert "4711" not in repr(store._notes)
    stranger = RuleBook(store, other_key)
    assert await stranger.current() == NO_RULES
    ((name, (_, notes)),) = store._notes.items()
    notes |= {"garbage", "!"}
    assert name
    assert (await book(store).current()).blocked == {SOMEBODY}


async def test_a_process_looks_only_now_and_then_but_knows_its_own_changes() -> None:
    store = MemoryStore()
    one, other = book(store, fresh=60.0), book(store, fresh=60.0)
    assert await one.current() == await other.current() == NO_RULES
    await one.pause()
    assert (await one.current()).paused
    assert not (await other.current()).paused  # until it looks again
    assert (await other.read()).paused
    assert (await other.current()).paused


async def test_while_the_store_is_away_the_last_known_counts() -> None:
    store = Away()
    rules = book(store)
    await rules.block(SOMEBODY)
    await rules.current()
    store.away = True
    assert (await rules.current()).blocked == {SOMEBODY}
    assert await book(store).current() == NO_RULES
    for change in (rules.block, rules.allow):
        with pytest.raises(Refusal) as refused:
            await change("telegram:5")
        assert refused.value.code is RefusalCode.CHOICES_UNAVAILABLE
    with pytest.raises(Refusal):
        await rules.read()


async def test_looking_keeps_them_but_seldom_writes() -> None:
    store = Counting()
    rules = book(store)
    await rules.block(SOMEBODY)
    for _ in range(3):
        await rules.current()
    assert store.kept == [True, False, False]


async def test_nobody_waits_long_for_a_slow_store() -> None:
    store = Away()
    store.slow = True
    rules = book(store)
    async with asyncio.timeout(10):
        assert await asyncio.gather(*(rules.current() for _ in range(50))) == [NO_RULES] * 50
        with pytest.raises(Refusal):
            await rules.pause()


async def test_without_a_store_or_its_key_nothing_can_be_decided() -> None:
    for rules in (book(None), RuleBook(MemoryStore(), no_key)):
        assert await rules.current() == NO_RULES
        with pytest.raises(Refusal):
            await rules.pause()
        with pytest.raises(Refusal):
            await rules.read()


def test_whether_it_lasts() -> None:
    assert not book(None).lasting
    assert not book(MemoryStore()).lasting
    assert book(RedisStore("redis://127.0.0.1:1/0")).lasting

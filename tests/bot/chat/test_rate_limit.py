"""How often people and chats may ask, and the store that counts it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from bot.chat import access_control
from bot.chat.service import CaptionService
from bot.media.sanitizer import Intake
from bot.store import MemoryStore, StoreUnavailable
from captioner.queue.messages import CaptionJob
from tests.bot.chat.helpers import CLEAN, KEY, Attached, ShakyQueue, next_reply, refusal, request

MakeService = Callable[..., CaptionService]


class ShakyStore(MemoryStore):
    """A store whose server can be away, or silent; `asked` is by whom a turn was taken."""

    def __init__(self) -> None:
        super().__init__(now=lambda: self.seconds)
        self.away = self.silent = False
        self.seconds = 1000.0
        self.asked: list[str] = []

    async def wait_for_turn(self, who: str, *, limit: int, seconds: float) -> float:
        await self._answer()
        self.asked.append(who)
        return await super().wait_for_turn(who, limit=limit, seconds=seconds)

    async def secret(self) -> bytes:
        await self._answer()
        return await super().secret()

    async def _answer(self) -> None:
        if self.silent:
            await asyncio.sleep(3600)
        if self.away:
            raise StoreUnavailable("nobody answers at redis.example:6379")


@pytest.fixture
def store() -> ShakyStore:
    return ShakyStore()


@pytest.fixture
def make_service(queue: ShakyQueue, intake: Intake, store: ShakyStore) -> MakeService:
    """A service with the store; more of it, or another adapter, as said."""

    def make(**options: object) -> CaptionService:
        settings: dict[str, object] = {"adapter": "telegram", "store": store, "hash_key": KEY}
        return CaptionService(queue, intake, **(settings | options))  # type: ignore[arg-type]  # as the test says

    return make


async def jobs(queue: ShakyQueue) -> list[CaptionJob]:
    claims = await queue.take("worker", max_batch=100, wait=0)
    return [claim.job for claim in claims]


async def test_a_person_may_ask_so_often_a_minute(
    make_service: MakeService, store: ShakyStore, queue: ShakyQueue
) -> None:
    service = make_service(person_per_minute=2)
    for number in range(2):
        await service.ask(request(f"{number}", photo=CLEAN))
        store.seconds += 10
    said = await refusal(service, request("third", photo=CLEAN))
    assert (said.code, said.retry_after) == ("slow-down", 40.0)
    assert said.args_for_text == {"seconds": 40}
    await service.ask(request("somebody else", photo=CLEAN, person="2"))
    store.seconds += 40
    await service.ask(request("third", photo=CLEAN))
    assert await queue.depth() == 4


async def test_a_chat_may_ask_so_often_a_minute(
    make_service: MakeService, queue: ShakyQueue
) -> None:
    service = make_service(chat_per_minute=2)
    for number in range(2):
        await service.ask(request(f"{number}", photo=CLEAN, person=f"{number}", chat="-100"))
    said = await refusal(service, request("third", photo=CLEAN, person="3", chat="-100"))
    assert said.code == "slow-down"
    await service.ask(request("other chat", photo=CLEAN, person="3", chat="-200"))
    await service.ask(request("no chat", photo=CLEAN, person="3"))
    assert await queue.depth() == 4


async def test_without_limits_nothing_is_counted(
    make_service: MakeService, store: ShakyStore
) -> None:
    service = make_service()
    for number in range(5):
        await service.ask(request(f"{number}", photo=CLEAN, chat="-100"))
    assert store.asked == []


async def test_a_refused_request_is_not_even_looked_at(
    make_service: MakeService, store: ShakyStore
) -> None:
    service = make_service(person_per_minute=1)
    await service.ask(request("first", photo=CLEAN))
    attached = Attached(b"no photo")
    assert (await refusal(service, request("second", photo=attached))).code == "slow-down"
    assert attached.fetched == 0
    store.seconds += 60
    assert (await refusal(service, request("third", photo=b"no photo"))).code == "not_an_image"


async def test_the_store_learns_no_names(make_service: MakeService, store: ShakyStore) -> None:
    service = make_service(person_per_minute=5, chat_per_minute=5)
    await service.ask(request(photo=CLEAN, person="4711", chat="4711"))
    assert store.asked == [service.hashed("person", "4711"), service.hashed("chat", "4711")]
    assert len(set(store.asked)) == 2
    assert all(len(who) == 64 and "4711" not in who for who in store.asked)


async def test_who_is_forgotten_by_the_store_has_all_turns_again(
    make_service: MakeService, store: ShakyStore
) -> None:
    service = make_service(person_per_minute=1)
    await service.ask(request("first", photo=CLEAN))
    await store.forget(service.hashed("person", "4711"))
    await service.ask(request("second", photo=CLEAN))


@pytest.mark.parametrize("trouble", ["away", "silent"])
async def test_a_store_that_is_away_does_not_stop_answers(
    make_service: MakeService,
    store: ShakyStore,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    monkeypatch.setattr(access_control, "_LIMIT_PATIENCE", 0.01)
    caplog.set_level(logging.INFO)
    service = make_service(person_per_minute=1, chat_per_minute=1)
    setattr(store, trouble, True)
    for number in range(3):
        await service.ask(request(f"{number}", photo=CLEAN, chat="-100"))
    assert caplog.text.count("the store cannot be reached") == 1
    setattr(store, trouble, False)
    await service.ask(request("it counts again", photo=CLEAN))
    assert (await refusal(service, request("over it", photo=CLEAN))).code == "slow-down"
    setattr(store, trouble, True)
    await service.ask(request("away again", photo=CLEAN))
    assert caplog.text.count("the store cannot be reached") == 2


# --- the key of hashes


async def test_processes_of_a_store_agree_on_hashes(
    make_service: MakeService, store: ShakyStore, intake: Intake, queue: ShakyQueue
) -> None:
    one, other = make_service(hash_key=None), make_service(hash_key=None, adapter="telegram.2")
    without = CaptionService(queue, intake, adapter="telegram")
    await one.prepare()
    await other.ask(request("other", photo=CLEAN))
    await one.ask(request("one", photo=CLEAN))
    assert one.hashed("person", "1") == other.hashed("person", "1")
    assert one.hashed("person", "1") != without.hashed("person", "1")
    first, second = await jobs(queue)
    assert (first.person, first.cache_key) == (second.person, second.cache_key)
    assert await store.secret() == await store.secret()


async def test_the_operators_key_goes_before_the_stores(make_service: MakeService) -> None:
    service, same = make_service(), make_service(store=None)
    await service.prepare()
    assert service.hashed("person", "1") == same.hashed("person", "1")


async def test_kinds_platforms_and_people_are_told_apart(make_service: MakeService) -> None:
    service, other = make_service(), make_service(adapter="discord")
    hashes = {
        service.hashed("person", "1"),
        service.hashed("person", "2"),
        service.hashed("chat", "1"),
        other.hashed("person", "1"),
    }
    assert len(hashes) == 4


@pytest.mark.usefixtures("quick")
async def test_the_key_is_learnt_once_the_store_is_there(
    make_service: MakeService, store: ShakyStore, queue: ShakyQueue
) -> None:
    known = make_service(hash_key=None)
    await known.prepare()
    late = make_service(hash_key=None)
    store.away = True
    await late.prepare()
    assert (await refusal(late, request("meanwhile", photo=CLEAN))).code == "queue-unavailable"
    with pytest.raises(StoreUnavailable):
        late.hashed("person", "1")
    assert await queue.depth() == 0, "no job of somebody who would be another one later"
    store.away = False
    queue.away = True  # replies are waited for all the while; so the key comes without a request
    taking = asyncio.create_task(next_reply(late.replies("me")))
    async with asyncio.timeout(60):
        while not _knows_its_key(late):
            await asyncio.sleep(0.01)
    assert late.hashed("person", "1") == known.hashed("person", "1")
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking


def _knows_its_key(service: CaptionService) -> bool:
    try:
        service.hashed("person", "1")
    except StoreUnavailable:
        return False
    return True

"""Queue and store do all they can over TLS, as the user that deploy/redis/users.acl makes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store import Preferences, Store, StoreUnavailable, open_store
from captioner.queue import InspectableQueue, Limits, QueueUnavailable, open_queue
from captioner.queue.messages import CaptionReply
from tests.deploy.redis.secured import SecuredRedis
from tests.support.jobs import make_job, make_reply

_LONG = 60.0  # seconds to wait for what is sure to come


@pytest.fixture
async def queue(secured: SecuredRedis) -> AsyncIterator[InspectableQueue]:
    limits = Limits(visibility=0.2, max_deliveries=1, dead_for=60.0)
    async with open_queue(secured.url(), limits) as queue:
        yield queue


@pytest.fixture
async def store(secured: SecuredRedis) -> AsyncIterator[Store]:
    store = open_store(secured.url())
    yield store
    await store.close()


async def test_a_job_from_photo_to_reply(queue: InspectableQueue) -> None:
    job = make_job(cache_key="a photo")
    await queue.announce("worker", ready=True, model="m")
    assert (await queue.workers()).ready == 1
    await queue.submit(job)
    assert (await queue.submit(job)).duplicate
    assert await queue.depth() == 1
    (claim,) = await queue.take("worker", max_batch=4, wait=_LONG)
    await queue.renew("worker", [claim])
    assert len(await queue.held()) == 1
    await queue.release("worker", [claim])
    (claim,) = await queue.take("worker", max_batch=4, wait=_LONG)
    assert await queue.finish(claim, make_reply(job))
    (delivery,) = await queue.take_replies("telegram", "sender", wait=_LONG)
    await queue.hold("telegram", "sender", [delivery])
    assert await queue.mark_sent(delivery.reply.job_id)
    await queue.done("telegram", delivery)
    again = await queue.submit_unless_cached(job)
    assert isinstance(again, CaptionReply)
    await queue.answer(make_job(), again)
    (delivery,) = await queue.take_replies("telegram", "sender", wait=_LONG)
    await queue.done("telegram", delivery)
    await queue.leave("worker")
    assert (await queue.overview()).depth == 0
    assert not await queue.worker_list()


async def test_a_job_that_is_given_up_and_tried_again(queue: InspectableQueue) -> None:
    await queue.submit(make_job())
    await queue.take("dead", max_batch=1, wait=_LONG)
    while not await queue.dead_letters():
        await queue.take("worker", max_batch=1, wait=0.2)
    (letter,) = await queue.dead_letters()
    assert letter.kept
    await queue.retry(letter.letter)
    (claim,) = await queue.take("worker", max_batch=1, wait=_LONG)
    await queue.finish(claim, make_reply(claim.job))
    assert not await queue.drop(letter.letter)
    while await queue.take_replies("telegram", "sender", wait=0):
        pass


async def test_what_people_chose(store: Store) -> None:
    chosen = Preferences(language="de", voice=True)
    await store.set_preferences("somebody", chosen)
    assert await store.preferences("somebody") == chosen
    await store.forget("somebody")
    assert await store.preferences("somebody") == Preferences()
    assert await store.wait_for_turn("somebody", limit=1, seconds=60) == 0.0
    assert await store.wait_for_turn("somebody", limit=1, seconds=60) > 0.0
    assert await store.once("key", seconds=60)
    assert await store.seen("key")
    await store.leave("notes", "a note", seconds=60)
    assert await store.collect("notes") == ["a note"]
    await store.count("telegram.caption")
    assert await store.counts() == {"telegram.caption": 1}
    assert await store.secret() == await store.secret()


async def test_an_unknown_authority_is_not_believed(secured: SecuredRedis) -> None:
    unknown = secured.url().partition("?")[0]
    async with open_queue(unknown, Limits()) as queue:
        with pytest.raises(QueueUnavailable):
            await queue.ping()


async def test_a_wrong_password_is_said_without_it(secured: SecuredRedis) -> None:
    store = open_store(secured.url("wrong-password-of-good-length"))
    with pytest.raises(StoreUnavailable, match="another user or password") as refused:
        await store.secret()
    assert "wrong-password" not in str(refused.value)
    await store.close()

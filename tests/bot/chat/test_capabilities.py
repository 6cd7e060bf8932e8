"""What a bot knows of what its workers can do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.capabilities import NOWHERE, UNKNOWN, WorkerCapabilities, offered
from captioner.capabilities import UNDECLARED, Capabilities
from tests.bot.chat.helpers import ShakyQueue
from tests.support.scripted_worker import speaks

ANSWERS = Capabilities(
    languages=("fr",), attention=False, confidence=False, questions=True, lengths=("short", "long")
)


class Clock:
    """Seconds that pass as a test says."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workers(queue: ShakyQueue, clock: Clock) -> WorkerCapabilities:
    return WorkerCapabilities(queue, now=clock)


async def test_it_is_what_at_least_one_of_the_live_workers_can_do(
    queue: ShakyQueue, workers: WorkerCapabilities, clock: Clock
) -> None:
    await queue.announce("a", ready=True, capabilities=speaks("en", "de"))
    await queue.announce("b", ready=True, capabilities=ANSWERS)
    await queue.announce("still loading", ready=False)
    assert await workers.current() == Capabilities(
        languages=("en", "de", "fr"),
        attention=True,
        confidence=True,
        questions=True,
        lengths=("short", "long"),
    )
    await queue.leave("b")
    assert (await workers.current()).questions, "asked once in some seconds"
    clock.seconds += 6
    assert await workers.current() == speaks("en", "de")


async def test_where_photos_go(
    queue: ShakyQueue, workers: WorkerCapabilities, clock: Clock
) -> None:
    assert await workers.photos_go_to() == UNKNOWN, "nobody has said so yet"
    await queue.announce("here", ready=False)
    assert await workers.photos_go_to() == UNKNOWN, "its model may be one that is elsewhere"
    await queue.announce("here", ready=False, capabilities=ANSWERS)
    assert await workers.photos_go_to() == NOWHERE
    await queue.announce("here", ready=True, capabilities=ANSWERS)
    assert await workers.photos_go_to() == NOWHERE
    for name, hosts in (("a", ("a.example",)), ("b", ("b.example", "a.example"))):
        away = replace(ANSWERS, sends_photos_to=hosts)
        await queue.announce(name, ready=name == "a", capabilities=away)
    clock.seconds += 6
    assert await workers.photos_go_to() == "a.example, b.example"
    clock.seconds += 6
    queue.away = True
    assert await workers.photos_go_to() == "a.example, b.example", "what was known last"
    queue.away = False
    await queue.leave("a")
    await queue.leave("b")
    assert await workers.photos_go_to() == NOWHERE
    await queue.leave("here")
    clock.seconds += 6
    assert await workers.photos_go_to() == NOWHERE, "what was known last"


async def test_a_worker_of_an_older_version_sends_photos_nowhere(
    queue: ShakyQueue, workers: WorkerCapabilities
) -> None:
    await queue.announce("old", ready=True)
    assert await workers.photos_go_to() == NOWHERE


async def test_while_no_worker_is_there_it_is_what_was_known_last(
    queue: ShakyQueue, workers: WorkerCapabilities, clock: Clock
) -> None:
    await queue.announce("a", ready=True, capabilities=speaks("en", "de"))
    await workers.current()
    await queue.leave("a")
    clock.seconds += 3600
    assert await workers.current() == speaks("en", "de")
    queue.away = True
    assert await workers.current() == speaks("en", "de")
    queue.away = False
    await queue.announce("b", ready=True, capabilities=speaks("en", "fr"))
    assert await workers.current() == speaks("en", "fr"), "at once"


async def test_where_nothing_is_known_it_is_what_older_workers_can_do(
    queue: ShakyQueue, workers: WorkerCapabilities
) -> None:
    queue.away = True
    assert (await workers.known(), await workers.current()) == (None, UNDECLARED)
    assert await workers.language("de") == "de", "a worker will say what became of it"
    queue.away = False
    await queue.announce("of an older version", ready=True)
    assert await workers.known() == UNDECLARED
    assert await workers.language("de") == "en"


async def test_the_language_to_ask_for(queue: ShakyQueue, workers: WorkerCapabilities) -> None:
    await queue.announce("a", ready=True, capabilities=speaks("en", "de", "zh"))
    wanted = ("de", "de-AT", "zh_Hans", "it", "en-GB")
    assert [await workers.language(one) for one in wanted] == ["de", "de", "zh", "en", "en"]


async def test_a_model_without_english_says_what_it_can(
    queue: ShakyQueue, workers: WorkerCapabilities
) -> None:
    await queue.announce("a", ready=True, capabilities=speaks("zh"))
    assert await workers.language("it") == "zh"


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [("pt", "pt-BR"), ("PT-pt", "pt-BR"), ("en", "en"), ("", None), ("x", None), ("-", None)],
)
def test_tags_that_mean_a_language(wanted: str, meant: str | None) -> None:
    assert offered(wanted, ("en", "pt-BR")) == meant

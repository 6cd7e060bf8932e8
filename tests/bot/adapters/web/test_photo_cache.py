"""Which photos are kept, and for how long."""

import asyncio

from bot.adapters.web.photo_cache import Media, PhotoStore
from bot.media.sanitizer import CleanPhoto
from captioner.queue.messages import Output


def clean(size: int = 10) -> CleanPhoto:
    return CleanPhoto(bytes(size), 8, 8)


async def test_the_store_forgets_the_least_recently_used() -> None:
    store = PhotoStore(seconds=60, max_photos=2, max_bytes=1000)
    first, second = store.put(clean()), store.put(clean())
    assert store.get(first) is not None
    third = store.put(clean())
    assert store.get(second) is None
    assert store.get(first) is not None
    assert store.get(third) is not None
    store.clear()
    assert (len(store), store.size) == (0, 0)


async def test_the_store_is_bounded_in_bytes_with_what_was_made() -> None:
    store = PhotoStore(seconds=60, max_photos=10, max_bytes=1000)
    first, second = store.put(clean(400)), store.put(clean(400))
    kept = store.get(second)
    assert kept is not None
    store.add(kept, Output.ATTENTION_GIF, Media(bytes(300), "image/gif"))
    assert store.get(first) is None
    assert store.size == 700
    store.add(kept, Output.ATTENTION_GIF, Media(bytes(200), "image/gif"))
    assert store.size == 600
    store.add(kept, Output.ATTENTION_SHEET, Media(bytes(900), "image/png"))
    assert (len(store), store.size) == (0, 0)


async def test_what_is_made_of_a_forgotten_photo_takes_no_room() -> None:
    store = PhotoStore(seconds=60, max_photos=1, max_bytes=1000)
    kept = store.get(store.put(clean(400)))
    assert kept is not None
    store.put(clean(500))
    store.add(kept, Output.ATTENTION_GIF, Media(bytes(900), "image/gif"))
    assert (len(store), store.size) == (1, 500)


async def test_the_store_forgets_in_time_without_being_asked() -> None:
    store = PhotoStore(seconds=0.05, max_photos=10, max_bytes=1000)
    store.put(clean())
    assert len(store) == 1
    async with asyncio.timeout(30):
        while len(store):
            await asyncio.sleep(0.01)

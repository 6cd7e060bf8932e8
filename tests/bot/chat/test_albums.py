"""Several photos in one request: one job, one answer, and what cannot be captioned is named."""

from __future__ import annotations

from bot.chat.media import ONE_PHOTO, Omitted, Still, decode
from bot.chat.models import PARTS
from bot.chat.service import CaptionService
from captioner.queue.messages import MAX_PHOTOS, Answer, Caption, Context, Failure
from tests.bot.chat.helpers import (
    CLEAN,
    PHOTO,
    Attached,
    ShakyQueue,
    answered,
    clean,
    refusal,
    request,
    worked,
)
from tests.support import photos

HOUSE = Caption(text="a house", log_prob=-1.0)


def manifest(context: Context) -> object:
    return decode(str(context.get(PARTS, "")))


async def test_an_album_is_one_job_and_one_answer(
    service: CaptionService, queue: ShakyQueue
) -> None:
    first, second = photos.photo(seed=1), Attached(photos.photo(seed=2))
    ticket = await service.ask(request(photo=first, more_photos=(second, CLEAN)))
    assert len(ticket.photos) == 3
    assert ticket.photo == ticket.photos[0]
    assert ticket.photos[2] == CLEAN, "what is clean stays as it is"
    job = await worked(queue, more=(Answer(captions=(HOUSE,)),) * 2)
    assert job.photos == tuple(photo.jpeg for photo in ticket.photos)
    assert first not in job.photos
    assert second.data not in job.photos
    reply = await answered(service)
    assert len(reply.answers) == 3
    assert manifest(reply.context) == (Still(at=0), Still(at=1), Still(at=2))


async def test_a_bad_photo_does_not_spoil_an_album(
    service: CaptionService, queue: ShakyQueue
) -> None:
    asked = request(photo=b"no photo", more_photos=(CLEAN, PHOTO[:500], clean(2)))
    ticket = await service.ask(asked)
    assert ticket.photos == (CLEAN, clean(2))
    job = await worked(queue, more=(Answer(failure=Failure.BAD_PHOTO),))
    assert job.photos == (CLEAN.jpeg, clean(2).jpeg)
    reply = await answered(service)
    assert manifest(reply.context) == (
        Omitted(code="not_an_image"),
        Still(at=1),
        Omitted(code="damaged"),
        Still(at=3),
    )
    assert reply.context["chat"] == 1


async def test_an_album_of_bad_photos_is_refused_for_the_first(
    service: CaptionService, queue: ShakyQueue
) -> None:
    said = await refusal(service, request(photo=b"", more_photos=(b"no photo",)))
    assert said.code == "empty"
    assert await queue.depth() == 0


async def test_as_many_photos_as_an_album_has(service: CaptionService, queue: ShakyQueue) -> None:
    many = tuple(map(clean, range(MAX_PHOTOS)))
    ticket = await service.ask(request("most", photo=many[0], more_photos=many[1:]))
    assert len(ticket.photos) == MAX_PHOTOS
    said = await refusal(service, request("too many", photo=CLEAN, more_photos=many))
    assert (said.code, said.args_for_text) == ("too-many-photos", {"limit": MAX_PHOTOS})
    assert await queue.depth() == 1


async def test_albums_are_not_answered_from_the_cache(
    service: CaptionService, queue: ShakyQueue
) -> None:
    for dedupe in ("one", "two"):
        await service.ask(request(dedupe, photo=CLEAN, more_photos=(clean(2),)))
        assert (await worked(queue)).cache_key == ""
    await service.ask(request("alone", photo=CLEAN))
    assert (await worked(queue)).cache_key


async def test_what_is_left_of_an_album_is_a_photo_like_any_other(
    service: CaptionService, queue: ShakyQueue
) -> None:
    await service.ask(request("alone", photo=CLEAN))
    await worked(queue)
    assert manifest((await answered(service)).context) == ONE_PHOTO
    await service.ask(request(photo=b"", more_photos=(CLEAN,)))
    assert await queue.depth() == 0
    assert manifest((await answered(service)).context) == (Omitted(code="empty"), Still(at=1))


async def test_nothing_is_fetched_before_a_request_is_admitted(
    queue: ShakyQueue, service: CaptionService
) -> None:
    many = [Attached(PHOTO) for _ in range(MAX_PHOTOS + 1)]
    said = await refusal(service, request(photo=many[0], more_photos=many[1:]))
    assert said.code == "too-many-photos"
    assert not any(one.fetched for one in many)
    assert await queue.depth() == 0

"""Several photos in one request: one job, one answer, and what cannot be captioned is named."""

from __future__ import annotations

import pytest

from bot.chat.service import Desk, places_of
from bot.media.sanitizer import CleanPhoto
from captioner.queue.messages import MAX_PHOTOS, Answer, Caption, CaptionReply, Failure
from tests.bot.chat.helpers import (
    CLEAN,
    PHOTO,
    ShakyQueue,
    answered,
    check_sentence,
    clean,
    request,
    sorry,
    worked,
)
from tests.support import photos

HOUSE = Caption(text="a house", log_prob=-1.0)


async def test_an_album_is_one_job_and_one_answer(desk: Desk, queue: ShakyQueue) -> None:
    first, second = photos.photo(seed=1), photos.photo(seed=2)
    ticket = await desk.ask(request(photo=first, more_photos=(second, CLEAN)))
    assert ticket.refused == ()
    assert len(ticket.photos) == 3
    assert ticket.photo == ticket.photos[0]
    assert ticket.photos[2] == CLEAN, "what is clean stays as it is"
    job = await worked(queue, more=(Answer(captions=(HOUSE,)),) * 2)
    assert job.photos == tuple(photo.jpeg for photo in ticket.photos)
    assert first not in job.photos
    assert second not in job.photos
    reply = await answered(desk)
    assert (len(reply.answers), places_of(reply)) == (3, (0, 1, 2))


async def test_a_bad_photo_does_not_spoil_an_album(desk: Desk, queue: ShakyQueue) -> None:
    asked = request(photo=b"no photo", more_photos=(CLEAN, PHOTO[:500], clean(2)))
    ticket = await desk.ask(asked)
    assert [(place, said.code) for place, said in ticket.refused] == [
        (0, "not_an_image"),
        (2, "damaged"),
    ]
    for _, said in ticket.refused:
        check_sentence(said)
    assert ticket.photos == (CLEAN, clean(2))
    job = await worked(queue, more=(Answer(failure=Failure.BAD_PHOTO),))
    assert job.photos == (CLEAN.jpeg, clean(2).jpeg)
    reply = await answered(desk)
    assert places_of(reply) == (1, 3), "each answer says which photo it is about"
    assert reply.context["chat"] == 1


async def test_an_album_of_bad_photos_is_refused_for_the_first(
    desk: Desk, queue: ShakyQueue
) -> None:
    said = await sorry(desk, request(photo=b"", more_photos=(b"no photo",)))
    assert said.code == "empty"
    assert await queue.depth() == 0


async def test_as_many_photos_as_an_album_has(desk: Desk, queue: ShakyQueue) -> None:
    many = tuple(map(clean, range(MAX_PHOTOS)))
    ticket = await desk.ask(request("most", photo=many[0], more_photos=many[1:]))
    assert len(ticket.photos) == MAX_PHOTOS
    said = await sorry(desk, request("too many", photo=CLEAN, more_photos=many))
    assert (said.code, said.args_for_text) == ("too-many-photos", {"limit": MAX_PHOTOS})
    assert await queue.depth() == 1


async def test_albums_are_not_answered_from_the_cache(desk: Desk, queue: ShakyQueue) -> None:
    for dedupe in ("one", "two"):
        await desk.ask(request(dedupe, photo=CLEAN, more_photos=(clean(2),)))
        assert (await worked(queue)).cache_key == ""
    await desk.ask(request("alone", photo=CLEAN))
    assert (await worked(queue)).cache_key


async def test_what_is_left_of_an_album_is_a_photo_like_any_other(
    desk: Desk, queue: ShakyQueue
) -> None:
    await desk.ask(request("alone", photo=CLEAN))
    await worked(queue)
    await answered(desk)
    ticket = await desk.ask(request(photo=b"", more_photos=(CLEAN,)))
    assert [place for place, _ in ticket.refused] == [0]
    assert await queue.depth() == 0
    assert places_of(await answered(desk)) == (1,)


async def test_the_desk_cleans_a_photo_alone(desk: Desk) -> None:
    photo = await desk.clean(PHOTO)
    assert isinstance(photo, CleanPhoto)
    assert (await desk.ask(request(photo=photo))).photo == photo


@pytest.mark.parametrize(
    ("told", "places"),
    [
        ("0,2,5", (0, 2)),  # the whole job failed: there are fewer answers than photos
        ("3", (0, 1)),  # fewer places than answers: not ours
        ("a,-1,\u00b2", (0, 1)),
        ("", (0, 1)),
        (7, (0, 1)),
        (None, (0, 1)),
    ],
)
def test_places_are_sound_whatever_a_context_says(
    told: str | int | None, places: tuple[int, ...]
) -> None:
    reply = CaptionReply(
        job_id="j",
        adapter="telegram",
        context={"places": told},
        captions=(HOUSE,),
        more=(Answer(captions=(HOUSE,)),),
    )
    assert places_of(reply) == places

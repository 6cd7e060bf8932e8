"""Which files of a message are meant, and what is refused before anything is fetched."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.chat.media import Link, LinkedFile, check_any, is_picture, shown_in
from bot.chat.refusals import Refusal, RefusalCode
from bot.media.downloads import Downloads

PHOTO, GIF = Link("https://files.example/a.jpg", "image/jpeg"), Link("b", "image/gif")
NOTES, PAPER = Link("c", "text/plain"), Link("d", "application/pdf")


@pytest.mark.parametrize(
    ("sources", "meant"),
    [
        ([], []),
        ([[], []], []),
        ([[NOTES, PAPER]], [NOTES]),
        ([[NOTES], [PHOTO, NOTES, GIF], [GIF]], [PHOTO, GIF]),
        ([[], [PAPER], [NOTES]], [PAPER]),
    ],
)
def test_the_first_pictures_are_meant_or_else_the_first_file(
    sources: list[list[Link]], meant: list[Link]
) -> None:
    assert shown_in(sources) == meant


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("", True),
        ("application/octet-stream", True),
        ("image/avif", True),
        ("video/mp4", True),
        ("image/svg+xml", False),
        ("application/lottie", False),
        ("audio/ogg", False),
        ("text/plain", False),
    ],
)
def test_a_kind_says_whether_something_is_a_picture(kind: str, expected: bool) -> None:
    assert is_picture(kind) is expected


@pytest.mark.parametrize(
    ("link", "videos", "code"),
    [
        (PHOTO, False, None),
        (Link("e", "video/mp4"), True, None),
        (Link("e", "video/mp4"), False, RefusalCode.UNSUPPORTED),
        (Link("e", "application/lottie"), True, RefusalCode.MOVING_STICKER),
        (Link("e", "image/png", 1001), False, RefusalCode.TOO_LARGE),
        (NOTES, False, RefusalCode.NOT_AN_IMAGE),
    ],
)
async def test_a_linked_file_is_refused_unfetched(
    link: Link, videos: bool, code: RefusalCode | None
) -> None:
    async with aiohttp.ClientSession() as session:
        downloads = Downloads(session, max_bytes=1000, origins=["https://files.example"])
        file = LinkedFile(link, downloads, videos)
        refused: Any = None
        try:
            check_any([file])
        except Refusal as refusal:
            refused = refusal.code
        assert refused == code
        check_any([file, b"a photo"])  # of several, one that can be captioned is enough

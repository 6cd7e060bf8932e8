"""A file over a real connection that breaks, from a server that lies."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import resource
from pathlib import Path
from typing import Any

import pytest

from captioner.checkpoint.download import Fetch, sha256_of
from captioner.network import FetchError
from tests.support.file_server import (
    FileServer,
    answers,
    breaks_after,
    file_server,
    ignores_ranges,
    say,
)

DATA = random.Random(1).randbytes(1_200_000)
OTHER = random.Random(2).randbytes(1_200_000)
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "model.safetensors"


def fetch(server: FileServer, target: Path, **rest: Any) -> Fetch:
    options: dict[str, Any] = {"sha256": SHA256, "pause": 0.01, "tries": 3} | rest
    return Fetch(url=server.url, target=target, **options)


def leftovers(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()} - {
        target.name, f".{target.name}.lock",
    }  # fmt: skip


async def test_a_file_comes_whole_and_its_progress_is_told(target: Path) -> None:
    news: list[tuple[int, int | None]] = []
    async with file_server(DATA) as server:
        one = fetch(server, target, progress=lambda *numbers: news.append(numbers))
        assert await one.run()
    assert target.read_bytes() == DATA
    assert news == sorted(news)
    assert news[-1] == (len(DATA), len(DATA))
    assert not leftovers(target)


async def test_what_is_there_is_not_fetched_again(target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(DATA)
    async with file_server(DATA) as server:
        assert not await fetch(server, target).run()
        assert not server.requests


async def test_it_goes_on_after_each_break(target: Path) -> None:
    async with file_server(DATA) as server:
        server.next(breaks_after(400_000), breaks_after(400_000), breaks_after(900_000))
        await fetch(server, target).run()
        asked = [request.begin for request in server.requests]
        assert {r.headers.get("if-range") for r in server.requests[1:]} == {'"first"'}
    assert asked == [None, 400_000, 400_000, 900_000]
    assert target.read_bytes() == DATA


async def test_it_goes_on_where_a_process_was_that_is_gone(target: Path) -> None:
    async with file_server(DATA) as server:
        server.next(breaks_after(700_000), answers(503), answers(503))
        with pytest.raises(FetchError, match="503; try again later"):
            await fetch(server, target).run()
        assert not target.exists()
        await fetch(server, target).run()
        assert server.requests[-1].begin == 700_000
    assert target.read_bytes() == DATA


async def test_another_file_by_then_is_fetched_from_its_start(target: Path) -> None:
    """The server knows from If-Range; the bytes of two files are never put together."""
    async with file_server(OTHER) as server:
        server.next(breaks_after(500_000))
        again = fetch(server, target)
        running = asyncio.create_task(again.run())
        while not server.requests:
            await asyncio.sleep(0.001)
        server.data, server.etag = DATA, '"second"'
        await running
    assert target.read_bytes() == DATA


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
async def test_without_a_validator_the_checksum_decides(target: Path, etag: str | None) -> None:
    async with file_server(OTHER, etag=etag) as server:
        server.next(breaks_after(500_000), answers(503), answers(503))
        with pytest.raises(FetchError):
            await fetch(server, target).run()
        server.data = DATA
        await fetch(server, target).run()
        assert [r.begin for r in server.requests[3:]] == [500_000, None]
        assert all("if-range" not in r.headers for r in server.requests)
    assert target.read_bytes() == DATA


async def test_without_validator_and_checksum_nothing_is_put_together(target: Path) -> None:
    async with file_server(DATA, etag=None) as server:
        server.next(breaks_after(500_000))
        await fetch(server, target, sha256=None).run()
        assert [r.begin for r in server.requests] == [None, None]
    assert target.read_bytes() == DATA


async def test_a_server_that_ignores_ranges(target: Path) -> None:
    async with file_server(DATA) as server:
        server.next(breaks_after(300_000), ignores_ranges)
        await fetch(server, target).run()
    assert target.read_bytes() == DATA


@pytest.mark.parametrize(
    "odd",
    [
        answers(206, DATA[5:], content_range=f"bytes 5-{len(DATA) - 1}/{len(DATA)}"),
        answers(206, DATA[300_000:], content_range="bytes 300000-1199999/1300000"),
        answers(206, DATA[300_000:]),
        answers(206, b"--x\r\n", content_type="multipart/byteranges; boundary=x"),
        answers(416),
    ],
    ids=["elsewhere", "another length", "no range", "several", "416"],
)
async def test_a_rest_that_is_none(target: Path, odd: Any) -> None:
    async with file_server(DATA) as server:
        server.next(breaks_after(300_000), odd)
        await fetch(server, target).run()
        assert [r.begin for r in server.requests] == [None, 300_000, None]
    assert target.read_bytes() == DATA


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (answers(200, OTHER), f"another file: its SHA-256 is {hashlib.sha256(OTHER).hexdigest()}"),
        (answers(200, DATA[:1000]), "another file"),  # a length that is too small
        (answers(200, b""), "another file"),
        (answers(404), "answered 404; see whether the address is right"),
        (answers(403, b"no"), "answered 403"),
        (answers(206, DATA), "answered 206"),
        (answers(302), "answered 302"),
        (answers(200, DATA, content_encoding="br"), "packs the file anew"),
        (answers(302, location="http://example.org/x"), "unsafe: it must start with https"),
        (answers(302, location="https://me:secret@example.org/"), "unsafe: it must not contain"),
        (answers(302, location="file:///etc/passwd"), "somewhere unsafe"),
        (answers(200, b"", content_length=2_000_000_000), "larger than 1000 MB"),
    ],
)
async def test_what_cannot_be_put_right_by_waiting(target: Path, behaviour: Any, says: str) -> None:
    target.parent.mkdir()
    target.write_bytes(b"the one before")
    async with file_server(DATA) as server:
        server.next(behaviour)
        with pytest.raises(FetchError, match=says):
            await fetch(server, target).run()
        assert len(server.requests) == 1
    assert target.read_bytes() == b"the one before"
    assert not leftovers(target)


async def test_a_length_that_is_too_large_is_a_break_that_never_ends(target: Path) -> None:
    async with file_server(DATA) as server:
        lie = answers(200, DATA, content_length=len(DATA) + 10, etag='"first"')
        server.next(lie, answers(503), answers(503))
        with pytest.raises(FetchError, match="try again later"):
            await fetch(server, target).run()
    assert not target.exists()


async def test_more_bytes_than_any_checkpoint_has(target: Path) -> None:
    """Also where the server says nothing of a length."""
    async with file_server(DATA) as server:
        server.next(answers(200, DATA, content_length=None))
        with pytest.raises(FetchError, match="larger than 1 MB"):
            await fetch(server, target, max_bytes=1_000_000).run()
    assert not target.exists()


async def test_without_a_length_the_end_is_the_end(target: Path) -> None:
    async with file_server(DATA) as server:
        server.next(answers(200, DATA, content_length=None))
        await fetch(server, target).run()
    assert target.read_bytes() == DATA


async def test_redirects_are_followed_but_not_for_ever(target: Path) -> None:
    async with file_server(DATA) as server:
        server.next(answers(302, location="/elsewhere"), answers(307, location="file.bin?key=x"))
        await fetch(server, target).run()
        assert [r.path for r in server.requests] == [
            "/some/file.bin", "/elsewhere", "/file.bin?key=x",
        ]  # fmt: skip
        server.next(*[answers(302, location="/again")] * 6)
        with pytest.raises(FetchError, match="more than 5 times"):
            await fetch(server, target, sha256=None).run()


async def test_who_waits_for_ever_waits_for_a_server_that_comes_back(
    target: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with file_server(DATA) as server:
        server.next(*[answers(503)] * 9, answers(429, retry_after=0))
        with caplog.at_level(logging.WARNING):
            await fetch(server, target, tries=None, pause=0.001).run()
    assert caplog.text.count("503") == 9
    assert target.read_bytes() == DATA


async def test_silence_is_a_break(target: Path) -> None:
    over = asyncio.Event()

    async def hang(server: FileServer, _request: Any, writer: asyncio.StreamWriter) -> None:
        await say(writer, 200, DATA[:7], content_length=len(DATA), etag=server.etag)
        await over.wait()

    async with file_server(DATA) as server:
        server.next(hang)
        await fetch(server, target, silence=0.3).run()
        assert [r.begin for r in server.requests] == [None, 7]
        over.set()
    assert target.read_bytes() == DATA


async def test_keys_behind_the_question_mark_are_said_nowhere(
    target: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with file_server(DATA) as server:
        server.url += "?signature=SECRET"
        server.next(answers(503), answers(404))
        with caplog.at_level(logging.DEBUG), pytest.raises(FetchError) as error:
            await fetch(server, target).run()
    assert "SECRET" not in caplog.text + str(error.value)


async def test_a_file_that_is_of_no_use_replaces_nothing(target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"the one before")

    def check(path: Path) -> None:
        assert path.read_bytes() == DATA
        raise ValueError("no checkpoint")

    async with file_server(DATA) as server:
        with pytest.raises(ValueError, match="no checkpoint"):
            await fetch(server, target, check=check).run()
    assert target.read_bytes() == b"the one before"
    assert not leftovers(target)


async def test_several_at_once_fetch_once(target: Path) -> None:
    async with file_server(DATA) as server:
        done = await asyncio.gather(*(fetch(server, target).run() for _ in range(3)))
        assert sorted(done) == [False, False, True]
        assert len(server.requests) == 1


async def test_a_full_disk(target: Path) -> None:
    """The limit on this process's files is as small as the room that is left."""
    async with file_server(DATA) as server:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
        try:
            with pytest.raises(FetchError, match="cannot be written"):
                await fetch(server, target).run()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert not target.exists()
        await fetch(server, target).run()
    assert sha256_of(target) == SHA256


async def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    async with file_server(DATA) as server:
        with pytest.raises(FetchError, match=r"cannot be written.*choose another place"):
            await fetch(server, tmp_path / "file" / "model").run()


async def test_notes_of_a_part_that_make_no_sense_are_passed_over(target: Path) -> None:
    target.parent.mkdir()
    target.with_name(f".{target.name}.part").write_bytes(OTHER[:1000])
    for notes in ("", "[]", '{"source": 3}', '{"total": "x"}', "\udcff"):
        about = target.with_name(f".{target.name}.part.json")
        about.write_bytes(notes.encode(errors="surrogateescape"))
        async with file_server(DATA) as server:
            await fetch(server, target, sha256=None).run()
            assert server.requests[0].begin is None
        assert target.read_bytes() == DATA

"""Whatever a message, or the answer about a file, says: nobody but Telegram is contacted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.telegram.media import may_be_read
from bot.locales import say
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.support.photos import photo
from tests.support.telegram_server.world import Json
from tests.support.watching import Contacts, Trap, trap, watched

SERVER = "https://api.telegram.org/file/bot1:x"


def only_telegram(bench: Bench, contacts: Contacts, caught: Trap) -> None:
    port = int(bench.server.url.rpartition(":")[2])
    assert contacts.addresses == {("127.0.0.1", port)}
    assert contacts.names <= {"127.0.0.1"}
    assert contacts.others == []
    assert caught.visits == 0


def with_addresses(address: str) -> list[Json]:
    """Contents of messages that name a server wherever one can be named."""
    url = f"http://{address}/x.jpg"
    link = {"type": "text_link", "offset": 0, "length": 4, "url": url}
    plain = {"type": "url", "offset": 5, "length": len(url)}
    return [
        {"text": f"look {url}", "entities": [link, plain],
         "link_preview_options": {"url": url, "prefer_large_media": True}},
        {"text": f"/caption {url}", "entities": [{"type": "bot_command", "offset": 0,
                                                  "length": 8}]},
        {"contact": {"phone_number": "1", "first_name": url, "vcard": f"PHOTO:{url}"}},
        {"venue": {"location": {"latitude": 1.0, "longitude": 1.0}, "title": url,
                   "address": url}},
    ]  # fmt: skip


async def test_addresses_in_messages_are_not_visited(bench: Bench) -> None:
    person = bench.server.person()
    async with trap() as caught:
        with watched() as contacts:
            for content in with_addresses(caught.address):
                person.sends(content)
            person.sends_file(photo(), name=f"http://{caught.address}/x.jpg")
            person.sends_photo(photo(), caption=f"http://{caught.address}/x.jpg")
            await bench.server.until(
                lambda: [c for c in bench.server.made("sendMessage") if CAPTION in str(c.params)]
            )
            await bench.settled()
        only_telegram(bench, contacts, caught)


@pytest.mark.parametrize(
    "path",
    [
        "http://{trap}/x.jpg", "https://{trap}/x.jpg", "//{trap}/x.jpg", "@{trap}/x.jpg",
        ":80@{trap}/x.jpg", "\\\\{trap}\\x.jpg", "../../../@{trap}/x", "/@{trap}/", "?{trap}",
        "#@{trap}", "file:///etc/passwd", "photos/file 1.jpg\r\nHost: {trap}", "",
    ],
)  # fmt: skip
async def test_the_place_of_a_file_is_below_the_file_server(bench: Bench, path: str) -> None:
    async with trap() as caught:
        where = path.format(trap=caught.address)
        about = {"file_id": "F", "file_unique_id": "U", "file_path": where}
        bench.server._methods.table["getFile"] = lambda _params, _files: about
        with watched() as contacts:
            bench.server.person().sends_photo(photo())
            await bench.server.until(lambda: bench.server.made("sendMessage"))
            await bench.settled()
        only_telegram(bench, contacts, caught)
    said = bench.server.made("sendMessage")[0].params["text"]
    assert said in {say("download-failed"), say("photo-removed")}


async def test_a_file_server_cannot_send_us_on(bench: Bench) -> None:
    async with trap() as caught:
        bench.server.redirect_to = f"http://{caught.address}/x.jpg"
        with watched() as contacts:
            bench.server.person().sends_photo(photo())
            await bench.server.until(lambda: bench.server.made("sendMessage"))
        only_telegram(bench, contacts, caught)


async def test_no_file_of_this_machine_is_read(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even one that happens to be called as Telegram calls photos."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "file_1.jpg").write_bytes(photo())
    monkeypatch.chdir(tmp_path)
    about = {"file_id": "F", "file_unique_id": "U", "file_path": "photos/file_1.jpg"}
    bench.server._methods.table["getFile"] = lambda _params, _files: about
    bench.server.person().sends_photo(photo())
    await bench.server.until(lambda: bench.server.made("sendMessage"))
    assert CAPTION not in bench.server.made("sendMessage")[0].params["text"]
    assert bench.jobs == []


@pytest.mark.parametrize(
    ("path", "server", "fine"),
    [
        (f"{SERVER}/photos/file_1.jpg", SERVER, True),
        ("/var/lib/telegram-bot-api/photos/file_1.jpg", "http://127.0.0.1:8081/file/bot1:x", True),
        ("/etc/passwd", SERVER, False),
        ("photos/file_1.jpg", SERVER, False),
        ("photos/file_1.jpg", "http://127.0.0.1:8081/file/bot1:x", False),
        (f"{SERVER}.example.org/photos/file_1.jpg", SERVER, False),
        ("", SERVER, False),
    ],
)
def test_where_files_may_lie(path: str, server: str, fine: bool) -> None:
    assert may_be_read(path, server) is fine

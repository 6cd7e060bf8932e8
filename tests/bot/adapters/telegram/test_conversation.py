"""A whole conversation on Telegram, to be read: `pytest -s` prints it in every language asked for.

What the bot says must be in the person's language, but for the captions themselves.
"""

from __future__ import annotations

import pytest

from bot.locales import ENGLISH, say
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.bot.adapters.telegram.steps import access_control
from tests.support.photos import photo
from tests.support.telegram_server import Json, Person
from tests.support.telegram_server.calls import Call
from tests.support.transcript import Transcript


class Reader:
    """Writes down what people do and what the bot answers to it."""

    def __init__(self, bench: Bench, transcript: Transcript) -> None:
        self._bench, self._transcript = bench, transcript
        self._calls = len(bench.server.calls)

    async def does(self, person: Person, what: str, sent: Json | list[Json]) -> Json | None:
        """Note what a person did and all that came of it; the last message that was sent."""
        del sent
        new = self._bench.server.calls
        await self._bench.server.until(lambda: any(map(_says, new[self._calls :])))
        await self._bench.settled()
        self._transcript.person(person.user["first_name"], what)
        last = None
        for call in self._bench.server.calls[self._calls :]:
            params = call.params
            if call.method == "answerCallbackQuery" and params.get("text"):
                self._transcript.bot(f"(pop-up) {params['text']}")
            elif call.method.startswith("send") and call.method != "sendChatAction":
                last = call.result
                rows = (params.get("reply_markup") or {}).get("inline_keyboard", [])
                buttons = [button["text"] for row in rows for button in row]
                said = params.get("text") or params.get("caption") or ""
                kind = "" if "text" in params else f"({call.method.removeprefix('send')}) "
                self._transcript.bot(f"{kind}{said}", buttons)
            elif call.method == "editMessageText":
                self._transcript.bot(f"(in place of it) {params['text']}")
            elif call.method == "deleteMessage":
                self._transcript.bot("(deletes the message)")
        self._calls = len(self._bench.server.calls)
        return last


def _says(call: Call) -> bool:
    """Whether somebody sees what a call does."""
    if call.method == "answerCallbackQuery":
        return bool(call.params.get("text"))
    said = call.method.startswith("send") and call.method != "sendChatAction"
    return said or call.method in ("editMessageText", "deleteMessage")


@pytest.mark.parametrize("lang", ["en", "de"])
async def test_a_conversation(idle: Bench, lang: str) -> None:
    transcript = Transcript(lang)
    ann, owner = idle.server.person(), idle.server.person()
    for person in (ann, owner):
        person.user["language_code"] = lang
    await idle.start(access=access_control(owners=f"telegram:{owner.chat_id}"))
    reader = Reader(idle, transcript)

    async def says(person: Person, text: str, reply_to: Json | None = None) -> Json | None:
        return await reader.does(person, text, person.says(text, reply_to=reply_to))

    async def presses(person: Person, message: Json | None, text_id: str) -> Json | None:
        assert message is not None
        label = say(text_id, lang)
        return await reader.does(person, f"[{label}]", person.presses(message, label))

    for text in ("/start", "/help", "hello"):
        await says(ann, text)
    answer = await reader.does(ann, "(a photo)", ann.sends_photo(photo()))
    assert answer is not None
    assert answer["text"].splitlines()[0] == CAPTION
    for button in ("button-attention", "button-sheet", "button-alternatives"):
        await presses(ann, answer, button)
    pictures = [photo(seed=n) for n in range(3)]
    album = await reader.does(ann, "(an album of three)", ann.sends_album(pictures))
    assert album is not None
    await reader.does(
        ann, "(a text file)", ann.sends_file(b"text", name="notes.txt", mime="text/plain")
    )
    await reader.does(ann, "(half a photo)", ann.sends_photo(photo()[:300]))
    await reader.does(ann, "(a moving sticker)", ann.sends_sticker(b"TGS", animated=True))
    for text in ("/caption", "/alt", "/voice", "/voice off", "/auto on", "/language klingon"):
        await says(ann, text)
    await reader.does(ann, "(a photo) /alt", ann.sends_photo(photo(), caption="/alt"))
    for text in ("/privacy", "/stats", "/block 5", "/delete"):
        await says(ann, text)
    await presses(ann, answer, "button-delete")

    group = idle.server.group()
    bob = idle.server.member(group)
    bob.user["language_code"] = lang
    for text in ("/auto", "/auto on", "/caption"):
        await says(bob, text)
    answer = await reader.does(
        bob, "(a photo) /caption", bob.sends_photo(photo(), caption="/caption")
    )
    carl = idle.server.member(group)
    carl.user["language_code"] = lang
    await presses(carl, answer, "button-delete")
    idle.server.make_admin(group, bob.user["id"])
    for text in ("/auto on", "/auto off"):
        await says(bob, text)

    for text in ("/help", "/access", "/block", f"/block {owner.chat_id}"):
        await says(owner, text)
    await presses(owner, await says(owner, f"/block {ann.chat_id}"), "button-yes")
    await says(ann, "hello")
    await presses(owner, await says(owner, "/pause"), "button-yes")
    await reader.does(owner, "(a photo)", owner.sends_photo(photo()))
    for text in ("/access", "/resume", f"/lift {ann.chat_id}", "/stats"):
        await says(owner, text)

    transcript.check(but=CAPTION)
    assert lang == ENGLISH or say("paused", lang) in transcript.text

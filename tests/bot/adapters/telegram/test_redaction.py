"""The token never reaches a log, at any level, by any way."""

import logging
from io import StringIO

import pytest

from bot.locales import say
from bot.monitoring.logs import HIDDEN, hide_in_logs, redact
from tests.bot.adapters.telegram.conftest import CAPTION, Bench
from tests.support.photos import photo

SECRET = "AAsecret-half_of.it"
LOUD = ("httpx", "httpcore", "telegram", "")


async def exchange(bench: Bench) -> None:
    """A whole conversation, with failures of every kind in it."""
    person = bench.server.person()
    for method in ("getFile", "download", "sendMessage", "sendAnimation", "getUpdates"):
        bench.server.fail(method, reset=True)
    person.sends_photo(photo())
    await bench.server.until(bench.server.made)
    person.presses(bench.server.made()[0].result, say("button-attention"))
    await bench.server.until(lambda: bench.server.made("sendAnimation"))
    await bench.settled()
    await bench.stop()


@pytest.mark.parametrize("loud", [False, True])
async def test_whole_exchange(idle: Bench, loud: bool) -> None:
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    levels = {name: logging.getLogger(name).level for name in LOUD}
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        await idle.start()
        if loud:  # as if somebody configured logging after the bot was made
            for name in LOUD:
                logging.getLogger(name).setLevel(logging.DEBUG)
        await exchange(idle)
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    text = out.getvalue()
    secret = idle.server.token.partition(":")[2]
    assert "telegram: listening as @loopback_caption_bot" in text
    assert secret not in text
    assert (HIDDEN in text) == loud, "the libraries log it only when they are told to"
    if not loud:
        assert CAPTION not in text
        assert "Firstname" not in text
        assert "username" not in text


def test_every_part_of_a_record() -> None:
    token = f"123456:{SECRET}"
    hide_in_logs(token)
    out = StringIO()
    logger = logging.getLogger("tests.redaction")
    logger.propagate = False
    handler = logging.StreamHandler(out)
    logger.addHandler(handler)
    try:
        try:
            raise ValueError(f"https://x/bot{token}/getMe")
        except ValueError:
            logger.exception("calling %s", f"https://x/bot{token}/getMe", stack_info=True)
        logger.warning({"url": token})
        logger.warning("half %r", [SECRET])
        logger.warning("%s %s", "odd", "args", extra={"other": 1})
    finally:
        logger.removeHandler(handler)
    text = out.getvalue()
    assert SECRET not in text
    assert "ValueError: https://x/bot[token]/getMe" in text
    assert "odd args" in text


def test_redact_leaves_other_text_alone() -> None:
    hide_in_logs(f"123456:{SECRET}")
    assert redact("nothing to see") == "nothing to see"
    assert redact(f"a 123456:{SECRET} b") == f"a {HIDDEN} b"


def test_hiding_twice_is_hiding_once() -> None:
    before = logging.getLogRecordFactory()
    hide_in_logs(f"123456:{SECRET}")
    middle = logging.getLogRecordFactory()
    hide_in_logs("9:other")
    assert logging.getLogRecordFactory() is middle
    assert before is not None

"""What lies in a store tells nothing, and only those with the key can read it."""

from __future__ import annotations

import logging

import pytest

from bot.store.sealing import Seal

NOTE = "telegram:4711 größer 🐈"


def test_a_note_is_read_again() -> None:
    seal = Seal(b"k" * 64)
    stored = seal.closed(NOTE)
    assert "4711" not in stored
    assert Seal(b"k" * 64).opened([stored]) == [NOTE]


def test_the_same_note_is_stored_as_the_same_text() -> None:
    assert Seal(b"k" * 64).closed(NOTE) == Seal(b"k" * 64).closed(NOTE)
    assert Seal(b"k" * 64).closed(NOTE) != Seal(b"l" * 64).closed(NOTE)


@pytest.mark.parametrize("strange", ["", "no base64!", "AAAA", "é", Seal(b"l" * 64).closed(NOTE)])
def test_what_cannot_be_read_is_passed_over(strange: str, caplog: pytest.LogCaptureFixture) -> None:
    seal = Seal(b"k" * 64)
    with caplog.at_level(logging.WARNING):
        assert seal.opened([strange, seal.closed(NOTE)]) == [NOTE]
    assert "passed over" in caplog.text
    assert "4711" not in caplog.text

"""Short notes for a store, encrypted: whoever reads the store alone learns nothing from them."""

from __future__ import annotations

import binascii
import logging
from base64 import b64decode, b64encode
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

log = logging.getLogger(__name__)


class Seal:
    """Encrypts notes; the same note becomes the same text, so that a store knows it again."""

    def __init__(self, key: bytes) -> None:
        """`key` has 64 bytes."""
        self._cipher = AESSIV(key)

    def closed(self, note: str) -> str:
        """A note as it is stored."""
        return b64encode(self._cipher.encrypt(note.encode(), None)).decode()

    def opened(self, stored: Iterable[str]) -> list[str]:
        """The notes; those of another key or version are passed over."""
        notes = []
        for text in stored:
            try:
                notes.append(self._cipher.decrypt(b64decode(text, validate=True), None).decode())
            except (InvalidTag, binascii.Error, ValueError):
                log.warning("a note was made under another key, and is passed over")
        return notes

"""Keyed hashes: what stands for a person, a chat or a photo wherever something is kept."""

from __future__ import annotations

import hashlib
import hmac


def keyed_hash(key: bytes, *parts: str | bytes) -> str:
    """A hash that says nothing about what went in; each part is told from the next."""
    code = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        code.update(len(raw).to_bytes(8, "big"))
        code.update(raw)
    return code.hexdigest()

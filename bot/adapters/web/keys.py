"""Who may use a page that is not for everybody: named keys and passwords, as hashes in a file.

The file is JSON. `captionbot keys` writes it; a page that runs reads it again when it has changed.
It holds no secret in clear: of a key, which is long and random, the SHA-256; of a password, which
people choose, a salted scrypt hash.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pydantic

from captioner.errors import UsageError

log = logging.getLogger(__name__)

MAX_SECRET = 200  # characters that are looked at; scrypt's time grows with them
SHORTEST_PASSWORD = 10
_REMEMBERED = 1000  # secrets that were right, so that a password's hash is computed once
_PREFIX = "cb_"  # so that people and scanners recognise a key
_COST = {"n": 2**14, "r": 8, "p": 1}  # 16 MB and some 50 ms
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Who one may come in as, and how much that person may ask for."""

    name: str
    hash: str  # "sha256:…" of a key, "scrypt:SALT:…" of a password
    per_minute: int | None = None  # photos and animations; None: as many as one address
    added: str = ""  # a day

    @property
    def kind(self) -> Literal["key", "password"]:
        """What its secret is."""
        return "key" if self.hash.startswith("sha256:") else "password"

    def opens(self, secret: str) -> bool:
        """Whether a secret is this one's. Of a password this takes time, on purpose."""
        secret = secret[: MAX_SECRET + 1]
        if self.kind == "key":
            return hmac.compare_digest(self.hash, _of_key(secret))
        salt = self.hash.split(":")[1]
        return hmac.compare_digest(self.hash, _of_password(secret, base64.b64decode(salt)))


_KEYS = pydantic.TypeAdapter(dict[Literal["keys"], list[Key]])


def new_key(name: str, *, per_minute: int | None = None) -> tuple[Key, str]:
    """A key and its secret, which is nowhere else. Raises UsageError for a name that cannot be."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    return _made(name, _of_key(secret), per_minute), secret


def new_password(name: str, password: str, *, per_minute: int | None = None) -> Key:
    """A key whose secret somebody chose. Raises UsageError for a password of a wrong length."""
    if not SHORTEST_PASSWORD <= len(password) <= MAX_SECRET:
        raise UsageError(f"a password must have {SHORTEST_PASSWORD} to {MAX_SECRET} characters")
    return _made(name, _of_password(password, secrets.token_bytes(16)), per_minute)


def read_keys(path: Path) -> list[Key]:
    """The keys in a file; none where there is no file. Raises UsageError for any other content."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        return _KEYS.validate_json(text).get("keys", [])
    except ValueError:
        raise UsageError(f"{path} is not a file of `captionbot keys`") from None


def write_keys(path: Path, keys: list[Key]) -> None:
    """Replace the file in one step. Raises UsageError where that cannot be done."""
    part = path.with_name(f"{path.name}.part")
    text = json.dumps({"keys": [asdict(key) for key in keys]}, indent=2) + "\n"
    try:
        was = path.stat() if path.exists() else None
        part.write_text(text)
        # The service reads it by its group, as it reads the settings beside it.
        part.chmod(was.st_mode & 0o777 if was else 0o640)
        with contextlib.suppress(PermissionError):
            os.chown(part, was.st_uid if was else -1, (was or path.parent.stat()).st_gid)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None


def added(keys: list[Key], key: Key) -> list[Key]:
    """The keys with one more. Raises UsageError if the name is taken."""
    if any(key.name == one.name for one in keys):
        raise UsageError(f"there is a key named {key.name} already; remove it first")
    return [*keys, key]


def removed(keys: list[Key], name: str) -> list[Key]:
    """The keys without one. Raises UsageError if there is none of that name."""
    left = [one for one in keys if one.name != name]
    if len(left) == len(keys):
        raise UsageError(f"there is no key named {name}; captionbot keys list shows all")
    return left


def _made(name: str, hashed: str, per_minute: int | None) -> Key:
    if not _NAME.fullmatch(name):
        raise UsageError(
            "a key's name has up to 64 letters, digits and any of . _ @ -, such as alice"
        )
    day = datetime.now(UTC).date().isoformat()
    return Key(name=name, hash=hashed, per_minute=per_minute, added=day)


def _of_key(secret: str) -> str:
    return "sha256:" + hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _of_password(password: str, salt: bytes) -> str:
    hashed = hashlib.scrypt(password.encode("utf-8", "replace"), salt=salt, **_COST, dklen=32)
    return f"scrypt:{base64.b64encode(salt).decode()}:{base64.b64encode(hashed).decode()}"


class KeyRing:
    """The keys in a file, as it is now, and who a secret belongs to."""

    def __init__(self, path: Path) -> None:
        """Raises UsageError for a file that is not one of ours."""
        self._path = path
        self._seen = _state(path)
        self._keys = read_keys(path)
        self._salt = secrets.token_bytes(16)
        self._right: dict[bytes, str] = {}
        if not self._keys:
            log.warning("%s has no keys: nobody can use the page; see captionbot keys add", path)

    def refresh(self) -> None:
        """Read the file again if it has changed; without a file that can be read, no keys."""
        state = _state(self._path)
        if state == self._seen:
            return
        self._seen = state
        self._right.clear()
        try:
            self._keys = read_keys(self._path)
        except UsageError as error:
            self._keys = []
            log.error("%s; nobody can use the page until it is corrected", error)
        else:
            log.info("%s was read again: %d keys", self._path, len(self._keys))

    def remembered(self, name: str | None, secret: str) -> Key | None:
        """The key of a secret that was right before."""
        found = self._right.get(self._digest(name, secret))
        return next((key for key in self._keys if key.name == found), None)

    async def find(self, name: str | None, secret: str) -> Key | None:
        """The key that a secret opens. A password is looked for under its name alone."""
        for key in self._keys:
            if key.kind == "password" and name != key.name:
                continue
            if await asyncio.to_thread(key.opens, secret):
                if len(self._right) >= _REMEMBERED:
                    self._right.clear()
                self._right[self._digest(name, secret)] = key.name
                return key
        return None

    def _digest(self, name: str | None, secret: str) -> bytes:
        text = f"{name or ''}\0{secret}".encode("utf-8", "replace")
        return hashlib.blake2b(text, key=self._salt).digest()


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino

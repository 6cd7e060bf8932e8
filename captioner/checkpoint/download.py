"""Fetching one file over HTTP: goes on after a break, checked before anybody sees it.

A checkpoint comes from an address that the operator set, and from nowhere else.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp
from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError
from yarl import URL

from captioner.network import (
    NOT_NOW,
    FetchError,
    TryAgain,
    check_address,
    is_loopback,
    shown,
)

_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")
_LONGEST_WAIT = 300.0  # seconds, whatever a server asks for


@dataclass(frozen=True)
class Answer:
    """What follows in the answer's body."""

    starts_anew: bool  # the whole file, rather than what is missing
    total: int | None  # bytes of the whole file
    validator: str | None  # what to ask with for the rest of this very file


def understood(response: aiohttp.ClientResponse, *, have: int, total: int | None) -> Answer:
    """Make sense of an answer to a request for what follows on `have` bytes of `total`.

    Raises TryAgain and FetchError.
    """
    where = f"{response.url.scheme}://{response.url.host}{response.url.path}"
    status = response.status
    if status in NOT_NOW:
        raise TryAgain(f"the server answered {status}", _retry_after(response))
    if response.headers.get("Content-Encoding", "identity").lower() not in {"identity", ""}:
        raise FetchError(f"{where}: the server packs the file anew, so that nothing fits")
    if status == 200:
        return Answer(True, _length(response), _validator(response))
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if status == 206 and have and found and int(found[1]) == have:
        whole = None if found[3] == "*" else int(found[3])
        if total is None or whole is None or whole == total:
            return Answer(False, whole or total, None)
    if status in {206, 416} and have:
        # Not the rest of what we have: the caller asks for the whole file.
        raise StartAnew
    if status in {401, 403, 404, 410}:
        raise FetchError(f"{where}: the server answered {status}; see whether the address is right")
    raise FetchError(f"{where}: the server answered {status}, which is no file")


class StartAnew(TryAgain):
    """What we have is no beginning of the file that is there now."""

    def __init__(self) -> None:
        super().__init__("the file is another one now; fetching it from the start")


def _length(response: aiohttp.ClientResponse) -> int | None:
    text = response.headers.get("Content-Length", "")
    return int(text) if re.fullmatch(r"\d{1,15}", text) else None


def _validator(response: aiohttp.ClientResponse) -> str | None:
    """A strong ETag, else a date; a weak ETag says nothing about bytes (RFC 9110, 13.1.5)."""
    etag = response.headers.get("ETag", "")
    if re.fullmatch(r'"[\x21\x23-\x7e]{0,200}"', etag):
        return etag
    date = response.headers.get("Last-Modified", "")
    return date if re.fullmatch(r"[A-Za-z0-9,: ]{10,40}", date) else None


def _retry_after(response: aiohttp.ClientResponse) -> float:
    text = response.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_WAIT) if re.fullmatch(r"\d{1,9}", text) else 0.0


@dataclass(frozen=True)
class Origin:
    """What a server said of the file whose beginning we have."""

    source: str  # which address and which checksum it was fetched for
    validator: str | None = None  # a strong ETag or a date, for If-Range
    total: int | None = None  # bytes


class Partial:
    """`.NAME.part` beside the target, and `.NAME.part.json`, which says what it is part of."""

    def __init__(self, target: Path, *, url: str, sha256: str | None) -> None:
        self.path = target.with_name(f".{target.name}.part")
        self._about = target.with_name(f".{target.name}.part.json")
        self._source = hashlib.sha256(f"{url}\n{sha256}".encode()).hexdigest()
        self._goes_on_unasked = sha256 is not None  # the checksum shows what does not fit together

    def origin(self) -> Origin | None:
        """What the bytes that are there belong to; None if they are no use."""
        try:
            origin = TypeAdapter(Origin).validate_json(self._about.read_bytes())
        except (OSError, ValidationError):
            return None
        fits = origin.source == self._source and self.size > 0
        return origin if fits and (origin.validator or self._goes_on_unasked) else None

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def begin(self, validator: str | None, total: int | None) -> None:
        """Forget what there is, and note what comes now. Raises OSError."""
        self.discard()
        text = json.dumps(asdict(Origin(self._source, validator, total)))
        self._about.write_text(text, encoding="utf-8")
        self.path.touch()

    def discard(self) -> None:
        """Leave nothing."""
        self.path.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """Put the file where it belongs, in one step."""
        self.path.replace(target)
        self._about.unlink(missing_ok=True)


__all__ = ["MAX_BYTES", "Fetch", "FetchError", "sha256_of"]

MAX_BYTES = 1_000_000_000
_CHUNK = 256 * 1024
_REDIRECTS = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds between attempts that brought nothing

log = logging.getLogger("captionbot")


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """What to fetch, where to put it, and what it must be."""

    url: str
    target: Path
    sha256: str | None = None  # in hexadecimal; None: whatever it is
    check: Callable[[Path], object] = lambda _path: None  # raises if the file is of no use
    progress: Callable[[int, int | None], None] = lambda _done, _total: None  # bytes
    tries: int | None = 6  # in a row that bring no byte; None: until it is there
    pause: float = _FIRST_PAUSE  # seconds after the first of these, doubled each time
    max_bytes: int = MAX_BYTES
    silence: float = 60.0  # seconds without a byte that count as a break

    async def run(self) -> bool:
        """Fetch the file; False where a file with that checksum lies there already.

        Until it is whole and checked, the file that was there stays as it is. A break of any kind,
        be it of this process, costs nothing: the next attempt goes on where it was. Of several
        processes that fetch to the same place, one does and the others wait for it. Raises
        FetchError, in one sentence, where trying again would not help, and what `check` raises.
        """
        try:
            check_address(self.url)
        except ValueError as error:
            raise FetchError(f"{shown(self.url)}: {error}") from None
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.target.with_name(f".{self.target.name}.lock"))
            await self._acquire(lock)
            try:
                if await asyncio.to_thread(self._is_there):
                    return False
                await self._fetch(Partial(self.target, url=self.url, sha256=self.sha256))
            finally:
                lock.release()
        except OSError as error:
            raise _cannot_write(self.target, error) from error
        return True

    async def _acquire(self, lock: FileLock) -> None:
        said = False
        while True:
            try:
                lock.acquire(blocking=False)
            except Timeout:
                if not said:
                    log.info("another process fetches %s; waiting for it", self.target.name)
                said = True
                await asyncio.sleep(0.5)
            else:
                return

    def _is_there(self) -> bool:
        if self.sha256 is None or not self.target.is_file():
            return False
        return sha256_of(self.target) == self.sha256

    async def _fetch(self, partial: Partial) -> None:
        resumed = partial.origin() is not None
        while True:
            resumed |= await self._download(partial)
            try:
                await asyncio.to_thread(self._verify, partial.path)
            except Exception:
                partial.discard()
                if not resumed:
                    raise
                log.info("what was put together is not the file; fetching it from the start")
                resumed = False
            else:
                partial.finish(self.target)
                return

    def _verify(self, path: Path) -> None:
        found = sha256_of(path)
        if self.sha256 and found != self.sha256:
            raise FetchError(
                f"{shown(self.url)}: this is another file: its SHA-256 is {found}, not "
                f"{self.sha256}; nothing was changed"
            )
        self.check(path)

    async def _download(self, partial: Partial) -> bool:
        """Until all bytes are there, with as many breaks as it takes; True if there was one."""
        failures, pause, broken = 0, self.pause, False
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=self.silence)
        async with aiohttp.ClientSession(
            timeout=timeout, trust_env=True, auto_decompress=False
        ) as session:
            while True:
                before = partial.size
                try:
                    await self._attempt(session, partial)
                except StartAnew as error:
                    log.info("%s: %s", shown(self.url), error)
                    partial.discard()
                except TryAgain as error:
                    if partial.size > before:
                        failures, pause = 0, self.pause
                    failures += 1
                    broken = True
                    if self.tries is not None and failures >= self.tries:
                        raise FetchError(f"{shown(self.url)}: {error}; try again later") from error
                    wait = max(pause, error.after)
                    log.warning("%s: %s; going on in %.0f s", shown(self.url), error, wait)
                    await asyncio.sleep(wait)
                    pause = min(2 * pause, _LONGEST_PAUSE)
                else:
                    return broken

    async def _attempt(self, session: aiohttp.ClientSession, partial: Partial) -> None:
        """One request and what it brings. Raises TryAgain, FetchError, OSError."""
        origin = partial.origin()
        have = partial.size if origin else 0
        if origin and origin.total == have:
            return
        headers = {"Accept-Encoding": "identity"}
        if origin:
            headers["Range"] = f"bytes={have}-"
            if origin.validator:
                headers["If-Range"] = origin.validator
        try:
            async with await self._get(session, headers) as response:
                answer = understood(response, have=have, total=origin.total if origin else None)
                self._make_room(answer, have)
                if answer.starts_anew:
                    partial.begin(answer.validator, answer.total)
                await self._write(response, partial, answer)
        except (aiohttp.ClientError, TimeoutError) as error:
            if isinstance(error, aiohttp.ClientConnectorCertificateError):
                raise FetchError(f"{shown(self.url)}: its certificate is not valid") from error
            raise TryAgain(_broken(error)) from error

    async def _get(
        self, session: aiohttp.ClientSession, headers: dict[str, str]
    ) -> aiohttp.ClientResponse:
        """The answer behind all redirects, each of which must be as safe as the first address."""
        url = self.url
        for _ in range(_REDIRECTS + 1):
            response = await session.get(url, headers=headers, allow_redirects=False)
            location = response.headers.get("Location")
            if response.status not in {301, 302, 303, 307, 308} or not location:
                return response
            response.release()
            try:
                url = str(response.url.join(URL(location)))
                check_address(url, loopback=is_loopback(self.url))
            except ValueError as error:
                raise FetchError(
                    f"{shown(self.url)}: it sends us somewhere unsafe: {error}"
                ) from None
        raise FetchError(f"{shown(self.url)}: it sends us on more than {_REDIRECTS} times")

    def _make_room(self, answer: Answer, have: int) -> None:
        if answer.total is None:
            return
        self._bounded(answer.total)
        missing = answer.total - (0 if answer.starts_anew else have)
        free = shutil.disk_usage(self.target.parent).free
        if answer.starts_anew:
            free += have  # what is thrown away
        if free < missing:
            raise FetchError(
                f"{self.target.parent}: {missing / 1e6:.0f} MB are missing of the checkpoint and "
                f"{free / 1e6:.0f} MB are free; make room"
            )

    async def _write(
        self, response: aiohttp.ClientResponse, partial: Partial, answer: Answer
    ) -> None:
        done = partial.size
        with partial.path.open("ab") as file:
            async for chunk in response.content.iter_chunked(_CHUNK):
                done += len(chunk)
                self._bounded(done)
                file.write(chunk)
                file.flush()
                self.progress(done, answer.total)
            await asyncio.to_thread(os.fsync, file.fileno())
        if answer.total is not None and done < answer.total:
            raise TryAgain("the connection broke")

    def _bounded(self, size: int) -> None:
        if size > self.max_bytes:
            raise FetchError(
                f"{shown(self.url)}: it is larger than {self.max_bytes / 1e6:.0f} MB, and no "
                "checkpoint is"
            )


def sha256_of(path: Path) -> str:
    """A file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _broken(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection ({error.strerror or type(error.os_error).__name__})"
    return "the connection broke"


def _cannot_write(target: Path, error: OSError) -> FetchError:
    why = os.strerror(error.errno) if error.errno else type(error).__name__
    what = "make room" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "choose another place"
    return FetchError(f"{target}: cannot be written ({why}); {what}")

"""Untrusted bytes → a small, clean JPEG, or a named refusal.

Here is only what needs no picture library: what a file claims to be, and the processes that
open it. They run `bot.decoder` with limits of their own, an environment without our secrets,
and are replaced when a picture ends them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from bot import decoder
from bot.sniff import kind_of

log = logging.getLogger(__name__)

# Address space of a decoding process, in bytes. Measured at 80 megapixels: 70 MB for the process
# itself and, for each pixel, 14 bytes for the hungriest files (AVIF and PNG with transparency).
_MEMORY, _MEMORY_PER_PIXEL = 200_000_000, 16
_PROGRAM = ("-m", "bot.decoder")
_PHOTOS_PER_PROCESS = 500  # then a fresh one: what a hostile picture left behind goes with it
_TRIES = 2  # a process that ends may have been ended by something else than this picture
_START_SECONDS = 60.0
_END_SECONDS = 5.0  # from hanging up, or from being killed, to being gone
_CHUNK = 256 * 1024
_OUT_OF_TIME = {-signal.SIGALRM, -signal.SIGXCPU}


class Reason(StrEnum):
    """Why a file was refused. The texts have a sentence for each: what is wrong, what to do."""

    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"  # text, a document, an unknown format
    UNSUPPORTED = "unsupported"  # an image of a kind we do not take (SVG, video)
    DAMAGED = "damaged"  # starts like an image and does not decode
    TOO_LARGE = "too_large"  # bytes
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"  # too few pixels on a side, or a strip: a person sees nothing in it
    TOO_SLOW = "too_slow"  # did not decode within the time allowed


class Refused(Exception):
    """A file that is not captioned. `args_for_text` fill the sentence's placeholders."""

    def __init__(self, reason: Reason, **args_for_text: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.args_for_text = args_for_text


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A baseline RGB JPEG that we wrote ourselves: no metadata, upright, at most 512 px a side."""

    jpeg: bytes
    width: int  # of the JPEG
    height: int


class Intake:
    """Decodes foreign bytes in separate processes with limits on memory and time.

    `seconds` is what one photo may take once it is its turn. At most `processes` photos are
    decoded at a time; the others wait in the order they came. Processes start when needed.
    """

    def __init__(
        self,
        *,
        max_bytes: int = 20_000_000,
        max_pixels: int = 80_000_000,
        seconds: float = 10.0,
        processes: int = 1,
    ) -> None:
        self._max_bytes = max_bytes
        self._max_pixels = max_pixels
        self._seconds = seconds
        self._turns = asyncio.Semaphore(processes)
        self._idle: list[_Child] = []
        self._children: set[_Child] = set()
        self._burials: set[asyncio.Task[None]] = set()
        self._closed = False

    async def clean(self, data: bytes) -> CleanPhoto:
        """The photo as a small JPEG, as a person would see it. Raises Refused."""
        self._glance(data)
        async with self._turns:
            for _ in range(_TRIES):
                answer = await self._decoded(data)
                if isinstance(answer, Refused):
                    raise answer
                if answer is not None:
                    return answer
        log.warning("a photo ended its decoding process %d times and is refused", _TRIES)
        raise Refused(Reason.DAMAGED)

    async def close(self) -> None:
        """End the decoding processes. A photo in the middle is given up with RuntimeError."""
        self._closed = True
        for child in [*self._children]:
            self._bury(child)
        while self._burials:
            await asyncio.wait(self._burials)

    def _glance(self, data: bytes) -> None:
        """Refuse what needs no decoding to be refused."""
        if not data:
            raise Refused(Reason.EMPTY)
        if len(data) > self._max_bytes:
            raise Refused(Reason.TOO_LARGE, limit=max(1, self._max_bytes // 1_000_000))
        kind = kind_of(data)
        if kind is None:
            raise Refused(Reason.NOT_AN_IMAGE)
        if kind:
            raise Refused(Reason.UNSUPPORTED, kind=kind)

    async def _decoded(self, data: bytes) -> CleanPhoto | Refused | None:
        """What a process says about a picture. None if the process ended over it."""
        child = await self._child()
        try:
            async with asyncio.timeout(self._seconds):
                answer = _understood(await child.answer(data))
        except TimeoutError:
            raise Refused(Reason.TOO_SLOW) from None
        except (ConnectionError, asyncio.IncompleteReadError):
            if self._closed:
                raise RuntimeError("the intake was closed") from None
            if await child.ended() in _OUT_OF_TIME:
                raise Refused(Reason.TOO_SLOW) from None
            return None
        except (ValueError, RecursionError):
            log.warning("a decoding process gave an answer that makes no sense, and is replaced")
            raise Refused(Reason.DAMAGED) from None
        else:
            if child.answered < _PHOTOS_PER_PROCESS and not self._closed:
                self._idle.append(child)
            return answer
        finally:
            # Also when the caller was cancelled: then an answer nobody waits for is under way.
            if child not in self._idle:
                self._bury(child)

    async def _child(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.alive:
                return child
            self._bury(child)
        if self._closed:
            raise RuntimeError("the intake is closed")
        child = await _Child.start(max_pixels=self._max_pixels, seconds=self._seconds)
        self._children.add(child)
        if self._closed:  # meanwhile
            self._bury(child)
            raise RuntimeError("the intake was closed")
        return child

    def _bury(self, child: _Child) -> None:
        """Kill a process and see to it, beside whatever goes on, that nothing of it is left."""
        if child in self._children:
            self._children.discard(child)
            burial = asyncio.create_task(child.end())
            self._burials.add(burial)
            burial.add_done_callback(self._burials.discard)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


class _Child:
    """One decoding process. It answers one picture at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process without pipes")
        self._process = process
        self._requests = process.stdin
        self._answers = process.stdout
        self.answered = 0

    @classmethod
    async def start(cls, *, max_pixels: int, seconds: float) -> Self:
        """A process that is ready; raises RuntimeError if it does not become so."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-s", "-B", "-W", "ignore", *_PROGRAM),
            *("--max-pixels", str(max_pixels)),
            *("--seconds", str(seconds)),
            *("--memory", str(_MEMORY + _MEMORY_PER_PIXEL * max_pixels)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_bare_environment(),
        )
        child = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                if await child._frame() != decoder.READY:
                    raise ValueError("it does not say that it is ready")
        except (TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
            await child.end()
            raise RuntimeError("the photo decoder does not start") from error
        except BaseException:
            await child.end()
            raise
        return child

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def answer(self, data: bytes) -> bytes:
        """Send a picture and read what comes back.

        Raises ConnectionError or IncompleteReadError if the process ends, ValueError if what
        it says cannot be an answer.
        """
        view = memoryview(data)
        self._requests.write(decoder.LENGTH.pack(len(view)))
        for at in range(0, len(view), _CHUNK):
            self._requests.write(view[at : at + _CHUNK])
            await self._requests.drain()  # so that no second copy of the picture piles up here
        payload = await self._frame()
        self.answered += 1
        return payload

    async def ended(self) -> int:
        """How the process ended; waits until it has, and ends it if it merely hung up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                return await self._process.wait()
        await self.end()
        return await self._process.wait()

    async def end(self) -> None:
        """Kill the process, which holds nothing worth keeping, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._requests.close()
        # What it may still have written is read, or its pipe would stay open.
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await self._answers.read()
        await self._process.wait()
        with contextlib.suppress(ConnectionError):
            await self._requests.wait_closed()

    async def _frame(self) -> bytes:
        (length,) = decoder.LENGTH.unpack(await self._answers.readexactly(decoder.LENGTH.size))
        if length > decoder.MAX_ANSWER_BYTES:
            raise ValueError("an answer longer than answers are")
        return await self._answers.readexactly(length)


def _understood(payload: bytes) -> CleanPhoto | Refused:
    """The answer in a frame; raises ValueError if it makes no sense."""
    answer = decoder.decode_answer(payload)
    if isinstance(answer, decoder.Refusal):
        return Refused(Reason(answer.reason), **answer.figures)
    return CleanPhoto(answer.jpeg, answer.width, answer.height)


def _bare_environment() -> dict[str, str]:
    """Where to find our code, and nothing that a hostile picture could be after."""
    environment = {"PYTHONPATH": str(Path(__file__).parent.parent)}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return environment

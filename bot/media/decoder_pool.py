"""Processes that open foreign files: started when needed, watched, and replaced when one ends.

Each runs a program of `bot.media.decoder` with an environment without our secrets, and limits
itself before it opens the first file. This side holds no more trust in it than in the files.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from bot.media import decoder

log = logging.getLogger(__name__)

_TRIES = 2  # a process that ends may have been ended by something else than this file
_START_SECONDS = 60.0
_END_SECONDS = 5.0  # from hanging up, or from being killed, to being gone
_CHUNK = 256 * 1024
_OUT_OF_TIME = {-signal.SIGALRM, -signal.SIGPROF, -signal.SIGXCPU}

T = TypeVar("T")


class OutOfTime(Exception):
    """A file took longer than it may."""


class Unreadable(Exception):
    """A file that ends every process, or makes it answer nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What runs in the processes."""

    name: str  # for people: "photo decoder"
    arguments: Callable[[], Sequence[str]]  # of the Python interpreter
    max_answer: int  # bytes
    files_per_process: int = 500  # then a fresh one: what a hostile file left behind goes with it


class Children:
    """At most `processes` processes of a program, each at one file at a time.

    `seconds` is what one file may take once it is its turn; the others wait in the order they
    came.
    """

    def __init__(self, program: Program, *, seconds: float, processes: int = 1) -> None:
        self._program = program
        self._seconds = seconds
        self._turns = asyncio.Semaphore(processes)
        self._idle: list[_Child] = []
        self._children: set[_Child] = set()
        self._burials: set[asyncio.Task[None]] = set()
        self._closed = False
        self._warned = False

    async def ask(self, data: bytes, understood: Callable[[bytes], T]) -> T:
        """What a process says about a file, made sense of by `understood`.

        That raises ValueError for an answer that makes no sense. Raises OutOfTime, Unreadable,
        and RuntimeError if no process can be started or `close` was called.
        """
        async with self._turns:
            for _ in range(_TRIES):
                try:
                    return await self._once(data, understood)
                except _EndedOver:
                    continue
        log.warning("a file ended its %s %d times and is refused", self._program.name, _TRIES)
        raise Unreadable

    async def close(self) -> None:
        """End the processes. A file in the middle is given up with RuntimeError."""
        self._closed = True
        for child in [*self._children]:
            self._bury(child)
        while self._burials:
            await asyncio.wait(self._burials)

    async def _once(self, data: bytes, understood: Callable[[bytes], T]) -> T:
        child = await self._child()
        try:
            async with asyncio.timeout(self._seconds):
                answer = understood(await child.answer(data))
        except TimeoutError:
            raise OutOfTime from None
        except (ConnectionError, asyncio.IncompleteReadError):
            if self._closed:
                raise RuntimeError(f"the {self._program.name} was closed") from None
            if await child.ended() in _OUT_OF_TIME:
                raise OutOfTime from None
            raise _EndedOver from None
        except (ValueError, RecursionError):
            name = self._program.name
            log.warning("a %s gave an answer that makes no sense, and is replaced", name)
            raise Unreadable from None
        else:
            if child.answered < self._program.files_per_process and not self._closed:
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
            raise RuntimeError(f"the {self._program.name} is closed")
        child = await _Child.start(self._program)
        self._children.add(child)
        self._warn(child)
        if self._closed:  # meanwhile
            self._bury(child)
            raise RuntimeError(f"the {self._program.name} was closed")
        return child

    def _warn(self, child: _Child) -> None:
        """Say once that the host gives less protection than others do."""
        if not child.confined and not self._warned:
            self._warned = True
            log.warning(
                "the %s is held by limits alone: this kernel has no Landlock, or the container's "
                "seccomp profile forbids it (Linux 5.13 and later have it; see SECURITY.md)",
                self._program.name,
            )

    def _bury(self, child: _Child) -> None:
        """Kill a process and see to it, beside whatever goes on, that nothing of it is left."""
        if child in self._children:
            self._children.discard(child)
            burial = asyncio.create_task(child.end())
            self._burials.add(burial)
            burial.add_done_callback(self._burials.discard)


class _EndedOver(Exception):
    """The process ended over a file, for whatever reason."""


class _Child:
    """One process. It answers one file at a time."""

    def __init__(self, process: asyncio.subprocess.Process, max_answer: int) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process without pipes")
        self._process = process
        self._requests = process.stdin
        self._answers = process.stdout
        self._max_answer = max_answer
        self.answered = 0
        self.confined = False

    @classmethod
    async def start(cls, program: Program) -> Self:
        """A process that is ready; raises RuntimeError if it does not become so."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-s", "-B", "-W", "ignore", *program.arguments()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_bare_environment(),
        )
        child = cls(process, program.max_answer)
        try:
            async with asyncio.timeout(_START_SECONDS):
                said = await child._frame()
                if said not in {decoder.READY, decoder.UNCONFINED}:
                    raise ValueError("it does not say that it is ready")
                child.confined = said == decoder.READY
        except (TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
            await child.end()
            raise RuntimeError(f"the {program.name} does not start") from error
        except BaseException:
            await child.end()
            raise
        return child

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def answer(self, data: bytes) -> bytes:
        """Send a file and read what comes back.

        Raises ConnectionError or IncompleteReadError if the process ends, ValueError if what
        it says cannot be an answer.
        """
        view = memoryview(data)
        self._requests.write(decoder.LENGTH.pack(len(view)))
        for at in range(0, len(view), _CHUNK):
            self._requests.write(view[at : at + _CHUNK])
            await self._requests.drain()  # so that no second copy of the file piles up here
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
        if length > self._max_answer:
            raise ValueError("an answer longer than answers are")
        return await self._answers.readexactly(length)


def _bare_environment() -> dict[str, str]:
    """Where to find our code, and nothing that a hostile file could be after."""
    # One thread: others would escape what a process gives up before its first file.
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    # glibc keeps the memory of a usual picture for the next one; to give it back and be given it
    # again took a quarter of the time.
    memory = {"MALLOC_MMAP_THRESHOLD_": str(8 << 20), "MALLOC_TRIM_THRESHOLD_": str(16 << 20)}
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), **threads, **memory}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return environment

"""What a queue promises, whatever it is made of. Bots and workers know only this.

A job is in one of three places: waiting, held by a worker, or finished. It is finished by
exactly one `finish`, which puts the reply where the adapter reads it. A worker that dies holds
its jobs only until the visibility time has passed. Delivery is at-least-once on both sides.

Who waits is served in a fair order: everybody's first job before anybody's second, everybody's
second before anybody's third. How many jobs a person has in flight when another comes decides
its lane; a lower lane goes before a higher one, and within a lane who came first. From the last
of the lanes (`common.LANES`) on, all are alike. Since new people could keep a higher lane waiting
for ever, a share of the places goes to whoever has waited for very long.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from captioner.errors import OperatorError
from captioner.queue.messages import CaptionJob, CaptionReply


class QueueError(OperatorError):
    """Base of what a queue raises."""


class QueueFull(QueueError):
    """As many jobs wait as may wait; `retry_after` seconds is a sensible time to come back."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"the queue is full; try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class PersonBusy(QueueError):
    """This person has as many photos in flight as one person may have."""


class QueueUnavailable(QueueError):
    """The queue's server cannot be reached now. Nothing was accepted."""


class LetterLost(QueueError):
    """A dead letter cannot be tried again: it is gone, unreadable, or its photo was not kept."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a queue admits and how long it waits."""

    depth: int = 1000  # jobs waiting or held
    per_person: int = 10  # of one person, waiting or held
    visibility: float = 30.0  # seconds after which a silent worker's jobs are someone else's
    max_deliveries: int = 3  # then the job is dead, and the person is told
    dedupe_for: float = 86_400.0  # seconds for which a dedupe key is remembered
    cache_for: float = 86_400.0  # seconds for which a cached caption is kept
    dead_for: float = 0.0  # seconds for which the photo of a job given up is kept, to try it again


@dataclass(frozen=True, slots=True)
class Receipt:
    """A job was accepted, or had been before."""

    job_id: str
    ahead: int  # jobs in front of it, as things stand: in its lane and below, held ones included
    duplicate: bool = False  # the dedupe key was known: nothing was added
    waking: bool = False  # no worker is ready to take it, but one is loading its model


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that one worker holds."""

    entry: str  # the queue's own id for this delivery
    job: CaptionJob
    deliveries: int  # 1 the first time; more: a worker may have died of it, take it alone
    waited: float = 0.0  # seconds since it came


@dataclass(frozen=True, slots=True)
class Delivery:
    """A reply that one adapter process holds until it says `done`."""

    entry: str
    reply: CaptionReply
    repeated: bool  # delivered before; see `JobQueue.mark_sent`


@dataclass(frozen=True, slots=True)
class Workers:
    """How many workers there are, and what they answer with."""

    ready: int
    loading: int  # their model is not there yet: they will take jobs soon
    models: frozenset[str] = frozenset()  # of those that are ready, as replies name them
    # Seconds since the last sign of life of any of them; inf where there is none.
    silent: float = field(default=0.0, compare=False)

    @property
    def waking(self) -> bool:
        """Whether none is ready, but one will be soon."""
        return not self.ready and self.loading > 0


class JobQueue(ABC):
    """The queue between bots and workers.

    Every method raises QueueUnavailable when the server cannot be reached.
    """

    limits: Limits

    # --- the adapters' side

    @abstractmethod
    async def submit(self, job: CaptionJob) -> Receipt:
        """Accept a job, atomically. Raises QueueFull, PersonBusy."""

    @abstractmethod
    async def submit_unless_cached(self, job: CaptionJob) -> Receipt | CaptionReply:
        """What `finish` stored under the job's cache key, while it is kept; else as `submit`.

        Where there is a reply, nothing was accepted, and no bound counts: see `answer`.
        """

    @abstractmethod
    async def answer(self, job: CaptionJob, reply: CaptionReply) -> Receipt:
        """Accept a job whose answer is known already: its reply is delivered, and no worker asked.

        One transaction, and at-least-once like any other delivery. The bounds of `submit` are
        none here, but the same dedupe key twice is one job here too.
        """

    @abstractmethod
    async def take_replies(
        self, adapter: str, consumer: str, *, count: int = 16, wait: float = 5.0
    ) -> list[Delivery]:
        """Replies for an adapter, each to one consumer only; [] after `wait` seconds of none.

        Replies that a dead consumer of the adapter held longer than the visibility time come
        again, with `repeated` set; so do a consumer's own unfinished ones after its restart.
        One that comes again and again and is never `done` (`common.TOLD_AFTER`) may be what ends
        its adapters: it comes as a mere failure then, and is dropped in the end.
        """

    @abstractmethod
    async def hold(self, adapter: str, consumer: str, deliveries: Sequence[Delivery]) -> int:
        """Hold on to replies that are being sent for another visibility time.

        How many are still the consumer's; the others were offered to somebody else meanwhile.
        """

    @abstractmethod
    async def mark_sent(self, job_id: str) -> bool:
        """Remember that a reply was sent, or is about to be; False where somebody already did."""

    @abstractmethod
    async def was_sent(self, job_id: str) -> bool:
        """Whether somebody marked the reply to a job as sent; this marks nothing."""

    @abstractmethod
    async def done(self, adapter: str, delivery: Delivery) -> None:
        """The reply was sent or cannot be sent: forget it."""

    # --- the workers' side

    @abstractmethod
    async def take(
        self, consumer: str, *, max_batch: int, wait: float = 5.0, top_up: float = 0.005
    ) -> list[Claim]:
        """Up to `max_batch` jobs: waits up to `wait` for a first, then `top_up` (or not) for more.

        Jobs that a dead worker held come first. A job delivered before comes alone. Jobs that
        were delivered `max_deliveries` times, and entries that are not messages of ours, go to
        the dead letters here, with a reply to their person (GAVE_UP, INTERNAL) as far as it can
        be read who that is. Jobs of a newer wire version are left to newer workers, until they
        were delivered that often.
        """

    @abstractmethod
    async def renew(self, consumer: str, claims: Sequence[Claim]) -> None:
        """Hold on to claims for another visibility time; call it every third of one."""

    @abstractmethod
    async def finish(self, claim: Claim, reply: CaptionReply) -> bool:
        """One transaction: reply delivered, result cached, job gone. False if already finished."""

    @abstractmethod
    async def release(self, consumer: str, claims: Sequence[Claim]) -> None:
        """Give jobs back untouched (a worker that stops); this delivery does not count."""

    @abstractmethod
    async def announce(self, consumer: str, *, ready: bool, model: str = "") -> None:
        """A worker tells that it is there: loading its model, or ready. Every few seconds.

        `model` is what it names in its replies.
        """

    @abstractmethod
    async def leave(self, consumer: str) -> None:
        """A worker tells that it takes no more jobs."""

    # --- everybody

    @abstractmethod
    async def workers(self) -> Workers:
        """The workers that announced themselves within the visibility time, and did not leave."""

    @abstractmethod
    async def depth(self) -> int:
        """Jobs waiting or held."""

    @abstractmethod
    async def overview(self) -> Overview:
        """How much there is. Cheap: every process asks for it several times a minute."""

    # --- anybody

    @abstractmethod
    async def ping(self) -> None:
        """Returns if the queue can be used; raises QueueUnavailable with the reason."""

    @abstractmethod
    async def close(self) -> None:
        """Release connections."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


class InspectableQueue(JobQueue):
    """A queue on a server of its own, into which an operator looks from another process."""

    @abstractmethod
    async def held(self) -> list[HeldJob]:
        """The jobs that workers hold, the oldest first; no more than a thousand of a lane."""

    @abstractmethod
    async def roll(self) -> list[WorkerSeen]:
        """Who the workers are that `workers` counts, by name."""

    @abstractmethod
    async def dead_letters(self) -> list[DeadLetter]:
        """The jobs given up, the newest first; the queue keeps a thousand or so."""

    @abstractmethod
    async def retry(self, letter: str) -> None:
        """Put a dead letter's job on the queue again, under another id, and forget the letter.

        Done twice, it is on the queue once. Its person, who was told that it was given up, gets
        another answer. Raises LetterLost, QueueFull, PersonBusy.
        """

    @abstractmethod
    async def drop(self, letter: str) -> bool:
        """Forget a dead letter; False if there is none."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How much there is, as things stand."""

    lanes: tuple[int, ...]  # jobs waiting or held, by lane
    held: int  # of these
    oldest: float  # seconds since the oldest of them came; 0 where there is none
    dead: int  # letters kept

    @property
    def depth(self) -> int:
        """Jobs waiting or held."""
        return sum(self.lanes)

    @property
    def waiting(self) -> int:
        """Jobs that no worker holds."""
        return max(0, self.depth - self.held)


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that a worker has taken and not finished."""

    job_id: str  # "" where the entry is not one of ours
    adapter: str
    lane: int
    worker: str
    age: float  # seconds since it came
    silent: float  # seconds since its worker took it or last said that it still has it
    deliveries: int


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker that gave a sign of life within the visibility time."""

    name: str
    ready: bool  # False: it loads its model
    model: str
    # Seconds since the last one; None where the worker's version does not tell.
    silent: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What became of a job that could not be finished."""

    letter: str  # its own id, to try it again or to drop it
    job_id: str  # "" where the job could not be read
    adapter: str
    error: str
    deliveries: int
    age: float  # seconds since it was given up
    kept: bool  # whether its photo was kept, so that it can be tried again

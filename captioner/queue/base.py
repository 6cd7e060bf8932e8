"""The interface of the queue, which bots and workers use; its forms are `memory` and `redis`.

A job is waiting, held by a worker, or finished. Exactly one `finish` finishes it and puts the
reply into the adapter's reply stream. If a worker dies, its jobs are free again after the
visibility time. Delivery is at-least-once on both sides.

Jobs are served in a fair order: everybody's first job before anybody's second, everybody's second
before anybody's third. The number of jobs that a person has in flight decides the lane of the next
one. Lower lanes are served first, and a lane is served in order of arrival; the last lane
(`common.LANES`) holds all higher numbers. So that new people cannot starve the higher lanes, a
share of the places goes to the jobs that have waited longest.

What an operator sees (`Overview`, `HeldJob`, `WorkerInfo`, `DeadLetter`) never shows what people
sent, or who they are: jobs are identified by their ids, which are hashes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from captioner.capabilities import Capabilities
from captioner.errors import OperatorError
from captioner.queue.messages import CaptionJob, CaptionReply


class QueueError(OperatorError):
    """The base of all errors that a queue raises."""


class QueueFull(QueueError):
    """The queue has reached its depth limit; try again in `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"the queue is full; try again in {retry_after:.0f} s")
        self.retry_after = retry_after


class PersonBusy(QueueError):
    """This person has reached the limit of photos in flight."""


class QueueUnavailable(QueueError):
    """The queue's server cannot be reached. Nothing was accepted."""


class DeadLetterLost(QueueError):
    """A dead letter cannot be retried: it is gone or unreadable, or its photo was not kept."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits and times of a queue."""

    depth: int = 1000  # jobs waiting or held
    per_person: int = 10  # of one person, waiting or held
    visibility: float = 30.0  # seconds after which a silent worker's jobs are someone else's
    max_deliveries: int = 3  # then the job is dead, and the person is told
    dedupe_for: float = 86_400.0  # seconds for which a dedupe key is remembered
    cache_for: float = 86_400.0  # seconds for which a cached caption is kept
    dead_for: float = 0.0  # seconds for which the photo of a job given up is kept, to try it again


@dataclass(frozen=True, slots=True)
class Receipt:
    """A job was accepted, now or earlier."""

    job_id: str
    ahead: int  # jobs in front of it, as things stand: in its lane and below, held ones included
    duplicate: bool = False  # the dedupe key was known: nothing was added
    waking: bool = False  # no worker is ready to take it, but one is loading its model


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker holds."""

    entry: str  # the queue's own id for this delivery
    job: CaptionJob
    deliveries: int  # 1 the first time; more: a worker may have died of it, take it alone
    waited: float = 0.0  # seconds since it came


@dataclass(frozen=True, slots=True)
class Delivery:
    """A reply that an adapter process holds until it calls `done`."""

    entry: str
    reply: CaptionReply
    repeated: bool  # delivered before; see `JobQueue.mark_sent`


@dataclass(frozen=True, slots=True)
class Workers:
    """The number of workers, and their models."""

    ready: int
    loading: int  # their model is not there yet: they will take jobs soon
    models: frozenset[str] = frozenset()  # of those that are ready, as replies name them
    # Seconds since the last sign of life of any of them; inf where there is none.
    silent: float = field(default=0.0, compare=False)
    # What those can do that are ready, without repetitions.
    capabilities: tuple[Capabilities, ...] = field(default=(), compare=False)
    # Hosts outside of the operator's network that any of them sends photos to, ready or not; None
    # as long as none has said so, because none is there or their models are still being loaded.
    sends_photos_to: tuple[str, ...] | None = field(default=None, compare=False)

    @property
    def waking(self) -> bool:
        """Whether no worker is ready, but one is loading its model."""
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
        """The cached reply for the job's cache key, if there is one; otherwise as `submit`.

        If a reply is returned, no job was accepted and no limit applies: see `answer`.
        """

    @abstractmethod
    async def answer(self, job: CaptionJob, reply: CaptionReply) -> Receipt:
        """Accept a job whose reply is already known, and deliver that reply without a worker.

        This is one transaction, with at-least-once delivery. The limits of `submit` do not apply,
        but the same dedupe key twice is one job here too.
        """

    @abstractmethod
    async def take_replies(
        self, adapter: str, consumer: str, *, count: int = 16, wait: float = 5.0
    ) -> list[Delivery]:
        """Replies for an adapter, each to one consumer only; [] if none comes in `wait` seconds.

        Replies that a dead consumer held longer than the visibility time are delivered again, with
        `repeated` set; so are a consumer's own unfinished ones after its restart. A reply that is
        delivered too often without `done` (`common.DEGRADE_AFTER`) may crash its adapters: it is
        then delivered as a failure, and in the end dropped.
        """

    @abstractmethod
    async def hold(self, adapter: str, consumer: str, deliveries: Sequence[Delivery]) -> int:
        """Extend the hold on replies that are being sent by another visibility time.

        Returns how many the consumer still holds; the others were offered to another consumer.
        """

    @abstractmethod
    async def mark_sent(self, job_id: str) -> bool:
        """Mark a reply as sent, or about to be sent; False if it was marked before."""

    @abstractmethod
    async def was_sent(self, job_id: str) -> bool:
        """Whether the reply to a job was marked as sent; changes nothing."""

    @abstractmethod
    async def done(self, adapter: str, delivery: Delivery) -> None:
        """Forget a reply, because it was sent or cannot be sent."""

    # --- the workers' side

    @abstractmethod
    async def take(
        self, consumer: str, *, max_batch: int, wait: float = 5.0, top_up: float = 0.005
    ) -> list[Claim]:
        """Up to `max_batch` jobs: waits up to `wait` s for the first, then `top_up` s for more.

        Jobs that a dead worker held come first. A job that was delivered before comes alone. Jobs
        that were delivered `max_deliveries` times, and entries that are not valid messages, go to
        the dead letters; their person gets a reply (GAVE_UP, INTERNAL) if the entry shows who it
        is. Jobs of a newer wire version are left to newer workers, up to the same number of
        deliveries.
        """

    @abstractmethod
    async def renew(self, consumer: str, claims: Sequence[Claim]) -> None:
        """Extend claims by another visibility time; call it after every third of one."""

    @abstractmethod
    async def finish(self, claim: Claim, reply: CaptionReply) -> bool:
        """Deliver the reply, cache it and remove the job, atomically; False if already finished."""

    @abstractmethod
    async def release(self, consumer: str, claims: Sequence[Claim]) -> None:
        """Give jobs back unprocessed, as a worker that stops does; this delivery does not count."""

    @abstractmethod
    async def announce(
        self,
        consumer: str,
        *,
        ready: bool,
        model: str = "",
        capabilities: Capabilities | None = None,
    ) -> None:
        """A worker's heartbeat, every few seconds: it is loading its model, or ready.

        `model` is the name in its replies, `capabilities` what the model can do.
        """

    @abstractmethod
    async def leave(self, consumer: str) -> None:
        """A worker says that it takes no more jobs."""

    # --- everybody

    @abstractmethod
    async def workers(self) -> Workers:
        """The workers with a heartbeat within the visibility time that did not leave."""

    @abstractmethod
    async def depth(self) -> int:
        """Jobs waiting or held."""

    @abstractmethod
    async def overview(self) -> Overview:
        """Counts of the queue. It is cheap: every process asks several times a minute."""

    # --- anybody

    @abstractmethod
    async def ping(self) -> None:
        """Returns if the queue can be used; raises QueueUnavailable with the reason."""

    @abstractmethod
    async def close(self) -> None:
        """Release connections."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class InspectableQueue(JobQueue):
    """A queue on a server, which an operator can inspect from another process."""

    @abstractmethod
    async def held(self) -> list[HeldJob]:
        """The jobs that workers hold, the oldest first; at most a thousand of each lane."""

    @abstractmethod
    async def worker_list(self) -> list[WorkerInfo]:
        """The workers that `workers` counts, sorted by name."""

    @abstractmethod
    async def dead_letters(self) -> list[DeadLetter]:
        """The jobs that were given up, the newest first; the queue keeps about a thousand."""

    @abstractmethod
    async def retry(self, letter: str) -> None:
        """Put a dead letter's job on the queue again, under another id, and forget the letter.

        Calling it twice queues the job once. Its person was told that it was given up, and now
        gets another answer. Raises DeadLetterLost, QueueFull, PersonBusy.
        """

    @abstractmethod
    async def drop(self, letter: str) -> bool:
        """Forget a dead letter; False if there is none."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The current counts of a queue."""

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
        """The number of jobs that no worker holds."""
        return max(0, self.depth - self.held)


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that a worker took and has not finished."""

    job_id: str  # "" where the entry is not one of ours
    adapter: str
    lane: int
    worker: str
    age: float  # seconds since it came
    silent: float  # seconds since its worker took it or last said that it still has it
    deliveries: int


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A worker with a heartbeat within the visibility time."""

    name: str
    ready: bool  # False: it loads its model
    model: str
    # Seconds since the last one; None where the worker's version does not tell.
    silent: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that could not be finished, and why."""

    letter: str  # its own id, to try it again or to drop it
    job_id: str  # "" where the job could not be read
    adapter: str
    error: str
    deliveries: int
    age: float  # seconds since it was given up
    kept: bool  # whether its photo was kept, so that it can be tried again

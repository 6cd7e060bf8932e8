"""Rules that both forms of the queue share: lanes, limits, failed jobs, counting workers."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, replace

from captioner.capabilities import UNDECLARED, Capabilities
from captioner.queue.base import Workers
from captioner.queue.messages import CaptionJob, CaptionReply, Failure, Fields, encode_reply

RETRY_AFTER = 10.0  # seconds after which a refused person should try again
SENT_FOR = 86_400.0  # seconds for which a reply is known to have been sent
DEAD_LETTERS = 1000  # the number of dead letters that are kept

# A reply that is delivered again and again but never sent may crash the processes that send it.
DEGRADE_AFTER = 5  # deliveries; after that, only a failure is sent
DROP_AFTER = 10  # deliveries; after that, nothing is sent
DROPPED_MESSAGE = "%s: dropped the reply to %s: delivered %d times, never sent"  # a line of the log

# The fair order, see `base`: by lane, with a share of the places for jobs that waited very long.
LANES = 10  # all processes of a bot must agree on it: workers only look into lanes they know
LONG_WAIT = 60.0  # seconds; a job that waited longer may take a place of the share
SHARE = 8  # one place in so many belongs to the share


def reply_fields(job: CaptionJob, reply: CaptionReply) -> dict[bytes, bytes]:
    """The wire fields of a reply, with the trace and the start time of its job, in its version."""
    return encode_reply(replace(reply, trace=job.trace, began=job.began, version=job.version))


def retried_job(job: CaptionJob, letter: str) -> CaptionJob:
    """A dead letter's job as it is queued again.

    It gets a new id, because adapters know the old one as answered.
    """
    return replace(job, id=uuid.uuid4().hex, dedupe=f"retried:{letter}", trace="", began=0.0)


def unfinished_reason(deliveries: int) -> str:
    """The reason for giving up a valid job."""
    return f"delivered {'once' if deliveries == 1 else f'{deliveries} times'}, never finished"


def limit_deliveries(reply: CaptionReply, deliveries: int) -> CaptionReply | None:
    """The reply to send after so many deliveries: itself, a failure, or None for nothing."""
    if deliveries > DROP_AFTER:
        return None
    if deliveries <= DEGRADE_AFTER or reply.failure is Failure.INTERNAL:
        return reply
    return CaptionReply(
        job_id=reply.job_id,
        adapter=reply.adapter,
        context=reply.context,
        output=reply.output,
        failure=Failure.INTERNAL,
        trace=reply.trace,
        began=reply.began,
        version=reply.version,
    )


def failure_reply(job: CaptionJob, failure: Failure) -> CaptionReply:
    """The reply to a job that cannot be captioned."""
    return CaptionReply(
        job_id=job.id,
        adapter=job.adapter,
        context=job.context,
        output=job.output,
        failure=failure,
        trace=job.trace,
        began=job.began,
        version=job.version,
    )


def cacheable_fields(job: CaptionJob, reply: CaptionReply) -> Fields | None:
    """The fields to cache of a reply, for others who send the same photo; None if it is not cached.

    The context (chat, message) is left out, so the cache does not show whose photo it was.
    """
    if not job.cache_key or reply.failure is not None:
        return None
    kept = replace(reply, context={}, trace="", began=0.0, version=job.version)
    return encode_reply(kept)


@dataclass(frozen=True, slots=True)
class HeardWorker:
    """What a worker says of itself."""

    ready: bool
    model: str = ""
    capabilities: Capabilities | None = None  # None: its version does not declare them


def count_workers(workers: list[HeardWorker], silent: float) -> Workers:
    """Count workers; `silent` is the seconds since the last heartbeat."""
    ready = [worker for worker in workers if worker.ready]
    declared = [
        worker.capabilities or UNDECLARED
        for worker in workers
        if worker.ready or worker.capabilities
    ]
    return Workers(
        len(ready),
        len(workers) - len(ready),
        frozenset(worker.model for worker in ready if worker.model),
        silent if workers else math.inf,
        tuple(dict.fromkeys(worker.capabilities or UNDECLARED for worker in ready)),
        tuple(dict.fromkeys(host for one in declared for host in one.sends_photos_to))
        if declared
        else None,
    )

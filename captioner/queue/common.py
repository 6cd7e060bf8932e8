"""What both forms of the queue do alike."""

from __future__ import annotations

import uuid
from dataclasses import replace

from captioner.queue.messages import (
    CaptionJob,
    CaptionReply,
    Failure,
    Fields,
    decode_job,
    decode_reply,
    encode_job,
    encode_reply,
)

RETRY_AFTER = 10.0  # seconds after which a refused person may sensibly come back
SENT_FOR = 86_400.0  # seconds for which a reply is known to have been sent
DEAD_LETTERS = 1000  # of so many the queue remembers what became of them

# A reply that was delivered so often and never sent: it may be what ends the processes that try.
TOLD_AFTER = 5  # deliveries; from then on it is a mere failure that is told
DROPPED_AFTER = 10  # deliveries; from then on nobody tries any more
DROPPED = "%s: dropped the reply to %s: delivered %d times, never sent"  # a line of the log

# See the contract: who waits is served by lanes, and by a share of those who waited too long.
LANES = 10  # all processes of a bot must agree: workers look into no lane that they do not know
LONG_WAIT = 60.0  # seconds of waiting after which a job may have a place of the share
SHARE = 8  # one place in so many is of the share


def seal_job(job: CaptionJob) -> dict[bytes, bytes]:
    """The job as wire fields that are sure to decode; raises WireError where they would not."""
    fields = encode_job(job)
    decode_job(fields)
    return fields


def seal_reply(reply: CaptionReply) -> dict[bytes, bytes]:
    """The reply as wire fields that are sure to decode; raises WireError where they would not."""
    fields = encode_reply(reply)
    decode_reply(fields)
    return fields


def returned(job: CaptionJob, reply: CaptionReply) -> CaptionReply:
    """The reply with what the job brought for its way back, whoever made it."""
    return replace(reply, trace=job.trace, began=job.began)


def again(job: CaptionJob, letter: str) -> CaptionJob:
    """A dead letter's job as it is put on the queue once more.

    Its id is another one, for the adapters know the old one as answered.
    """
    return replace(job, id=uuid.uuid4().hex, dedupe=f"retried:{letter}", trace="", began=0.0)


def never_finished(deliveries: int) -> str:
    """Why a job was given up that is in itself sound."""
    return f"delivered {'once' if deliveries == 1 else f'{deliveries} times'}, never finished"


def gave_up(job: CaptionJob) -> CaptionReply:
    """What a person is told whose job was delivered too often without being finished."""
    return failed(job, Failure.GAVE_UP)


def worn(reply: CaptionReply, deliveries: int) -> CaptionReply | None:
    """What is still to be sent of a reply that was delivered so often; None: nothing any more."""
    if deliveries > DROPPED_AFTER:
        return None
    if deliveries <= TOLD_AFTER or reply.failure is Failure.INTERNAL:
        return reply
    return CaptionReply(
        job_id=reply.job_id,
        adapter=reply.adapter,
        context=reply.context,
        output=reply.output,
        failure=Failure.INTERNAL,
        trace=reply.trace,
        began=reply.began,
    )


def failed(job: CaptionJob, failure: Failure) -> CaptionReply:
    """The reply to a job that cannot be captioned."""
    return CaptionReply(
        job_id=job.id,
        adapter=job.adapter,
        context=job.context,
        output=job.output,
        failure=failure,
        trace=job.trace,
        began=job.began,
    )


def to_cache(job: CaptionJob, reply: CaptionReply) -> Fields | None:
    """What to keep of a reply for whoever sends the same photo again, if anything.

    Whose photo it was is not kept: the context (a chat, a message) is left out. Decodes if the
    reply itself does.
    """
    if not job.cache_key or reply.failure is not None:
        return None
    return encode_reply(replace(reply, context={}, trace="", began=0.0))

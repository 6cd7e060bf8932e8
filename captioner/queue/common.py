"""What both forms of the queue do alike."""

from __future__ import annotations

from dataclasses import replace

from captioner.jobs import (
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


def gave_up(job: CaptionJob) -> CaptionReply:
    """What a person is told whose job was delivered too often without being finished."""
    return failed(job, Failure.GAVE_UP)


def failed(job: CaptionJob, failure: Failure) -> CaptionReply:
    """The reply to a job that cannot be captioned."""
    return CaptionReply(
        job_id=job.id,
        adapter=job.adapter,
        context=job.context,
        output=job.output,
        failure=failure,
    )


def to_cache(job: CaptionJob, reply: CaptionReply) -> Fields | None:
    """What to keep of a reply for whoever sends the same photo again, if anything.

    Whose photo it was is not kept: the context (a chat, a message) is left out.
    """
    if not job.cache_key or reply.failure is not None:
        return None
    return seal_reply(replace(reply, context={}))

"""Jobs and replies as they come out of Redis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random

from captioner.queue.messages import (
    Answer,
    Caption,
    CaptionJob,
    CaptionReply,
    Failure,
    Output,
    WireError,
    Word,
    decode_job,
    decode_reply,
    encode_job,
    encode_reply,
)
from tests.fuzz.mutations import mutated, mutated_json
from tests.fuzz.target import Outcome, Target, plainly, sentence

_NAMES = (b"v", b"body", b"blob")
Fields = dict[bytes, bytes]


def packed(fields: Fields) -> bytes:
    """The fields of a stream entry as one input: a line each, the blob at the end."""
    return b"\n".join(fields[name] for name in _NAMES)


def unpacked(data: bytes) -> Fields:
    """The fields again, as many as there are lines."""
    return dict(zip(_NAMES, data.split(b"\n", 2), strict=False))


def _jobs() -> Sequence[bytes]:
    plain = CaptionJob(
        adapter="telegram", photo=b"\xff\xd8jpeg", dedupe="telegram:1:2", person="p", id="00",
        context={"chat": 1, "lang": "de", "none": None, "x": 1.5},
    )  # fmt: skip
    album = CaptionJob(
        adapter="discord", photo=b"one", more_photos=(b"two", b"three"), dedupe="d", person="p",
        id="01", output=Output.ATTENTION_GIF, cache_key="k", language="de", question="Was ist das?",
    )  # fmt: skip
    return [packed(encode_job(job)) for job in (plain, album)]


def _replies() -> Sequence[bytes]:
    caption = Caption(text="A dog.", log_prob=-1.5, words=(Word(text="a", log_prob=-0.5,
                      attention=(0.5, 0.5)),))  # fmt: skip
    good = CaptionReply(
        job_id="00", adapter="web", captions=(caption,), confidence=0.5, grid=(1, 2), media=b"GIF",
        media_type="image/gif", more=(Answer(captions=(caption,)),), model="m", context={"a": "b"},
    )  # fmt: skip
    bad = CaptionReply(job_id="01", adapter="web", failure=Failure.GAVE_UP)
    return [packed(encode_reply(reply)) for reply in (good, bad)]


def _mutate(seed: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    if dice.random() < 0.2:
        return mutated(seed, dice, others)
    fields = unpacked(seed)
    fields[b"body"] = mutated_json(fields[b"body"], dice, [json.dumps({"v": 1}).encode()])
    if dice.random() < 0.2:
        fields[b"blob"] = mutated(fields[b"blob"], dice, others)
    return packed(fields)


def _kind(said: str) -> str:
    """A refusal without what is quoted in it."""
    return said.partition(":")[0].partition(" b'")[0][:60]


def _job(data: bytes) -> Outcome:
    try:
        job = decode_job(unpacked(data))
    except WireError as error:
        return Outcome("refused", _kind(sentence(str(error))))
    assert encode_job(job)[b"v"] == str(job.version).encode()  # what was accepted can travel on
    return Outcome("accepted")


def _reply(data: bytes) -> Outcome:
    try:
        reply = decode_reply(unpacked(data))
    except WireError as error:
        return Outcome("refused", _kind(sentence(str(error))))
    assert encode_reply(reply)[b"v"] == str(reply.version).encode()
    assert len(reply.answers) >= 1
    return Outcome("accepted")


TARGETS = (
    Target(
        name="wire-jobs", group="files", seeds=_jobs, mutate=_mutate, open=plainly(_job), share=12
    ),
    Target(
        name="wire-replies",
        group="files",
        seeds=_replies,
        mutate=_mutate,
        open=plainly(_reply),
        share=12,
    ),
)

"""Versions that know of traces and versions that do not understand each other."""

from __future__ import annotations

import json
from typing import Any

from captioner.queue.messages import decode_job, decode_reply, encode_job, encode_reply
from tests.support.jobs import make_job, make_reply

# As the first version wrote them.
OLD_JOB = {
    b"v": b"1",
    b"body": b'{"adapter":"telegram","dedupe":"telegram:1","person":"p","context":{"chat":1},'
    b'"output":"caption","beam_size":5,"n_best":3,"cache_key":"","id":"abc","sizes":[5]}',
    b"blob": b"photo",
}
OLD_REPLY = {
    b"v": b"1",
    b"body": b'{"job_id":"abc","adapter":"telegram","context":{"chat":1},"output":"caption",'
    b'"captions":[{"text":"a dog","log_prob":-1.5,"words":[]}],"confidence":0.5,"grid":[2,2],'
    b'"more":[],"media_type":"","failure":null,"model":"test"}',
    b"blob": b"",
}
ADDED = {"trace", "began"}


def body(fields: dict[bytes, bytes]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(fields[b"body"])
    return values


def test_old_messages_are_read() -> None:
    job, reply = decode_job(OLD_JOB), decode_reply(OLD_REPLY)
    assert (job.id, job.trace, job.began) == ("abc", "", 0.0)
    assert (reply.job_id, reply.trace, reply.began) == ("abc", "", 0.0)


def test_old_versions_find_all_that_they_know_and_pass_over_the_rest() -> None:
    job = encode_job(make_job(trace="00-t", began=1.5, version=1))
    reply = encode_reply(make_reply(make_job(), trace="00-t", began=1.5, version=1))
    assert body(job).keys() == body(OLD_JOB).keys() | ADDED
    assert body(reply).keys() == body(OLD_REPLY).keys() | ADDED
    # An old version is one that does not know some of the fields: it must ignore them, as this
    # version ignores those of a later one.
    for fields, decode in ((job, decode_job), (reply, decode_reply)):
        later = fields | {b"body": json.dumps(body(fields) | {"later": {"x": [1]}}).encode()}
        assert decode(later) == decode(fields)

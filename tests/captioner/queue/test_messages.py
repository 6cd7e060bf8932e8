"""The messages on the wire: what goes in comes out, and what is none is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captioner.queue.common import failure_reply
from captioner.queue.messages import (
    MAX_BLOB_BYTES,
    MAX_BODY_BYTES,
    MAX_QUESTION,
    WIRE_VERSION,
    Answer,
    Caption,
    CaptionJob,
    CaptionReply,
    Failure,
    Length,
    NewerWireError,
    Output,
    WireError,
    Word,
    decode_job,
    decode_reply,
    encode_job,
    encode_reply,
    unreadable_reply,
)
from tests.support.jobs import make_job, make_reply

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
finite = st.floats(allow_nan=False, allow_infinity=False)
contexts = st.dictionaries(
    texts, texts | st.integers(-(2**63), 2**64) | finite | st.booleans() | st.none(), max_size=5
)
languages = st.none() | st.sampled_from(["en", "de", "pt-BR", "zh-Hans-CN", "fil"])
questions = st.none() | st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=MAX_QUESTION
)
words = st.builds(
    Word, text=texts, log_prob=finite, attention=st.lists(finite, max_size=4).map(tuple)
)
captions = st.builds(
    Caption, text=texts, log_prob=finite, words=st.lists(words, max_size=3).map(tuple)
)
jobs = st.builds(
    CaptionJob,
    adapter=texts,
    photo=st.binary(max_size=200),
    dedupe=texts,
    person=texts,
    context=contexts,
    output=st.sampled_from(Output),
    beam_size=st.integers(1, 100),
    n_best=st.integers(1, 100),
    language=languages,
    length=st.sampled_from(Length),
    question=questions,
    cache_key=texts,
    id=texts,
)
replies = st.builds(
    CaptionReply,
    job_id=texts,
    adapter=texts,
    context=contexts,
    output=st.sampled_from(Output),
    captions=st.lists(captions, min_size=1, max_size=3).map(tuple),
    confidence=finite,
    grid=st.tuples(st.integers(0, 100), st.integers(0, 100)),
    media=st.binary(max_size=200),
    media_type=texts,
    failure=st.sampled_from([None, *Failure]),
    model=texts,
    language=languages,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)

JOB_FIELDS = json.loads(encode_job(make_job())[b"body"])
REPLY_FIELDS = json.loads(encode_reply(make_reply(make_job()))[b"body"])


@given(jobs)
def test_a_job_comes_out_as_it_went_in(job: CaptionJob) -> None:
    decoded = decode_job(encode_job(job))
    assert decoded == job
    assert {k: type(v) for k, v in decoded.context.items()} == {
        k: type(v) for k, v in job.context.items()
    }


@given(replies)
def test_a_reply_comes_out_as_it_went_in(reply: CaptionReply) -> None:
    assert decode_reply(encode_reply(reply)) == reply


def test_a_message_is_flat_bytes_with_the_photo_apart() -> None:
    fields = encode_job(make_job(photo=b"\xff\xd8"))
    assert set(fields) == {b"v", b"body", b"blob"}
    assert (fields[b"v"], fields[b"blob"]) == (b"2", b"\xff\xd8")
    assert "photo" not in json.loads(fields[b"body"])


def test_a_reply_needs_captions_or_a_failure() -> None:
    with pytest.raises(ValueError, match="captions or a failure"):
        make_reply(make_job(), captions=())
    assert make_reply(make_job(), captions=(), failure=Failure.GAVE_UP).captions == ()


# --- version 1


def test_a_job_of_version_1_is_read_and_asks_for_nothing_that_came_later() -> None:
    fields = encode_job(job := make_job(version=1, language="de", question="What is this?"))
    values = json.loads(fields[b"body"])
    assert fields[b"v"] == b"1"
    assert not {"language", "length", "question", "version"} & set(values)
    hostile = {**fields, b"body": json.dumps(values | {"language": "de", "version": 9}).encode()}
    for read in (decode_job(fields), decode_job(hostile)):
        assert read == replace(job, language=None, question=None)
        assert read.version == 1


def test_a_reply_of_version_1_is_read_and_names_no_language() -> None:
    reply = make_reply(make_job(), version=1, language="de")
    fields = encode_reply(reply)
    assert fields[b"v"] == b"1"
    assert "language" not in json.loads(fields[b"body"])
    assert decode_reply(fields) == replace(reply, language=None)


def test_what_version_1_does_not_know_is_told_as_the_nearest_that_it_knows() -> None:
    for version, confidence, failure in ((1, 1.0, "internal"), (2, None, "not_offered")):
        reply = make_reply(make_job(), version=version, confidence=None)
        more = (Answer(failure=Failure.NOT_OFFERED),)
        values = json.loads(encode_reply(replace(reply, more=more))[b"body"])
        assert (values["confidence"], values["more"][0]["failure"]) == (confidence, failure)


@pytest.mark.parametrize("version", [1, WIRE_VERSION])
def test_a_message_is_written_again_in_the_version_in_which_it_was_read(version: int) -> None:
    job = decode_job(encode_job(make_job(version=version)))
    reply = decode_reply(encode_reply(failure_reply(job, Failure.GAVE_UP)))
    letter = unreadable_reply(encode_job(job), Failure.INTERNAL)
    assert letter is not None
    for again in (encode_job(job), encode_reply(reply), encode_reply(letter)):
        assert again[b"v"] == str(version).encode()


def test_a_failure_is_told_in_a_version_that_this_process_writes() -> None:
    newer = {**encode_job(make_job()), b"v": b"7"}
    with pytest.raises(NewerWireError):
        decode_job(newer)
    told = unreadable_reply(newer, Failure.GAVE_UP)
    assert told is not None
    assert encode_reply(told)[b"v"] == str(WIRE_VERSION).encode()


# --- what is no message


def refused(fields: dict[bytes, bytes]) -> None:
    """Both decoders say WireError and nothing else, in few words."""
    for decode in (decode_job, decode_reply):
        with pytest.raises(WireError) as refusal:
            decode(fields)
        assert len(str(refusal.value)) < 200


@pytest.mark.parametrize("version", [b"", b"0", b"3", b"01", b"1 ", b"one", b"\xff", b"1" * 10**6])
def test_another_version_is_refused(version: bytes) -> None:
    refused({**encode_job(make_job()), b"v": version})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"1",
        b'"text"',
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b'{"adapter": "\\ud800"}',
        b"9" * 5000,
        b"{" + b" " * MAX_BODY_BYTES + b"}",
    ],
)
def test_a_body_that_is_none_is_refused(body: bytes) -> None:
    refused({b"v": b"1", b"body": body, b"blob": b""})


def test_fields_that_are_missing_are_refused() -> None:
    refused({})
    refused({b"v": b"1"})
    for decode, fields, optional in (
        (decode_job, JOB_FIELDS, set(JOB_FIELDS) - {"adapter", "dedupe", "person", "sizes"}),
        (decode_reply, REPLY_FIELDS, set(REPLY_FIELDS) - {"job_id", "adapter", "captions"}),
    ):
        for name in set(fields) - optional:
            body = json.dumps({k: v for k, v in fields.items() if k != name}).encode()
            with pytest.raises(WireError):
                decode({b"v": b"1", b"body": body, b"blob": b""})


def test_fields_of_a_later_minor_version_are_passed_over() -> None:
    fields = encode_job(job := make_job())
    body = json.dumps(json.loads(fields[b"body"]) | {"priority": 3, "photo": "another"}).encode()
    assert decode_job({**fields, b"body": body, b"trace": b"abc"}) == job


@pytest.mark.parametrize(
    "changes",
    [
        {"adapter": 7},
        {"adapter": None},
        {"person": ["a"]},
        {"context": []},
        {"context": {"chat": [1]}},
        {"context": {"chat": {"id": 1}}},
        {"context": {"chat": float("nan")}},
        {"output": "poem"},
        {"beam_size": "many"},
        {"beam_size": 0},
        {"beam_size": 10**9},
        {"beam_size": 10**400},
        {"beam_size": 2.5},
        {"n_best": -1},
        {"n_best": float("inf")},
        {"language": ""},
        {"language": "german"},
        {"language": "../de"},
        {"language": "de\n"},
        {"language": "de-" + "x" * 9},
        {"language": ["de"]},
        {"length": "epic"},
        {"length": None},
        {"question": ""},
        {"question": "What\nis this?"},
        {"question": "?" * (MAX_QUESTION + 1)},
        {"question": 7},
    ],
)
def test_a_job_of_wrong_types_or_sizes_is_refused(changes: dict[str, Any]) -> None:
    fields = {b"v": b"2", b"blob": bytes(sum(JOB_FIELDS["sizes"]))}
    decode_job({**fields, b"body": json.dumps(JOB_FIELDS).encode()})
    with pytest.raises(WireError):
        decode_job({**fields, b"body": json.dumps(JOB_FIELDS | changes).encode()})


@pytest.mark.parametrize(
    "changes",
    [
        {"captions": []},
        {"captions": {}},
        {"captions": [{"text": "a"}]},
        {"captions": [{"text": "a", "log_prob": float("nan")}]},
        {"captions": [{"text": "a", "log_prob": float("-inf")}]},
        {"captions": [{"text": "a", "log_prob": -1, "words": [{"text": "a", "log_prob": None}]}]},
        {"confidence": float("nan")},
        {"confidence": "certain"},
        {"grid": [7]},
        {"grid": [7, 7, 7]},
        {"grid": "77"},
        {"failure": "bored"},
        {"media_type": 1},
        {"language": "de; charset=x"},
        {"language": 7},
    ],
)
def test_a_reply_of_wrong_types_or_numbers_is_refused(changes: dict[str, Any]) -> None:
    body = json.dumps(REPLY_FIELDS | changes).encode()
    with pytest.raises(WireError):
        decode_reply({b"v": b"2", b"body": body, b"blob": b""})


@given(st.dictionaries(st.sampled_from(sorted({*JOB_FIELDS, *REPLY_FIELDS})), json_values))
def test_any_values_are_a_message_or_a_wire_error(changes: dict[str, Any]) -> None:
    for decode, fields in ((decode_job, JOB_FIELDS), (decode_reply, REPLY_FIELDS)):
        body = json.dumps(fields | changes).encode()
        with suppress(WireError):
            decode({b"v": b"1", b"body": body, b"blob": b"x"})


@given(st.dictionaries(st.sampled_from([b"v", b"body", b"blob", b"p"]), st.binary(max_size=300)))
def test_any_bytes_are_a_wire_error(fields: dict[bytes, bytes]) -> None:
    refused({b"v": b"1", b"body": b"x"} | fields)


@given(st.data())
def test_a_message_with_changed_bytes_is_a_message_or_a_wire_error(data: st.DataObject) -> None:
    body = bytearray(json.dumps(REPLY_FIELDS).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with suppress(WireError):
        decode_reply({b"v": b"1", b"body": bytes(body), b"blob": b""})


# --- what cannot become a message


def test_a_message_too_large_is_neither_written_nor_read() -> None:
    job = make_job(photo=bytes(MAX_BLOB_BYTES))
    assert decode_job(encode_job(job)) == job
    with pytest.raises(WireError, match="too large"):
        encode_job(make_job(photo=bytes(MAX_BLOB_BYTES + 1)))
    with pytest.raises(WireError, match="too large"):
        encode_job(make_job(context={"text": "x" * MAX_BODY_BYTES}))
    refused({**encode_job(job), b"blob": bytes(MAX_BLOB_BYTES + 1)})


def test_text_that_is_no_unicode_is_not_written() -> None:
    with pytest.raises(WireError):
        encode_job(make_job(context={"name": "\ud800"}))
    with pytest.raises(WireError):
        encode_job(make_job(context={"name": object()}))


@pytest.mark.parametrize(
    "changes", [{"beam_size": 10**6}, {"language": "german"}, {"question": "What\nis this?"}]
)
def test_a_job_that_would_be_refused_is_not_written(changes: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        encode_job(make_job(**changes))


def test_a_reply_that_would_be_refused_is_not_written() -> None:
    word = Word(text="a", log_prob=float("nan"))
    caption = Caption(text="a", log_prob=-1.0, words=(word,))
    with pytest.raises(WireError):
        encode_reply(make_reply(make_job(), captions=(caption,)))


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

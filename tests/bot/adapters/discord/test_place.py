"""A place travels with a job and comes back the same, or not at all."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.replies import INTERACTION_LIFE, DiscordPlace
from bot.chat.media import ONE_PHOTO, Moment, Omitted, Part, Still, Video, encode
from captioner.queue.messages import decode_job, encode_job
from tests.support.jobs import make_job

SNOWFLAKES = st.integers(min_value=0, max_value=2**63 - 1)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())


def asked(minutes_ago: float) -> DiscordPlace:
    """An interaction of some minutes ago."""
    then = discord.utils.utcnow() - minutes_ago / 15 * INTERACTION_LIFE
    number = discord.utils.time_snowflake(then)
    return DiscordPlace(channel=1, message=2, interaction=number, application=3, token="t")


@given(SNOWFLAKES, SNOWFLAKES, SNOWFLAKES, st.text())
def test_travels_with_a_job(channel: int, message: int, interaction: int, token: str) -> None:
    place = DiscordPlace(channel=channel, message=message, interaction=interaction, token=token)
    if token.isprintable():
        job = decode_job(encode_job(make_job(context=place.to_context())))
        assert DiscordPlace.from_context(job.context) == place


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "channel",
                "message",
                "token",
                "lang",
                "chat",
                "person",
                "wish",
                "written_parts",
                "limit",
                "private",
            ]
        ),
        VALUES,
    )
)
def test_anything_else_is_refused(context: dict[str, Any]) -> None:
    try:
        place = DiscordPlace.from_context(context)
    except ValueError:
        return
    assert type(place.channel) is int
    assert place.channel >= 0
    assert isinstance(place.token, str)


@pytest.mark.parametrize("context", [{}, {"channel": True}, {"channel": -1}, {"channel": "1"}])
def test_contexts_without_a_channel(context: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="context"):
        DiscordPlace.from_context(context)


def test_interactions_are_answerable_for_a_quarter_of_an_hour() -> None:
    assert asked(14).by_interaction()
    assert not asked(16).by_interaction()
    assert not DiscordPlace(channel=1, message=2).by_interaction()


def test_token_does_not_show() -> None:
    assert "secret" not in repr(DiscordPlace(channel=1, token="secret"))


PARTS = st.lists(
    st.one_of(
        st.builds(Still, at=st.integers(0, 99)),
        st.builds(
            Video,
            at=st.integers(0, 99),
            moments=st.lists(
                st.builds(Moment, number=st.integers(0, 99), seconds=st.floats(0, 1e6)), min_size=1
            ).map(tuple),
            duration=st.floats(0, 1e6),
        ),
        st.builds(
            Omitted,
            code=st.sampled_from(["damaged", "too_large"]),
            args=st.dictionaries(st.text(), st.one_of(st.integers(), st.text())),
        ),
    )
).map(tuple)


@given(PARTS)
def test_parts_travel_as_text(parts: tuple[Part, ...]) -> None:
    place = DiscordPlace(channel=1, written_parts=encode(parts))
    assert DiscordPlace.from_context(place.to_context()).parts == parts


@pytest.mark.parametrize(
    "written",
    ["x", "{}", "[{}]", '[{"kind":"still","at":-1}]', '[{"kind":"film","at":0,"moments":[]}]',
     '[{"kind":"still","at":"0"}]', "[" * 1000],
)  # fmt: skip
def test_parts_that_are_none(written: str) -> None:
    with pytest.raises(ValueError, match="parts"):
        DiscordPlace.from_context({"channel": 1, "written_parts": written})


def test_context_of_an_older_version() -> None:
    place = DiscordPlace.from_context({"channel": 1, "message": 2, "lang": "de", "token": ""})
    assert (place.wish, place.person, place.parts) == ("caption", 0, ONE_PHOTO)

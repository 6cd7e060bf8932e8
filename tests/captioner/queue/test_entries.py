"""Parts of messages that are put together by a script."""

from __future__ import annotations

import pytest

from captioner.queue.redis.schema import common_suffix_length


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (b"", b"", 0),
        (b"abc", b"", 0),
        (b"abc", b"abc", 3),
        (b"abc", b"xbc", 2),
        (b"abc", b"c", 1),
        (b"abcabc", b"abc", 3),
        (b"abc", b"abd", 0),
        (b"xyx", b"yyx", 2),
    ],
)
def test_what_two_have_in_common_at_their_ends(one: bytes, other: bytes, alike: int) -> None:
    assert common_suffix_length(one, other) == common_suffix_length(other, one) == alike

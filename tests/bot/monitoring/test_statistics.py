"""What /stats says: counts, errors and waits."""

from __future__ import annotations

import pytest

from bot.monitoring.request_metrics import BOUNDS, summary, waited


def test_nothing_was_counted() -> None:
    assert summary({}) == []


@pytest.mark.parametrize(
    ("seconds", "name"),
    [(0.0, "within.1"), (1.0, "within.1"), (1.01, "within.2"), (299.0, "within.300"),
     (301.0, "within.longer")],
)  # fmt: skip
def test_a_wait_counts_under_its_bound(seconds: float, name: str) -> None:
    assert waited(seconds) == name


def test_errors_are_added_up_and_waits_are_told_as_bounds() -> None:
    counts = {
        "telegram.caption": 20,
        "telegram.refused.too_large": 2,
        "telegram.failed.internal": 1,
        "telegram.failed.gave_up": 2,
        "telegram.within.1": 9,
        "telegram.within.5": 10,
        "telegram.within.longer": 1,
        "discord.caption": 1,
        "discord.within.longer": 1,
    }
    assert summary(counts) == [
        "discord.caption: 1",
        "telegram.caption: 20",
        "telegram.failed.gave_up: 2",
        "telegram.failed.internal: 1",
        "telegram.refused.too_large: 2",
        "discord errors: 0",
        "discord seconds: 50 % > 300, 95 % > 300",
        "telegram errors: 3",
        "telegram seconds: 50 % ≤ 5, 95 % ≤ 5",
    ]


def test_every_bound_is_told() -> None:
    for bound in BOUNDS:
        (_, told) = summary({f"web.{waited(bound)}": 1})
        assert told == f"web seconds: 50 % ≤ {bound}, 95 % ≤ {bound}"

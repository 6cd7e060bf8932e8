"""The short form of the chaos run; `make chaos` is the long one."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import pytest
from redis import Redis

from tests.support.redis_server import running_redis
from tests.system.chaos.people import Heard
from tests.system.chaos.photos import Kind, Tag, tag_of, tagged
from tests.system.chaos.report import Report
from tests.system.chaos.run import Plan, run

_ROOT = Path(__file__).parents[3]


@pytest.mark.timeout(600)
async def test_no_photo_is_lost_whatever_fails(tmp_path: Path) -> None:
    """Another seed each time: it is printed with what went wrong, to repeat it."""
    plan = Plan(
        seed=secrets.randbelow(2**31), photos=40, people=20, pace=6.0, trouble=0.25, poison=1,
        workers=2, visibility=2.0, patience=2.0,
    )  # fmt: skip
    report = await run(plan, tmp_path, print)
    sys.stdout.write(f"{report}\n")
    assert not report.problems, report


@pytest.mark.timeout(600)
async def test_no_photo_is_lost_whatever_a_model_behind_an_address_does(tmp_path: Path) -> None:
    """It answers 429 and 500, stalls, hangs up, writes nonsense, and is gone for a while."""
    plan = Plan(
        seed=secrets.randbelow(2**31), photos=24, people=10, pace=8.0, trouble=0.5, poison=0,
        workers=2, visibility=2.0, address=True,
    )  # fmt: skip
    report = await run(plan, tmp_path, print)
    sys.stdout.write(f"{report}\n")
    assert not report.problems, report


def test_redis_writes_as_the_example_for_operators_has_it(tmp_path: Path) -> None:
    """What is shown here, with a Redis that is killed, holds only for one that keeps its data."""
    advised: dict[str, str] = {}
    for file in ("redis.conf", "persistent.conf"):  # the later one counts
        lines = (_ROOT / "deploy" / "redis" / file).read_text().splitlines()
        advised |= dict(line.split(maxsplit=1) for line in lines if line and line[0] != "#")
    with running_redis(tmp_path, appendonly=True) as server, Redis.from_url(server.url) as redis:
        for name in ("appendonly", "appendfsync", "maxmemory-policy"):
            assert redis.config_get(name)[name] == advised[name], name


@pytest.mark.parametrize("kind", list(Kind))
def test_photos_say_what_they_are(kind: Kind) -> None:
    for number in (1, 77, 2**20 - 1):
        assert tag_of(tagged(Tag(number, kind))) == Tag(number, kind)
    assert tag_of(tagged(Tag(1, kind))) != tag_of(tagged(Tag(2, kind)))


def test_a_report_tells_what_must_not_be() -> None:
    report = Report(seed=1, seconds=1.0)
    tags = {number: Tag(number, Kind.PLAIN) for number in range(1, 11)}
    tags[10] = Tag(10, Kind.KILLS)
    ways = dict.fromkeys(tags, "mention")
    heard = {number: Heard(numbers=[number]) for number in range(1, 10)}
    heard[10] = Heard(refusals=["no"])
    report.count("Telegram", tags, heard, ways)
    assert report.problems == []
    bad = {**heard, 1: Heard([1, 1]), 2: Heard([2, 2]), 3: Heard([4]), 10: Heard([10])}
    del bad[5]
    report = Report(seed=1, seconds=1.0, left=["a key"], stopped_badly=["worker0 (1)"])
    report.count("Telegram", tags, bad, ways)
    said = "\n".join(report.problems)
    for problem in (
        "lost: 5 on Telegram (plain, mention)",
        "2 answered twice, 1 is the most: 1 on Telegram (plain, mention), 2 on",
        "1 answered with another photo's caption",
        "1 answers to photos that cannot be answered",
        "left in Redis: a key",
        "worker0 (1)",
    ):
        assert problem in said
    assert "--seed 1" in str(report)

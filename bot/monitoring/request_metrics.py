"""A request's way through the bot: what is counted, logged and traced, and what `/stats` shows.

From the update to the queue it is `asked`, from the queue to the person `replying`. Everything
logged in between bears the same short id, here and in the worker.
"""

from __future__ import annotations

import logging
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.chat.refusals import Refusal
from captioner.queue.messages import CaptionReply
from captioner.telemetry import metrics
from captioner.telemetry.tracing import Stage, about, span

log = logging.getLogger(__name__)

QUEUED, CACHED, REPEATED = "queued", "cached", "repeated"
SENT, UNDELIVERABLE, FAILED = "sent", "undeliverable", "failed"
CANCELLED = "cancelled"  # it is delivered again, and counted then


@dataclass(slots=True)
class Asking:
    """How a request went that was not refused; whoever asks says so where it was not queued."""

    began: float = field(default_factory=time.time)  # when it came: seconds since 1970
    outcome: str = QUEUED
    ahead: int = 0  # jobs in front of it


@contextmanager
def asked(platform: str, job_id: str) -> Iterator[Asking]:
    """What is done inside is for a request that will be this job, or ends in a Refusal."""
    asking = Asking()
    with about(job_id), span("update") as update:
        update.set_attribute("captionbot.platform", platform)
        try:
            yield asking
        except Refusal as refused:
            code = refused.code.value
            metrics.REQUESTS.labels(platform, code).inc()
            log.info("✗ %s: %s", platform, code)
            update.set_attribute("captionbot.outcome", code)
            raise
        metrics.REQUESTS.labels(platform, asking.outcome).inc()
        more = f", {asking.ahead} ahead" if asking.outcome == QUEUED else ""
        log.info("→ %s: %s%s", platform, asking.outcome, more)


@dataclass(slots=True)
class Sending:
    """How the sending of an answer went; whoever sends says so where it did not go well."""

    outcome: str = SENT
    seconds: float | None = None  # from the request to the end of the sending, where that is known


@contextmanager
def replying(platform: str, reply: CaptionReply) -> Iterator[Sending]:
    """What is done inside is the sending of a reply."""
    sending = Sending()
    with about(reply.job_id), span(Stage.REPLY, parent=reply.trace) as sent:
        try:
            yield sending
        except Exception:
            sending.outcome = FAILED
            raise
        except BaseException:
            sending.outcome = CANCELLED
            raise
        finally:
            sent.set_attribute("captionbot.outcome", sending.outcome)
            if sending.outcome != CANCELLED:
                metrics.REPLIES.labels(platform, sending.outcome).inc()
                after = ""
                if reply.began:
                    sending.seconds = max(0.0, time.time() - reply.began)
                    after = f" after {sending.seconds:.2f} s"
                    if sending.outcome == SENT:
                        metrics.REQUEST_SECONDS.labels(platform).observe(sending.seconds)
                log.info("← %s: %s%s", platform, sending.outcome, after)


BOUNDS = (1, 2, 5, 10, 30, 60, 300)  # seconds
_LONGER = "longer"
_WITHIN = re.compile(rf"(.+)\.within\.(\d+|{_LONGER})")
_FAILED = re.compile(r"(.+)\.failed\..+")


def waited(seconds: float) -> str:
    """The name under which a reply counts that came so long after its request."""
    return f"within.{next((bound for bound in BOUNDS if seconds <= bound), _LONGER)}"


def summary(counts: Mapping[str, int]) -> list[str]:
    """A line for each count, then for each platform its errors and how long people waited.

    Of the waits no more is kept than how many there were up to each bound, so what is said is
    a bound: half of the people, and 95 of 100, waited no longer.
    """
    lines = [f"{name}: {n}" for name, n in sorted(counts.items()) if not _WITHIN.fullmatch(name)]
    errors: dict[str, int] = defaultdict(int)
    waits: dict[str, dict[str, int]] = defaultdict(dict)
    for name, n in counts.items():
        if found := _FAILED.fullmatch(name):
            errors[found[1]] += n
        elif found := _WITHIN.fullmatch(name):
            waits[found[1]][found[2]] = n
    for platform in sorted(errors.keys() | waits.keys()):
        lines.append(f"{platform} errors: {errors[platform]}")
        if within := waits.get(platform):
            half, most = _bound(within, 0.5), _bound(within, 0.95)
            lines.append(f"{platform} seconds: 50 % {half}, 95 % {most}")
    return lines


def _bound(within: Mapping[str, int], share: float) -> str:
    """Within which of the bounds so large a share of the replies came."""
    needed = share * sum(within.values())
    so_far = 0
    for bound in BOUNDS:
        so_far += within.get(str(bound), 0)
        if so_far >= needed:
            return f"≤ {bound}"
    return f"> {BOUNDS[-1]}"

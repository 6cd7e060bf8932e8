"""What stands around every request: problem documents, security headers, metrics, the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Middleware
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.adapters.web.capabilities import language_of
from bot.adapters.web.problems import Problem
from captioner.telemetry.metrics import SECONDS

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Signal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
ELSEWHERE = "/{elsewhere}"  # stands for every address that is not served
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
}
SECURITY_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Server": "CaptionBot",
    "X-Content-Type-Options": "nosniff",
}


class Metrics:
    """Counts only: no address, no name and no content is ever a label."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.requests = Counter(
            "captionbot_http_requests",
            "HTTP requests answered",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "captionbot_http_request_seconds",
            "Time from a request's first line to its answer",
            ["route"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self.photos = Counter(
            "captionbot_web_photos",
            "Photos sent to the page or the interface, by what became of them",
            ["outcome"],
            registry=self.registry,
        )
        self.caption_seconds = Histogram(
            "captionbot_web_caption_seconds",
            "Time from a photo's full arrival to its caption",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.questions = Counter(
            "captionbot_web_questions",
            "Questions about photos sent to the page or the interface, by what became of them",
            ["outcome"],
            registry=self.registry,
        )
        self.answer_seconds = Histogram(
            "captionbot_web_answer_seconds",
            "Time from a question's arrival to its answer",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.waiting = Gauge(
            "captionbot_web_waiting", "Requests that wait for a worker", registry=self.registry
        )
        self.kept = Gauge(
            "captionbot_web_kept_photos", "Small photos kept in memory", registry=self.registry
        )


def security_headers(frame_ancestors: Sequence[str] = ()) -> dict[str, str]:
    """What every answer bears; pages of `frame_ancestors` and no others may embed ours."""
    headers = dict(SECURITY_HEADERS)
    policy = dict(POLICY)
    if frame_ancestors:
        policy["frame-ancestors"] = " ".join(frame_ancestors)
    else:
        headers["X-Frame-Options"] = "DENY"  # for old browsers; it knows no list of origins
    headers["Content-Security-Policy"] = "; ".join(f"{k} {value}" for k, value in policy.items())
    return headers


def put_headers(headers: Mapping[str, str]) -> Signal:
    """A signal that puts headers on every answer, before its first byte is sent."""

    async def put(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)

    return put


def frame(metrics: Metrics, prefix: str = "") -> Middleware:
    """The middleware; addresses below `prefix` count as those without it."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        response = await _answer(request, handler)
        seconds = time.perf_counter() - started
        route = route_of(request).removeprefix(prefix)
        metrics.requests.labels(route, _method(request), str(response.status)).inc()
        metrics.request_seconds.labels(route).observe(seconds)
        level = (
            logging.INFO if request.method == "POST" or response.status >= 500 else logging.DEBUG
        )
        log.log(level, "%s %s → %d in %.3f s", _method(request), route, response.status, seconds)
        return response

    return middleware


async def expectation(request: web.Request) -> None:
    """Tell a client that waits for it to go on; what else it expects is not met, nor an error."""
    wanted = request.headers.get("Expect", "").lower() == "100-continue"
    if wanted and request.version == HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun


async def elsewhere(request: web.Request) -> web.StreamResponse:
    """For every address and method that is not served: raises as aiohttp's own router does."""
    allowed: set[str] = set()
    for resource in request.app.router.resources():
        if not resource.canonical.endswith(ELSEWHERE):
            allowed |= (await resource.resolve(request))[1]
    if allowed:
        raise web.HTTPMethodNotAllowed(request.method, allowed)
    raise web.HTTPNotFound


def route_of(request: web.Request) -> str:
    """The address as a pattern: ids and query strings stay out of logs and metrics."""
    resource = request.match_info.route.resource
    if resource is None or resource.canonical.endswith(ELSEWHERE):
        return "(none)"
    return resource.canonical


def _method(request: web.Request) -> str:
    return request.method if request.method in {"GET", "HEAD", "POST"} else "OTHER"


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Problem as problem:
        refused = problem
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted(error.allowed_methods))
        refused = Problem("method_not_allowed", headers={"Allow": allowed}, methods=allowed)
    except web.HTTPNotFound:
        refused = Problem("not_found")
    except web.HTTPException as error:
        log.debug("aiohttp refused a request: %d", error.status)
        refused = Problem("bad_request")
    except ConnectionError:
        raise  # the person has gone: aiohttp ends the connection quietly
    except Exception:
        log.exception("%s %s failed", _method(request), route_of(request))
        refused = Problem("internal")
    return refused.response(language_of(request))

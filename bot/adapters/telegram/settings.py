"""What an operator decides about Telegram alone."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram calls, and where this process listens, behind a proxy that speaks TLS.

    The proxy leaves the path as it is in `url`. Calls without `secret` are turned away.
    """

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8081  # 0: any that is free

"""Pictures on homeservers, as attachments of a question."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.matrix.events import Picture
from bot.chat.media import check_kind
from bot.chat.refusals import too_large
from bot.media.downloads import Downloads


@dataclass(frozen=True, slots=True)
class MediaServer:
    """Where files are fetched: the bot's own homeserver, which fetches them from others."""

    homeserver: str  # without a slash at its end
    downloads: Downloads
    authenticated: bool = True  # whether it has the endpoint that asks for a token (Matrix 1.11)

    def address(self, picture: Picture) -> str:
        """Where the homeserver has a file."""
        path = "client/v1/media" if self.authenticated else "media/v3"
        return f"{self.homeserver}/_matrix/{path}/download/{picture.server}/{picture.media}"


@dataclass(frozen=True, slots=True)
class MatrixFile:
    """A picture; `videos` says whether those that move are captioned."""

    picture: Picture
    server: MediaServer
    videos: bool

    @property
    def spoiler(self) -> bool:
        """Whether whoever sent it covered it."""
        return self.picture.spoiler

    def check(self) -> None:
        """Refuse what can be refused without fetching it. Raises Refusal."""
        check_kind(self.picture.kind, videos=self.videos)
        limit = self.server.downloads.max_bytes
        if self.picture.size is not None and self.picture.size > limit:
            raise too_large(limit)

    async def fetch(self) -> bytes:
        """The file's bytes. Raises Refusal."""
        return await self.server.downloads.fetch(self.server.address(self.picture))

"""Who may use the bot, by the operator's lists."""

from __future__ import annotations

from bot.adapters.registry import BY_NAME
from bot.settings import Settings

Id = str | int


class AccessControl:
    """The lists in force: CAPTIONBOT_OWNERS, CAPTIONBOT_ALLOW and CAPTIONBOT_BLOCK.

    They name people and chats of the registered platforms; the page is open to everybody.
    """

    def __init__(self, settings: Settings) -> None:
        self._owners = frozenset(settings.owners)
        self._allowed = frozenset(settings.allow)
        self._blocked = frozenset(settings.block)

    def may_use(self, platform: str, *, person: Id, chat: Id | None = None) -> bool:
        """Whether a person may use the bot in a chat (on Discord: a server); None for nowhere.

        Owners always may. Whoever is blocked, or is in a chat that is, may not. Where there is
        an allow-list, person or chat must be on it.
        """
        if self.is_owner(platform, person):
            return True
        names = {_name(platform, person)}
        if chat is not None:
            names.add(_name(platform, chat))
        if names & self._blocked:
            return False
        return platform not in BY_NAME or not self._allowed or bool(names & self._allowed)

    def is_owner(self, platform: str, person: Id) -> bool:
        """Whether a person is one of those who run this bot."""
        return _name(platform, person) in self._owners


def _name(platform: str, somebody: Id) -> str:
    return f"{platform}:{somebody}"

"""Who may use the bot, by the operator's lists and by what owners decide while it runs."""

from __future__ import annotations

from bot.adapters.registry import BY_NAME
from bot.chat.access_rules import NO_RULES, AccessRules
from bot.settings import Settings

Id = str | int


class AccessControl:
    """The lists in force: CAPTIONBOT_OWNERS, CAPTIONBOT_ALLOW and CAPTIONBOT_BLOCK.

    They name people and chats of the registered platforms; the page is open to everybody. What
    owners decide about somebody at run time takes precedence over what the lists say of them.
    """

    def __init__(self, settings: Settings) -> None:
        self._owners = frozenset(settings.owners)
        self.allowed = frozenset(settings.allow)
        self.blocked = frozenset(settings.block)

    @property
    def private(self) -> bool:
        """Whether only those may use the bot who are allowed to."""
        return bool(self.allowed)

    def may_use(
        self,
        platform: str,
        *,
        person: Id,
        chat: Id | None = None,
        rules: AccessRules = NO_RULES,
    ) -> bool:
        """Whether a person may use the bot in a chat (on Discord: a server); None for nowhere."""
        return not self.turned_away(platform, person=person, chat=chat, rules=rules)

    def turned_away(
        self,
        platform: str,
        *,
        person: Id,
        chat: Id | None = None,
        rules: AccessRules = NO_RULES,
    ) -> str:
        """The text on why a person may not use the bot in a chat; "" where they may.

        Owners always may. Whoever is blocked, or is in a chat that is, may not. Where there is
        an allow-list, person or chat must be on it.
        """
        if self.is_owner(platform, person):
            return ""
        names = [name_of(platform, person)]
        if chat is not None:
            names.append(name_of(platform, chat))
        if any(self.is_blocked(name, rules) for name in names):
            return "blocked"
        if platform not in BY_NAME or not self.private:
            return ""
        return "" if any(self.is_allowed(name, rules) for name in names) else "not-admitted"

    def is_owner(self, platform: str, person: Id) -> bool:
        """Whether a person is one of those who run this bot."""
        return self.owns(name_of(platform, person))

    def owns(self, name: str) -> bool:
        """Whether a name is one of an owner."""
        return name in self._owners

    def is_blocked(self, name: str, rules: AccessRules) -> bool:
        """Whether a person or a chat may not use the bot."""
        return name in rules.blocked or (name in self.blocked and name not in rules.allowed)

    def is_allowed(self, name: str, rules: AccessRules) -> bool:
        """Whether a person or a chat is on the list of those who may use a private bot."""
        return name in rules.allowed or (name in self.allowed and name not in rules.blocked)


def name_of(platform: str, somebody: Id) -> str:
    """A person or a chat as the settings name them, in small letters: telegram:12345."""
    return f"{platform}:{somebody}".lower()

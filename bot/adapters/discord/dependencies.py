"""What a client works with; all of it outlives the client."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.discord.media import Collector
from bot.adapters.discord.preferences import Choices
from bot.chat.access_control import Admission
from bot.chat.service import Desk


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that is not Discord's."""

    desk: Desk
    collector: Collector
    choices: Choices
    admission: Admission | None = None

    def may_use(self, person: int, guild: int | None) -> bool:
        """Whether the operator lets somebody use the bot there."""
        if self.admission is None:
            return True
        return self.admission.may_use("discord", person=person, chat=guild)

"""What a client works with; all of it outlives the client."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.discord.choices import Choices
from bot.adapters.discord.collecting import Collector
from bot.admission import Admission
from bot.desk import Desk


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

"""`captionbot doctor`: looks at everything the bot needs, and says what to do about it."""

from __future__ import annotations

from bot.doctor.result import Finding, Level
from bot.doctor.runner import examine, examining

__all__ = ["Finding", "Level", "examine", "examining"]

"""`captionbot doctor`: looks at everything the bot needs, and says what to do about it."""

from __future__ import annotations

from bot.doctor.examination import examine, examining
from bot.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "examine", "examining"]

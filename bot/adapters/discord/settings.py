"""What an operator decides about Discord alone."""

from __future__ import annotations

CDN = ("https://cdn.discordapp.com", "https://media.discordapp.net")

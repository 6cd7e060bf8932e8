"""What texts about the bot choose their words by: what `Conversation.facts` tells of a model."""

from __future__ import annotations

USUAL = {"hosts": "none", "looks": "yes", "others": "yes", "language": "english"}
# As long as no worker was heard of, it is not known where photos go.
UNHEARD = USUAL | {"hosts": "unknown"}

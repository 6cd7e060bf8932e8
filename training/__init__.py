"""Makes the checkpoints that `captioner` loads, and scores them. Only `bot.cli` loads it."""

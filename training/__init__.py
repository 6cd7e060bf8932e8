"""Makes the checkpoints that `captioner` loads, and scores them. Nothing imports it."""

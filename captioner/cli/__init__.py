"""The captioner's part of the `captionbot` command.

`bot.cli` loads it, so its modules that hold commands import what is heavy inside of them: a bot
host has neither torch nor safetensors, and `--help` should not wait for them.
"""

from __future__ import annotations

from captioner.cli.weights import weights

__all__ = ["weights"]

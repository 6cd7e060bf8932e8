"""The captioner's part of the `captionbot` command.

`bot.cli` loads it, so heavy packages are imported inside the commands: a bot host has neither torch
nor safetensors, and `--help` should not wait for them.
"""

from __future__ import annotations

from captioner.cli.weights import weights

__all__ = ["weights"]

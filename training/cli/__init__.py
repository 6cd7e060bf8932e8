"""The commands that train models, score them, and look into data sets.

`bot.cli` loads it. Heavy packages are imported inside the commands, as in `captioner.cli`.
"""

from __future__ import annotations

from training.cli.data import data
from training.cli.evaluate import evaluate
from training.cli.train import train
from training.cli.weights import add_to_weights

__all__ = ["add_to_weights", "data", "evaluate", "train"]

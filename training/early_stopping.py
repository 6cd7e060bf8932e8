"""Early stopping: the best validation of a stage so far, and the weights it was of."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from training.config import EarlyStopping


class Best:
    """Remembers the best weights, where the configuration asks for it.

    What it remembers is part of a stage's saved state, so that a resumed run stops where the
    whole one does.
    """

    def __init__(self, config: EarlyStopping | None) -> None:
        self._config = config
        self.scores: dict[str, float] | None = None
        self.tensors: dict[str, Tensor] = {}
        self._worse = 0  # validations since

    def look(self, scores: dict[str, float], tensors: dict[str, Tensor]) -> None:
        """Take note of a validation and of the weights that it is of."""
        if self._config is None:
            return
        metric = self._config.metric
        if self.scores is None or scores[metric] > self.scores[metric]:
            self.scores, self._worse = dict(scores), 0
            self.tensors = {name: tensor.clone() for name, tensor in tensors.items()}
        else:
            self._worse += 1

    @property
    def should_stop(self) -> bool:
        """Whether there was no better validation for as long as the configuration waits."""
        return self._config is not None and self._worse >= self._config.patience

    def meta(self) -> dict[str, Any]:
        """What of it is no tensor, for JSON."""
        return {"scores": self.scores, "worse": self._worse}

    def restore(self, meta: dict[str, Any] | None, tensors: dict[str, Tensor]) -> None:
        """Go on with what `meta` and `tensors` were."""
        if meta:
            self.scores, self._worse, self.tensors = meta["scores"], int(meta["worse"]), tensors

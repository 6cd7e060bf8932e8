"""What a run begins with where it does not begin with nothing: a checkpoint's model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from captioner.captioner import BUNDLED
from captioner.checkpoint.torch_checkpoint import Checkpoint, load_checkpoint


@dataclass(frozen=True)
class Start:
    """A checkpoint whose model is trained further."""

    checkpoint: Checkpoint
    digest: str  # SHA-256 of the file

    def fingerprint(self, stage: str) -> str:
        """A stage's fingerprint, which changes with the checkpoint as well."""
        return hashlib.sha256(f"{self.digest}\n{stage}".encode()).hexdigest()

    def describe(self) -> dict[str, object]:
        """What the new checkpoint says of the one that it comes from."""
        checkpoint = self.checkpoint
        return {
            "name": checkpoint.name,
            "sha256": self.digest,
            "provenance": checkpoint.provenance,
        }


def read_start(start: str) -> Start:
    """What a configuration's `start` names: the bundled checkpoint, or one by its path.

    Raises CheckpointError for what is no checkpoint.
    """
    path = BUNDLED if start == "bundled" else Path(start).expanduser()
    checkpoint = load_checkpoint(path)
    return Start(checkpoint, hashlib.sha256(path.read_bytes()).hexdigest())

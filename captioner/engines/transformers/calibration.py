"""The calibration of a model, kept beside its files: those of one revision, in the Hub's cache."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from captioner.checkpoint.confidence import Calibration
from captioner.checkpoint.metadata import CheckpointError

_FILE = "captionbot.json"
_CALIBRATION = TypeAdapter(Calibration)


def read_calibration(folder: Path) -> Calibration | None:
    """The calibration beside a model's files; None if there is none. Raises CheckpointError."""
    file = folder / _FILE
    try:
        return _CALIBRATION.validate_python(json.loads(file.read_text("utf-8"))["calibration"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise CheckpointError(
            f"{file}: no calibration ({type(error).__name__}); make it again with `captionbot "
            "weights calibrate`, or remove the file"
        ) from error


def write_calibration(folder: Path, calibration: Calibration, record: dict[str, object]) -> Path:
    """Keep a calibration, and what it was measured on, beside a model's files. Raises OSError."""
    file = folder / _FILE
    new = file.with_suffix(".new")
    document = {"calibration": asdict(calibration), "measured": record}
    new.write_text(json.dumps(document, indent=1), encoding="utf-8")
    new.replace(file)
    return file

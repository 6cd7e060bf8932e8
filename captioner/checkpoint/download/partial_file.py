"""What there is of a file that is still being fetched, and what it is the beginning of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """What a server said of the file whose beginning we have."""

    source: str  # which address and which checksum it was fetched for
    validator: str | None = None  # a strong ETag or a date, for If-Range
    total: int | None = None  # bytes


class Partial:
    """`.NAME.part` beside the target, and `.NAME.part.json`, which says what it is part of."""

    def __init__(self, target: Path, *, url: str, sha256: str | None) -> None:
        self.path = target.with_name(f".{target.name}.part")
        self._about = target.with_name(f".{target.name}.part.json")
        self._source = hashlib.sha256(f"{url}\n{sha256}".encode()).hexdigest()
        self._goes_on_unasked = sha256 is not None  # the checksum shows what does not fit together

    def origin(self) -> Origin | None:
        """What the bytes that are there belong to; None if they are no use."""
        try:
            origin = TypeAdapter(Origin).validate_json(self._about.read_bytes())
        except (OSError, ValidationError):
            return None
        fits = origin.source == self._source and self.size > 0
        return origin if fits and (origin.validator or self._goes_on_unasked) else None

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def begin(self, validator: str | None, total: int | None) -> None:
        """Forget what there is, and note what comes now. Raises OSError."""
        self.discard()
        text = json.dumps(asdict(Origin(self._source, validator, total)))
        self._about.write_text(text, encoding="utf-8")
        self.path.touch()

    def discard(self) -> None:
        """Leave nothing."""
        self.path.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """Put the file where it belongs, in one step."""
        self.path.replace(target)
        self._about.unlink(missing_ok=True)

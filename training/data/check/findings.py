"""One thing that is wrong with a data set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from training.data.photos import shortened


class Kind(StrEnum):
    """What it is, in the order of a report."""

    BROKEN = "broken entry"
    MISSING = "missing photo"
    DAMAGED = "damaged photo"
    NO_CAPTION = "photo without caption"
    OVERLAP = "photo in two splits"
    SUSPECT = "photo looks damaged"
    SAME_FILE = "same file twice"
    SAME_PIXELS = "same pixels twice"
    ALIKE = "near duplicate"
    FEW = "fewer captions than others"
    REPEATED = "caption repeated"
    SHORT = "caption too short"
    LONG = "caption too long"
    CHARACTERS = "caption with odd characters"
    MARKUP = "caption with HTML"

    @property
    def stops_a_run(self) -> bool:
        """Whether training refuses to start with it; the others are worth a look."""
        return self in {Kind.BROKEN, Kind.MISSING, Kind.DAMAGED, Kind.NO_CAPTION}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and where."""

    kind: Kind
    where: str  # `FILE:LINE` or `FILE, KEY[INDEX]`
    photo: str  # its name, "" where an entry names none
    text: str

    def __post_init__(self) -> None:
        for name in ("where", "photo", "text"):
            object.__setattr__(self, name, shortened(getattr(self, name)))

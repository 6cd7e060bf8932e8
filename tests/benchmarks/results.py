"""Results that were never measured."""

from __future__ import annotations

from benchmarks.results import Piece, Record, Statistic


def piece(
    figures: dict[str, Statistic] | None = None,
    *,
    skipped: str = "",
    note: str = "",
    others: float = 0.0,
) -> Piece:
    machine: dict[str, str | int | float] = {
        "processor": "Abacus", "cores": 2, "instructions": "beads", "memory_gb": 1.5, "gpu": "",
        "threads": "2", "system": "CaptionService", "software": "Python 3.11.2",
    }  # fmt: skip
    return Piece(Record(figures or {}, note, skipped), "2026-11-24", 1.0, others, machine)

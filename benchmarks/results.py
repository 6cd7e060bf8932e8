"""Results on disk: a JSON file a measurement, written anew after every piece of it."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")

COMMITTED = Path(__file__).parent / "results"
_UNFINISHED = "unfinished.json"
_DIGITS = 6  # significant ones; the rest is noise


class ResultsError(Exception):
    """A file of results that cannot be read; the text says which."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one piece of a measurement."""

    figures: dict[str, Statistic] = field(default_factory=dict)
    note: str = ""  # what a reader of the numbers must know
    skipped: str = ""  # why there are no figures here


@dataclass(frozen=True, slots=True)
class Piece:
    """A record, and when and where it was made."""

    record: Record
    measured: str  # date
    seconds: float  # that it took
    others: float  # cores that others kept busy meanwhile
    machine: dict[str, str | int | float]


Pieces = Mapping[str, Piece]
_FILE: TypeAdapter[dict[str, Piece]] = TypeAdapter(dict[str, Piece])
_NAMES: TypeAdapter[list[str]] = TypeAdapter(list[str])


class Results:
    """The results in a folder."""

    def __init__(self, folder: Path = COMMITTED) -> None:
        self.folder = folder

    def pieces(self, measurement: str) -> Pieces:
        """All pieces of a measurement; {} if there are none. Raises ResultsError."""
        return self._read(self._file(measurement), _FILE, {})

    def record(self, measurement: str, piece: str) -> Record | None:
        """What came of a piece, if it was measured. Raises ResultsError."""
        found = self.pieces(measurement).get(piece)
        return found.record if found else None

    def keep(self, measurement: str, piece: str, result: Piece) -> None:
        """Store a piece, in place of an older one of the same name."""
        kept = {**self.pieces(measurement), piece: result}
        self._write(self._file(measurement), {name: _plain(one) for name, one in kept.items()})

    def forget_others(self, measurement: str, pieces: list[str]) -> None:
        """Drop the pieces of a measurement that it no longer has."""
        known = self.pieces(measurement)
        if set(known) - set(pieces):
            kept = {name: _plain(known[name]) for name in pieces if name in known}
            self._write(self._file(measurement), kept)

    # --- a run that is not finished

    def done(self) -> list[str]:
        """The pieces that an unfinished run has done; [] if there is no such run."""
        return self._read(self.folder / _UNFINISHED, _NAMES, [])

    def note_done(self, names: list[str]) -> None:
        """Remember what an unfinished run has done."""
        self._write(self.folder / _UNFINISHED, names)

    def finish(self) -> None:
        """The run is finished, or given up."""
        (self.folder / _UNFINISHED).unlink(missing_ok=True)

    def _file(self, measurement: str) -> Path:
        return self.folder / f"{measurement}.json"

    def _read(self, file: Path, form: TypeAdapter[T], otherwise: T) -> T:
        try:
            return form.validate_json(file.read_bytes())
        except FileNotFoundError:
            return otherwise
        except (OSError, ValidationError) as error:
            raise ResultsError(
                f"{file.name} cannot be read ({type(error).__name__}); measure it again"
            ) from error

    def _write(self, file: Path, value: object) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        half = file.with_name(file.name + ".part")
        half.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        half.replace(file)


def _plain(piece: Piece) -> dict[str, object]:
    """A piece as JSON, its numbers without digits that mean nothing."""
    plain = asdict(piece)
    for figure in plain["record"]["figures"].values():
        for name in ("median", "low", "high"):
            figure[name] = float(f"{figure[name]:.{_DIGITS}g}")
    return plain


@dataclass(frozen=True, slots=True)
class Statistic:
    """A measured number: the median of `count` observations and their quartiles."""

    unit: str  # "ms", "s", "×", "MB", "/s", "bytes", "" for a plain count
    median: float
    low: float  # first quartile
    high: float  # third quartile
    count: int

    @classmethod
    def of(cls, values: Sequence[float], unit: str) -> Statistic:
        """The figure of some observations; raises ValueError for none."""
        if not values:
            raise ValueError("a figure needs an observation")
        low, middle, high = quartiles(values)
        return cls(unit, middle, low, high, len(values))

    @classmethod
    def exactly(cls, value: float, unit: str) -> Statistic:
        """A number that does not vary, or was taken once."""
        return cls(unit, value, value, value, 1)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """First quartile, median and third quartile of at least one value."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share (0…1) of the values lies, read off the sorted values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def ratios(upper: Sequence[float], lower: Sequence[float]) -> Statistic:
    """The figure of `upper` over `lower`, observation by observation: those of one round each."""
    return Statistic.of([a / b for a, b in zip(upper, lower, strict=True)], "×")

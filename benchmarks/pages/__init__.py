"""docs/benchmarks.md and docs/capacity.md, written from the results by templates beside this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.bars import judge
from benchmarks.measurements import MEASUREMENTS, hub_models, profile
from benchmarks.pages.explained import profiles
from benchmarks.pages.planning import LARGE, plan, simulated
from benchmarks.pages.plots import PLOTS, draw
from benchmarks.results import Piece, Results
from benchmarks.running import number, spoken

_TEMPLATES = Path(__file__).parent
_MANY = 3  # kinds of machine; nobody reads more


def write_pages(results: Results, docs: Path) -> list[Path]:
    """Write the pages and their plots; the files written."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown, from our own numbers
    )
    environment.filters |= {"spoken": spoken, "number": number, "capitalize_first": _capitalised}
    pieces = {one.name: results.pieces(one.name) for one in MEASUREMENTS}
    written = draw(pieces, docs / "benchmarks")
    drawn = {file.stem for file in written}
    values = {
        "measurements": MEASUREMENTS,
        "pieces": pieces,
        "judged": judge(results),
        "machines": _machines(pieces.values()),
        "days": _days(pieces.values()),
        "others": _others(pieces.values()),
        "others_in_plan": _others(
            own for name, own in pieces.items() if name != hub_models.MEASUREMENT.name
        ),
        "profile": profile.MEASUREMENT,
        "profiles": profiles(pieces[profile.MEASUREMENT.name]),
        "plots": {name: plot for name, plot in PLOTS.items() if name in drawn},
        "plan": plan(results),
        "plant": LARGE,
        "simulated": simulated(),
    }
    for page in ("benchmarks", "capacity"):
        file = docs / f"{page}.md"
        file.write_text(environment.get_template(f"{page}.md.j2").render(values), encoding="utf-8")
        written.append(file)
    return written


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _all(measurements: Iterable[Mapping[str, Piece]]) -> list[Piece]:
    return [piece for pieces in measurements for piece in pieces.values()]


def _machines(measurements: Iterable[Mapping[str, Piece]]) -> list[dict[str, str | int | float]]:
    """The machines that the pieces were measured on, each once."""
    found: list[dict[str, str | int | float]] = []
    for piece in _all(measurements):
        if piece.machine not in found:
            found.append(piece.machine)
    return found[:_MANY]


def _days(measurements: Iterable[Mapping[str, Piece]]) -> tuple[str, str]:
    days = sorted(piece.measured for piece in _all(measurements))
    return (days[0], days[-1]) if days else ("never", "never")


def _others(measurements: Iterable[Mapping[str, Piece]]) -> tuple[float, float]:
    busy = [piece.others for piece in _all(measurements)]
    return (min(busy), max(busy)) if busy else (0.0, 0.0)

"""A reliability diagram as SVG, which shows itself in light and in dark."""

from __future__ import annotations

from xml.sax.saxutils import escape

from training.evaluation.calibration import Reliability

_SIDE, _LEFT, _TOP, _RIGHT, _BOTTOM = 360, 64, 24, 24, 96  # pixels
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #333 }
  .frame { fill: none; stroke: #888 } .grid { stroke: #8884 } .ideal { stroke: #888 }
  .ideal { stroke-dasharray: 5 4 }
  .line { fill: none; stroke-width: 2 } .before { stroke: #b35806 } .after { stroke: #2166ac }
  .dot.before { fill: #b35806 } .dot.after { fill: #2166ac }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd }
    .before { stroke: #fdb863 } .after { stroke: #7fb8e6 }
    .dot.before { fill: #fdb863 } .dot.after { fill: #7fb8e6 }
  }
"""


def reliability_svg(series: dict[str, Reliability]) -> str:
    """The picture: for each series a line of its bins; drawn on the diagonal is ideal.

    At most two series, named as they shall be called: the first is drawn as what was before.
    """
    width, height = _SIDE + _LEFT + _RIGHT, _SIDE + _TOP + _BOTTOM
    title = "Share of captions that fit, by confidence"
    said = "; ".join(
        f"{name}: expected calibration error {one.ece:.3f}" for name, one in series.items()
    )
    kinds = ("before", "after")[-len(series) :]
    drawn = [
        _series(name, one, kind, row)
        for row, ((name, one), kind) in enumerate(zip(series.items(), kinds, strict=True))
    ]
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
                f'width="{width}" height="{height}" role="img" aria-labelledby="t d">'
            ),
            f'<title id="t">{title}</title><desc id="d">{escape(said)}</desc>',
            f"<style>{_STYLE}</style>",
            *_axes(),
            *drawn,
            "</svg>\n",
        ]
    )


def _x(value: float) -> float:
    return round(_LEFT + _SIDE * value, 1)


def _y(value: float) -> float:
    return round(_TOP + _SIDE * (1 - value), 1)


def _axes() -> list[str]:
    lines = [f'<rect class="frame" x="{_x(0)}" y="{_y(1)}" width="{_SIDE}" height="{_SIDE}"/>']
    for tenths in range(0, 11, 2):
        at = tenths / 10
        lines += [
            f'<path class="grid" d="M{_x(at)} {_y(0)}V{_y(1)}M{_x(0)} {_y(at)}H{_x(1)}"/>',
            f'<text x="{_x(at)}" y="{_y(0) + 18}" text-anchor="middle">{at:.0%}</text>',
            f'<text x="{_x(0) - 8}" y="{_y(at) + 4}" text-anchor="end">{at:.0%}</text>',
        ]
    middle = _TOP + _SIDE / 2
    return [
        *lines,
        f'<path class="ideal" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>',
        f'<text x="{_x(0.5)}" y="{_y(0) + 38}" text-anchor="middle">confidence</text>',
        (
            f'<text x="14" y="{middle}" text-anchor="middle" '
            f'transform="rotate(-90 14 {middle})">share that fits</text>'
        ),
    ]


def _series(name: str, one: Reliability, kind: str, row: int) -> str:
    points = [(_x(b.confidence), _y(b.fitting)) for b in one.bins]
    path = "L".join(f"{x} {y}" for x, y in points)
    dots = "".join(f'<circle class="dot {kind}" cx="{x}" cy="{y}" r="4"/>' for x, y in points)
    y = _y(0) + 60 + 20 * row
    return (
        f'<path class="line {kind}" d="M{path}"/>{dots}'
        f'<circle class="dot {kind}" cx="{_LEFT + 6}" cy="{y - 4}" r="5"/>'
        f'<text x="{_LEFT + 18}" y="{y}">{escape(name)}</text>'
    )

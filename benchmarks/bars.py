"""What the numbers are to be: the bars and aims of the project, and whether they are met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.measurements import adapters, encoder, engines, hub_models
from benchmarks.results import Record, Results, Statistic


class Verdict(StrEnum):
    """What became of a bar."""

    AIM = "aim met"
    BAR = "bar met"
    MISSED = "missed"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A number that has to be reached, and one that is hoped for."""

    what: str
    measurement: str
    piece: str
    figure: str
    unit: str
    bar: float
    aim: float
    at_most: bool  # else at least
    steady: bool = True  # a ratio, a size or a count, which a busy machine leaves as it is

    def verdict(self, figure: Statistic | None) -> Verdict:
        """Whether a figure's median meets it."""
        if figure is None:
            return Verdict.UNKNOWN
        for limit, verdict in ((self.aim, Verdict.AIM), (self.bar, Verdict.BAR)):
            if figure.median <= limit if self.at_most else figure.median >= limit:
                return verdict
        return Verdict.MISSED


def _at_most(
    what: str, where: tuple[str, str, str], unit: str, bar: float, aim: float, **more: bool
) -> Bar:
    measurement, piece, figure = where
    return Bar(
        what=what, measurement=measurement, piece=piece, figure=figure, unit=unit, bar=bar,
        aim=aim, at_most=True, **more,
    )  # fmt: skip


def _at_least(
    what: str, where: tuple[str, str, str], unit: str, bar: float, aim: float, **more: bool
) -> Bar:
    measurement, piece, figure = where
    return Bar(
        what=what, measurement=measurement, piece=piece, figure=figure, unit=unit, bar=bar,
        aim=aim, at_most=False, **more,
    )  # fmt: skip


BARS: tuple[Bar, ...] = (
    _at_most(
        "beam 5 caption over encoder alone, CPU, batch 1, the caption by torch, float32",
        ("encoder", "batch 1", encoder.RATIO), "×", 1.35, 1.15,
    ),
    _at_most(
        "beam 5 caption over encoder alone, CPU, batch 1, the caption by OpenVINO, float32",
        ("encoder", "batch 1", encoder.RATIO_EXACT), "×", 1.35, 1.15,
    ),
    _at_most(
        "beam 5 caption over encoder alone, CPU, batch 1, the caption by OpenVINO, int8",
        ("encoder", "batch 1", encoder.RATIO_INT8), "×", 1.35, 1.15,
    ),
    _at_least(
        "int8 engine over torch float32, CPU, batch 1",
        ("engines", "batch 1", engines.RATIO), "×", 3, 5,
    ),
    _at_most(
        "BLEU-4 that the int8 engine loses on dev photos",
        ("engines", engines.DEV, engines.LOST), "", 0.3, 0.3,
    ),
    _at_most(
        "a caption in the dearest language over one in English, CPU, batch 1, int8",
        ("languages", engines.LANGUAGES_PIECE, engines.DEAREST), "×", 1.15, 1,
    ),
    _at_least(
        "against the textbook's implementation, batch 16, torch",
        ("textbook", "batch 16", "textbook / torch"), "×", 3, 3,
    ),
    _at_least(
        "against the textbook's implementation, batch 16, int8",
        ("textbook", "batch 16", "textbook / openvino"), "×", 3, 10,
    ),
    _at_least(
        "against BLIP-base, CPU, one photo, torch",
        ("peers", "BLIP-base", "BLIP-base / torch"), "×", 5, 5,
    ),
    _at_least(
        "against BLIP-base, CPU, one photo, int8",
        ("peers", "BLIP-base", "BLIP-base / openvino"), "×", 5, 40,
    ),
    _at_least(
        "BLIP-base of the Hub: pipeline, photo by photo, over the engine, CPU, batch 8",
        ("hub-models", f"{hub_models.BASE}, batch 8", hub_models.RATIO), "×", 1.5, 1.5,
    ),
    _at_least(
        "BLIP-base of the Hub: pipeline over the engine, CPU, one photo",
        ("hub-models", f"{hub_models.BASE}, batch 1", hub_models.RATIO), "×", 1, 1,
    ),
    _at_least(
        "GPU: captions over encoder-only images a second, batch 256",
        ("gpu", "batch 256", encoder.GPU_RATIO), "×", 0.5, 0.8,
    ),
    *(
        _at_least(
            f"whole service over bare Captioner, throughput, CPU, {engine}",
            ("service", f"throughput, {engine}", "service / bare"), "×", 0.85, 0.95,
        )
        for engine in ("torch", "int8")
    ),
    _at_most(
        "latency that the service adds at low load, p50",
        ("service", "latency", "p50"), "ms", 10, 5, steady=False,
    ),
    _at_most(
        "latency that the service adds at low load, p99",
        ("service", "latency", "p99"), "ms", 25, 12, steady=False,
    ),
    _at_most(
        "memory of a CPU worker, resident",
        ("memory", "worker, full size", "resident"), "MB", 900, 350,
    ),
    *(
        _at_most(
            f"memory of a bot process ({role})", ("memory", role, "resident"), "MB", 120, 80
        )
        for role in ("telegram", "discord", "web")
    ),
    _at_most(
        "start of captionbot worker to ready, warm disk",
        ("start", "worker, full size", "to ready"), "s", 6, 2, steady=False,
    ),
    _at_most(
        "start of captionbot --help", ("start", "--help", "whole"), "s", 0.5, 0.25, steady=False
    ),
    _at_most(
        "start of captionbot doctor, to its first line",
        ("start", "doctor", "to its first line"), "s", 0.5, 0.25, steady=False,
    ),
    _at_most(
        "attention GIF, 12 words, 320 px",
        ("attention-gif", "12 words, 320 px", "GIF"), "ms", 150, 50, steady=False,
    ),
    *(
        _at_most(
            f"{platform}'s own part of a 200 kB photo, {way}",
            ("adapters", platform, f"own part, {way}"), "ms", 15, 15, steady=False,
        )
        for platform in ("Telegram", "Discord")
        for way in ("in", "out")
    ),
    *(
        _at_most(
            f"{platform}'s own processor time for a 200 kB photo, in and out",
            ("adapters", platform, adapters.OWN), "ms", 15, 15,
        )
        for platform in ("Telegram", "Discord")
    ),
    *(
        _at_most(
            f"code that a photo goes through on {platform}: {what}",
            ("photo-path", platform, what), "", bar, aim,
        )
        for platform in ("Telegram", "Discord")
        for what, bar, aim in ((adapters.FILES, 36, 30), (adapters.FUNCTIONS, 220, 120))
    ),
    _at_most(
        "Redis round trips a photo, all queue operations",
        ("counts", "a photo", "round trips"), "", 7, 6,
    ),
    _at_most(
        "bytes through Redis beside the photo itself, a photo",
        ("counts", "a photo", "bytes beside the photo"), "kB", 20, 15,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedBar:
    """A bar, what was measured, and the verdict."""

    bar: Bar
    figure: Statistic | None
    verdict: Verdict
    why_not: str  # where nothing was measured


def judge(results: Results) -> list[CheckedBar]:
    """All bars against the results there are."""
    return [_judged(bar, results.record(bar.measurement, bar.piece)) for bar in BARS]


def _judged(bar: Bar, record: Record | None) -> CheckedBar:
    if record is None:
        return CheckedBar(bar, None, Verdict.UNKNOWN, "never measured")
    figure = record.figures.get(bar.figure)
    why_not = "" if figure else record.skipped or record.note or "not part of the measurement"
    return CheckedBar(bar, figure, bar.verdict(figure), why_not)


def missed(judged: list[CheckedBar], *, among: Callable[[Bar], bool]) -> list[CheckedBar]:
    """Those that are missed, among the bars that count."""
    return [one for one in judged if one.verdict is Verdict.MISSED and among(one.bar)]

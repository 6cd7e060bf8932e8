"""Foreign MP4, QuickTime, WebM, Matroska and AVI files → samples, by FFmpeg's libraries (PyAV).

They get the bytes and nothing else: no name, no protocol, one way of packing that the file's own
first bytes say, and the codecs that cameras, phones and chats use.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NoReturn, cast

import av
import numpy as np
from av.buffer import Buffer
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream

from bot.media.decoder import Rejection
from bot.media.decoder.colour import SDR, Encoding, by_codes
from bot.media.decoder.photos import SMALLEST_SIDE, fitted, too_many, too_small
from bot.media.decoder.shots import MOST_SAMPLES, Budget, Film, Sample
from bot.media.sniff import Container

CODECS = frozenset(
    (
        *("h264", "hevc", "av1", "libdav1d", "vp8", "vp9"),
        *("mpeg4", "msmpeg4v2", "msmpeg4v3", "h263", "mpeg2video", "mjpeg", "prores"),
    )
)
_APART = 0.5  # seconds between samples; less in a short video, more in a long one
_MOST_PACKETS, _MOST_KEYS = 100_000, 200_000
_MANY = 300  # pictures between two that stand for themselves: then not each is decoded
_PROBED = 4  # times the pixels allowed: so far a file that has too many is told so
_UNSPECIFIED = 2  # of a frame's colour space
_HD = 720  # lines from which a video that does not say has the colours of HD television

Packets = Sequence["Packet[VideoStream]"]


@dataclass(frozen=True, slots=True)
class _Track:
    """The packets of a video in the order of decoding, and when each is shown."""

    packets: Packets
    seconds: Sequence[float]  # from the first picture
    duration: float
    zero: float  # what the file calls that time


def read(data: bytes, container: Container, max_pixels: int, budget: Budget) -> Film | Rejection:
    """What there is to see: pictures at even distances, as far as the budget reaches.

    First the pictures that can be decoded by themselves, evenly over the whole video, then what
    lies between them where they are far apart.
    """
    opened = av.open(
        io.BytesIO(data),
        mode="r",
        format=container,
        metadata_errors="replace",
        options={"max_pixels": str(_PROBED * max_pixels)},
        container_options={
            "codec_whitelist": ",".join(sorted(CODECS)),
            "format_whitelist": container,
            "protocol_whitelist": "",
            "max_streams": "32",
            "enable_drefs": "0",
        },
        io_open=_refuse,
    )
    with opened:
        stream = _picture_stream(opened)
        if isinstance(stream, Rejection):
            return stream
        refusal = _unfit(stream, max_pixels)
        if refusal:
            return refusal
        track = _track(opened, stream, budget, most_bytes=2 * len(data))
        return _Looking(stream, track, budget, max_pixels).film()


def _refuse(*_: object) -> NoReturn:
    """What a file gets that asks for another file."""
    raise PermissionError


def _picture_stream(opened: InputContainer) -> VideoStream | Rejection:
    """The first stream of moving pictures; the cover of a piece of music is none."""
    for stream in opened.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    return (
        Rejection("unsupported", {"kind": "audio"})
        if opened.streams.audio
        else Rejection("damaged", {})
    )


def _unfit(stream: VideoStream, max_pixels: int) -> Rejection | None:
    codec: VideoCodecContext | None = stream.codec_context
    if codec is None or codec.name not in CODECS:
        return Rejection("unsupported", {"kind": "video"})
    if stream.width * stream.height > max_pixels:
        return too_many(max_pixels)
    if not stream.width or not stream.height:
        return Rejection("damaged", {})
    width, height = _seen_size(stream)
    return too_small(width, height) if min(fitted(width, height)) < SMALLEST_SIDE else None


def _seen_size(stream: VideoStream) -> tuple[int, int]:
    """Width and height in square pixels, before any turning."""
    shape = stream.sample_aspect_ratio or Fraction(1)
    if not Fraction(1, 4) <= shape <= 4:
        shape = Fraction(1)
    return max(1, round(stream.width * shape)), stream.height


def _track(
    opened: InputContainer, stream: VideoStream, budget: Budget, *, most_bytes: int
) -> _Track:
    """All packets of a video, or of one that lies about itself those that memory has room for."""
    packets: list[Packet[VideoStream]] = []
    total = 0
    with contextlib.suppress(FFmpegError):  # a file that breaks off
        for packet in opened.demux(stream):
            total += packet.size
            if total > most_bytes or len(packets) >= _MOST_KEYS or budget.spent:
                break
            if packet.size and (packet.is_keyframe or len(packets) < _MOST_PACKETS):
                packets.append(packet)
    unit = float(stream.time_base or Fraction(1, 1000))
    rate = float(stream.average_rate or 0) or 25.0
    times = [_seconds(packet, unit, number / rate) for number, packet in enumerate(packets)]
    zero = min(times, default=0.0)
    ends = (t + (p.duration or 0) * unit for t, p in zip(times, packets, strict=True))
    return _Track(packets, [t - zero for t in times], max(ends, default=zero) - zero, zero)


def _seconds(packet: Packet[VideoStream], unit: float, otherwise: float) -> float:
    stamp = packet.pts if packet.pts is not None else packet.dts
    return stamp * unit if stamp is not None else otherwise


class _Looking:
    """One look through a video."""

    def __init__(self, stream: VideoStream, track: _Track, budget: Budget, max_pixels: int) -> None:
        self._codec = stream.codec_context
        self._codec.thread_count = 1
        self._codec.options = {"max_pixels": str(max_pixels)}
        self._unit = float(stream.time_base or Fraction(1, 1000))
        self._size = fitted(*_seen_size(stream))
        self._track = track
        self._budget = budget
        self._scaler = VideoReformatter()
        self._samples: list[Sample] = []
        self._matrix = (1, 0, 0, 1)
        self._encoding = SDR
        self._apart = max(min(_APART, track.duration / 16), track.duration / MOST_SAMPLES)

    def film(self) -> Film | Rejection:
        keys = self._keys()
        for number in _evenly(len(keys)):
            if self._budget.spent:
                break
            self._look(keys[number], keys[number] + 1)
        seen = {round(sample.seconds, 3) for sample in self._samples}
        for first, after in self._gaps(keys if self._samples else [0]):
            if self._budget.spent:
                break
            self._look(first, after, begun=round(self._track.seconds[first], 3) in seen)
        if not self._samples:
            return Rejection("damaged", {})
        self._samples.sort(key=lambda sample: sample.seconds)
        duration = max(self._track.duration, self._samples[-1].seconds)
        return Film(self._samples, duration, self._matrix, self._encoding)

    def _keys(self) -> list[int]:
        """Packets whose pictures stand for themselves, not closer than samples are."""
        chosen: list[int] = []
        for number, packet in enumerate(self._track.packets):
            seconds = self._track.seconds
            if packet.is_keyframe and (
                not chosen or seconds[number] >= seconds[chosen[-1]] + self._apart
            ):
                chosen.append(number)
        return chosen or [0][: len(self._track.packets)]

    def _gaps(self, keys: Sequence[int]) -> list[tuple[int, int]]:
        """What lies between such packets where that is long, the longest first."""
        ends = [*keys, len(self._track.packets)]
        times = [*(self._track.seconds[key] for key in keys), self._track.duration]
        gaps = [
            (until - since, pair)
            for pair, (since, until) in zip(pairwise(ends), pairwise(times), strict=True)
            if until - since > 1.5 * self._apart and pair[1] - pair[0] > 1
        ]
        return [pair for _, pair in sorted(gaps, reverse=True)]

    def _look(self, first: int, after: int, *, begun: bool = False) -> None:
        """Decode some packets and keep samples of what comes out, the first picture included
        unless it is known.
        """
        self._codec.skip_frame = "NONREF" if after - first > _MANY else "DEFAULT"
        due = self._track.seconds[first] + self._apart if begun else -1.0
        for frame in self._decoded(self._track.packets[first:after]):
            seconds = self._shown(frame, first)
            if seconds >= due - 0.001 and len(self._samples) < 2 * MOST_SAMPLES:
                self._keep(frame, seconds)
                due = seconds + self._apart

    def _decoded(self, packets: Packets) -> Iterator[VideoFrame]:
        """What whole pictures come out until the budget is spent; the codec is as new then."""
        for packet in (*packets, None):
            if self._budget.spent:
                break
            with contextlib.suppress(FFmpegError):
                yield from (f for f in self._codec.decode(packet) if not f.is_corrupt)
        with contextlib.suppress(FFmpegError):
            self._codec.flush_buffers()

    def _shown(self, frame: VideoFrame, first: int) -> float:
        stamp = frame.pts if frame.pts is not None else frame.dts
        if stamp is None:
            return self._track.seconds[first]
        return min(max(0.0, stamp * self._unit - self._track.zero), self._track.duration)

    def _keep(self, frame: VideoFrame, seconds: float) -> None:
        width, height = self._size
        small = self._scaler.reformat(
            frame,
            width=width,
            height=height,
            format="rgb24",
            interpolation="AREA",
            src_colorspace=_colours(frame),
            threads=1,
        )
        self._samples.append(Sample(seconds, np.asarray(small.to_ndarray(), np.uint8)))
        if len(self._samples) == 1:
            self._matrix = _matrix(frame)
            self._encoding = _encoding(frame)
        self._budget.saw()


def _evenly(count: int) -> list[int]:
    """0…count-1 so that the first few are spread over all: a half, the quarters, the eighths."""
    bits = max(1, (count - 1).bit_length())
    return sorted(range(count), key=lambda number: int(f"{number:0{bits}b}"[::-1], 2))


def _colours(frame: VideoFrame) -> int | None:
    if frame.colorspace == _UNSPECIFIED and max(frame.width, frame.height) >= _HD:
        return Colorspace.ITU709.value
    return None


def _encoding(frame: VideoFrame) -> Encoding:
    """That of a high dynamic range where a film says so; others are taken for a screen's."""
    if frame.color_trc in {ColorTrc.SMPTE2084.value, ColorTrc.ARIB_STD_B67.value}:
        return by_codes(frame.color_primaries, frame.color_trc)
    return SDR


def _matrix(frame: VideoFrame) -> tuple[int, int, int, int]:
    """How the picture is to be turned and mirrored; as it is where nothing is said."""
    # PyAV's stub knows one kind of side data; there are more, and each is a buffer.
    side_data = cast("Mapping[str, Buffer]", frame.side_data)
    if "DISPLAYMATRIX" not in side_data:
        return 1, 0, 0, 1
    a, b, _, c, d = np.frombuffer(bytes(side_data["DISPLAYMATRIX"]), np.int32)[:5].tolist()
    return a, b, c, d

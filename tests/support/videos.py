"""Videos for tests, made here with PyAV: ordinary ones, and files that want to do harm."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from bot.chat.refusals import RefusalCode
from tests.support.photos import drawing, encoded

Picture = Image.Image


class Coding(NamedTuple):
    """A way to write a video that is quick to write."""

    codec: str
    options: dict[str, str]
    pixels: str = "yuv420p"


CODINGS = {
    "mp4": Coding("libx264", {"preset": "ultrafast"}),
    "mov": Coding("mpeg4", {"q": "3"}),
    "webm": Coding("libvpx", {"deadline": "realtime", "cpu-used": "8", "crf": "10", "b": "2M"}),
    "matroska": Coding("libx264", {"preset": "ultrafast"}),
    "avi": Coding("mpeg4", {"q": "3"}),
}
VP9 = Coding("libvpx-vp9", {"deadline": "realtime", "cpu-used": "8", "crf": "20"})
AV1 = Coding("libsvtav1", {"preset": "12", "crf": "30"})
HEVC_10_BITS = Coding(
    "libx265", {"preset": "ultrafast", "x265-params": "log-level=0:pools=1"}, "yuv420p10le"
)


def colour(rgb: tuple[int, int, int], size: tuple[int, int] = (160, 120)) -> Picture:
    """A picture of one colour."""
    return Image.new("RGB", size, rgb)


def scenes(count: int, size: tuple[int, int] = (160, 120)) -> list[Picture]:
    """Drawings of different places."""
    return [drawing(*size, seed=seed) for seed in range(count)]


def video(
    shots: Sequence[Picture | Sequence[Picture]],
    seconds_each: float = 1.0,
    *,
    fps: int = 10,
    format: str = "mp4",  # noqa: A002 - PyAV's word
    coding: Coding | None = None,
    prepare: Callable[[VideoStream], None] = lambda stream: None,
    sound: bool = False,
    **container_options: str,
) -> bytes:
    """A video of some shots, each a picture that stays or pictures shown in turn.

    `prepare` may change the stream before the first picture is written.
    """
    coding = coding or CODINGS[format]
    stills = [[shot] if isinstance(shot, Picture) else list(shot) for shot in shots]
    buffer = io.BytesIO()
    with (
        _ordinary_priority(),
        av.open(buffer, "w", format=format, container_options=container_options) as opened,
    ):
        stream: Any = opened.add_stream(coding.codec, rate=fps, options=coding.options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = stills[0][0].size
        stream.pix_fmt = coding.pixels
        stream.thread_count = 1
        prepare(stream)
        if sound:
            _add_sound(opened, len(shots) * seconds_each)
        for still in stills:
            for number in range(round(seconds_each * fps)):
                pixels = np.asarray(still[number % len(still)])
                opened.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        opened.mux(stream.encode(None))
    return buffer.getvalue()


@contextmanager
def _ordinary_priority() -> Iterator[None]:
    """Leave this thread scheduled as it was.

    Run by root, SVT-AV1 makes the thread that calls it a real-time one of the highest priority, and
    all that it starts from then on: with a browser among that, nothing else on the machine moves.
    """
    policy, param = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, param)


def music(format: str = "mp4", *, cover: bool = False) -> bytes:  # noqa: A002 - PyAV's word
    """A file of sound alone; with a cover, as albums have it."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=format) as opened:
        picture: Any = opened.add_stream("mjpeg", rate=1) if cover else None
        if cover:
            picture.width, picture.height, picture.pix_fmt = 160, 120, "yuvj420p"
            picture.disposition = av.stream.Disposition.attached_pic
        _add_sound(opened, 1.0)
        if cover:
            frame = av.VideoFrame.from_ndarray(np.asarray(drawing(160, 120)), format="rgb24")
            opened.mux(picture.encode(frame))
            opened.mux(picture.encode(None))
    return buffer.getvalue()


def _add_sound(opened: av.container.OutputContainer, seconds: float) -> None:
    stream: Any = opened.add_stream("libopus", rate=48_000, layout="mono")
    opened.start_encoding()
    for number in range(round(seconds * 50)):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.int16), "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, number * 960, Fraction(1, 48_000)
        opened.mux(stream.encode(frame))
    opened.mux(stream.encode(None))


def animation(
    format: str,  # noqa: A002 - Pillow's word
    shots: Sequence[Picture],
    milliseconds: int | Sequence[int] = 1000,
    **save: Any,
) -> bytes:
    """An animated picture, each shot one frame."""
    lossless = {"lossless": True} if format == "WEBP" else {}
    return encoded(
        shots[0], format, save_all=True, append_images=list(shots[1:]), duration=milliseconds,
        **lossless, **save,
    )  # fmt: skip


def patched(data: bytes, path: Sequence[bytes], change: Callable[[bytes], bytes]) -> bytes:
    """An MP4 in which the body of a box is another one, the boxes around it made to fit."""
    at = 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        if name == path[0]:
            body = data[at + 8 : at + size]
            body = patched(body, path[1:], change) if len(path) > 1 else change(body)
            box = struct.pack(">I4s", len(body) + 8, name) + body
            return data[:at] + box + data[at + size :]
        at += size
    raise LookupError(path[0])


def of_many_pictures(count: int) -> bytes:
    """An MP4 that claims so many pictures, all of them the same bytes of the file."""
    plain = video([drawing(160, 120)], 0.1, coding=CODINGS["avi"])
    table = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
    begin = plain.index(b"mdat") + 4
    size = int.from_bytes(plain[begin - 8 : begin - 4], "big") - 8
    places = struct.pack(">II", 0, count) + struct.pack(">I", begin) * count
    data = patched(plain, (*table, b"stco"), lambda _: places)
    data = patched(data, (*table, b"stsz"), lambda _: struct.pack(">III", 0, size, count))
    return patched(data, (*table, b"stts"), lambda _: struct.pack(">IIII", 0, 1, count, 1024))


def refers_to(path: str) -> bytes:
    """A QuickTime film that says its pictures lie in another file of this machine."""
    name = path.encode()

    def alias(_: bytes) -> bytes:
        # The alias of a file as classic Mac OS wrote it: a volume, a name, and the path at the end.
        record = bytes(10) + b"\x01" + b"/".ljust(27, b"\0") + bytes(12)
        record += bytes([min(63, len(name))]) + name[:63].ljust(63, b"\0") + bytes(16)
        record += struct.pack(">hh", 0, 0) + bytes(16)
        record += struct.pack(">hh", 2, len(name)) + name + b"\0" * (len(name) % 2)
        record += struct.pack(">hh", -1, 0)
        entry = struct.pack(">I4sI", 12 + len(record), b"alis", 0) + record
        return struct.pack(">II", 0, 1) + entry

    plain = video([colour((9, 99, 9))], format="mov")
    return patched(plain, (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"), alias)


def playlists(address: str) -> dict[str, bytes]:
    """Files that make a careless program open another one, by what they are."""
    as_mp4 = b"\0\0\0\x18ftypisom\0\0\2\0isommp42"
    hls = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n".encode()
    concat = f"ffconcat version 1.0\nfile '{address}'\n".encode()
    dash = f'<?xml version="1.0"?><MPD><BaseURL>{address}</BaseURL></MPD>'.encode()
    return {
        "HLS": hls,
        "HLS behind the head of an MP4": as_mp4 + hls,
        "concat": concat,
        "concat behind the head of an MP4": as_mp4 + concat,
        "DASH": dash,
        "SDP": f"v=0\nc=IN IP4 127.0.0.1\nu={address}\nm=video 9 RTP/AVP 96\n".encode(),
        "HLS behind the head of a WebM": b"\x1aE\xdf\xa3" + hls,
        "HLS in an AVI": b"RIFF" + struct.pack("<I", len(hls) + 4) + b"AVI " + hls,
    }


class Broken(NamedTuple):
    """A file that is no good, and what becomes of it."""

    data: bytes
    reason: RefusalCode


@cache
def broken() -> dict[str, Broken]:
    """Videos that are damaged, huge or no videos, by what they are."""
    whole = video(scenes(2))
    webm = video(scenes(1), format="webm")
    return {
        "empty": Broken(b"", RefusalCode.EMPTY),
        "text": Broken(b"not a video " * 99, RefusalCode.NOT_AN_IMAGE),
        "head of an MP4": Broken(whole[:40], RefusalCode.DAMAGED),
        "MP4 without its end": Broken(whole[: len(whole) // 2], RefusalCode.DAMAGED),
        "MP4 of zeros": Broken(whole[:40] + bytes(100_000), RefusalCode.DAMAGED),
        "WebM of noise": Broken(webm[:40] + _noise(100_000), RefusalCode.DAMAGED),
        "AVI of noise": Broken(b"RIFF\0\0\0\0AVI " + _noise(50_000), RefusalCode.DAMAGED),
        "MP4 whose pictures are noise": Broken(_with_noise(whole), RefusalCode.DAMAGED),
        "GIF without a frame": Broken(b"GIF89a" + bytes(20), RefusalCode.DAMAGED),
        "6000 x 4000": Broken(
            video([colour((9, 9, 9), (6000, 4000))], 0.1, coding=CODINGS["avi"]),
            RefusalCode.TOO_MANY_PIXELS,
        ),
        "WebM of 16,383 x 16,383": Broken(_huge_webm(webm), RefusalCode.DAMAGED),
        "8 x 8": Broken(video([colour((0, 0, 9), (8, 8))], 0.3), RefusalCode.TOO_SMALL),
        "huge animated WebP": Broken(_huge_webp(), RefusalCode.TOO_MANY_PIXELS),
        "huge animated GIF": Broken(_huge_gif(), RefusalCode.TOO_MANY_PIXELS),
        "sound": Broken(music(), RefusalCode.UNSUPPORTED),
        "sound in Matroska": Broken(music("matroska"), RefusalCode.UNSUPPORTED),
        "sound with a cover": Broken(music(cover=True), RefusalCode.UNSUPPORTED),
        "sound in Ogg": Broken(music("ogg"), RefusalCode.UNSUPPORTED),
        "Flash": Broken(b"FLV\x01" + bytes(100), RefusalCode.UNSUPPORTED),
        "a codec that nobody sends": Broken(
            video([colour((9, 9, 9))], 0.3, format="matroska", coding=Coding("ffv1", {})),
            RefusalCode.UNSUPPORTED,
        ),
    }


def _noise(length: int) -> bytes:
    return np.random.default_rng(5).bytes(length)


def _with_noise(mp4: bytes) -> bytes:
    return patched(mp4, (b"mdat",), lambda body: _noise(len(body)))


def _huge_webm(webm: bytes) -> bytes:
    """A WebM each of whose pictures claims to be as large as VP8 can say."""
    start = b"\x9d\x01\x2a"
    at = webm.index(start)
    return webm.replace(webm[at : at + 7], start + b"\xff\x3f\xff\x3f")


def _huge_gif() -> bytes:
    gif = bytearray(animation("GIF", [colour((9, 9, 9)), colour((99, 9, 9))]))
    gif[6:10] = b"\xff\xff\xff\xff"
    return bytes(gif)


def _huge_webp() -> bytes:
    side = (16_382).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + bytes([2, 0, 0, 0]) + side + side
    body += b"ANIM" + struct.pack("<I", 6) + bytes(6)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def endless_gif(frames: int) -> bytes:
    """A GIF of many frames of one pixel on a large ground, shown for no time, for ever."""
    head = b"GIF89a" + struct.pack("<HH", 1920, 1080) + b"\x80\0\0" + b"\x20\x40\x60\xff\0\0"
    loop = b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    frame = (
        b"!\xf9\x04\0\0\0\0\0" + b"," + struct.pack("<HHHH", 9, 9, 1, 1) + b"\0\x02\x02\x44\x01\0"
    )
    return head + loop + frame * frames + b";"

"""Pictures for tests, drawn here: ordinary photos, and files that want to do harm."""

from __future__ import annotations

import io
import random
import struct
import zlib
from functools import cache
from typing import Any, Literal, NamedTuple

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

from bot.chat.refusals import RefusalCode

RED = (220, 20, 20)
CORNER = 0.25  # of each side: how far the red corner at the top left reaches


class Hostile(NamedTuple):
    """A file, and what must become of it: a refusal, or "ok" where it is to be captioned."""

    data: bytes
    expected: RefusalCode | Literal["ok"]


def drawing(width: int = 320, height: int = 240, seed: int = 0) -> Image.Image:
    """Sky, ground, a sun and a house, other ones for each seed, and a red corner at top left."""
    dice = random.Random(seed)

    def colour() -> tuple[int, int, int]:
        return dice.randrange(40, 256), dice.randrange(40, 256), dice.randrange(40, 256)

    image = Image.new("RGB", (width, height), colour())
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 3, width, height), fill=colour())
    x, y, r = width * 3 // 4, height // 3, max(1, min(width, height) // 6)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=colour())
    x, y = dice.randrange(width // 3, width // 2 + 1), height // 2
    draw.rectangle((x, y, x + width // 5, height - 1), fill=colour())
    image.paste(RED, (0, 0, int(width * CORNER), int(height * CORNER)))
    return image


def encoded(image: Image.Image, format: str = "JPEG", **save: Any) -> bytes:  # noqa: A002 - Pillow's word
    """The image as a file of a format."""
    if format == "HEIF":
        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, format, **save)
    return buffer.getvalue()


def photo(
    width: int = 320,
    height: int = 240,
    seed: int = 0,
    format: str = "JPEG",  # noqa: A002 - Pillow's word
    **save: Any,
) -> bytes:
    """A drawing as a file of a format, like a photo that a person sends."""
    return encoded(drawing(width, height, seed), format, **save)


def rotated(orientation: int, format: str = "JPEG") -> bytes:  # noqa: A002 - Pillow's word
    """A photo stored turned, with the EXIF tag that tells programs how to turn it back."""
    turns = {
        1: (), 2: (Image.Transpose.FLIP_LEFT_RIGHT,), 3: (Image.Transpose.ROTATE_180,),
        4: (Image.Transpose.FLIP_TOP_BOTTOM,), 5: (Image.Transpose.TRANSPOSE,),
        6: (Image.Transpose.ROTATE_90,), 7: (Image.Transpose.TRANSVERSE,),
        8: (Image.Transpose.ROTATE_270,),
    }  # fmt: skip
    image = drawing()
    for turn in turns[orientation]:
        image = image.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, format, exif=exif.tobytes())


def png(width: int, height: int, rows: bytes, *, bits: int = 8, colour_type: int = 2) -> bytes:
    """A PNG of raw rows, each with its filter byte; nothing is checked."""

    def chunk(name: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def grey_16_bits(value: int, width: int = 64, height: int = 48) -> bytes:
    """A 16-bit grey PNG of one brightness, 0…65535."""
    return png(width, height, (b"\0" + struct.pack(">H", value) * width) * height,
               bits=16, colour_type=0)  # fmt: skip


def colour_16_bits(rgb: tuple[int, int, int], width: int = 64, height: int = 48) -> bytes:
    """A 16-bit RGB PNG of one colour, 0…65535 a channel."""
    return png(width, height, (b"\0" + struct.pack(">HHH", *rgb) * width) * height, bits=16)


def palette_with_transparency(format: str = "PNG") -> bytes:  # noqa: A002 - Pillow's word
    """A red disc on nothing: a person sees it on white."""
    image = Image.new("P", (200, 200), 0)
    image.putpalette([0, 0, 0, *RED])
    ImageDraw.Draw(image).ellipse((50, 50, 150, 150), fill=1)
    return encoded(image, format, transparency=0)


def see_through(mode: str = "RGBA", format: str = "PNG") -> bytes:  # noqa: A002 - Pillow's word
    """Black at the left, nothing at the right: a person sees black and white."""
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 100, 200))
    return encoded(image.convert(mode), format)


def animated(format: str, first: tuple[int, int, int] = RED) -> bytes:  # noqa: A002 - Pillow's word
    """An animation whose first frame has one colour and whose others have another."""
    frames = [Image.new("RGB", (96, 64), c) for c in (first, (0, 0, 255), (0, 255, 0))]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


def swapped_profile() -> bytes:
    """A colour profile that calls green what sRGB calls red, to tell if profiles are heeded.

    It is sRGB's own with the entries of two primaries exchanged.
    """
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return srgb.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")


def bomb(side: int) -> bytes:
    """A small PNG of very many black pixels."""
    return png(side, side, (b"\0" + bytes(side)) * side, colour_type=0)


@cache
def hostile() -> dict[str, Hostile]:
    """Files that are broken, huge, rare or lie about themselves, by what they are.

    Expected is what an `Intake` with its default limits makes of them.
    """
    whole = photo()
    svg = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'
    pages = [drawing(seed=seed) for seed in range(30)]
    return {
        "empty file": Hostile(b"", RefusalCode.EMPTY),
        "text named .jpg": Hostile(b"This is no picture.\n" * 10, RefusalCode.NOT_AN_IMAGE),
        "text that starts like a BMP": Hostile(b"BMW is a car. " * 20, RefusalCode.NOT_AN_IMAGE),
        "zeros": Hostile(bytes(10_000), RefusalCode.NOT_AN_IMAGE),
        "HTML page": Hostile(b"<!doctype html><html><p>404</p></html>", RefusalCode.NOT_AN_IMAGE),
        "SVG": Hostile(svg, RefusalCode.UNSUPPORTED),
        "PDF": Hostile(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", RefusalCode.UNSUPPORTED),
        "MP4": Hostile(b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + bytes(99), RefusalCode.UNSUPPORTED),
        "WebM": Hostile(b"\x1aE\xdf\xa3" + bytes(99), RefusalCode.UNSUPPORTED),
        "Photoshop": Hostile(b"8BPS\0\1" + bytes(99), RefusalCode.UNSUPPORTED),
        "truncated JPEG": Hostile(whole[: len(whole) // 2], RefusalCode.DAMAGED),
        "truncated progressive JPEG": Hostile(
            photo(progressive=True)[:-1000], RefusalCode.DAMAGED
        ),
        "JPEG of a header only": Hostile(whole[:20], RefusalCode.DAMAGED),
        "truncated PNG": Hostile(photo(format="PNG")[:-400], RefusalCode.DAMAGED),
        "truncated WebP": Hostile(photo(format="WEBP")[:-400], RefusalCode.DAMAGED),
        "truncated HEIC": Hostile(photo(format="HEIF")[:-400], RefusalCode.DAMAGED),
        "50,000 x 50,000 PNG header": Hostile(
            png(50_000, 50_000, b"\0" * 100), RefusalCode.TOO_MANY_PIXELS
        ),
        "decompression bomb PNG": Hostile(bomb(12_000), RefusalCode.TOO_MANY_PIXELS),
        "bomb within the limit": Hostile(bomb(8_000), "ok"),
        "huge animated WebP canvas": Hostile(huge_webp(), RefusalCode.TOO_MANY_PIXELS),
        "30 MB file": Hostile(photo(4000, 2500, format="BMP"), RefusalCode.TOO_LARGE),
        "1 x 1 pixel": Hostile(photo(1, 1, format="PNG"), RefusalCode.TOO_SMALL),
        "15 pixels high": Hostile(photo(200, 15, format="PNG"), RefusalCode.TOO_SMALL),
        "thin strip": Hostile(photo(20_000, 20, format="PNG"), RefusalCode.TOO_SMALL),
        "animated WebP": Hostile(animated("WEBP"), "ok"),
        "animated GIF": Hostile(animated("GIF"), "ok"),
        "animated PNG": Hostile(animated("PNG"), "ok"),
        "CMYK JPEG": Hostile(encoded(drawing().convert("CMYK")), "ok"),
        "16-bit PNG": Hostile(grey_16_bits(32_768), "ok"),
        "palette with transparency": Hostile(palette_with_transparency(), "ok"),
        "EXIF-rotated photo": Hostile(rotated(6), "ok"),
        "broken EXIF": Hostile(photo(exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + bytes(9)), "ok"),
        "broken colour profile": Hostile(photo(icc_profile=b"no profile at all" * 20), "ok"),
        "HEIC": Hostile(photo(format="HEIF"), "ok"),
        "AVIF": Hostile(photo(format="AVIF"), "ok"),
        "BMP": Hostile(photo(format="BMP"), "ok"),
        "TIFF with many pages": Hostile(
            encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "ok"
        ),
        "compressed TIFF": Hostile(photo(format="TIFF", compression="tiff_lzw"), "ok"),
        "JPEG with a film behind it": Hostile(whole + b"\0\0\0\x18ftypmp42" + bytes(9999), "ok"),
    }  # fmt: skip


def huge_webp() -> bytes:
    """An animated WebP whose header claims 16,383 x 16,383 pixels."""
    side = (16_382).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + bytes([2, 0, 0, 0]) + side + side
    body += b"ANIM" + struct.pack("<I", 6) + bytes(6)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body

"""A foreign picture → a small JPEG that looks the way a person sees the original.

Runs in the decoding process alone: everything here works on bytes that somebody may have made
in order to do harm.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence

import numpy as np
import pillow_heif
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from bot.media.decoder import Photo, Rejection, encode_answer, png, raw, truncated, worker
from bot.media.decoder.colour import SDR, encoding_of, to_sdr
from bot.media.decoder.frames import ANIMATED, background_of, has_holes, put_on, seek_chief

SIDE = 512  # pixels, the longest side of what comes out
FINE = 224  # pixels of the shorter side that a JPEG keeps; models look at no more
SMALLEST_SIDE = 16  # pixels; below it, a person sees nothing in a picture
QUALITY = 90

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
# Imported by name, for once the limits are set no file can be opened and so no module loaded.
_PLUGINS = (
    AvifImagePlugin, BmpImagePlugin, GifImagePlugin, ImagePalette, JpegImagePlugin,
    MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin,
)  # fmt: skip

_SRGB = ImageCms.createProfile("sRGB")
_LAB = ImageCms.createProfile("LAB")
_ORIENTATION = 0x0112  # the EXIF tag
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What to convert a mode to so that it can be scaled without wrong colours; others stay.
_SCALABLE = {
    "1": "L", "PA": "RGBA", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB", "YCbCr": "RGB", "HSV": "RGB",
}  # fmt: skip
_HEVC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"))
_AV1 = frozenset((b"avif", b"avis"))
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_COMPRESSION = 259
_DAMAGED = Rejection("damaged", {})
_UNKNOWN = Rejection("unsupported", {"kind": "picture"})


def prepare(max_pixels: int) -> None:
    """Sets the picture library up; call it once, before any limit on files is in force."""
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener()
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    # Pillow raises above twice this. Some of its decoders check before they set memory aside,
    # which is earlier than `clean` can.
    Image.MAX_IMAGE_PIXELS = (max_pixels + 1) // 2
    PngImagePlugin.MAX_TEXT_CHUNK = png.MOST_PROFILE
    Image.preinit()
    for data in _some_of_ours():  # whatever is loaded at the first use is loaded now
        clean(data, max_pixels)


def clean(data: bytes, max_pixels: int) -> Photo | Rejection:
    """The picture upright, in sRGB, on white, at most SIDE pixels a side; raises nothing."""
    try:
        if raw.is_raw(data):
            preview = raw.preview_of(data)
            if preview is not None:
                return _cleaned(data[preview.start :], max_pixels, preview.orientation)
        return _cleaned(data, max_pixels)
    except Image.DecompressionBombError:
        return too_many(max_pixels)
    except MemoryError:  # some kinds of file need more for each pixel than the limit foresees
        return too_many(max_pixels // 2)
    except Exception as error:  # noqa: BLE001 - a hostile file can make a decoder raise anything
        return _refusal_of(data, error)


def _cleaned(data: bytes, max_pixels: int, orientation: int = 1) -> Photo | Rejection:
    """The picture, and what turns it where it does not say so itself; raises anything."""
    apples = data.startswith(png.SIGNATURE) and png.is_apples(data)
    if data.startswith(png.SIGNATURE):
        data = png.tidied(data)
    elif data.startswith(b"\xff\xd8"):
        data = truncated.trimmed_jpeg(data)
    else:
        data = _by_its_codec(data)
    try:
        return _opened(data, max_pixels, orientation, apples=apples)
    except (OSError, SyntaxError, EOFError):
        mended = truncated.mended(data)
        if mended is None:
            raise
        return _opened(mended.data, max_pixels, orientation, rows=mended.rows, apples=apples)


def _by_its_codec(data: bytes) -> bytes:
    """The file with a first brand that says how it is coded, where only a later one does.

    Pillow's plugins look at the first alone, which may be `mif1`, `miaf` or another of many.
    """
    first = data[8:12]
    if data[4:8] != b"ftyp" or first in _HEVC | _AV1:
        return data
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[at : at + 4] for at in range(16, end - 3, 4)}
    for coded, name in ((_HEVC, b"heic"), (_AV1, b"avif")):
        if brands & coded:
            return data[:8] + name + data[12:]
    return data


def _opened(
    data: bytes,
    max_pixels: int,
    orientation: int,
    *,
    rows: Callable[[Image.Image], int] | None = None,
    apples: bool = False,
) -> Photo | Rejection:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > max_pixels:
            return too_many(max_pixels)
        size = fitted(width, height)
        if min(size) < SMALLEST_SIDE:
            return too_small(width, height)
        _load(image, size)
        turn = _turn(image, orientation)
        picture: Image.Image = image
        if rows is not None:
            there = rows(image)
            if not there:
                return Rejection("damaged", {})
            picture = image.crop((0, 0, image.width, there))
        seen = _as_seen(_of_apple(image) if apples else picture, data)
        return encoded(seen if turn is None else seen.transpose(turn))


def _load(image: ImageFile.ImageFile, size: tuple[int, int]) -> None:
    if image.format in {"JPEG", "MPO"}:
        # Decodes at a half, a quarter or an eighth of the size, the least that is enough, and then
        # seldom has anything to scale, which would take longer than decoding.
        image.draft(None, _enough(image.size, size))
    if image.format in ANIMATED and getattr(image, "is_animated", False):
        seek_chief(image)
    # Pillow turns a TIFF while it loads it, and where EXIF says nothing goes by XMP: programs that
    # turn pictures leave that as it was, and browsers do not look at it.
    image.info.pop("xmp", None)
    image.load()


def _as_seen(image: Image.Image, data: bytes) -> Image.Image:
    """The loaded picture, small, in sRGB and without transparency."""
    encoding, icc = encoding_of(data, image), image.info.get("icc_profile")
    small = _eight_bits(image)
    if max(small.size) > SIDE:
        size = fitted(*small.size)
        small = small.resize(size, Image.Resampling.HAMMING, reducing_gap=3.0)
    seen = _without_holes(small)
    if encoding == SDR:
        return _srgb(seen, icc)
    return Image.fromarray(to_sdr(np.asarray(seen.convert("RGB")), encoding))


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size of what comes out for a picture of this size."""
    scale = min(1.0, SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _enough(whole: tuple[int, int], fitting: tuple[int, int]) -> tuple[int, int]:
    """The least size at which a picture is fine enough, at most the one that fits."""
    scale = min(1.0, FINE / min(whole))
    width, height = (math.ceil(side * scale) for side in whole)
    return min(width, fitting[0]), min(height, fitting[1])


def _turn(image: Image.Image, otherwise: int) -> Image.Transpose | None:
    """What the EXIF orientation asks for, or what is said otherwise where it is not there."""
    found = image.info.get("exif")
    exif = Image.Exif()
    try:
        exif.load(found if isinstance(found, bytes) else b"")
        return _UPRIGHT.get(int(exif.get(_ORIENTATION, otherwise)))
    except Exception:  # noqa: BLE001 - broken EXIF does not make the photo worth less
        return _UPRIGHT.get(otherwise)


def _of_apple(image: Image.Image) -> Image.Image:
    """A picture of Apple's kind of PNG with its colours in order."""
    if image.mode not in {"RGB", "RGBA"}:
        return image
    blue, green, red, *alpha = image.split()
    return Image.merge("RGBa" if alpha else "RGB", (red, green, blue, *alpha))


def _eight_bits(image: Image.Image) -> Image.Image:
    """The picture in a mode with 8 bits a channel that can be scaled."""
    if image.mode.startswith("I;16"):
        wide = image if image.mode == "I;16" else image.convert("I")
        return wide.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"I", "F"}:
        return _stretched(image)
    if image.mode == "P" or (image.mode in {"L", "RGB"} and "transparency" in image.info):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert(_SCALABLE.get(image.mode, image.mode))


def _stretched(image: Image.Image) -> Image.Image:
    """A picture of numbers without a fixed range as grey, as programs for these show it."""
    extrema = image.getextrema()
    low, high = (float(value) for value in extrema if isinstance(value, (int, float)))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("numbers that are no brightness")
    for top in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= top and not (top == 1.0 and image.mode == "I"):
            low, high = 0.0, top
            break
    scale = 255.0 / ((high - low) or 1.0)
    offset = -low * scale
    return image.convert("F").point(lambda value: value * scale + offset).convert("L")


def _without_holes(image: Image.Image) -> Image.Image:
    """The picture without transparency."""
    if image.mode not in {"LA", "RGBA"}:
        return image
    colours = image.convert("RGBA")
    return put_on(colours, background_of(colours)) if has_holes(colours) else colours.convert("RGB")


def _srgb(image: Image.Image, icc: object) -> Image.Image:
    """The picture in sRGB; a colour profile that is broken or of another kind is ignored."""
    if image.mode == "LAB":
        turned = ImageCms.profileToProfile(image, _LAB, _SRGB, outputMode="RGB")
        return turned if turned is not None else image
    if isinstance(icc, bytes) and icc:
        try:
            turned = _by_profile(image, ImageCms.ImageCmsProfile(io.BytesIO(icc)))
        except Exception:  # noqa: BLE001 - without its profile the picture is still worth seeing
            turned = None
        if turned is not None:
            return turned
    return image.convert("RGB")


def _by_profile(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image | None:
    space = profile.profile.xcolor_space.strip()
    if space == "RGB" and image.mode in {"L", "RGB"}:
        image = image.convert("RGB")
    elif (space, image.mode) not in {("GRAY", "L"), ("CMYK", "CMYK")}:
        return None
    return ImageCms.profileToProfile(image, profile, _SRGB, outputMode="RGB")


def encoded(image: Image.Image) -> Photo:
    """The picture as a baseline JPEG without anything but pixels."""
    image.info = {}  # Pillow would write a comment found there
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return Photo(buffer.getvalue(), *image.size)


def too_many(limit: int) -> Rejection:
    """The refusal of a picture with more than so many pixels."""
    return Rejection("too_many_pixels", {"limit": max(1, limit // 1_000_000)})


def too_small(width: int, height: int) -> Rejection:
    """The refusal of a picture with too few pixels on a side."""
    return Rejection("too_small", {"width": width, "height": height, "smallest": SMALLEST_SIDE})


def _refusal_of(data: bytes, error: Exception) -> Rejection:
    """The refusal of a picture over which a decoder raised an error."""
    if raw.is_raw(data):
        return Rejection("unsupported", {"kind": "raw"})
    try:
        return _UNKNOWN if _is_unknown(data, error) else _DAMAGED
    except Exception:  # noqa: BLE001 - a look at a file that is broken
        return _DAMAGED


def _is_unknown(data: bytes, error: Exception) -> bool:
    if str(error).startswith("Unsupported"):
        return True
    if data.startswith(_TIFF):
        return _is_unknown_tiff(data)
    if data.startswith(b"\xff\xd8"):
        found = truncated.jpeg_layout(data)
        return found is not None and not found.decodable
    return data[4:8] == b"ftyp" and _is_unknown_heif(data)


def _is_unknown_tiff(data: bytes) -> bool:
    """Whether it is packed in a way, or its pixels are of a kind, that Pillow does not have."""
    try:
        TiffImagePlugin.TiffImageFile(io.BytesIO(data))
    except SyntaxError as error:
        cause = error.__cause__  # for a compression that is not in Pillow's table, its number
        number = cause.args[0] if isinstance(cause, KeyError) and cause.args else None
        return isinstance(number, int) or str(error).startswith("unknown")
    return False


def _is_unknown_heif(data: bytes) -> bool:
    try:
        pillow_heif.open_heif(io.BytesIO(data))[0].load()
    except Exception as error:  # noqa: BLE001 - whatever it is, its words are looked at
        return "nsupported" in str(error)
    return False


def _some_of_ours() -> Sequence[bytes]:
    """A photo, one that breaks off, and a transparent picture in linear light."""
    photo, drawing = io.BytesIO(), io.BytesIO()
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    profile = ImageCms.ImageCmsProfile(_SRGB).tobytes()
    picture = Image.new("RGB", (2 * SIDE, SIDE))
    picture.save(photo, "JPEG", exif=exif, icc_profile=profile)
    linear = PngImagePlugin.PngInfo()
    linear.add(b"gAMA", (100_000).to_bytes(4, "big"))
    Image.new("RGBA", (64, 64), (255, 255, 255, 128)).save(drawing, "PNG", pnginfo=linear)
    return photo.getvalue(), photo.getvalue()[:-2], drawing.getvalue()


if __name__ == "__main__":
    worker.run(
        "bot.media.decoder.photos",
        prepare=lambda limits: prepare(limits.max_pixels),
        answer=lambda data, limits: encode_answer(clean(data, limits.max_pixels)),
    )

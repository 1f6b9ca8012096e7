"""Opens a photo with Pillow, in a child. Nothing here may run in the parent."""

import importlib
import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile

from models.formats import kinds

# Phones go up to 200 million pixels; a JPEG that size is decoded at an eighth of it.
MAX_PIXELS = 220_000_000
# Past this many bytes, file and pixels together, the other formats are opened, not decoded:
# that lets through the 24 million pixels of today's telephones under 200 MB resident.
MAX_DECODED = 175_000_000
# Measured: their libraries hold several copies of the pixels at once. Pillow's own: 4, or 1.
BYTES_PER_PIXEL = {kinds.HEIC: 5, kinds.WEBP: 15}
PLUGINS = {
    kinds.JPEG: "JPEG",
    kinds.PNG: "PNG",
    kinds.WEBP: "WEBP",
    kinds.TIFF: "TIFF",
    kinds.HEIC: "HEIF",
}
MODULES = {"JPEG": "Jpeg", "PNG": "Png", "WEBP": "WebP", "TIFF": "Tiff"}

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked instead, before any decoding


class Broken(Exception):
    pass


def prove(data: bytes, media_type: str) -> tuple[int, bool]:
    """How many images it holds, and whether all of the first is there. Raises Broken."""
    with _broken_if_anything():
        if media_type == kinds.HEIC:
            return _prove_heic(data)
        image = opened(data, media_type)
        frames = getattr(image, "n_frames", 1)
        if media_type == kinds.JPEG:
            image.draft(None, (1, 1))  # libjpeg still goes through all the data
        elif len(data) + weight(image, media_type) > MAX_DECODED:
            return frames, True
        return frames, loads(image) or _loads_partly(data, media_type)


def _prove_heic(data: bytes) -> tuple[int, bool]:
    """Without Pillow, which would copy the pixels once more."""
    import pillow_heif

    pillow_heif.options.DECODE_THREADS = 1
    photo = pillow_heif.open_heif(io.BytesIO(data))
    width, height = photo.size
    _check_pixels(width * height)
    if width * height * BYTES_PER_PIXEL[kinds.HEIC] + len(data) <= MAX_DECODED:
        bool(photo.data)  # decodes
    return len(photo), True


def opened(data: bytes, media_type: str) -> Image.Image:
    name = PLUGINS[media_type]
    _register(name)
    image = Image.open(io.BytesIO(data), formats=[name])
    _check_pixels(image.width * image.height)
    return image


def _check_pixels(pixels: int) -> None:
    if pixels > MAX_PIXELS:
        raise Broken


def weight(image: Image.Image, media_type: str) -> int:
    """Bytes that decoding takes."""
    per_pixel = 1 if image.mode in ("1", "L", "P") else 4
    return image.width * image.height * BYTES_PER_PIXEL.get(media_type, per_pixel)


def loads(image: Image.Image) -> bool:
    try:
        image.load()
    except (OSError, SyntaxError, EOFError):
        return False
    return True


@contextmanager
def tolerant() -> Iterator[None]:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _loads_partly(data: bytes, media_type: str) -> bool:
    """Always False, that is « not whole ». Raises when not even a part of it loads."""
    with tolerant():
        opened(data, media_type).load()
    return False


def _register(name: str) -> None:
    if name == "HEIF":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener(thumbnails=False)
    else:
        importlib.import_module(f"PIL.{MODULES[name]}ImagePlugin")


@contextmanager
def _broken_if_anything() -> Iterator[None]:
    # Pillow raises ValueError, SyntaxError, struct.error and others on hostile files.
    try:
        yield
    except Exception as error:
        raise Broken from error

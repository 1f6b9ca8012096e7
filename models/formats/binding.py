"""The child of `photos`: reads them on standard input and writes one PDF on standard output.

img2pdf puts the JPEG data in the page as they are, and turns the page as their EXIF says.
`python -m models.formats.binding SIZES`, a JSON list of bytes.
"""

import io
import json
import sys
from collections.abc import Iterator

import img2pdf
from PIL import Image, ImageOps, ImageSequence

from models.formats import images, jpeg, kinds, limits

CPU_SECONDS = 40
ADDRESS_SPACE = 1024 * limits.MEGABYTE
MAX_INPUT = 128 * limits.MEGABYTE
MAX_FRAMES = 50
A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))
QUALITY = 90
TURNED = {1, 3, 6, 8}  # the orientations that a page can be given; the others are mirrored


def main(sizes: list[int]) -> None:
    limits.limit(CPU_SECONDS, ADDRESS_SPACE, threads=True)
    data = io.BytesIO(limits.standard_input(MAX_INPUT))
    pages = []
    for index, size in enumerate(sizes):
        media_type = list(kinds.KINDS)[data.read(1)[0]]
        try:
            pages += upright(data.read(size), media_type)
        except Exception:  # Pillow raises every sort of error on hostile files
            print(json.dumps({"index": index, "media_type": media_type}))
            return
    img2pdf.convert(
        pages,
        outputstream=sys.stdout.buffer,
        layout_fun=img2pdf.get_layout_fun(A4, fit=img2pdf.FitMode.into, auto_orient=True),
        rotation=img2pdf.Rotation.ifvalid,
        # Nothing in the file tells when it was made, nor with what: the same photos are the same
        # bytes, which another engine would number by the hour.
        nodate=True,
        producer="",
        engine=img2pdf.Engine.internal,
    )


def upright(data: bytes, media_type: str) -> Iterator[bytes]:
    """One image for each page, which img2pdf can take as it is."""
    image = images.opened(data, media_type)
    if media_type == kinds.JPEG and _kept_as_is(image):
        yield jpeg.without_metadata(data, _orientation(image))
        return
    with images.tolerant():
        for number, frame in enumerate(_frames(image, media_type)):
            if number == MAX_FRAMES:
                break
            ImageOps.exif_transpose(frame, in_place=True)
            yield _drawn(frame)


def _kept_as_is(image: Image.Image) -> bool:
    if image.mode not in ("L", "RGB") or _orientation(image) not in TURNED:
        return False
    image.draft(None, (1, 1))
    return images.loads(image)


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(jpeg.ORIENTATION, 1)
    except Exception:  # a damaged EXIF must not block the photo
        return 1


def _frames(image: Image.Image, media_type: str) -> Iterator[Image.Image]:
    # Only a TIFF has pages; elsewhere the other frames are an animation or a live photo.
    return ImageSequence.Iterator(image) if media_type == kinds.TIFF else iter([image])


def _drawn(image: Image.Image) -> bytes:
    drawing = io.BytesIO()
    if image.mode in ("1", "L"):  # a scan, or a drawing: without any loss
        image.save(drawing, "PNG")
    else:
        _on_white(image).save(drawing, "JPEG", quality=QUALITY)
    return drawing.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    image = image.convert("RGBA")
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image)
    return page


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

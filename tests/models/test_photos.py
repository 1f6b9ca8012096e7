import io
from pathlib import Path

import pillow_heif
import pypdfium2
import pytest
from PIL import Image

from models.formats import photos
from models.formats.photos import bind
from models.formats.reading import Unreadable

UPLOADS = Path(__file__).resolve().parents[2].parent / "shared/inputs/uploads"
ORIENTATION = 0x0112
PLACE = 0x8825
# How an upright picture is laid down for each EXIF orientation.
LAID_DOWN = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def picture() -> Image.Image:
    """Portrait, red at the top left, blue at the bottom right."""
    drawn = Image.new("RGB", (300, 400), "white")
    drawn.paste("red", (0, 0, 150, 200))
    drawn.paste("blue", (150, 200, 300, 400))
    return drawn


def photo(form: str = "JPEG", orientation: int = 1) -> bytes:
    pillow_heif.register_heif_opener()
    laid, drawn = LAID_DOWN[orientation], picture()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(PLACE)[29] = "2026:01:01"
    file = io.BytesIO()
    (drawn.transpose(laid) if laid is not None else drawn).save(file, form, exif=exif)
    return file.getvalue()


def bound(taken: list[bytes]) -> bytes:
    pieces = ([one[:100], one[100:]] for one in taken)
    return b"".join(bind(pieces, [len(one) for one in taken]))


def pages(data: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(data)
    return [page.render(scale=1).to_pil().convert("RGB") for page in document]


def is_upright(page: Image.Image) -> bool:
    width, height = page.size
    red, _, blue = page.getpixel((width // 4, height // 4))
    end_red, _, end_blue = page.getpixel((3 * width // 4, 3 * height // 4))
    return width < height and red > 200 > blue and end_blue > 200 > end_red


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_orientation_is_upright(form):
    shown = pages(bound([photo(form, orientation) for orientation in LAID_DOWN]))
    assert [is_upright(page) for page in shown] == [True] * 8


def test_heic_is_upright():
    assert [is_upright(page) for page in pages(bound([photo("HEIF")]))] == [True]


def test_pages_are_a4_in_the_direction_of_the_photo():
    wide = io.BytesIO()
    picture().rotate(90, expand=True).save(wide, "JPEG")
    sizes = [page.size for page in pages(bound([photo(), wide.getvalue()]))]
    assert sizes == [(596, 842), (842, 596)]


def test_jpeg_data_are_kept_without_where_and_when():
    data = photo(orientation=6)
    result = bound([data])
    assert data[data.index(b"\xff\xda") :] in result
    assert b"2026:01:01" in data
    assert b"2026:01:01" not in result
    assert b"/CreationDate" not in result


def test_transparency_becomes_white():
    file = io.BytesIO()
    Image.new("RGBA", (100, 140), (0, 0, 0, 0)).save(file, "PNG")
    (page,) = pages(bound([file.getvalue()]))
    assert page.getpixel((300, 400)) == (255, 255, 255)


def test_each_page_of_a_tiff_is_a_page():
    file = io.BytesIO()
    picture().save(file, "TIFF", save_all=True, append_images=[picture(), picture()])
    assert len(pages(bound([file.getvalue(), photo()]))) == 4


def test_photo_cut_short_is_still_bound():
    data = photo()
    assert len(pages(bound([data[: len(data) // 2]]))) == 1


@pytest.mark.parametrize(
    ("bad", "reason", "what"),
    [
        (b"", "empty", None),
        (b"bonjour", "not_accepted", "un texte"),
        (b"%PDF-1.4 bonjour", "not_accepted", "un PDF"),
        (b"GIF89a" + bytes(50), "not_accepted", "une image GIF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "broken", "une image PNG"),
    ],
)
def test_bad_photo_is_pointed_at_before_any_piece(bad, reason, what):
    with pytest.raises(Unreadable) as caught:
        bind([[photo()], [bad]], [len(photo()), len(bad)])
    error = caught.value
    assert (error.reason, error.what, error.index) == (reason, what, 1)


@pytest.mark.parametrize("difference", [-1, 1])
def test_photo_of_another_size_than_said(difference):
    with pytest.raises(ValueError, match="photo 0"):
        bind([[photo()]], [len(photo()) + difference])


@pytest.mark.parametrize("count", [0, 51])
def test_number_of_photos_is_limited(count):
    with pytest.raises(ValueError, match="photos"):
        bind([[photo()]] * count, [len(photo())] * count)


def test_pieces_may_be_left_unread():
    noise = io.BytesIO()
    Image.effect_noise((1500, 1500), 90).save(noise, "JPEG", quality=95)
    pieces = bind([[noise.getvalue()]], [len(noise.getvalue())])
    assert next(pieces).startswith(b"%PDF-")
    pieces.close()
    assert list(pieces) == []


def test_pdf_cut_short_is_never_taken_for_whole(monkeypatch):
    monkeypatch.setattr(photos.Child, "finished_well", lambda child: False)
    with pytest.raises(Unreadable):
        bound([photo()])


@pytest.mark.skipif(not UPLOADS.exists(), reason="the shared inputs are not there")
def test_real_photos():
    names = ["DSCN0010.jpg", "heic.heic", "flower2.webp", "multipage.tiff", "copyleft.png"]
    names += ["invalid-exif.jpg", "pil_sample_cmyk.jpg", "junk_jpeg_header.jpg"]
    result = bound([(UPLOADS / "image" / name).read_bytes() for name in names])
    assert len(pages(result)) == 10
    assert b"GPS" not in result

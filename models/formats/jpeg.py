"""Takes the place, date and device out of a JPEG without touching its picture."""

from PIL import Image

ORIENTATION = 0x0112
START = b"\xff\xd8"
START_OF_SCAN = 0xDA
# JFIF, Adobe's colours, and the colour profile; never EXIF, XMP, IPTC nor a second picture.
KEPT_AS_APPLICATION = {0xE0: b"", 0xEE: b"", 0xE2: b"ICC_PROFILE\0"}
APPLICATIONS = range(0xE0, 0xF0)
COMMENT = 0xFE


def without_metadata(data: bytes, orientation: int) -> bytes:
    """Keeps the orientation alone. The data come back unchanged when oddly laid out."""
    kept, at = [START, _exif(orientation)], len(START)
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker == START_OF_SCAN:
            return b"".join([*kept, data[at:]])
        if _is_kept(marker, data[at + 4 : at + 2 + size]):
            kept.append(data[at : at + 2 + size])
        at += 2 + size
    return data


def _is_kept(marker: int, content: bytes) -> bool:
    if marker in APPLICATIONS:
        beginning = KEPT_AS_APPLICATION.get(marker)
        return beginning is not None and content.startswith(beginning)
    return marker != COMMENT


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    content = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    return b"\xff\xe1" + (len(content) + 2).to_bytes(2) + content

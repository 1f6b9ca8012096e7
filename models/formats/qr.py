"""The code that holds a text itself, for a telephone's camera to read without the Internet."""

from itertools import groupby

from models.refusal import Refusal

MAX_BYTES = 600  # beyond, its modules are too small to print on a card
QUIET = 4
TOO_LONG = ("C'est trop long pour une carte : choisissez moins de lignes.", "lines")


def path(text: str) -> tuple[int, str]:
    """How many modules wide, its quiet zone included, and the path of an SVG that draws it.

    Raises Refusal past MAX_BYTES.
    """
    import segno  # where it serves: few pages and papers draw one

    text = text.encode("utf-8", "ignore").decode()
    if len(text.encode()) > MAX_BYTES:
        raise Refusal(*TOO_LONG)
    code = segno.make_qr(text, error="m", encoding="utf-8")
    runs = (run for y, row in enumerate(code.matrix, QUIET) for run in _runs(y, row))
    return len(code.matrix) + 2 * QUIET, "".join(runs)


def _runs(y, row):
    x = QUIET
    for dark, modules in groupby(row):
        width = len(list(modules))
        if dark:
            yield f"M{x} {y}h{width}v1h-{width}z"
        x += width

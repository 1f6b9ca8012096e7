"""The child of `typesetting`: reads JSON on standard input, writes a PDF on standard output.

`python -m models.formats.typesetter TEMPLATE`, a name in templates/print. A text reaches the
template as data, never as markup: whatever was written, nothing of it can run.
"""

import json
import sys
from pathlib import Path

import typst

from models.formats import DOES_NOT_FIT, glyphs, limits

CPU_SECONDS = 20
ADDRESS_SPACE = 1024 * limits.MEGABYTE
TEMPLATES = Path(__file__).resolve().parents[2] / "templates/print"


def main(template: str) -> None:
    limits.limit(CPU_SECONDS, ADDRESS_SPACE, threads=True)
    data = glyphs.printable(json.loads(limits.standard_input()))
    try:
        answer = compiled(TEMPLATES / f"{template}.typ", json.dumps(data), data.get("tagged", True))
    except typst.TypstError as error:
        if "does not fit" not in error.message:
            raise
        answer = DOES_NOT_FIT
    sys.stdout.buffer.write(answer)


def compiled(template: Path, data: str, tagged: bool = True) -> bytes:
    # Without the fonts of the system, which a fresh machine does not have.
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(glyphs.FOLDER)])
    compiler = typst.Compiler(template, root=TEMPLATES, font_paths=fonts)
    inputs = {"data": data}
    if not tagged:
        return compiler.compile(format="pdf", sys_inputs=inputs, pdf_tags=False)
    try:
        return compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if "PDF/UA" not in error.message:
            raise
        # A sign that slipped through `glyphs`: still tagged, only without the promise.
        return compiler.compile(format="pdf", sys_inputs=inputs)


if __name__ == "__main__":
    main(sys.argv[1])

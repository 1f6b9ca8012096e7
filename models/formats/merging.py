"""The child of `typesetting`: PDFs on standard input, one on standard output, their pages one after
the other. Each begins on the front of a sheet.

`python -m models.formats.merging SIZES`, a JSON list of bytes.
"""

import json
import sys

from pypdfium2 import PdfDocument

from models.formats import limits

CPU_SECONDS = 120
ADDRESS_SPACE = 2048 * limits.MEGABYTE


def main(sizes: list[int]) -> None:
    limits.limit(CPU_SECONDS, ADDRESS_SPACE)
    merged = PdfDocument.new()
    for size in sizes:
        part = PdfDocument(sys.stdin.buffer.read(size))
        merged.import_pages(part)
        if len(merged) % 2:
            merged.new_page(*part[0].get_size())
        part.close()
    # Whoever reads is told at once if memory was missing: nothing was written yet.
    merged.save(sys.stdout.buffer)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

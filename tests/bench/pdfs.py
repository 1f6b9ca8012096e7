"""PDF files of any weight, never twice the same."""

import os

MARK = 16


def pdf(size: int) -> bytes:
    """One blank page, and a stream that no page shows: random, so that nothing shrinks it."""
    return _pdf(2 * size - len(_pdf(size)))


def _pdf(filling):
    parts = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    parts += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>"]
    whole, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{part}\nendobj\n".encode()
    places.append(len(whole))
    whole += f"4 0 obj\n<</Length {filling:09}>>\nstream\n".encode()
    whole += os.urandom(filling) + b"\nendstream\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<</Size 5/Root 1 0 R>>\n"
    return bytes(whole) + f"{end}startxref\n{len(whole):09}\n%%EOF\n".encode()


def marked(model: bytes) -> bytes:
    """The same PDF but for some bytes of its stream: far quicker to make."""
    place = model.index(b"stream\n") + len(b"stream\n")
    return model[:place] + os.urandom(MARK) + model[place + MARK :]

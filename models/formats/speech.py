"""How a child that takes a file apart says what it finds: one JSON object a line, sent as soon as
it is known; a line with `bytes` is followed by that many raw bytes, those of a part."""

import json
import sys

# In bytes: what a pipe takes at once.
PIECE = 64 * 1024


def send(**message) -> None:
    line = json.dumps(message, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def send_part(data: bytes, **facts) -> None:
    """`facts`: role (part.PartRole), name, media_type, as the file tells them."""
    send(part=facts, bytes=len(data))
    view = memoryview(data)
    for start in range(0, len(view), PIECE):
        sys.stdout.buffer.write(view[start : start + PIECE])
    sys.stdout.buffer.flush()


def send_text(text: str) -> None:
    """In pieces: no line is too long."""
    for start in range(0, len(text), PIECE):
        send(text=text[start : start + PIECE])

"""What a module that takes files apart says, without its child: the same, and much quicker."""

import io
import json
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace

from models.formats import speech
from models.header import Header, from_json


@dataclass
class Heard:
    header: Header = field(default_factory=Header)
    media_type: str = ""
    text: str = ""
    parts: list[tuple[dict, bytes]] = field(default_factory=list)

    @property
    def blocks(self) -> list[dict]:
        return next(json.loads(data) for facts, data in self.parts if facts["role"] == "page")

    def of(self, role) -> list[tuple[dict, bytes]]:
        return [one for one in self.parts if one[0]["role"] == role]


def take(module: str, data: bytes) -> Heard:
    """Raises dissection.Refused."""
    said = io.BytesIO()
    # Only the module that speaks is made to speak elsewhere.
    own, speech.sys = speech.sys, SimpleNamespace(stdout=SimpleNamespace(buffer=said))
    try:
        import_module(f"models.formats.{module}").take_apart(data)
    finally:
        speech.sys = own
    said.seek(0)
    heard = Heard()
    while line := said.readline():
        message = json.loads(line)
        if "part" in message:
            heard.parts.append((message["part"], said.read(message["bytes"])))
        heard.text += message.get("text", "")
        heard.media_type = message.get("media_type", heard.media_type)
        heard.header = from_json(message["header"]) if "header" in message else heard.header
    return heard

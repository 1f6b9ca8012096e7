"""Someone who uses her record: she reads a page, thinks, does something, thinks again."""

import asyncio
import random
import re
import secrets
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .browser import Browser, HungUp
from .making import Someone

FIELD = re.compile(r'name="(csrf_token|sending)" value="([^"]*)"')
FORM = "application/x-www-form-urlencoded"
WORDS = ("glycemie", "ophtalmologie", "bilan", "insuline", "rendez-vous")
SMALL = "Une note fictive, écrite pendant l'essai.\n"
# How often each is done, of a hundred times.
ACTS = {
    **{"listed": 20, "searched": 15, "opened": 20, "downloaded": 8, "went_home": 5},
    **{"masked": 6, "masked_all": 2, "moved": 5, "corrected": 4, "deposited": 5},
    **{"read_journal": 5, "read_wishes": 5},
}


@dataclass
class Seen:
    """What all of them saw. `refused`: told to come back, with a time."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: Counter = field(default_factory=Counter)
    refused: list[float] = field(default_factory=list)

    @property
    def answers(self) -> int:
        return sum(map(len, self.seconds.values()))


class Refused(Exception):
    """503, with a time: its only argument, in seconds."""


class Wrong(Exception):
    """Any other answer than was expected."""


class Person:
    def __init__(self, someone: Someone, port: int, seen: Seen, think: tuple[float, float]):
        self.someone, self.seen, self.think = someone, seen, think
        self.browser = Browser(port, someone.cookie)
        self.path, self.token = f"/espaces/{someone.record}", ""
        self._random = random.Random(someone.record)

    async def live(self, until: float) -> None:
        """Until this time of the loop; what she has begun is finished."""
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(self._random.uniform(0, self.think[1]))
        while clock() < until:
            await self.act(self._random.choices(list(ACTS), ACTS.values())[0])
            await asyncio.sleep(self._random.uniform(*self.think))
        self.browser.close()

    async def act(self, name: str) -> None:
        try:
            if not self.token:
                await self.listed()
            await getattr(self, name)()
        except Refused as refused:
            await asyncio.sleep(refused.args[0] * self._random.uniform(1, 1.5))
        except Wrong as fault:
            self.seen.wrong[str(fault)] += 1
        except (HungUp, OSError, TimeoutError) as fault:
            self.seen.wrong[f"{name}: {type(fault).__name__}"] += 1

    async def listed(self):
        await self._get("listed", "/documents")

    async def searched(self):
        await self._get("searched", f"/documents?q={self._random.choice(WORDS)}")

    async def opened(self):
        await self._get("opened", self._document())

    async def downloaded(self):
        await self._get("downloaded", f"{self._document()}/contenu?telecharger=oui")

    async def went_home(self):
        await self._get("went_home", "")

    async def read_journal(self):
        await self._get("read_journal", "/activite")

    async def read_wishes(self):
        await self._get("read_wishes", "/entourage-et-volontes")

    async def masked(self):
        await self._post("masked", f"{self._document()}/masquage", masque=self._yes_or_no())

    async def masked_all(self):
        await self._post("masked_all", "/documents/masquage", masque=self._yes_or_no())

    async def moved(self):
        where = self._random.choice(["", *self.someone.folders])
        await self._post("moved", f"{self._document()}/dossier", dossier=where)

    async def corrected(self):
        told = {"title": f"Note fictive {secrets.token_hex(4)}", "dated": "12/03/2024"}
        path = f"{self._document()}/modification"
        await self._post("corrected", path, **told, category="AUTR_DOC", author="Nadia Fictive")

    async def deposited(self):
        content = f"{SMALL}{secrets.token_hex(8)}".encode()
        await self.deposit("deposited", "note.txt", content)

    async def deposit(self, name: str, filename: str, content: bytes):
        """By the page of the form, then the form, then the list."""
        page = await self._get(f"{name}: the form", "/documents/depot")
        fields = dict(FIELD.findall(page.text))
        fields |= {"category": "AUTR_DOC", "dated": "12/03/2024", "masked": "non"}
        border = secrets.token_hex(16)
        head, tail = _around(border, filename, fields)
        kind = f"multipart/form-data; boundary={border}"
        path = f"{self.path}/documents/depot"
        await self._done(name, await self._ask(name, "POST", path, head + content + tail, kind))

    def _document(self):
        return f"/documents/{self._random.choice(self.someone.documents)}"

    def _yes_or_no(self):
        return self._random.choice(("oui", "non"))

    async def _get(self, name, path):
        answer = await self._ask(name, "GET", self.path + path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.token = dict(FIELD.findall(answer.text)).get("csrf_token", self.token)
        return answer

    async def _post(self, name, path, **fields):
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        await self._done(name, await self._ask(name, "POST", self.path + path, body, FORM))

    async def _done(self, name, answer):
        """An act leads to a page, which says that it is done."""
        where = answer.headers["location"]
        await self._ask(f"{name}: the page after", "GET", where)

    async def _ask(self, name, method, path, body=b"", kind=""):
        """Raises Refused."""
        answer = await self.browser.ask(method, path, body, kind)
        if answer.status == 503 and answer.headers.get("retry-after", "").isdecimal():
            self.seen.refused.append(answer.seconds)
            raise Refused(int(answer.headers["retry-after"]))
        self.seen.seconds.setdefault(name, []).append(answer.seconds)
        expected = 303 if method == "POST" else 200
        if answer.status != expected:
            raise Wrong(f"{name}: {answer.status}")
        return answer


async def living(people: list[Person], seconds: float) -> None:
    """All at once, for so long."""
    until = asyncio.get_running_loop().time() + seconds
    await asyncio.gather(*(one.live(until) for one in people))


class Depositor(Person):
    """She only deposits heavy files, one after the other."""

    content = b""

    async def act(self, name):
        await super().act("deposited_heavy")

    async def deposited_heavy(self):
        mark = secrets.token_bytes(16)
        content = self.content[:-1000] + mark + self.content[-1000 + 16 :]
        await self.deposit("heavy deposit", f"lourd-{mark.hex()}.pdf", content)


def _around(border, name, fields):
    head = ""
    for field_, value in fields.items():
        head += f'--{border}\r\nContent-Disposition: form-data; name="{field_}"\r\n\r\n{value}\r\n'
    head += f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
    head += "Content-Type: application/octet-stream\r\n\r\n"
    return head.encode(), f"\r\n--{border}--\r\n".encode()

"""Software that deposits by the standard call, as real one does: over a socket, in threads of their
own, trying again whatever was not acknowledged; some send again what was."""

import hashlib
import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field

from models import matching, source
from models.database import database
from models.document import Document
from models.formats import fhir_ids
from models.record import Record
from models.source import Told
from models.vault import Damaged

from .exchange import Someone, cda, document_reference, letter, transaction, written

PATHS = ("/fhir/DocumentReference", "/fhir")
AGAIN = 0.1
LONGEST_WAIT = 5


def registered(actor, number: int) -> list[tuple[str, str]]:
    """(name, token) of so many."""
    made = []
    for one in range(number):
        told = Told(f"Logiciel Fictif {one}", "establishment", per_day=100_000)
        made.append((told.name, source.register(actor, told)[1]))
    return made


def people(most: int) -> list[Someone]:
    """Members that the five traits tell for certain."""
    known = [one for one in Record.select() if one.takes_documents]
    known = [one for one in known if matching.find(matching.of_record(one)).certain]
    return [
        Someone(
            *(one.birth_name, one.used_name, one.birth_given_names, one.first_given_name),
            *(one.birth_date.isoformat(), one.sex, one.birthplace_code, ""),
        )
        for one in known[:most]
    ]


@dataclass
class Sent:
    """`location`: what was acknowledged; several where the answers did not agree."""

    identifier: str
    sha256: str
    locations: set[str] = field(default_factory=set)


class Depositor(threading.Thread):
    """One source, until it is stopped; then it goes on until its last one is acknowledged."""

    def __init__(self, number: int, port: int, token: str, people: list[Someone]):
        super().__init__(daemon=True)
        self.number, self.port, self.token, self.people = number, port, token, people
        self.sent: list[Sent] = []
        self.seconds: list[float] = []
        self.refused: dict[int, int] = {}
        self.stopping, self.unexpected = False, []
        self._random = random.Random(number)

    def run(self):
        while not self.stopping and not self.unexpected:
            one, path, body = self._made(len(self.sent))
            self.sent.append(one)
            self._insist(one, path, body)
            if self._random.random() < AGAIN:
                self._insist(one, path, body)

    def _made(self, number):
        """A letter, a report that is read and drawn, or a transaction that holds a PDF."""
        says, who = f"Source {self.number}, document {number}.", self._random.choice(self.people)
        name = f"1.2.250.1.999.7.{self.number}.{number}"
        told = {"title": f"Document fictif {number}", "identifier": name}
        kind = number % 3
        if kind == 0:
            content = says.encode()
            resource = document_reference(content, "text/plain", who, **told)
        elif kind == 1:
            content = cda(who, title=says, identifier=name)
            told |= {"code": "11502-2"}
            resource = document_reference(content, "application/xml", who, **told)
        else:
            content, name = letter(says), f"{name}.1"
            resource = transaction(content, who=who, **told)
        sha256 = hashlib.sha256(content).hexdigest()
        return Sent(name, sha256), PATHS[kind == 2], written(resource)

    def _insist(self, one, path, body):
        """Until it is acknowledged. How long: that of the answer that does."""
        while not self.unexpected:
            start = time.monotonic()
            try:
                status, told, headers = self._post(path, body)
            except (OSError, http.client.HTTPException):
                status, told, headers = 0, {}, {}
            if status in (200, 201):
                self.seconds.append(time.monotonic() - start)
                one.locations.add(_location(told, headers))
                return
            self.refused[status] = self.refused.get(status, 0) + 1
            if status not in (0, 503):
                self.unexpected.append((status, told))
            wait = min(float(headers.get("Retry-After", 0.2)), LONGEST_WAIT)
            time.sleep(wait * (0.5 + self._random.random()))

    def _post(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/fhir+json", "Authorization": f"Bearer {self.token}"}
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read()), answer.headers
        finally:
            connection.close()


def _location(told, headers):
    if told["resourceType"] == "Bundle":
        return told["entry"][1]["response"]["location"].rpartition("/")[2]
    return headers["Location"].rpartition("/")[2]


@dataclass
class Found:
    """What an instance holds of what was sent, by identifier."""

    lost: list[str]
    twice: list[str]
    damaged: list[str]
    unknown: list[str]


def compared(depositors: list[Depositor]) -> Found:
    """Read in the instance that is open here."""
    sent = {one.identifier: one for each in depositors for one in each.sent if one.locations}
    documents = list(Document.select().where(Document.source.is_null(False)))
    names = [one.identifier for one in documents]
    shas = [one.sha256 for one in documents]
    kept = {one.identifier: one for one in documents}
    database.close()
    return Found(
        lost=[
            name
            for name, one in sent.items()
            if name not in kept or one.locations != {fhir_ids.of(kept[name].uid)}
        ],
        twice=[one for one in kept if names.count(one) > 1 or shas.count(kept[one].sha256) > 1],
        damaged=[name for name, one in kept.items() if not _whole(one)],
        unknown=[name for name in kept if name not in sent],
    )


def _whole(document):
    try:
        content = b"".join(document.content_chunks())
    except Damaged:
        return False
    return hashlib.sha256(content).hexdigest() == document.sha256

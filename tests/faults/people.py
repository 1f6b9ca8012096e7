"""People at the served application, until it is killed."""

import hashlib
import http.client
import re
import secrets
import socket
import threading
import time
from pathlib import Path

from models import instance
from models.database import database
from models.document import Document
from models.folder import Folder
from models.record import Record

from ..bench.visitor import FIELD, Answer, Visitor
from ..world import PASSWORD
from . import whole
from .ground import BORN, Ground
from .killed import LONGEST, Log, Process, real


class Person(threading.Thread):
    """Alice or Carole, who does the same thing again and again; or a member who activates."""

    def __init__(self, ground: Ground, port: int, name: str, kind: str, log: Log, chance):
        super().__init__(daemon=True)
        self.ground, self.kind, self.log, self.chance = ground, kind, log, chance
        self.record = Record.get(Record.email == f"{name}@exemple.invalid")
        documents = list(Document.select().where(Document.record == self.record))
        self.documents = [one.uid for one in documents]
        self.folders = [one.uid for one in Folder.select().where(Folder.record == self.record)]
        hers = {self.record.uid, *self.documents, *(one.title for one in documents)}
        # Only one of them activates: the other's log would know of none of it.
        hers |= set(ground.codes) if kind == "activate" else set()
        log.known.update({name: value for name, value in real().items() if name[1] in hers})
        self.browser = Visitor(port)
        self.browser.record = f"/espaces/{self.record.uid}"
        self.browser.cookies.update([ground.cookies[name]])

    def run(self):
        try:
            form = self.browser.get(f"{self.browser.record}/documents/depot")
            self._expect(form, 200)
            self.token = dict(FIELD.findall(form.text))["csrf_token"]
            while True:
                getattr(self, self.kind)()
        except (OSError, http.client.HTTPException):
            pass  # the server is dead
        except Exception as error:
            self.log.unexpected.append(f"{self.kind}: {type(error).__name__} {error}")

    def deposit(self):
        self._deposit(1)

    def several(self):
        """Files of one form: each is taken or not."""
        self._deposit(3)

    def _deposit(self, number):
        files = [(f"Papier {secrets.token_hex(6)}", secrets.token_hex(300)) for _ in range(number)]
        sums = {title: hashlib.sha256(text.encode()).hexdigest() for title, text in files}
        self.log.begin({("document", title): sums[title] for title in sums}, together=False)
        told = {"csrf_token": self.token, "category": "CPT_REND", "dated": "12/03/2024"}
        told |= {"sending": secrets.token_hex(8), "author": "Dr Fictif"}
        path = f"{self.browser.record}/documents/depot"
        self._expect(sent(self.browser, path, files, told), 303)
        self.log.done()

    def mask(self):
        some, masked = self._some(), self.chance.random() < 0.5
        self.log.begin({("masked", one): masked for one in some})
        self._select(some, "masquer" if masked else "montrer")

    def move(self):
        some, target = self._some(), self.chance.choice(["", *self.folders])
        self.log.begin({("folder", one): target for one in some})
        self._select(some, f"vers:{target}")

    def mask_all(self):
        masked = not self.log.known["default", self.record.uid]
        things = {("masked", one): masked for one in self.documents}
        self.log.begin({("default", self.record.uid): masked} | things)
        fields = {"csrf_token": self.token, "masque": "oui" if masked else "non"}
        self._expect(self.browser.post(f"{self.browser.record}/documents/masquage", fields), 303)
        self.log.done()

    def activate(self):
        """One whose record waits: a question after the other, from where she stopped."""
        waiting = [
            number for number in self.ground.codes if not self.log.known["activated", number]
        ]
        number, visitor = self.chance.choice(waiting), Visitor(self.browser.port)
        begun = {"code": self.ground.codes[number], "birth_date": f"{BORN:%d/%m/%Y}"}
        self.log.begin({("step", number): self.log.known.get(("step", number)) or "identity"})
        path = self._answer(visitor, "/activation", begun)
        while path.startswith("/activation/"):
            self.log.done()
            answers, following = QUESTIONS[path.rpartition("/")[2]]
            self.log.begin({("step", number): following})
            if following is None:
                self.log.under_way["activated", number] = True
            answers = {name: value.format(number=number) for name, value in answers.items()}
            path = self._answer(visitor, path, answers)
        self.log.done()

    def _answer(self, visitor, path, answers):
        fields = dict(FIELD.findall(visitor.get(path).text)) | answers
        answer = visitor.post(path, fields)
        self._expect(answer, 303)
        return answer.headers["location"]

    def _some(self):
        return self.chance.sample(self.documents, min(3, len(self.documents)))

    def _select(self, some, act):
        fields = [("csrf_token", self.token), ("geste", act), *(("document", o) for o in some)]
        answer = self.browser.post(f"{self.browser.record}/documents/selection", fields)
        self._expect(answer, 303)
        self.log.done()

    def _expect(self, answer, status):
        if answer.status != status:
            said = re.sub("<[^>]*>", " ", answer.text)[:300]
            raise AssertionError(f"it answered {answer.status}: {' '.join(said.split())}")


def sent(browser: Visitor, path: str, files, fields) -> Answer:
    """A form with files: (title, text) of each."""
    border = secrets.token_hex(16)
    lines = [(f'name="{name}"', value) for name, value in fields.items()]
    lines += [(f'name="files"; filename="{title}.txt"', text) for title, text in files]
    body = "".join(
        f"--{border}\r\nContent-Disposition: form-data; {of}\r\n\r\n{value}\r\n"
        for of, value in lines
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
    return browser._ask("POST", path, f"{body}--{border}--\r\n".encode(), kind)


# The page of each question → what she answers, and the step that comes then.
QUESTIONS = {
    "identite": ({}, "credentials"),
    "identifiants": ({"email": "{number}@exemple.invalid", "password": PASSWORD}, "terms"),
    "conditions": ({"accepted": "y"}, "visibility"),
    "visibilite": ({"masked": "non"}, "emergency"),
    "urgence": ({"allowed": "oui"}, None),
}


class Served:
    """The application, and two people: what Alice does is what is killed, while Carole deposits."""

    def __init__(self, ground: Ground, watch: Path, kind: str, log: Log, chance):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        instance.open_instance(ground.settings)
        self.ground, self.log, self.beside, self.orphans = ground, log, Log(), 0
        people = [Person(ground, port, "alice", kind, log, chance)]
        if chance.random() < 0.5:
            people.append(Person(ground, port, "carole", "deposit", self.beside, chance))
        database.close_all()
        self.process = Process(ground, watch, "serve", CARNET_PORT=str(port))
        self._wait(port)
        self.people = people

    def begin(self):
        for one in self.people:
            one.start()

    def finished(self):
        """Nothing else will be done: never, before it is killed."""
        return any(one.log.unexpected for one in self.people)

    def end(self):
        self.process.end()
        for one in self.people:
            one.join(LONGEST)

    def wrong(self):
        """What is, now that all is opened again."""
        instance.open_instance(self.ground.settings)
        self.orphans, found = whole.orphans(), real()
        logs = [one.log for one in self.people]
        wrong = [fault for log in logs for fault in log.unexpected + log.compared(found)]
        return wrong + list(whole.faults())

    @property
    def acknowledged(self):
        return sum(one.log.acknowledged for one in self.people)

    def _wait(self, port):
        until = time.monotonic() + LONGEST
        while time.monotonic() < until and self.process.popen.poll() is None:
            try:
                if Visitor(port).get("/etat").status == 200:
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the server does not answer")

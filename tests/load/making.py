"""An association whose members have documents, made once: who they are, and their cookies."""

import json
import shutil
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from app import create_app
from models import access, activation, clock, deposit, enrolment, folder, instance
from models.database import database, transaction
from models.demonstration import papers
from models.document import Document
from models.folder import Folder
from models.settings import Settings
from models.vault import Spool
from tests.bench.instances import BUILD
from tests.bench.pdfs import pdf
from tests.client import Visitor
from tests.world import LIMITS, PASSWORD, SENDER, member

# The first of them has a heavy one too, before the others.
DOCUMENTS, HEAVY = 10, 5_000_000


@dataclass
class Someone:
    """`documents`, `folders`: their uids."""

    email: str
    record: str
    documents: list[str]
    folders: list[str]
    cookie: str = ""


def made(people: int) -> tuple[Path, list[Someone]]:
    """An instance to write in, from the last run or made now, and its members, each signed in on
    one device."""
    kept, place = BUILD / f"crowd-{people}", BUILD / "crowd"
    if not (kept / "people.json").exists():
        shutil.rmtree(kept, ignore_errors=True)
        print(f"Making an association of {people}…", file=sys.stderr, flush=True)
        them = filled(Settings(instance=kept), people)
        (kept / "people.json").write_text(json.dumps([asdict(one) for one in them]))
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(kept, place)
    them = [Someone(**one) for one in json.loads((kept / "people.json").read_text())]
    sign_in(Settings(instance=place), them)
    return place, them


def filled(settings: Settings, people: int) -> list[Someone]:
    """A new instance, closed again."""
    instance.create(settings)
    instance.open_instance(settings)
    accesses = [_activated(number) for number in range(people)]
    _deposit(accesses[0], "lourd.pdf", pdf(HEAVY), papers.note(0, clock.today()))
    for one in accesses:
        with transaction():
            _fill(one)
    them = [_told(one) for one in accesses]
    database.close_all()
    return them


def _activated(number):
    email = f"personne-{number}@exemple.invalid"
    row = member(f"F-{number}", f"Fictive {_letters(number)}", "Nadia", "1960-01-31", "F", email)
    (one,), refused = enrolment.enrol([row], SENDER)
    assert not refused, refused
    answers = activation.begin(one.code, one.record.birth_date, f"load-{number}")
    answers.confirm()
    answers.choose_credentials(email, PASSWORD)
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    account = answers.choose_emergency(allowed=True)
    return access.find(account, one.record.uid)


def _letters(number):
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def _fill(one):
    for name in ("Analyses", "Ordonnances"):
        folder.make(one, name)
    for number in range(DOCUMENTS):
        paper = papers.note(number, clock.today() - timedelta(days=number))
        _deposit(one, paper.filename, paper.content, paper)


def _deposit(one, name, content, paper):
    spool = Spool(LIMITS.document)
    spool.write(content)
    spool.finish()
    told = deposit.Description(paper.category, paper.dated, paper.title, paper.author)
    deposit.put(one.record, one.actor, spool, name, told, LIMITS)


def _told(one):
    documents = Document.select().where(Document.record == one.record)
    folders = Folder.select().where(Folder.record == one.record)
    uids = [[each.uid for each in rows] for rows in (documents, folders)]
    return Someone(one.account.email, one.record.uid, *uids)


def sign_in(settings: Settings, them: list[Someone]) -> None:
    """Without the page: two hundred passwords at once are measured apart (signing.py)."""
    app = create_app(settings)
    for one in them:
        visitor = Visitor(app)
        visitor.come_in(one.email)
        one.cookie = visitor.client.get_cookie("carnet").value
    database.close_all()

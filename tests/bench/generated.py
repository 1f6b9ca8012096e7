"""The rows of a big association, as the verbs would have left them. Everyone in it is fictional.

Of a hundred members: two were not told yet, five may still say no, three said no, thirty have a
record that opened by itself, sixty activated theirs. Two records in three have no document, most
of the others one to four, a few up to sixty."""

import base64
import hashlib
import json
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from models import clock, vault
from models.demonstration import notes, papers
from models.enrolment import OFFICE
from models.formats.kinds import TEXT
from models.record import Record
from models.search import _prefix
from models.words import fold, words

HOLDER, EMAIL = "1001", "odette@exemple.invalid"
CONTENTS, NOTES = 200, 2_000
LETTERS = ("ba", "ré", "mi", "lo", "du", "sca", "vi", "ner", "to", "gal", "pé", "ou", "ri", "chan")
GIVEN = (
    *("Marie", "Jean", "Louise", "Paul", "Élise", "Ahmed", "Inès", "Yann", "Zoé", "Noé", "Lucie"),
    *("Hugo", "Anaïs", "Denis", "Chloé", "Rémi", "Fatou", "Léon", "Alix", "Maël", "Nora", "Ugo"),
)
TOWNS = ("35238", "75056", "69123", "13055", "29019", "59350", "33063", "2A004", "97411")
PEOPLE = ("Camille Fictive-Bureau", "Sacha Fictif-Bureau", "Noa Imaginaire-Bureau")
ORIGINS = ("person", "professional", "laboratory", "establishment", "association", "other")
MOST = 60
WRITTEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
DAY = timedelta(days=1)


@dataclass
class Rows:
    """Of each table; `followed`: what to add to records that are there."""

    record: list[dict] = field(default_factory=list)
    member_search: list[dict] = field(default_factory=list)
    account: list[dict] = field(default_factory=list)
    access: list[dict] = field(default_factory=list)
    activation_code: list[dict] = field(default_factory=list)
    telling: list[dict] = field(default_factory=list)
    objection: list[dict] = field(default_factory=list)
    device: list[dict] = field(default_factory=list)
    session: list[dict] = field(default_factory=list)
    visit: list[dict] = field(default_factory=list)
    contact: list[dict] = field(default_factory=list)
    folder: list[dict] = field(default_factory=list)
    document: list[dict] = field(default_factory=list)
    document_text: list[dict] = field(default_factory=list)
    document_seen: list[dict] = field(default_factory=list)
    search_label: list[dict] = field(default_factory=list)
    search_text: list[dict] = field(default_factory=list)
    entry: list[dict] = field(default_factory=list)
    ledger: list[dict] = field(default_factory=list)
    followed: list[tuple] = field(default_factory=list)

    def tables(self):
        return [(name, rows) for name, rows in vars(self).items() if name != "followed"]


def contents() -> list[tuple[str, int]]:
    """(name in the vault, size) of the files that the mass shares: short notes, kept for good."""
    return [_kept(number) for number in range(CONTENTS)]


def _kept(number):
    spool = vault.Spool(10**6)
    spool.write(notes.note_text(number, f"Note fictive n° {number}", clock.today()))
    return spool.keep(), spool.size


class Maker:
    """Numbers follow those of the demonstration; the same numbers give the same rows."""

    def __init__(self, contents):
        self.contents, self.drawn = contents, random.Random(8)
        self.now = clock.now()
        self.accounts, self.records = _last("account"), _last("record")
        self.documents, self.folders = _last("document"), _last("folder")
        self.devices = _last("device")

    def members(self, numbers) -> Rows:
        rows = Rows()
        for number in numbers:
            _Member(self, rows, number).add()
        return rows

    def papers(self, holder: Record, account, number: int) -> Rows:
        """So many notes more in a record that is there."""
        rows = Rows()
        journal = _Journal(rows, holder.id, holder.journal_length, holder.journal_head)
        who = account.id, account.name
        folders = [None, *(one.id for one in holder.folders)]
        used = 0
        for one in range(number):
            at = self.now - DAY * 700 + timedelta(seconds=one * 500)
            note = papers.note(one, clock.today())
            used += self.document(rows, journal, who, note, at, folders, holder.masking_rank)
        rows.followed.append((used, journal.length, journal.head, holder.id))
        return rows

    def document(self, rows, journal, who, note, at, folders, rank=0) -> int:
        """One more, told in the journal; its size."""
        self.documents += 1
        content, size = self.contents[self.documents % len(self.contents)]
        folder = folders[self.documents % len(folders)] if folders else None
        uid, own = self.uid(), note.from_holder
        rows.document.append(
            {
                "id": self.documents,
                "uid": uid,
                "record_id": journal.record,
                "folder_id": folder,
                "title": note.title,
                "title_key": fold(note.title),
                "category": note.category,
                "dated": note.dated.isoformat(),
                "author": note.author,
                "author_key": fold(note.author),
                "depositor_id": who[0] if own else None,
                "depositor_name": who[1] if own else note.author,
                "depositor_role": "holder" if own else "source",
                "deposited_at": _told(at),
                "sending": "",
                "masked": int(note.masked),
                "masking_rank": rank,
                "unannounced": 0,
                "from_representatives": 0,
                "content": content,
                "filename": note.filename,
                "media_type": TEXT,
                "size": size,
                "sha256": self.drawn.randbytes(32).hex(),
                "protected": 0,
                "origin": "person" if own else ORIGINS[1 + self.documents % 5],
            }
        )
        self._words(rows, journal.record, note)
        actor = (who[0], who[1], "holder") if own else (None, note.author, "source")
        journal.write(at, actor, "deposited", uid)
        if who[0] and self.documents % 2:
            rows.document_seen.append({"account_id": who[0], "document_id": self.documents})
        return size

    def _words(self, rows, record, note):
        labels, text = _words_of(note)
        number, prefix = self.documents, _prefix(record)
        rows.search_label.append({"rowid": number, "words": _prefixed(prefix, labels)})
        rows.search_text.append({"rowid": number, "words": _prefixed(prefix, text)})
        rows.document_text.append({"document_id": number, "text": note.content.decode()})

    def uid(self) -> str:
        return base64.urlsafe_b64encode(self.drawn.randbytes(12)).decode()

    def hash(self) -> str:
        return self.drawn.randbytes(32).hex()


class _Member:
    def __init__(self, maker, rows, number):
        self.maker, self.rows, self.number, self.drawn = maker, rows, number, maker.drawn
        maker.records += 1
        self.state = self.drawn.choices([*STATES], [*STATES.values()])[0]
        since = timedelta(days=self.drawn.randint(*SINCE[self.state]), seconds=number % 86_400)
        self.announced = maker.now - since
        family = "".join(self.drawn.choices(LETTERS, k=3)).capitalize()
        self.family = f"{('Fictif', 'Exemple', 'Imaginaire')[number % 3]}-{family}"
        self.given = self.drawn.choices(GIVEN, range(len(GIVEN), 0, -1))[0]
        self.name, self.email = f"{self.given} {self.family}", f"m{number}@exemple.invalid"
        self.journal = _Journal(rows, maker.records)
        self.account = None, self.name

    def add(self):
        self.journal.write(self.announced, NOBODY, "announced")
        if self.state != "announced":
            told = {"how": "email", "what": "space"}
            self.journal.write(self.announced + DAY / 24, NOBODY, "told", **told)
        used = 0
        if self.state in ("open", "activated"):
            self._opened()
            used = self._papers()
        if self.state == "objected":
            self._objected()
        self._record(used)
        self._told()
        if self.number % 5 == 0:
            self._looked_for()

    def _opened(self):
        if self.state == "open":
            self.journal.write(self._opens(), SYSTEM, "opened")
            return
        maker, rows, at = self.maker, self.rows, self.announced + 3 * DAY
        maker.accounts += 1
        maker.devices += 1
        self.account = maker.accounts, self.name
        rows.account.append(_account(self, at))
        rows.access.append(_access(self, at))
        rows.device.append(_device(self, at))
        rows.session.append(_session(self))
        if self.number % 10 == 0:
            month = f"{maker.now:%Y-%m}"
            rows.visit.append({"month": month, "account_id": maker.accounts})
        if self.number % 3 == 0:
            rows.contact.append(_contact(self, at))
        self.journal.write(at, (*self.account, "holder"), "activated")

    def _papers(self):
        number, drawn = 0, self.drawn.random()
        if drawn < 0.002:
            number = self.drawn.randint(21, MOST)
        elif drawn < 0.03:
            number = self.drawn.randint(5, 20)
        elif drawn < 0.35:
            number = self.drawn.randint(1, 4)
        folders = [self._folder()] if number > 4 else []
        used, at = 0, self._opens()
        for _ in range(number):
            note = _note(self.drawn.randrange(NOTES))
            used += self.maker.document(self.rows, self.journal, self.account, note, at, folders)
            at += timedelta(minutes=self.drawn.randint(1, 2_000))
        return used

    def _folder(self):
        self.maker.folders += 1
        one = {"id": self.maker.folders, "uid": self.maker.uid(), "record_id": self.maker.records}
        one |= {"name": "Mon suivi", "key": "mon suivi", "made_at": _told(self._opens())}
        self.rows.folder.append(one)
        return self.maker.folders

    def _objected(self):
        at = self.announced + 5 * DAY
        self.journal.write(at, NOBODY, "objected")
        one = {"uid": self.maker.uid(), "record_id": self.maker.records, "made_at": _told(at)}
        self.rows.objection.append(one | {"how": "desk", "by": PEOPLE[0]})

    def _record(self, used):
        key = fold(f"{self.family} {self.given}")
        known = words(f"{key} {self._member_number} {self.email}")
        numbered = {"rowid": self.maker.records, "words": " ".join(sorted(set(known)))}
        self.rows.member_search.append(numbered)
        self.rows.record.append(_record(self, key, used))

    def _told(self):
        if self.state == "announced":
            return
        at = self.announced + DAY / 24
        self.rows.telling.append(_telling(self, at))
        self.rows.activation_code.append(_code(self, at))

    def _looked_for(self):
        one = {"at": _told(self.announced), "account_id": None, "name": PEOPLE[self.number % 3]}
        one |= {"act": "looked-for-member", "about": self.rows.record[-1]["uid"], "detail": "{}"}
        self.rows.ledger.append(one)

    def _opens(self):
        """When the time to say no was over."""
        return self.announced + 45 * DAY

    @property
    def _member_number(self):
        return f"F{self.number:07}"


class _Journal:
    """The main chain of one record."""

    def __init__(self, rows, record, length=0, head=""):
        self.rows, self.record, self.length, self.head = rows, record, length, head

    def write(self, at, actor, act, document=None, **detail):
        account, name, role = actor
        detail = WRITTEN.encode(detail)
        self.length += 1
        told = [self.record, self.length, _told(at), account, name, role, None, act, document]
        told += [detail, self.head]
        sealed = hashlib.sha256(WRITTEN.encode(told).encode()).hexdigest()
        self.rows.entry.append(dict(zip(ENTRY, (*told, sealed, ""), strict=True)))
        self.head = sealed


ENTRY = (
    *("record_id", "number", "at", "account_id", "actor", "role", "session_id", "act"),
    *("document_uid", "detail", "previous", "hash", "chain"),
)
NOBODY = (None, OFFICE.name, OFFICE.role)
SYSTEM = (None, "Carnet", "system")
STATES = {"announced": 2, "told": 5, "objected": 3, "open": 30, "activated": 60}
# Days since they were announced.
SINCE = {
    "announced": (1, 20),
    "told": (2, 40),
    "objected": (60, 700),
    "open": (60, 700),
    "activated": (60, 700),
}


def _record(one, key, used):
    told = one.state != "announced"
    opens = one._opens()
    row = {
        "id": one.maker.records,
        "uid": one.maker.uid(),
        "member_number": one._member_number,
        "birth_name": one.family,
        "used_name": "",
        "birth_given_names": one.given,
        "birth_date": _born(one.drawn).isoformat(),
        "sex": "FM"[one.number % 2],
        "birthplace_code": TOWNS[one.number % len(TOWNS)],
        "email": one.email,
        "postal_address": f"{one.number % 90 + 1} rue des Exemples, 00000 Ville-Exemple",
        "announced_at": _told(one.announced),
        "opened_at": _told(opens) if one.state in ("open", "activated") else None,
        "activated_at": _told(one.announced + 3 * DAY) if one.state == "activated" else None,
        "objected_at": _told(one.announced + 5 * DAY) if one.state == "objected" else None,
        "masking_rank": 0,
        "masked_by_default": 0,
        "emergency_others": 1 if one.state == "activated" else None,
        "emergency_samu": 1 if one.state == "activated" else None,
        "used": used,
        "journal_length": one.journal.length,
        "journal_head": one.journal.head,
        "sort_key": key,
        "told_at": _told(one.announced + DAY / 24) if told else None,
        "told_how": "email" if told else "",
        "opens_at": _told(opens) if told else None,
    }
    if one.state == "activated":
        row["opened_at"] = row["activated_at"]
    return row


def _account(one, at):
    number = one.maker.accounts
    # A hash that no password gives: nobody signs in.
    row = {"id": number, "email": one.email, "name": one.name, "password_hash": "$argon2id$fictif"}
    return row | {"made_at": _told(at), "duty": "", "email_proved_at": _told(at)}


def _access(one, at):
    row = {"uid": one.maker.uid(), "account_id": one.maker.accounts, "role": "holder"}
    return row | {"record_id": one.maker.records, "administrator": 0, "starts_at": _told(at)}


def _device(one, at):
    row = {"id": one.maker.devices, "uid": one.maker.uid(), "account_id": one.maker.accounts}
    row |= {"token_hash": one.maker.hash(), "name": "Firefox sur Android"}
    return row | {"known_at": _told(at), "seen_at": _told(one.maker.now - DAY)}


def _session(one):
    at = _told(one.maker.now - DAY * (1 + one.number % 300))
    row = {"uid": one.maker.uid(), "token_hash": one.maker.hash(), "account_id": one.maker.accounts}
    row |= {"device": "Firefox sur Android", "started_at": at, "seen_at": at, "confirmed_at": at}
    return row | {"ended_at": at, "device_id": one.maker.devices}


def _contact(one, at):
    row = {"uid": one.maker.uid(), "record_id": one.maker.records, "given_name": "Paule"}
    row |= {"family_name": one.family, "link": "daughter", "link_words": "", "call_rank": 1}
    row |= {"phone": "+33 6 39 98 00 12", "other_phone": "", "email": "", "postal_address": ""}
    return row | {"carer": 0, "parent": 0, "added_at": _told(at)}


def _telling(one, at):
    row = {"uid": one.maker.uid(), "record_id": one.maker.records, "what": "space"}
    row |= {"how": "email", "address": one.email, "made_at": _told(one.announced)}
    row |= {"made_by": OFFICE.name, "last_day": f"{one.announced + 44 * DAY:%Y-%m-%d}"}
    return row | {"sent_at": _told(at), "fault": "", "came_back": 0}


def _code(one, at):
    row = {"record_id": one.maker.records, "code_hash": one.maker.hash(), "made_at": _told(at)}
    used = _told(one.announced + 3 * DAY) if one.state == "activated" else None
    return row | {"expires_at": _told(at + 42 * DAY), "used_at": used, "void": 0}


def _born(drawn):
    return date(1930, 1, 1) + DAY * drawn.randrange(75 * 365)


def _told(at: datetime):
    """As MomentField keeps it: the clock is in UTC."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


def _last(table):
    from models.database import database

    return database.execute_sql(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()[0]


@cache
def _note(number):
    return papers.note(number, clock.today())


def _prefixed(prefix, known):
    return " ".join([prefix + word for word in known])


@cache
def _words_of(note):
    labels = sorted(set(words(f"{note.title} {note.author} {note.filename}")))
    return labels, sorted(set(words(note.content.decode())))

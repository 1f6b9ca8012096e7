"""The people of the tests, their records and their papers."""

from datetime import date

from models import access, deposit, document, folder, masking
from models.access import Actor, Role
from models.account import Account
from models.deposit import Description, Limits
from models.enrolment import enrol
from models.record import Record
from models.vault import Spool

PASSWORD = "rivière-tambour-citron-58"
LINK = "http://localhost/activation"
LIMITS = Limits(document=25_000_000, record=1_000_000_000)
SURGERY = Actor(None, "Cabinet Fictif", "source")
MEMBERS = {
    "alice": ("A-1", "Exemple", "Alice Anne", "1951-03-14", "F"),
    "carole": ("A-2", "Inventée", "Carole", "1980-07-02", "F"),
}


def member(number, birth_name, given, birth_date, sex, email=""):
    return {
        "member_number": number,
        "birth_name": birth_name,
        "birth_given_names": given,
        "birth_date": birth_date,
        "sex": sex,
        "birthplace_code": "75056",
        "email": email,
    }


def enrolled(name="newcomer", **changes):
    """A record not activated yet, and its code."""
    row = member(name, "Fictive", "Nadia", "1960-01-31", "F", f"{name}@exemple.invalid")
    (one,), refused = enrol([row | changes], LINK, days=42)
    assert not refused
    return one


def make_holder(name):
    from models import activation

    email = f"{name}@exemple.invalid"
    (one,), _ = enrol([member(*MEMBERS[name], email)], LINK, days=42)
    answers = activation.begin(one.code, one.record.birth_date, "test")
    answers.confirm()
    answers.choose_credentials(email, PASSWORD)
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    answers.choose_emergency(allowed=True)


def spooled(content: bytes, limit=LIMITS.document) -> Spool:
    spool = Spool(limit)
    spool.write(content)
    spool.finish()
    return spool


class World:
    def __init__(self, app):
        self.app = app
        self.number = 0

    def account(self, name) -> Account:
        return Account.named(f"{name}@exemple.invalid")

    def record(self, name) -> Record:
        return Record.get(Record.email == f"{name}@exemple.invalid")

    def access(self, name, of=None):
        return access.find(self.account(name), self.record(of or name).uid)

    def let_in(self, name, role: Role, of="alice", **given):
        """Give an access, as later issues will."""
        made = access.grant(self.account(name), self.record(of), role)
        for field, value in given.items():
            setattr(made, field, value)
        made.save()
        return self.access(name, of)

    def paper(self, title="Compte rendu", text=None, by=None, of="alice", **told):
        """A document: deposited by Alice, unless `by` is another actor or access."""
        self.number += 1
        content = (text or f"Un texte, le {self.number}e.").encode()
        description = Description(
            category=told.pop("category", "CPT_REND"),
            dated=told.pop("dated", date(2024, 3, 12)),
            title=title,
            **told,
        )
        holder = self.access(of)
        actor = getattr(by, "actor", by) or holder.actor
        name = f"papier-{self.number}.txt"
        spool = spooled(content)
        made = deposit.put(holder.record, actor, spool, name, description, LIMITS)
        spool.discard()
        return made

    def folder(self, name, of="alice"):
        return folder.make(self.access(of), name)

    def titles(self, access):
        return {one.title for one in document.loaded(access, access.documents())}

    def masked(self, of="alice"):
        """The titles that are masked, as they are now."""
        holder = self.access(of)
        documents = document.loaded(holder, holder.documents())
        return {one.title for one in documents if masking.is_masked(one)}

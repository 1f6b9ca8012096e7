"""The people of the tests, their records and their papers."""

import io
from datetime import date

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from models import (
    access,
    clock,
    contact,
    deposit,
    designation,
    directive,
    document,
    emergency,
    folder,
    masking,
    office,
    professional,
    search,
    signing,
)
from models.access import Actor, Measure, Role
from models.account import Account
from models.contact import Told
from models.deposit import Description, Limits
from models.enrolment import enrol
from models.professional import Professional
from models.record import Record
from models.reference.directives import Model
from models.sender import Sender
from models.signing import Papers, Protection
from models.vault import Spool

PASSWORD = "rivière-tambour-citron-58"
LINK = "http://localhost/activation"
SENDER = Sender(
    site="Carnet",
    publisher="Association Fictive",
    contact="01 99 00 00 00",
    address="http://localhost",
    activation=LINK,
    objection="http://localhost/opposition",
    code_days=42,
    objection_days=42,
)
RESET_LINK = "http://localhost/mot-de-passe"
DOCTOR = "doctor"
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
    (one,), refused = enrol([row | changes], SENDER)
    assert not refused
    return one


def make_holder(name):
    from models import activation

    email = f"{name}@exemple.invalid"
    (one,), _ = enrol([member(*MEMBERS[name], email)], SENDER)
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


def picture(says: str) -> bytes:
    """A photograph in small, of a paper that says this: never twice the same bytes."""
    told, file = PngInfo(), io.BytesIO()
    told.add_itxt("Description", says)
    Image.new("L", (40, 60), 255).save(file, "PNG", pnginfo=told)
    return file.getvalue()


class World:
    def __init__(self):
        self.number = 0

    @property
    def office(self) -> Actor:
        """Diane, as she acts for the association."""
        return office.actor(self.account("diane"))

    def account(self, name) -> Account:
        return Account.named(f"{name}@exemple.invalid")

    def record(self, name) -> Record:
        return Record.get(Record.email == f"{name}@exemple.invalid")

    def access(self, name, of=None):
        """Of someone by her name; of a child, who has no account, one parent's."""
        record = self.record(of or name)
        return access.find(self.account(name) or access.deciders(record)[0], record.uid)

    def section(self, of="alice"):
        """The address of « Entourage et volontés »."""
        return f"/espaces/{self.record(of).uid}/entourage-et-volontes"

    def born(self, day: date, of="alice"):
        Record.update(birth_date=day).where(Record.id == self.record(of).id).execute()

    def let_in(self, name, role: Role, of="alice", **given):
        """Give an access at once: a carer sees and adds, a professional is a doctor."""
        terms = {
            Role.CARER: {"given": "read deposit"},
            Role.PROFESSIONAL: {"profession": DOCTOR},
            Role.EMERGENCY: {"profession": DOCTOR, "ends_at": clock.now() + emergency.LASTS},
            Role.REPRESENTATIVE: {"measure": Measure.PARENT.value},
        }.get(role, {})
        access.grant(self.account(name), self.record(of), role, **terms | given)
        return self.access(name, of)

    def professional(self, name, profession=DOCTOR, **told) -> Professional:
        """Verified by the office; she signs in with PASSWORD."""
        email = f"{name}@exemple.invalid"
        full_name = told.pop("full_name", f"{name.capitalize()} Fictif")
        her = professional.Told(full_name, email, profession, **told)
        one = professional.verify(self.office, her, "Carnet", lambda token: f"{RESET_LINK}/{token}")
        one.account.change_password(PASSWORD)
        return one

    def paper(self, title="Compte rendu", text=None, by=None, of="alice", scan=None, **told):
        """A document: deposited by Alice, unless `by` is another actor or access; `scan`: the
        photograph of a paper that says this."""
        self.number += 1
        content = picture(scan) if scan else (text or f"Un texte, le {self.number}e.").encode()
        description = Description(
            category=told.pop("category", "CPT_REND"),
            dated=told.pop("dated", date(2024, 3, 12)),
            title=title,
            **told,
        )
        holder = self.access(of)
        actor = getattr(by, "actor", by) or holder.actor
        name = f"papier-{self.number}.{'png' if scan else 'txt'}"
        spool = spooled(content)
        made = deposit.put(holder.record, actor, spool, name, description, LIMITS)
        spool.discard()
        return made

    def folder(self, name, of="alice"):
        return folder.make(self.access(of), name)

    def contact(self, given_name="Paule", of="alice", **told):
        """Someone around Alice, who may be her trusted person."""
        described = {
            "family_name": "Imaginaire",
            "link": "daughter",
            "phone": "06 39 98 00 12",
            "birth_date": date(1980, 2, 1),
        }
        return contact.add(self.access(of), Told(given_name, **described | told))

    def designation(self, signed_on=None, revoked_on=None, person=None, of="alice", **told):
        """Ready to sign; or signed that day, and then revoked."""
        holder = self.access(of)
        self.number += 1
        one = designation.begin(holder, told.pop("protection", Protection.NONE), False)
        designation.choose(holder, one, person or self.contact(f"Paule {self.number}", of))
        designation.prepare(holder, one, told.pop("says", []))
        return self._signed(holder, designation, one, signed_on, revoked_on)

    def directive(
        self, signed_on=None, revoked_on=None, of="alice", protection=Protection.NONE, **answers
    ):
        """Written here and ready to sign; or signed that day, and then revoked."""
        holder = self.access(of)
        one = directive.begin(holder, Model.HEALTH)
        for code, words in (answers or {"valeurs": "La mer."}).items():
            directive.answer(holder, one, code.replace("_", "-"), "", words)
        directive.finish(holder, one, "Rennes, France", protection, witnessed=False)
        return self._signed(holder, directive, one, signed_on, revoked_on)

    def _signed(self, holder, model, one, signed_on, revoked_on):
        if signed_on:
            papers = self.signed_paper()
            signing.sign(holder, model.find(holder, one.uid), signed_on, papers, LIMITS)
        if revoked_on:
            signing.revoke(holder, model.find(holder, one.uid), revoked_on)
        return model.find(holder, one.uid)

    def signed_paper(self, authorisation=False) -> Papers:
        """Photographed, and never twice the same."""
        self.number += 1
        signed = spooled(picture(f"Papier signé, le {self.number}e."))
        judge = spooled(picture(f"Autorisation, la {self.number}e."))
        more = ((judge, "autorisation.png"),) if authorisation else ()
        return Papers(((signed, "signé.png"),), more)

    def titles(self, access):
        return {one.title for one in document.loaded(access, access.documents())}

    def masked(self, of="alice"):
        """The titles that are masked, as they are now."""
        holder = self.access(of)
        documents = document.loaded(holder, holder.documents())
        return {one.title for one in documents if masking.is_masked(one)}


def holding(access, words):
    """The documents where a search finds these words, as an SQL condition."""
    folders = list(access.folders())
    return search.condition(search.sought(access.record_id, words, folders))

"""A professional: an account that the association has verified, with her profession and number."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from peewee import BooleanField, CharField, ForeignKeyField, TextField

from . import access as accesses
from . import (
    admission,
    clock,
    device,
    email_undo,
    journal,
    ledger,
    means,
    notice,
    reset,
    session,
)
from .access import BY_PROFESSION, Access, Actor, Why
from .account import Account
from .database import MomentField, Table, transaction
from .person import LONGEST_NAME, checked_email
from .record import Record
from .reference.professions import PROFESSIONS
from .refusal import Refusal
from .words import day, fold, tidy, uid, words

MOST_FOUND = 20
MOST_LISTED = 200
SHORTEST_SEARCH = 2
# For the first password: a letter may wait until she is back at work.
FIRST_LINK = timedelta(days=7)
RPPS = re.compile(r"[0-9]{11}")

KNOWN = "Cette personne est déjà dans la liste. Ouvrez sa fiche pour la corriger."
OF_THE_OFFICE = "C'est l'adresse d'un compte de l'association. Il en faut une autre."
OF_ANOTHER = (
    "Cette adresse sert déjà ici, sous un autre nom. Vérifiez l'adresse. Si elle est bonne, "
    "demandez à cette personne le nom qu'elle utilise ici, et écrivez le même."
)
TOO_SHORT = f"Écrivez au moins {SHORTEST_SEARCH} lettres du nom, du lieu ou du métier."
SUBJECT = "Votre compte professionnel est prêt"
WELCOME = """Bonjour,

L'association a vérifié votre profession : vous avez un compte professionnel sur {site}.

Choisissez votre mot de passe à cette adresse, avant le {until} :

{address}

Ce lien sert une seule fois. Ensuite, vous vous connectez avec cette adresse e-mail.

Vous n'attendiez pas cet e-mail ? Ne faites rien, et prévenez l'association.
"""
ADDED = """Bonjour,

L'association a vérifié votre profession : votre compte sur {site} est aussi un compte
professionnel. Vous vous connectez comme avant, avec le même mot de passe.

Ce n'est pas votre métier ? Prévenez l'association.
"""
SUSPENDED = """Bonjour,

L'association a suspendu votre compte professionnel. Les espaces qui vous étaient ouverts comme
professionnel ne le sont plus. Vos autres accès ne changent pas.

Pour savoir pourquoi, adressez-vous à l'association.
"""
REINSTATED = """Bonjour,

L'association a rouvert votre compte professionnel. Les accès d'avant ne reviennent pas : chaque
personne vous en donne un nouveau, si elle le veut.
"""


class Professional(Table):
    uid = TextField(unique=True, default=uid)
    account = ForeignKeyField(Account, unique=True, backref="professions")
    profession = CharField()
    # Her number in the national directory (RPPS), as it was given.
    rpps = CharField(default="")
    organisation = TextField(default="")
    # Works for the emergency call centre (« SAMU – centre 15 »).
    samu = BooleanField(default=False)
    # Name and organisation, folded: what she is looked for by.
    search_key = TextField()
    verified_at = MomentField(default=clock.now)
    verified_by = TextField()
    suspended_at = MomentField(null=True)

    @property
    def label(self) -> str:
        return PROFESSIONS.get(self.profession, self.profession)

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def doubtful(self) -> bool:
        """Its number fails its own check (Luhn's), as some real ones do: to read again, not to
        refuse."""
        return bool(self.rpps) and not _luhn(self.rpps)


@dataclass(frozen=True)
class Told:
    """What the office writes of her."""

    name: str
    email: str
    profession: str
    rpps: str = ""
    organisation: str = ""
    samu: bool = False

    def checked(self) -> dict:
        """Raises Refusal at the field that is wrong."""
        return {
            "profession": checked_profession(self.profession),
            "rpps": checked_rpps(self.rpps),
            "organisation": checked_organisation(self.organisation),
            "samu": self.samu,
        }


def of(account: Account) -> Professional | None:
    """The professional that the account is, verified and not suspended; none of the
    association's is one."""
    one = None if account.office else Professional.get_or_none(Professional.account == account)
    return one if one and not one.suspended_at else None


def verify(actor: Actor, told: Told, site: str, link) -> Professional:
    """Enter someone whose profession the office has checked; `link` makes the address from a token.

    Where her e-mail has an account, it stays as it is, and is hers as a professional too; if it was
    proved, for anyone may have made one with her address and her name. Raises Refusal."""
    name, email, values = checked_name(told.name), _needed_email(told.email), told.checked()
    with transaction():
        account = Account.named(email)
        if account:
            _check_same(account, name)
            session.end_all(account)  # begun without the second factor that she needs from now on
        else:
            account = Account.create(email=email, name=name, password_hash="")
        if account.email_proved_at:
            notice.write(email, SUBJECT, ADDED.format(site=site))
        else:
            _give_to_its_mailbox(account, site, link)
        one = Professional(account=account, verified_by=actor.name, **values)
        _save(one)
        ledger.write(actor, ledger.Act.VERIFIED_PROFESSIONAL, one.uid)
    return one


def correct(actor: Actor, one: Professional, told: Told) -> None:
    """What the profession reads changes at once wherever she has entered. Raises Refusal."""
    name, values = checked_name(told.name), told.checked()
    with transaction():
        if may_be_renamed(one):
            one.account.name = name
            one.account.save(only=[Account.name])
        changed = values["profession"] != one.profession
        for field, value in values.items():
            setattr(one, field, value)
        _save(one)
        if changed:
            _tell_records(actor, one)
        ledger.write(actor, ledger.Act.CORRECTED_PROFESSIONAL, one.uid)


def may_be_renamed(one: Professional) -> bool:
    """Not where the account serves for more than her work: its name is then its owner's."""
    private = (Access.account == one.account_id) & Access.role.not_in(list(BY_PROFESSION))
    return not Access.select().where(private).exists()


def suspend(actor: Actor, one: Professional) -> None:
    """She signs in still, but no record is open to her as a professional any more."""
    with transaction():
        if not _mark(one, clock.now()):
            return
        admission.end_all_of(actor, one.account, Why.OFFICE)
        ledger.write(actor, ledger.Act.SUSPENDED_PROFESSIONAL, one.uid)
        notice.write(one.account.email, "Votre compte professionnel est suspendu", SUSPENDED)


def reinstate(actor: Actor, one: Professional) -> None:
    """The accesses that were ended stay so (D9)."""
    with transaction():
        if _mark(one, None):
            session.end_all(one.account)
            ledger.write(actor, ledger.Act.REINSTATED_PROFESSIONAL, one.uid)
            notice.write(one.account.email, "Votre compte professionnel est rouvert", REINSTATED)


def find(one_uid: str) -> Professional | None:
    """Whatever her state, for the office."""
    return _all().where(Professional.uid == one_uid).first()


def of_accounts(numbers) -> dict[int, Professional]:
    """By account, whatever their state."""
    found = _all().where(Professional.account.in_(list(numbers)))
    return {one.account_id: one for one in found}


def patients(one: Professional) -> list[Access]:
    """The records that are open to her work, in an emergency too."""
    return [access for access in accesses.of(one.account) if access.role in BY_PROFESSION]


def search(text: str) -> list[Professional]:
    """Those who may be let in, every word being of their name, organisation or profession. Raises
    Refusal."""
    asked = words(text)
    if sum(map(len, asked)) < SHORTEST_SEARCH:
        raise Refusal(TOO_SHORT, "q")
    return list(_found(asked).where(Professional.suspended_at.is_null()).limit(MOST_FOUND))


def register(text: str = "") -> list[Professional]:
    """The list of the office, those suspended too."""
    return list(_found(words(text)).limit(MOST_LISTED))


def checked_name(text: str | None) -> str:
    return _words(text, "name") or _refuse("Écrivez le prénom et le nom.", "name")


def checked_profession(code: str | None) -> str:
    return code if code in PROFESSIONS else _refuse("Choisissez la profession.", "profession")


def checked_rpps(text: str | None) -> str:
    """Eleven digits, however they are spaced, or nothing."""
    number = "".join((text or "").split())
    if number and not RPPS.fullmatch(number):
        _refuse("Un numéro RPPS a onze chiffres. Vérifiez-le, ou laissez vide.", "rpps")
    return number


def checked_organisation(text: str | None) -> str:
    return _words(text, "organisation")


def _words(text, field):
    text = tidy(text or "")
    if len(text) > LONGEST_NAME:
        _refuse(f"C'est trop long : {LONGEST_NAME} lettres au plus.", field)
    return text


def _needed_email(text):
    return checked_email(text) or _refuse("Écrivez son adresse e-mail.", "email")


def _refuse(sentence, field):
    raise Refusal(sentence, field)


def _check_same(account, name):
    """A slip of the hand in the e-mail must not make a professional of someone else."""
    if account.office:
        _refuse(OF_THE_OFFICE, "email")
    if Professional.select().where(Professional.account == account).exists():
        _refuse(KNOWN, "email")
    hers = set(words(account.name))
    if not hers or not hers <= set(words(name)):
        _refuse(OF_ANOTHER, "email")


def _give_to_its_mailbox(account, site, link):
    """Nobody knows its password, nor has anything that opens it, until she chooses hers."""
    account.change_password(secrets.token_urlsafe(32))
    means.forget(account)
    device.forget_all(account)
    reset.void_all(account)
    email_undo.void_all(account)
    until = day((clock.now() + FIRST_LINK).astimezone(clock.PARIS).date())
    reset.send(account, link, FIRST_LINK, SUBJECT, WELCOME, site=site, until=until)


def _save(one):
    one.search_key = fold(f"{one.account.name} {one.organisation}")
    one.save()


def _mark(one, suspended_at):
    """Whether it was not so already."""
    before = Professional.suspended_at.is_null(suspended_at is not None)
    here = (Professional.id == one.id) & before
    changed = Professional.update(suspended_at=suspended_at).where(here).execute()
    one.suspended_at = suspended_at
    return bool(changed)


def _tell_records(actor, one):
    """Each record she has entered keeps the trace that what she reads there changed."""
    hers = (Access.account == one.account_id) & Access.role.in_(list(BY_PROFESSION))
    for access in list(Access.select(Access, Record).join(Record).where(hers & Access.live())):
        access.profession = one.profession
        access.save(only=[Access.profession])
        told = {"name": one.account.name, "role": access.role}
        journal.write(access.record, actor, journal.Act.CHANGED_ACCESS, **told)


def _all():
    return Professional.select(Professional, Account).join(Account)


def _found(asked):
    query = _all().order_by(Professional.search_key)
    for word in asked:
        codes = [code for code, label in PROFESSIONS.items() if word in fold(label)]
        query = query.where(
            Professional.search_key.contains(word) | Professional.profession.in_(codes)
        )
    return query


def _luhn(number):
    """Every second digit from the right counts double."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0

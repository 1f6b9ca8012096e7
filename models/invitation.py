"""Invitations: someone is asked to help, or to share the record of a child.

A link goes to the person invited; a code, which the inviter reads to her. Neither works alone."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import CharField, ForeignKeyField, IntegerField, IntegrityError, TextField

from . import access as accesses
from . import attempt, clock, email_change, journal, notice, password, phone
from .access import Access, Actor, Measure, Right, Role
from .account import Account, canonical, is_email
from .database import DayField, MomentField, Table, transaction
from .folder import Folder
from .person import checked_email, checked_full_name
from .record import Record
from .refusal import Refusal
from .words import day, tidy, uid

GOOD_FOR = timedelta(days=7)
# A form sent twice in that time is one invitation.
TWICE = timedelta(minutes=1)
# How long a refusal is shown to who invited.
TOLD = timedelta(days=30)
LONGEST = timedelta(days=731)
LONGEST_NAME = 100
# Beyond these, the code must be made again by who invited.
MOST_TRIES = 10
# As those of activation.py: no two that look alike.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 8

WRONG = (
    "Ce lien et ce code ne vont pas ensemble, ou ne servent plus. Vérifiez le code. Demandez "
    "sinon une nouvelle invitation à la personne qui vous a écrit."
)
NOT_AN_ADDRESS = (
    "Cette adresse e-mail n'est pas complète. Elle s'écrit comme nom@exemple.fr, sans espace."
)
TAKEN = (
    "Cette adresse sert déjà à se connecter ici. Si c'est la vôtre, connectez-vous d'abord : le "
    "lien est sur cette page."
)
OVER = "Cette invitation n'est plus en attente."
YOURS = "C'est votre propre espace : cette invitation est pour quelqu'un d'autre."
ALREADY = "Vous entrez déjà dans cet espace avec ce compte : cette invitation n'y change rien."
NOT_WITH_THIS = (
    "Cette invitation ne s'accepte pas avec ce compte. Il en faut un autre, qui soit à vous seul."
)
UNREACHABLE = "Écrivez son e-mail, ou son numéro de téléphone."
OWN_ADDRESS = "C'est votre propre adresse. Écrivez celle de cette personne."
KNOWN_ADDRESS = "Cette personne a déjà un accès à cet espace. Changez plutôt ce qu'elle peut faire."
NOT_A_PARENT = "Seul un parent, dans l'espace de son enfant, peut inviter l'autre parent."
TWO_PARENTS = (
    "Deux parents au plus tiennent l'espace d'un enfant, invitation en attente comprise. Annulez "
    "d'abord l'invitation, ou demandez à l'association."
)
NOT_CERTIFIED = "Pour accepter, cochez cette case. Si ce n'est pas vrai, refusez."
BY_A_JUDGE = "Cette invitation suit un jugement. Seule l'association peut l'annuler ou la renvoyer."
SUBJECT = "Une invitation vous attend"
LETTER = """Bonjour,

Une personne qui vous connaît vous invite à l'aider avec son espace de santé, sur {site}.

Pour savoir qui, et pour répondre, ouvrez cette adresse avant le {until} :

{address}

Un code vous sera demandé. Cette personne vous le donne de vive voix : le lien seul ne suffit pas.

Vous êtes libre d'accepter ou de refuser. Si vous ne connaissez personne ici, ne faites rien.
"""
LETTER_TO_PARENT = """Bonjour,

Un parent vous invite à tenir avec lui l'espace de santé de votre enfant, sur {site}.

Pour savoir qui, et pour répondre, ouvrez cette adresse avant le {until} :

{address}

Un code vous sera demandé. Ce parent vous le donne de vive voix : le lien seul ne suffit pas.

Vous êtes libre d'accepter ou de refuser. Si cela ne vous dit rien, ne faites rien.
"""
LETTER_BY_OFFICE = """Bonjour,

L'association a noté une mesure de protection qui vous charge de représenter une personne. Elle vous
ouvre son espace de santé, sur {site}.

Pour savoir qui, et pour répondre, ouvrez cette adresse avant le {until} :

{address}

Un code vous sera demandé. L'association vous le remet elle-même : le lien seul ne suffit pas.

Si cela ne vous dit rien, ne faites rien, et prévenez l'association.
"""
LETTERS = {Measure.PARENT: LETTER_TO_PARENT, Measure.REPRESENTATION: LETTER_BY_OFFICE}
ANSWERED = """Bonjour,

Une réponse à votre invitation vous attend dans l'espace de santé que vous tenez, page « Qui peut
entrer ».
"""
ASKED = """Bonjour,

Quelqu'un demande un accès à votre espace de santé. Votre accord est nécessaire.
La demande vous attend dans votre espace, page « Qui peut entrer ».
"""


class State(StrEnum):
    TO_AGREE = "to-agree"
    PENDING = "pending"
    EXPIRED = "expired"
    LOCKED = "locked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"


OPEN = (State.TO_AGREE, State.PENDING, State.EXPIRED, State.LOCKED)


class Invitation(Table):
    """The code is kept as long as it serves: its inviter reads it out when she is asked for it.
    The token only where she sends the link herself, by telephone."""

    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record, backref="invitations")
    inviter = ForeignKeyField(Account, null=True)
    role = CharField()
    measure = CharField(default=Measure.NONE.value)
    name = TextField()
    link = TextField(default="")
    email = TextField(default="")
    phone = TextField(default="")
    given = TextField(default="")
    # Of a measure: the judgment that the office has seen (measure.py).
    reference = TextField(default="")
    # The last day of the access.
    ends_on = DayField(null=True)
    made_at = MomentField(default=clock.now)
    # By the person herself, where someone else asks for it: None until she answers.
    agreed_at = MomentField(null=True)
    sent_at = MomentField(null=True)
    expires_at = MomentField(null=True)
    token_hash = TextField(null=True, unique=True)
    token = TextField(default="")
    code = TextField(default="")
    tries = IntegerField(default=0)
    # By who acts for someone by law: that she does.
    certified_at = MomentField(null=True)
    accepted_at = MomentField(null=True)
    refused_at = MomentField(null=True)
    cancelled_at = MomentField(null=True)

    @property
    def state(self) -> State:
        for state, since in (
            (State.ACCEPTED, self.accepted_at),
            (State.REFUSED, self.refused_at),
            (State.CANCELLED, self.cancelled_at),
        ):
            if since:
                return state
        if self.agreed_at is None:
            return State.TO_AGREE
        if self.tries >= MOST_TRIES:
            return State.LOCKED
        return State.PENDING if self.expires_at > clock.now() else State.EXPIRED

    @property
    def rights(self) -> frozenset[Right]:
        """What the person invited may do, if she accepts."""
        if self.role == Role.CARER:
            return accesses.chosen(self.given)
        return accesses.RIGHTS[Role(self.role)]

    @property
    def ends_at(self) -> datetime | None:
        """The end of its last day, in France."""
        return clock.midnight(self.ends_on + timedelta(days=1)) if self.ends_on else None

    @property
    def written_code(self) -> str:
        """« ABCD EFGH »: easier to read out."""
        return f"{self.code[:4]} {self.code[4:]}"


@dataclass(frozen=True)
class Terms:
    """What the inviter wrote: to whom, what for, until when."""

    name: str
    link: str
    email: str
    phone: str
    given: frozenset[Right]
    until: date | None
    folders: tuple[Folder, ...] = ()
    documents: tuple = ()

    def checked(self) -> dict:
        """Raises Refusal at the field that is wrong."""
        return {
            **self.checked_person(),
            "given": accesses.written(checked_given(self.given)),
            "ends_on": checked_until(self.until),
        }

    def checked_person(self) -> dict:
        return {
            "name": checked_name(self.name),
            "link": checked_link(self.link),
            **_reached(self.email, self.phone),
        }


def checked_name(text: str | None) -> str:
    """Raises Refusal."""
    return _words(text, "name", "Écrivez le prénom et le nom de cette personne.")


def checked_link(text: str | None) -> str:
    """Raises Refusal."""
    return _words(text, "link", "Écrivez votre lien : « ma fille », « un voisin ».")


def checked_given(rights: frozenset[Right]) -> frozenset[Right]:
    """What a carer may be let do. Raises Refusal."""
    if not rights or rights - accesses.DELEGABLE:
        raise Refusal("Choisissez au moins une chose que cette personne pourra faire.", "given")
    if rights & accesses.NEED_READING and Right.READ not in rights:
        raise Refusal("Pour cela, il faut aussi pouvoir lire les documents : cochez-le.", "given")
    return rights


def checked_until(until: date | None) -> date:
    """The last day of an access. Raises Refusal."""
    if until is None:
        raise Refusal(f"Choisissez jusqu'à quand. Par exemple {example()}.", "until")
    if until <= clock.today():
        raise Refusal("Choisissez un jour à venir.", "until")
    if until > clock.today() + LONGEST:
        raise Refusal("C'est trop loin : deux ans au plus. Vous pourrez prolonger.", "until")
    return until


def example() -> str:
    """A last day that may be chosen, as one writes it."""
    return f"31/12/{clock.today().year + 1}"


def invite(access: Access, terms: Terms, site: str, link) -> Invitation:
    """Ask someone to help; `link` makes the address from a token. Raises Refusal, TooMany."""
    from . import exclusion  # which knows of invitations

    access.require(Right.GRANT)
    values = terms.checked() | {"role": Role.CARER.value}
    with transaction():
        one = _just_sent(access, values) or _sent(access, values, site, link)
        exclusion.choose(one, list(terms.folders), list(terms.documents))
    return one


def invite_parent(access: Access, terms: Terms, site: str, link) -> Invitation:
    """Ask a child's other parent to hold the record too. Raises Refusal, TooMany."""
    access.require(Right.GRANT)
    role, measure = Role.REPRESENTATIVE.value, Measure.PARENT.value
    values = terms.checked_person() | {"role": role, "measure": measure}
    with transaction():
        one = _just_sent(access, values)
        if one is None:
            _check_place(access)
            one = _sent(access, values, site, link)
    return one


def enter(record: Record, actor: Actor, values: dict, site: str, link) -> Invitation:
    """Of a measure, by the office: sent at once to whoever represents the person, and once she has
    agreed to whoever assists her. Call it inside a transaction."""
    one = Invitation.create(record=record, **values)
    if one.measure == Measure.REPRESENTATION:
        one.agreed_at = clock.now()
        _send(one, site, link)
    else:
        for account in accesses.deciders(record):
            notice.write(account.email, "Un accès demande votre accord", ASKED)
    journal.write(record, actor, journal.Act.INVITED, **_who(one))
    return one


def send_for(actor: Actor, one: Invitation, site: str, link) -> Invitation:
    """The same as `send_again`, by the office. Raises Refusal."""
    with transaction():
        one = _still(one, State.PENDING, State.EXPIRED, State.LOCKED)
        _send(one, site, link)
        journal.write(one.record, actor, journal.Act.SENT_INVITATION, **_who(one))
    return one


def cancel_for(actor: Actor, one: Invitation) -> None:
    """The same as `cancel`, by the office. Raises Refusal."""
    with transaction():
        one = _still(one, *OPEN)
        _close(one, "cancelled_at")
        journal.write(one.record, actor, journal.Act.CANCELLED_INVITATION, **_who(one))


def of(access: Access) -> list[Invitation]:
    """Those that wait for something, the newest first."""
    return [one for one in _all(access) if one.state in OPEN]


def refused(access: Access) -> list[Invitation]:
    """Lately."""
    lately = clock.now() - TOLD
    return [one for one in _all(access) if one.refused_at and one.refused_at > lately]


def find(access: Access, one_uid: str) -> Invitation | None:
    """Whatever became of it."""
    return next((one for one in _all(access) if one.uid == one_uid), None)


def find_of_carer(access: Access, one_uid: str) -> Invitation | None:
    """It waits, or has been accepted: what it leaves out may be changed."""
    one = find(access, one_uid)
    good = one and one.role == Role.CARER and one.state in (*OPEN, State.ACCEPTED)
    return one if good else None


def send_again(access: Access, one: Invitation, site: str, link) -> None:
    """Another link and another code: those before serve no more. Raises Refusal, TooMany."""
    access.require(Right.GRANT)
    _check_yours(one)
    with transaction():
        one = _still(one, State.PENDING, State.EXPIRED, State.LOCKED)
        _count(access)
        one.inviter = access.account_id
        _send(one, site, link)
        journal.write(access.record, access.actor, journal.Act.SENT_INVITATION, **_who(one))


def cancel(access: Access, one: Invitation) -> None:
    """Raises Refusal where it was answered meanwhile."""
    access.require(Right.GRANT)
    _check_yours(one)
    with transaction():
        one = _still(one, *OPEN)
        _close(one, "cancelled_at")
        journal.write(access.record, access.actor, journal.Act.CANCELLED_INVITATION, **_who(one))


def withdraw_all(ended: Access, actor: Actor, but_parents: bool) -> None:
    """Those made by someone who decides no more; call it inside a transaction."""
    here = (Invitation.record == ended.record_id) & (Invitation.inviter == ended.account_id)
    if but_parents:
        here &= Invitation.measure != Measure.PARENT.value
    for one in list(Invitation.select().where(here & Invitation.token_hash.is_null(False))):
        _close(one, "cancelled_at")
        journal.write(ended.record, actor, journal.Act.CANCELLED_INVITATION, **_who(one))


def agree(access: Access, one: Invitation, site: str, link) -> None:
    """The person lets in someone who asked to assist her. Raises Refusal."""
    access.require(Right.GRANT)
    with transaction():
        one = _still(one, State.TO_AGREE)
        one.agreed_at = clock.now()
        _send(one, site, link)
        journal.write(access.record, access.actor, journal.Act.AGREED_TO_INVITATION, **_who(one))


def cancel_all(record: Record, actor: Actor) -> None:
    """Whoever waits for an answer to them has nothing to say any more. Call it inside a
    transaction."""
    for one in Invitation.select().where(Invitation.record == record):
        if one.state in OPEN:
            _close(one, "cancelled_at")
            journal.write(record, actor, journal.Act.CANCELLED_INVITATION, **_who(one))


def proven(token: str, code: str) -> Invitation | None:
    """The invitation that waits for an answer, by its link and its code together."""
    one = _by(_hash(token))
    kept = one.code if one else ""
    good = hmac.compare_digest(kept.encode(), normal(code).encode())
    return one if kept and good and _waits(one) else None


def under_way(token_hash: str) -> Invitation | None:
    """The same, proven before: known by the hash of its token, which tells no secret."""
    one = _by(token_hash)
    return one if one and _waits(one) else None


def open_with(token: str, code: str, address: str) -> Invitation:
    """The same, counting the failures. Raises Refusal, always in the same words; TooMany."""
    door = f"invitation-from:{address}"
    attempt.allow(door)
    with transaction():  # or many at once would be tried before one is counted
        one = proven(token, code)
        if one is not None:
            return one
        attempt.failed(door)
        here = Invitation.token_hash == _hash(token)
        Invitation.update(tries=Invitation.tries + 1).where(here).execute()
    raise Refusal(WRONG, "code")


def certify(one: Invitation, certified: bool) -> None:
    """Who acts for someone by law says so before she enters. Raises Refusal."""
    if one.role != Role.REPRESENTATIVE:
        return
    if not certified:
        raise Refusal(NOT_CERTIFIED, "certified")
    one.certified_at = clock.now()
    one.save(only=[Invitation.certified_at])


def accept(one: Invitation, account: Account) -> Access:
    """She enters from now on. Raises Refusal."""
    from . import handover  # which knows of invitations

    with transaction():
        one = _check_pending(one)
        _check_may_enter(one.record, account)
        _check_representative(one)
        made = accesses.grant(
            account,
            one.record,
            Role(one.role),
            measure=one.measure,
            link=one.link,
            given=one.given,
            ends_at=one.ends_at,
            invitation=one,
        )
        _close(one, "accepted_at")
        told = {"access": made.uid, "invitation": one.uid}
        if one.certified_at:
            told["certified"] = MomentField().db_value(one.certified_at)
        journal.write(one.record, made.actor, journal.Act.ACCEPTED_INVITATION, **told)
        if one.role == Role.REPRESENTATIVE:
            handover.taken(one.record)
        _tell(one, but=account)
    return made


def accept_as_newcomer(one: Invitation, name: str, email: str, secret: str) -> Account:
    """The same, with an account made on the way. Raises Refusal, TooMany."""
    door = f"taken-invited:{one.uid}"
    attempt.allow(door)
    name, email = checked_full_name(name), canonical(email)
    if not is_email(email):
        raise Refusal(NOT_AN_ADDRESS, "email")
    if not email_change.free(email):
        attempt.failed(door)  # or it would tell who has an account here
        raise Refusal(TAKEN, "email")
    password.check(secret, [name, email, email.partition("@")[0]])
    hashed = password.hashed(secret)
    try:
        with transaction():
            account = Account.create(email=email, name=name, password_hash=hashed)
            accept(one, account)
    except IntegrityError as error:
        raise Refusal(TAKEN, "email") from error
    return account


def refuse(one: Invitation) -> None:
    """Nothing opens, with or without an account. Raises Refusal where it is over."""
    with transaction():
        one = _check_pending(one)
        _close(one, "refused_at")
        actor = Actor(None, one.name, "invited")
        journal.write(one.record, actor, journal.Act.REFUSED_INVITATION)
        _tell(one)


def normal(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def _reached(email, number):
    email, number = checked_email(email), phone.understood(number)
    if not email and not number:
        raise Refusal(UNREACHABLE, "email")
    return {"email": email, "phone": number}


def _words(text, field, missing):
    text = tidy(text or "")
    if not text:
        raise Refusal(missing, field)
    if len(text) > LONGEST_NAME:
        raise Refusal(f"C'est trop long : {LONGEST_NAME} lettres au plus.", field)
    return text


def _check_place(access):
    """The invitations that wait count too."""
    from . import child

    if not child.is_held_by(access):
        raise Refusal(NOT_A_PARENT)
    asked = [one for one in of(access) if one.measure == Measure.PARENT]
    if len(child.parents(access.record)) + len(asked) >= child.MOST_PARENTS:
        raise Refusal(TWO_PARENTS)


def _check_representative(one):
    """A child has two parents at most, and needs none once she is 18."""
    from . import child

    if one.role == Role.REPRESENTATIVE and not one.certified_at:
        raise Refusal(NOT_CERTIFIED, "certified")
    if one.measure == Measure.PARENT:
        if one.record.adult:
            raise Refusal(WRONG)
        if len(child.parents(one.record)) >= child.MOST_PARENTS:
            raise Refusal(TWO_PARENTS)


def _check_yours(one):
    if one.measure == Measure.REPRESENTATION:
        raise Refusal(BY_A_JUDGE)


def _check_newcomer(access, email):
    for one in accesses.all_in(access.record):
        if one.account.email == email:
            raise Refusal(OWN_ADDRESS if one.id == access.id else KNOWN_ADDRESS, "email")


def _just_sent(access, values):
    lately = Invitation.made_at > clock.now() - TWICE
    waiting = Invitation.token_hash.is_null(False)
    same = {"record": access.record_id, "inviter": access.account_id, **values}
    return Invitation.select().where(lately & waiting).filter(**same).first()


def _sent(access, values, site, link):
    _check_newcomer(access, values["email"])
    _count(access)
    by = {"record": access.record, "inviter": access.account_id}
    one = Invitation.create(agreed_at=clock.now(), **by, **values)
    _send(one, site, link)
    journal.write(access.record, access.actor, journal.Act.INVITED, **_who(one))
    return one


def _all(access):
    access.require(Right.GRANT)
    rows = Invitation.select().where(Invitation.record == access.record_id)
    return list(rows.order_by(Invitation.id.desc()))


def _count(access):
    """What is counted is the sending: nobody may be flooded with letters."""
    door = f"invite:{access.record_id}"
    attempt.allow(door)
    attempt.failed(door)


def _send(one, site, link):
    accesses.check_open(one.record)
    token = secrets.token_urlsafe(24)
    one.token_hash, one.token = _hash(token), "" if one.email else token
    one.code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    one.sent_at, one.expires_at, one.tries = clock.now(), clock.now() + GOOD_FOR, 0
    one.save()
    if one.email:
        until = day(one.expires_at.astimezone(clock.PARIS).date())
        letter = LETTERS.get(one.measure, LETTER)
        notice.write(one.email, SUBJECT, letter.format(site=site, address=link(token), until=until))


def _close(one, column):
    """Its secrets serve no more."""
    setattr(one, column, clock.now())
    one.token_hash, one.token, one.code = None, "", ""
    one.save()


def _by(token_hash):
    query = Invitation.select(Invitation, Record).join(Record)
    return query.where(Invitation.token_hash == token_hash).first()


def _waits(one):
    """For its answer; and whoever invited a carer still decides."""
    if one.state is not State.PENDING or one.record.closed_at:
        return False
    if one.measure == Measure.PARENT:
        return not one.record.adult
    deciders = (account.id for account in accesses.deciders(one.record))
    return one.inviter_id is None or one.inviter_id in deciders


def _still(one, *states):
    """As it is now. Raises Refusal."""
    now = Invitation.get_by_id(one.id)
    if now.state not in states:
        raise Refusal(OVER)
    return now


def _check_pending(one):
    now = _by(one.token_hash) if one.token_hash else None
    if now is None or not _waits(now):
        raise Refusal(WRONG)
    return now


def _check_may_enter(record, account):
    from . import block  # which knows of invitations

    if accesses.holder_of(record) == account:
        raise Refusal(YOURS)
    if accesses.find(account, record.uid):
        raise Refusal(ALREADY)
    # The association reads nobody's; and whoever is kept out is not told.
    if account.office or block.standing(record, account):
        raise Refusal(NOT_WITH_THIS)


def _tell(one, but=None):
    for account in accesses.deciders(one.record):
        if account != but:
            notice.write(account.email, "Une réponse à votre invitation", ANSWERED)


def _who(one):
    return {"name": one.name, "invitation": one.uid}


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()

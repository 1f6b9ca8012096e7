"""What an address is about: for each route, the uid of something that exists in a record, in the
state that the route needs."""

from datetime import date, timedelta

from models import (
    access,
    admission,
    bin,
    block,
    clock,
    colleague,
    contact,
    enrolment,
    invitation,
    journal,
    measure,
    moving,
    report,
    rescue,
    roll_reading,
    share,
    source,
    stray,
    telling,
)
from models.access import READY, Forbidden, Measure, Role
from models.account import Account
from models.attempt import Attempt
from models.contact import Contact
from models.designation import Designation
from models.directive import Directive
from models.header import Header, Person
from models.invitation import Invitation, Terms
from models.journal import Entry
from models.lot import Item
from models.moving import Moving
from models.refusal import Refusal
from models.report import Report
from models.rescue_finding import Told as Found
from models.telling import Run, Telling

from .. import minors, parts
from ..world import LIMITS, spooled

SITE, LINK = "Carnet", "http://localhost/invitation"
NOTHING = "AAAAAAAAAAAAAAAA"
PART = "PPPPPPPPPPPPPPPP"


def uid_for(world, rule, of="alice", who=None):
    """`who`: the access of the person who will ask, if she has one."""
    noun = rule.endpoint.partition(".")[0]
    maker = ENDPOINTS.get(rule.endpoint) or BY_NOUN.get(noun)
    try:
        return maker(world, rule, of, who).uid if maker else NOTHING
    except (Refusal, Forbidden):
        # A minor has no directives, and a parent no reports of her own acts.
        return NOTHING


def depends_on_who_asks(rule) -> bool:
    maker = ENDPOINTS.get(rule.endpoint) or BY_NOUN.get(rule.endpoint.partition(".")[0])
    return maker in (_to_announce, _report, _moving)


def _paper(world, rule, of, who):
    return world.paper(of=of)


def _to_announce(world, rule, of, who):
    if who is None or who.role != Role.PROFESSIONAL:
        return world.paper(of=of)
    return world.paper(of=of, by=who, unannounced=True)


def _share(world, rule, of, who):
    paper = world.paper(of=of)
    return share.make(world.access(of), paper, "Le cabinet fictif", "24h", 1)


def _with_part(world, rule, of, who):
    paper = world.paper(of=of)
    parts.add(paper, uid=PART)
    return paper


def _binned(world, rule, of, who):
    paper = world.paper(of=of)
    bin.discard(world.access(of), [paper])
    return paper


def _folder(world, rule, of, who):
    world.number += 1
    return world.folder(f"Dossier {world.number}", of=of)


def _contact(world, rule, of, who):
    _forget_wishes()
    one = world.contact(of=of)
    if rule.endpoint.endswith("restore"):
        contact.remove(world.access(of), one)
    return one


def _designation(world, rule, of, who):
    _forget_wishes()
    return world.designation(*_signed(rule), of=of)


def _directive(world, rule, of, who):
    _forget_wishes()
    return world.directive(*_signed(rule), of=of)


def _signed(rule):
    """When it was signed and revoked, as the address needs it."""
    signed, revoked = date(2025, 3, 1), date(2025, 4, 1)
    if "/revocation/feuille" in str(rule):
        return signed, revoked
    valid = rule.endpoint.partition(".")[2] in ("show", "withdraw", "revoke", "read_again")
    return (signed, None) if valid else (None, None)


def _forget_wishes():
    for table in (Designation, Directive, Contact):
        table.delete().execute()


def _invitation(world, rule, of, who):
    world.number += 1
    if rule.endpoint == "invitations.agree":
        return _assistance(world, rule, of, who)
    later = clock.today() + timedelta(days=90)
    email = f"invité-{world.number}@exemple.invalid"
    terms = Terms("Paul Inventé", "un voisin", email, "", READY["ajouter"], later)
    Attempt.delete().execute()  # nobody may send a hundred in a day
    Invitation.update(cancelled_at=clock.now()).where(Invitation.accepted_at.is_null()).execute()
    return invitation.invite(world.access(of), terms, SITE, lambda token: f"{LINK}/{token}")


def _carer(world, rule, of, who):
    one = _invitation(world, rule, of, who)
    account = Account.create(email=one.email, name=one.name, password_hash="")
    return invitation.accept(one, account)


def _assistance(world, rule, of, who):
    return _measure(world, of, Measure.ASSISTANCE)


def _measure(world, of, kind):
    world.number += 1
    told = measure.Told(
        name="Paule Inventée",
        email=f"mesure-{world.number}@exemple.invalid",
        kind=kind.value,
        until=clock.today() + timedelta(days=300),
        reference="Tribunal imaginaire, n° 12",
    )
    return measure.enter(
        world.office, world.record(of), told, SITE, lambda token: f"{LINK}/{token}"
    )


def _representation(world, rule, of, who):
    one = _measure(world, of, Measure.REPRESENTATION)
    if rule.endpoint != "measures.end":
        return one
    account = Account.create(email=one.email, name=one.name, password_hash="")
    invitation.certify(one, True)
    return invitation.accept(one, account)


def _professional(world, rule, of, who):
    world.number += 1
    one = world.professional(f"professionnel-{world.number}")
    if rule.endpoint == "professionals.administer":
        admission.let_in(world.access(of), one, None)
    if rule.endpoint == "blocks.lift":
        block.block(world.access(of), one.account)
    return one


def _entry(world, rule, of, who):
    """What the association did: announce the record."""
    return Entry.get((Entry.record == world.record(of)) & (Entry.act == journal.Act.ANNOUNCED))


def _report(world, rule, of, who):
    Report.delete().execute()
    reporter = who if who and who.can("export") else world.access(of)
    return report.make(reporter, _entry(world, rule, of, who), "Je ne comprends pas.")


def _handed_over(world, rule, of, who):
    """A child's record, whose only parent has left."""
    world.number += 1
    name = f"enfant-{world.number}"
    parent = Account.create(email=f"parent-{name}@exemple.invalid", name="Fictif", password_hash="")
    enrolled_child = minors.enrolled_child(member_number=name, email=f"{name}@exemple.invalid")
    made = access.grant(
        parent, enrolled_child.record, Role.REPRESENTATIVE, measure=Measure.PARENT.value
    )
    admission.leave(made)
    return enrolled_child.record


def _member(world, rule, of, who):
    return world.record(of)


def _telling(world, rule, of, who):
    told = Telling.get(Telling.record == world.record(of))
    telling.left(told)
    if rule.endpoint == "campaign.undo_return":
        telling.returned(told, world.office, "")
    return told


def _letters(world, rule, of, who):
    """To print, and to post."""
    name = spooled(b"%PDF-").keep()
    told = {"what": "space", "made_by": "Diane Modèle", "dated": clock.today(), "letters": 1}
    return Run.create(content=f"{name}:5", size=5, **told)


def _colleague(world, rule, of, who):
    world.number += 1
    email = f"collegue-{world.number}@exemple.invalid"
    told = colleague.Told(f"Collègue {world.number} Fictif", email, "support")
    return colleague.add(world.office, told, SITE, lambda token: f"{LINK}/{token}")


def _rescue(world, rule, of, who):
    """Seen by one of the two."""
    told = Found("passport", "Bruno Fictif", "bruno@exemple.invalid")
    return rescue.ask(world.office, told)


def _source(world, rule, of, who):
    world.number += 1
    told = source.Told(f"Laboratoire Fictif {world.number}", "laboratory")
    return source.register(world.office, told)[0]


def _stray(world, rule, of, who):
    made, content = _source(world, rule, of, who), b"Un texte, de personne."
    item = Item(spooled(content), "texte.txt", Header())
    return stray.put(made, [item], Person(), "", LIMITS)[0]


def _moving(world, rule, of, who):
    """An archive that she has just sent."""
    Moving.delete().execute()
    bringer = who if who and who.can("move") else world.access(of)
    return moving.bring(bringer, spooled(b"PK"), "archive.zip", "", LIMITS)


def _roll(world, rule, of, who):
    """A list whose columns are to be told."""
    words = "nom de naissance;prénoms;date de naissance;sexe\nFictive;Nadia;31/01/1960;F\n"
    return roll_reading.read([words.encode()], "liste.csv", enrolment.OFFICE)


BY_NOUN = {
    "colleagues": _colleague,
    "contacts": _contact,
    "designations": _designation,
    "directives": _directive,
    "folders": _folder,
    "bin": _binned,
    "document": _paper,
    "readers": _paper,
    "parts": _with_part,
    "wrapping": _paper,
    "shares": _share,
    "accesses": _carer,
    "invitations": _invitation,
    "professionals": _professional,
    "blocks": _professional,
    "directory": _professional,
    "reports": _report,
    "rescues": _rescue,
    "measures": _representation,
    "handovers": _handed_over,
    "letters": _letters,
    "campaign": _telling,
    "members": _member,
    "rolls": _roll,
    "moving": _moving,
    "sources": _source,
    "strays": _stray,
    "helpdesk": _member,
    "deaths": _member,
    "objection": _member,
}
ENDPOINTS = {
    "shares.create": _paper,
    "document.announce": _to_announce,
    "accesses.left_out": _invitation,
    "accesses.leave_out": _invitation,
    "reports.create": _entry,
    "rescues.ask_for_member": _member,
}

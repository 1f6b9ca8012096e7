"""A record with something of everything to hide in it, and those who look at it."""

from datetime import timedelta

from models import access as accesses
from models import clock, invitation
from models.access import Right, Role
from models.account import Account

from .world import SURGERY

# Whom Alice lets in: name → role, and the terms of the access.
LET_IN = {
    "reader": (Role.CARER, {"given": "read"}),
    "helper": (Role.CARER, {"given": "read deposit wishes trace"}),
    "keeper": (Role.CARER, {"given": accesses.written(accesses.DELEGABLE)}),
    "listener": (Role.CARER, {"given": "wishes trace"}),
    "doctor": (Role.PROFESSIONAL, {"profession": "doctor"}),
    "dentist": (Role.PROFESSIONAL, {"profession": "dentist"}),
    "pharmacist": (Role.PROFESSIONAL, {"profession": "pharmacist"}),
    "optician": (Role.PROFESSIONAL, {"profession": "optician"}),
    "depositor": (Role.PROFESSIONAL, {"profession": "nurse"}),
    "administrator": (Role.PROFESSIONAL, {"profession": "nurse", "administrator": True}),
    "saviour": (Role.EMERGENCY, {"profession": "doctor", "reason": "Inconsciente, sans papiers."}),
    "regulator": (Role.EMERGENCY, {"profession": "nurse", "masked_too": True}),
    "guardian": (Role.REPRESENTATIVE, {"measure": "representation"}),
}
# More than the numbers of the papers that `fill` makes: the next ones are others.
NEXT = 100
# And a carer whose invitation leaves things out.
KINDS = ("left_out", *LET_IN)


def account(name) -> Account:
    email = f"{name}@exemple.invalid"
    full_name = f"{name.capitalize()} Fictif"
    known = Account.named("alice@exemple.invalid").password_hash
    return Account.create(email=email, name=full_name, password_hash=known)


def let_in(world, of="alice") -> None:
    """Everyone above, each with an account."""
    for name, (role, terms) in LET_IN.items():
        account(name)
        world.let_in(name, role, of, **terms)


def fill(world, of="alice") -> None:
    """Papers under each limit, of many categories, by several people, some of them in folders; and
    what is around the person. To be called once everyone is let in."""
    nurse = world.access("depositor", of)
    heart, secret = world.folder("Mon cœur", of), world.folder("Mes secrets", of)
    for category in ("CPT_REND", "BIOLOGIE", "ORD_SOIN", "RADIO_SC", "AUTR_DOC"):
        world.paper(f"Ordinaire {category}", category=category, of=of, folder=heart)
    world.paper("Masqué", masked=True, of=of, folder=heart)
    world.paper("Masqué par l'infirmière", by=nurse, masked=True, of=of)
    world.paper("Vu du cabinet", by=SURGERY, of=of)
    world.paper("Vu du cabinet, masqué", by=SURGERY, masked=True, of=of)
    world.paper("Dans un secret", of=of, folder=secret)
    left_out = world.paper("Laissé de côté", of=of, folder=heart)
    _limited(world.paper("Caché aux parents", by=nurse, of=of), from_representatives=True)
    _limited(world.paper("À annoncer", by=nurse, of=of, folder=heart), unannounced=True)
    _limited(world.paper("À annoncer, du cabinet", by=SURGERY, of=of), unannounced=True)
    _invite(world, of, [secret], [left_out])
    trusted = world.contact("Paule", of)
    world.designation(clock.today(), person=trusted, of=of)
    world.directive(clock.today(), of=of)


def _limited(document, **limits):
    for name, value in limits.items():
        setattr(document, name, value)
    document.apart = True
    document.save()


def _invite(world, of, folders, documents):
    terms = invitation.Terms(
        name="Nina Fictive",
        link="ma voisine",
        email="left_out@exemple.invalid",
        phone="",
        given=frozenset({Right.READ, Right.FILE, Right.TRACE, Right.WISHES}),
        until=clock.today() + timedelta(days=90),
        folders=tuple(folders),
        documents=tuple(documents),
    )
    one = invitation.invite(world.access(of), terms, "Carnet", lambda token: token)
    invitation.accept(one, account("left_out"))

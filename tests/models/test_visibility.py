"""Who sees a document: the law's table (D8; R1111-33, -49, -50, -53), stated again here."""

from itertools import combinations

import pytest

from models import document, masking, visibility
from models.access import Role
from models.account import Account
from models.document import Document
from models.visibility import Limit

from ..world import SURGERY

EVERY = frozenset(Limit)
# What each one sees in spite of: a document is seen when each of its limits is in the set.
LAW = {
    "holder": {Limit.MASKED, Limit.FROM_REPRESENTATIVES},
    "representative": {Limit.MASKED},
    "carer": {Limit.MASKED},
    "depositor": EVERY,
    "administrator": EVERY,
    "professional": {Limit.UNANNOUNCED, Limit.FROM_REPRESENTATIVES},
    "emergency": {Limit.UNANNOUNCED, Limit.FROM_REPRESENTATIVES},
    # « Administrateur » is said of a professional: of anyone else it changes nothing.
    "carer called administrator": {Limit.MASKED},
    "emergency called administrator": {Limit.UNANNOUNCED, Limit.FROM_REPRESENTATIVES},
}
ENTERING = {
    "representative": (Role.REPRESENTATIVE, False),
    "carer": (Role.CARER, False),
    "depositor": (Role.PROFESSIONAL, False),
    "administrator": (Role.PROFESSIONAL, True),
    "professional": (Role.PROFESSIONAL, False),
    "emergency": (Role.EMERGENCY, False),
    "carer called administrator": (Role.CARER, True),
    "emergency called administrator": (Role.EMERGENCY, True),
}
LIMITS = [frozenset(some) for number in range(4) for some in combinations(Limit, number)]


def let_in(world, name, role, administrator=False):
    name = name.replace(" ", "-")
    Account.create(email=f"{name}@exemple.invalid", name=f"{name} Fictif", password_hash="")
    return world.let_in(name, role, administrator=administrator)


@pytest.fixture
def people(world):
    entered = {name: let_in(world, name, *told) for name, told in ENTERING.items()}
    return {"holder": world.access("alice"), **entered}


def limited(world, by, limits, masked=None):
    """A document under these limits, titled by them."""
    made = world.paper(" + ".join(sorted(limits)) or "sans limite", by=by, masked=masked)
    made.unannounced = Limit.UNANNOUNCED in limits
    made.from_representatives = Limit.FROM_REPRESENTATIVES in limits
    made.save()
    return made


def expected(name):
    return {" + ".join(sorted(limits)) or "sans limite" for limits in LIMITS if limits <= LAW[name]}


def assert_law(world, people):
    everything = list(Document.select())
    for name, access in people.items():
        seen = {one.title for one in everything if visibility.sees(access, one)}
        assert seen == expected(name), f"{name}, in hand"
        assert world.titles(access) == expected(name), f"{name}, in the database"


def test_every_role_sees_what_the_law_says_whatever_the_limits(world, people):
    for limits in LIMITS:
        limited(world, people["depositor"], limits, masked=Limit.MASKED in limits)
    assert_law(world, people)


def test_the_law_holds_for_what_a_choice_for_all_has_masked(world, people):
    for limits in LIMITS:
        limited(world, people["depositor"], limits, masked=False)
    masking.choose_all(people["holder"], masked=True)
    shown = [d for d in Document.select() if "masked" not in d.title]
    masking.choose(world.access("alice"), shown, masked=False)
    people = {name: world.access(name.replace(" ", "-"), "alice") for name in ENTERING}
    assert_law(world, people | {"holder": world.access("alice")})


def test_a_record_never_shows_another_s_documents(world):
    world.paper("À Carole", of="carole")
    assert world.titles(world.access("alice")) == set()
    assert document.find_all(world.access("alice"), [Document.get().uid]) == []


def told(access, one):
    one = document.find(access, one.uid)
    return {viewer.name: viewer.why for viewer in visibility.viewers(access, one)}


def test_a_masked_document_tells_who_still_sees_it_and_why(world):
    depositor = let_in(world, "depositor", Role.PROFESSIONAL)
    let_in(world, "administrator", Role.PROFESSIONAL, administrator=True)
    let_in(world, "other", Role.PROFESSIONAL)
    world.let_in("bruno", Role.CARER)
    one = world.paper(by=depositor, masked=True)
    assert told(world.access("alice"), one) == {
        "Moi": "",
        "Bruno Fictif": "",
        "depositor Fictif": "parce que cette personne l'a déposé",
        "administrator Fictif": "parce que vous l'avez choisie comme « administrateur »",
    }


def test_a_masked_document_from_a_software_source_is_still_seen_there(world):
    one = world.paper(by=SURGERY, masked=True)
    assert told(world.access("alice"), one) == {
        "Moi": "",
        "Cabinet Fictif": "parce que le document vient de là",
    }


def test_a_shown_document_tells_who_could_come(world):
    to_come = "Les professionnels de santé à qui l'accès sera donné"
    urgent = "Les professionnels de santé, en cas d'urgence"
    one, alice = world.paper(), world.access("alice")
    assert set(told(alice, one)) == {"Moi", to_come, urgent}
    alice.record.emergency_samu = alice.record.emergency_others = False
    assert set(told(alice, one)) == {"Moi", to_come}


def test_whoever_has_no_access_any_more_is_not_named(world):
    world.let_in("bruno", Role.CARER)
    bruno = world.access("bruno", "alice")
    one = world.paper()
    assert "Bruno Fictif" in told(world.access("alice"), one)
    bruno.revoked_at = bruno.starts_at
    bruno.save()
    assert "Bruno Fictif" not in told(world.access("alice"), one)


def test_a_document_not_announced_yet_does_not_name_its_holder(world):
    doctor = let_in(world, "doctor", Role.PROFESSIONAL)
    one = limited(world, doctor, {Limit.UNANNOUNCED})
    names = set(told(doctor, one))
    assert "Moi" in names
    assert "Alice Exemple" not in names

"""Rights: what each role may do, the verbs asked one by one."""

import pytest

from models import (
    access,
    admission,
    contact,
    designation,
    directive,
    document,
    emergency,
    journal,
    masking,
    wishes,
)
from models.access import DELEGABLE, READY, RIGHTS, SECTIONS, SENTENCES, Forbidden, Right, Role
from models.contact import Told
from models.reference.directives import Model
from models.signing import Protection

OWN = {Role.HOLDER, Role.REPRESENTATIVE}
# What nobody lets another do, whatever was chosen for him.
NEVER_DELEGABLE = {
    Right.GRANT,  # giving access to others
    Right.WILL,  # directives and trusted person
    Right.PEOPLE,
    Right.MASK,
    Right.EXPORT,
    Right.MOVE,
    Right.CLOSE,
    Right.ANNOUNCE,
}


def who(right):
    return {role for role in Role if right in RIGHTS[role]}


def test_what_is_never_delegable_is_no_carer_s():
    assert set(Right) - {Right.LEAVE} == DELEGABLE | NEVER_DELEGABLE
    assert not DELEGABLE & NEVER_DELEGABLE
    for right in NEVER_DELEGABLE - {Right.WILL, Right.ANNOUNCE}:
        assert who(right) == OWN, right
    assert who(Right.WILL) == {Role.HOLDER}
    assert who(Right.ANNOUNCE) == {Role.PROFESSIONAL}


def test_what_the_others_may_do():
    assert who(Right.READ) == who(Right.WISHES) == set(Role)
    assert who(Right.DEPOSIT) == set(Role) - {Role.EMERGENCY}
    for right in (Right.FILE, Right.CORRECT, Right.DISCARD, Right.TRACE):
        assert who(right) == OWN | {Role.CARER}, right
    # The person herself has nothing to give up.
    assert who(Right.LEAVE) == set(Role) - {Role.HOLDER}


def test_every_right_has_its_sentence_and_each_delegable_one_its_section():
    assert set(SENTENCES) == set(Right)
    assert {right for rights in SECTIONS.values() for right in rights} == DELEGABLE
    for rights in READY.values():
        assert rights <= DELEGABLE and Right.READ in rights
    assert READY["voir"] < READY["ajouter"] < READY["gerer"]


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_masking_is_for_the_holder_and_her_representative_only(world, role):
    world.paper("Compte rendu")
    bruno = world.let_in("bruno", role)
    for verb in (
        lambda: masking.choose_all(bruno, True),
        lambda: masking.choose(bruno, document.loaded(bruno, bruno.documents()), True),
        lambda: masking.undo(bruno, 1),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert world.masked() == set()


def test_a_carer_who_may_do_all_that_can_be_given_decides_nothing(world):
    alice, one = world.access("alice"), world.contact()
    other = world.let_in("carole", Role.CARER)
    bruno = world.let_in("bruno", Role.CARER, given=" ".join(Right))
    assert bruno.rights == DELEGABLE | {Right.LEAVE}
    for verb in (
        lambda: admission.end(bruno, other),
        lambda: admission.renew(bruno, other),
        lambda: admission.change(bruno, other, {Right.READ}, []),
        lambda: admission.make_administrator(bruno, other, True),
        lambda: emergency.choose(bruno, True, True, True),
        lambda: contact.add(bruno, Told("Paule", "Imaginaire", link="daughter")),
        lambda: contact.remove(bruno, one),
        lambda: designation.begin(bruno, Protection.NONE, False),
        lambda: directive.begin(bruno, Model.HEALTH),
        lambda: wishes.choose_readers(bruno, "nobody"),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert {row.uid for row in access.all_in(alice.record)} == {alice.uid, other.uid, bruno.uid}


def test_without_the_right_to_read_nothing_else_of_the_documents_is_given(world):
    for given in ("deposit", "file correct discard", "deposit wishes"):
        assert not access.chosen(given) & access.NEED_READING
    assert access.chosen("wishes trace") == {Right.WISHES, Right.TRACE}
    bruno = world.let_in("bruno", Role.CARER, given="wishes")
    world.paper("Compte rendu")
    with pytest.raises(Forbidden) as forbidden:
        bruno.require(Right.READ)
    assert forbidden.value.sentence == (
        "Votre accès ne permet pas de lire les documents. Seule la personne concernée, "
        "Alice Exemple, peut le changer."
    )
    assert list(bruno.documents()) == list(bruno.binned()) == list(bruno.folders()) == []


def test_a_carer_reads_the_activity_but_not_what_is_decided_of_accesses(world):
    world.let_in("carole", Role.CARER)
    bruno = world.let_in("bruno", Role.CARER, given="read trace")
    admission.end(world.access("alice"), world.access("carole", "alice"))
    world.paper("Compte rendu")
    told = {entry.act for entry in journal.entries(bruno, journal.Filters())}
    assert journal.Act.DEPOSITED in told and journal.Act.ENDED_ACCESS not in told

"""« Voir comme »: the eyes of another see what he sees, and the one who looks sees nothing more."""

from datetime import timedelta

import pytest

from models import (
    admission,
    block,
    browsing,
    document,
    emergency,
    entrance,
    folder,
    journal,
    masking,
    session,
    sight,
    visibility,
    wishes,
)
from models.access import DELEGABLE, Access, Forbidden, Right, Role, find
from models.browsing import Filters
from models.document import Document, DocumentSeen
from models.journal import Entry
from models.record import Record, Shown
from models.refusal import Refusal

from .. import sights

IDLE = timedelta(minutes=30)
WORDS = ("ordinaire", "masqué", "secret", "annoncer", "cœur", "biologie", "parents", "infirmière")
# What the law keeps from whoever looks, whatever the eyes.
TO_ANNOUNCE = {"À annoncer", "À annoncer, du cabinet"}


@pytest.fixture
def settings(copied, sights_folder):
    return copied(sights_folder)


@pytest.fixture
def alice(world):
    world.number = sights.NEXT
    return world.access("alice")


def seen_by(access):
    """All that an access may know of the documents, each way that leads to them."""
    papers = document.loaded(access, access.documents().order_by(Document.id))
    return {
        "rights": access.rights,
        "titles": [one.title for one in papers],
        "binned": access.binned().count(),
        "folders": [(one.name, one.documents) for one in folder.counted(access)],
        "found": {word: found(access, word) for word in WORDS},
        "years": browsing.years(access),
        "authors": browsing.authors(access),
        "unseen": browsing.unseen_count(access),
        "newest": [one.title for one in browsing.newest(access, 50)],
        "viewers": {one.title: visibility.viewers(access, one) for one in papers},
        "journal": traces(access),
    }


def found(access, words):
    if not access.can(Right.READ):
        return None
    page = browsing.browse(access, Filters(words=words))
    return page.count, [(one.title, one.unseen) for one in page.documents]


def traces(access):
    if not access.can(Right.TRACE):
        return None
    entries = journal.entries(access, journal.Filters())
    return [one.id for one in entries], journal.actors(access), journal.titles(access, entries)


def real(world, name):
    return world.access(name, "alice")


def eyes(world, name, alice):
    return sight.through(alice, real(world, name).uid)


def read_some(world, name):
    """He opens one document of two."""
    access = real(world, name)
    for one in document.loaded(access, access.documents().order_by(Document.id))[::2]:
        document.read(access, one)


@pytest.mark.parametrize("name", sights.KINDS)
def test_the_eyes_of_another_see_what_he_sees(world, alice, name):
    Document.update(unannounced=False).execute()
    if real(world, name).can(Right.READ):
        read_some(world, name)
    assert seen_by(eyes(world, name, alice)) == seen_by(real(world, name))


@pytest.mark.parametrize("masked", [True, False])
def test_so_they_do_whatever_is_masked_for_all(world, alice, masked):
    Document.update(unannounced=False).execute()
    masking.choose_all(alice, masked)
    for name in sights.KINDS:
        alice = world.access("alice")
        assert seen_by(eyes(world, name, alice)) == seen_by(real(world, name)), name


@pytest.mark.parametrize("shown", list(Shown))
def test_so_they_do_whoever_may_read_her_wishes(world, alice, shown):
    Document.update(unannounced=False).execute()
    wishes.choose_readers(alice, shown)
    for name in sights.KINDS:
        alice = world.access("alice")
        assert seen_by(eyes(world, name, alice)) == seen_by(real(world, name)), name


def test_what_each_kind_sees_is_not_all_the_same(world, alice):
    """Or the comparisons above would prove little."""
    kinds = {name: tuple(seen_by(eyes(world, name, alice))["titles"]) for name in sights.KINDS}
    assert len(set(kinds.values())) >= 8
    assert "Masqué par l'infirmière" in kinds["depositor"]
    assert "Masqué" not in kinds["depositor"]
    assert {"Masqué", "Masqué par l'infirmière"} <= set(kinds["administrator"])
    assert not {"Dans un secret", "Laissé de côté"} & set(kinds["left_out"])
    assert {"Dans un secret", "Laissé de côté"} <= set(kinds["reader"])
    assert kinds["listener"] == ()


@pytest.mark.parametrize("name", ["doctor", "depositor", "administrator", "saviour", "regulator"])
def test_what_must_be_announced_to_her_first_is_nowhere_in_a_preview(world, alice, name):
    """All is as if it did not exist: no list, no count, no search tells that it does."""
    shown = seen_by(eyes(world, name, alice))
    assert world.titles(real(world, name)) >= TO_ANNOUNCE, "the professional sees it"
    assert found(real(world, name), "annoncer")[0] == 2
    Document.delete().where(Document.unannounced).execute()
    assert seen_by(real(world, name)) == shown


def test_one_document_in_hand_is_judged_as_the_query_does(world, alice):
    guardian = real(world, "guardian")
    everything = document.loaded(alice, Document.select())
    for looking in (alice, guardian):
        for name in sights.KINDS:
            if name == "guardian":
                continue
            looked = sight.through(looking, real(world, name).uid)
            seen = {one.title for one in everything if visibility.sees(looked, one)}
            assert seen == world.titles(looked), name


def test_what_is_kept_from_representatives_is_not_shown_to_them_through_a_doctor(world, alice):
    doctor, guardian = real(world, "doctor"), real(world, "guardian")
    assert "Caché aux parents" in world.titles(doctor)
    assert "Caché aux parents" in world.titles(sight.through(alice, doctor.uid))
    assert "parents" not in str(seen_by(sight.through(guardian, doctor.uid))["titles"])
    assert found(sight.through(guardian, doctor.uid), "parents") == (0, [])


def test_a_made_up_pharmacist_sees_what_a_new_one_would(world, alice):
    Document.update(unannounced=False).execute()
    for case, name, terms in (
        ("metier", "new_one", (Role.PROFESSIONAL, {"profession": "pharmacist"})),
        ("urgence", "new_saviour", (Role.EMERGENCY, {"profession": "pharmacist"})),
    ):
        shown = seen_by(sight.through(alice, f"{case}-pharmacist"))
        sights.account(name)
        world.let_in(name, terms[0], **terms[1])
        assert seen_by(real(world, name)) == shown, case


@pytest.mark.parametrize("masked", [True, False])
def test_in_an_emergency_masked_documents_follow_her_choice(world, alice, masked):
    Record.update(emergency_masked=masked, emergency_samu=True).execute()
    for case in ("urgence", "samu"):
        seen = world.titles(sight.through(world.access("alice"), f"{case}-doctor"))
        assert ("Masqué" in seen) is masked


def test_eyes_that_nobody_has_are_not_hers_who_looks(world, alice):
    """What she deposited herself is masked to them as to anyone."""
    assert "Masqué" not in world.titles(sight.through(alice, "metier-doctor"))
    assert sight.through(alice, "metier-doctor").eyes == 0


# Who may look, and with whose eyes


@pytest.mark.parametrize("who", ["metier-", "metier-sorcier", "patron-doctor", "", "-", "metier"])
def test_eyes_that_do_not_exist(alice, who):
    assert sight.through(alice, who) is None


def test_the_person_herself_is_not_someone_to_look_as(world, alice):
    guardian = real(world, "guardian")
    assert sight.through(alice, alice.uid) is None
    assert sight.through(guardian, alice.uid) is None
    assert sight.through(guardian, guardian.uid) is None
    assert {one.account.name for one in sight.people(alice)} == {
        f"{name.capitalize()} Fictif" for name in sights.KINDS
    }


def test_an_access_to_another_record_is_nobody_here(world, alice):
    other = world.let_in("bruno", Role.CARER, of="carole")
    assert sight.through(alice, other.uid) is None


@pytest.mark.parametrize("name", [name for name in sights.KINDS if name != "guardian"])
def test_only_who_decides_may_look(world, alice, name):
    looking = real(world, name)
    for verb in (lambda: sight.through(looking, "metier-doctor"), lambda: sight.people(looking)):
        with pytest.raises(Forbidden):
            verb()


def test_nobody_is_given_more_rights_by_looking(world, alice):
    for name in sights.KINDS:
        if name != "guardian":
            assert Right.GRANT not in eyes(world, name, alice).rights
    assert not eyes(world, "doctor", alice).rights & {Right.WILL, Right.EXPORT, *DELEGABLE} - {
        *(Right.READ, Right.DEPOSIT, Right.WISHES)
    }


def closed(alice, who):
    with pytest.raises(sight.Closed) as raised:
        sight.through(alice, who)
    return raised.value.sentence


def test_an_emergency_that_she_refused_is_told_not_shown(world, alice):
    emergency.choose(alice, samu=False, others=True, masked=False)
    assert "SAMU" in closed(alice, "samu-doctor")
    assert sight.through(alice, "urgence-doctor")
    emergency.choose(alice, samu=True, others=False, masked=False)
    assert "seul le SAMU" in closed(alice, "urgence-doctor")
    assert sight.through(alice, "samu-doctor")
    with pytest.raises(Refusal) as refused:
        sight.chosen(alice, "urgence", "doctor")
    assert refused.value.field == "case"


def test_an_access_that_ended_shows_nothing(world, alice):
    reader = real(world, "reader")
    admission.end(alice, reader)
    assert "Reader Fictif n'a pas d'accès" in closed(alice, reader.uid)


def test_someone_blocked_sees_nothing(world, alice):
    doctor = real(world, "doctor")
    block.block(alice, doctor.account)
    assert "Doctor Fictif est une personne bloquée" in closed(alice, doctor.uid)


def test_who_is_known_by_her_past_is_not_told_to_others(world, alice):
    reader = real(world, "reader")
    admission.end(alice, reader)
    assert sight.through(world.access("carole"), reader.uid) is None


# Nothing is done on anyone's behalf


def signed_in(world, name):
    token = session.start(world.account(name), "Navigateur fictif")
    return session.find(token, IDLE)


def test_what_is_read_is_told_under_the_name_of_who_reads(world, alice):
    alice = entrance.enter(signed_in(world, "alice"), alice.record.uid)
    doctor = sight.through(alice, real(world, "doctor").uid)
    seen = DocumentSeen.select().count()
    document.read(doctor, document.find_all(doctor, [Document.get().uid])[0])
    told = Entry.select().order_by(Entry.id.desc()).get()
    assert told.act == "read"
    assert (told.actor, told.role, told.account_id) == ("Alice Exemple", "holder", alice.account_id)
    assert told.session_id == alice.session_id
    assert DocumentSeen.select().count() == seen


def test_a_representative_who_looks_is_named_as_one(world, alice):
    guardian = real(world, "guardian")
    assert sight.through(guardian, "metier-doctor").actor == guardian.actor


def test_eyes_are_never_saved(world, alice):
    for who in (real(world, "doctor").uid, "metier-doctor"):
        looking = sight.through(alice, who)
        for options in ({}, {"only": [Access.given]}, {"force_insert": True}):
            with pytest.raises(TypeError):
                looking.save(**options)
    assert find(world.account("doctor"), alice.record.uid)


def test_no_one_enters_by_being_looked_at(world, alice):
    uid = real(world, "doctor").uid
    row = signed_in(world, "alice")
    assert entrance.enter(row, f"{alice.record.uid}~{uid}").seen_as == "Doctor Fictif, médecin"
    assert real(world, "doctor").first_entered_at is None
    assert {one.actor for one in Entry.select()} == {"Alice Exemple"} | {
        one.actor for one in Entry.select().where(Entry.act != "entered")
    }


def test_to_look_is_not_to_change(world, alice):
    row = signed_in(world, "alice")
    address = f"{alice.record.uid}~metier-doctor"
    with pytest.raises(sight.Looking) as raised:
        entrance.enter(row, address, changing=True)
    assert raised.value.sentence == (
        "Vous regardez comme médecin, avec un accès : rien ne peut être changé ici."
    )
    assert entrance.enter(row, alice.record.uid, changing=True).seen_as is None


@pytest.mark.parametrize("name", ["doctor", "keeper", "saviour", "carole"])
def test_to_others_such_an_address_does_not_exist(world, alice, name):
    row = signed_in(world, name)
    for who in ("metier-doctor", real(world, "reader").uid, alice.uid, "x"):
        assert entrance.enter(row, f"{alice.record.uid}~{who}") is None

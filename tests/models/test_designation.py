"""The trusted person: who may be named, the letter she gets, and what she answers."""

import threading
from datetime import date, timedelta

import pytest

from models import clock, contact, designation, signing
from models.access import Forbidden, Role
from models.attempt import TooMany
from models.contact import Contact, Told
from models.database import database
from models.designation import Designation
from models.document import Document
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from models.signing import Protection, State

from ..world import LIMITS

DAY = date(2025, 3, 1)
LINK = "http://localhost/personne-de-confiance/"


def begun(world):
    return designation.begin(world.access("alice"), Protection.NONE, False)


def choose(world, **told):
    one = begun(world)
    designation.choose(world.access("alice"), one, world.contact(**told))
    return one


def refused(verb):
    with pytest.raises(Refusal) as refusal:
        verb()
    return refusal.value


def tell(world, one, email="paule@exemple.invalid"):
    """The token of the letter."""
    found = []
    designation.tell(world.access("alice"), one, email, lambda token: found.append(token) or LINK)
    return found[0]


def found(world, one):
    return designation.find(world.access("alice"), one.uid)


@pytest.mark.parametrize("given, family", [("Alice", "Exemple"), ("ALICE ANNE", "exemple")])
@pytest.mark.parametrize("born", [None, date(1951, 3, 14)])
def test_oneself_is_refused(world, given, family, born):
    told = {"given_name": given, "family_name": family, "birth_date": born}
    refusal = refused(lambda: choose(world, **told))
    assert refusal.field == "person" and "C'est vous" in refusal.sentence


def test_oneself_by_the_name_one_uses_is_refused(world):
    Record.update(used_name="D'Usage").where(Record.id == world.record("alice").id).execute()
    told = {"given_name": "Alice", "family_name": "D’usage", "birth_date": date(1951, 3, 14)}
    assert "C'est vous" in refused(lambda: choose(world, **told)).sentence


def test_someone_of_the_same_name_and_another_birth_date_is_allowed(world):
    one = choose(world, given_name="Alice", family_name="Exemple", birth_date=date(1985, 6, 7))
    assert found(world, one).contact.name == "Alice Exemple"


def test_someone_without_a_birth_date_is_refused_with_what_to_do(world):
    refusal = refused(lambda: choose(world, birth_date=None))
    assert refusal.field == "person" and "ajoutez-la à sa fiche" in refusal.sentence


def test_a_doctor_needs_no_birth_date_but_a_young_one_is_still_a_minor(world):
    choose(world, given_name="Dr", birth_date=None, link="doctor")
    young = clock.today() - timedelta(days=10 * 365)
    told = {"given_name": "Dr Petit", "birth_date": young, "link": "doctor"}
    assert "n'a pas 18 ans" in refused(lambda: choose(world, **told)).sentence


def test_a_minor_is_refused_till_the_day_she_is_eighteen(world):
    today = clock.today()
    born = date(today.year - 10, today.month, min(today.day, 28))
    wait = born.replace(year=born.year + 18) - today
    with clock.moved(wait - timedelta(days=1)):
        refusal = refused(lambda: choose(world, given_name="Presque", birth_date=born))
    assert refusal.field == "person" and "Presque Imaginaire n'a pas 18 ans" in refusal.sentence
    with clock.moved(wait):
        assert found(world, choose(world, given_name="Juste", birth_date=born)).contact


def test_a_refused_person_leaves_the_one_chosen_before(world):
    one = choose(world)
    refused(lambda: choose(world, given_name="Petit", birth_date=clock.today()))
    assert found(world, one).contact.given_name == "Paule"


def test_there_is_one_in_preparation_whatever_is_begun_again(world):
    one = choose(world)
    again = designation.begin(world.access("alice"), Protection.ASSISTED, True)
    assert again.uid == one.uid and Designation.select().count() == 1
    kept = found(world, one)
    assert (kept.protection, kept.witnessed) == (Protection.ASSISTED, True)
    assert kept.contact.given_name == "Paule"


def test_its_state_says_how_far_it_is(world):
    one = begun(world)
    assert found(world, one).state is State.BEGUN
    designation.choose(world.access("alice"), one, world.contact())
    assert found(world, one).state is State.BEGUN
    designation.prepare(world.access("alice"), one, [])
    assert found(world, one).state is State.TO_SIGN


def test_what_the_holder_adds_is_kept_and_an_unknown_line_is_not(world):
    one = world.designation(says=["copy", "accompany", "everything"])
    assert found(world, one).chosen == ["accompany", "copy"]
    assert len(found(world, one).added) == 2


def test_a_minor_begins_nothing(world):
    world.born(clock.today() - timedelta(days=17 * 365))
    assert refused(lambda: begun(world)).sentence == signing.MINOR
    assert Designation.select().count() == 0


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.HOLDER])
def test_nobody_names_her_trusted_person_for_her(world, role):
    one = choose(world)
    other, person = world.let_in("bruno", role), world.contact("Autre")
    for verb in (
        lambda: designation.begin(other, Protection.NONE, False),
        lambda: designation.choose(other, one, person),
        lambda: designation.prepare(other, one, []),
        lambda: designation.tell(other, one, "x@exemple.invalid", str),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert found(world, one).state is State.BEGUN and Notice.select().count() == sent_before(world)


def sent_before(world):
    return Notice.select().where(Notice.subject != designation.SUBJECT).count()


def test_the_letter_says_who_asks_what_it_means_and_where_to_answer(world):
    one = world.designation()
    tell(world, one, " Paule@Exemple.INVALID ")
    letter = Notice.latest(1)[0]
    assert letter.recipient == "paule@exemple.invalid"
    assert "Alice Exemple souhaite que vous soyez sa personne de confiance" in letter.body
    assert LINK in letter.body and "accepter ou de refuser" in letter.body
    assert "aucun accès à son espace" in letter.body
    assert found(world, one).told_at


def test_her_address_is_kept_when_there_was_none_and_never_replaced(world):
    one = world.designation()
    tell(world, one)
    tell(world, found(world, one), "autre@exemple.invalid")
    assert Contact.get_by_id(one.contact_id).email == "paule@exemple.invalid"
    assert Notice.latest(1)[0].recipient == "autre@exemple.invalid"


@pytest.mark.parametrize("email", ["", "paule", "paule@", "paule@exemple", "a b@exemple.fr"])
def test_a_wrong_address_is_refused_and_no_letter_leaves(world, email):
    one, before = world.designation(), Notice.select().count()
    assert refused(lambda: tell(world, one, email)).field == "email"
    assert Notice.select().count() == before and found(world, one).told_at is None


def test_telling_eleven_times_in_a_row_is_refused_and_the_last_link_still_serves(world):
    one = world.designation()
    tokens = [tell(world, one) for _ in range(10)]
    before = Notice.select().count()
    with pytest.raises(TooMany):
        tell(world, one)
    assert Notice.select().count() == before
    assert designation.asked(tokens[-1]).uid == one.uid


def test_another_holder_may_still_tell_hers(world):
    one = world.designation()
    for _ in range(10):
        tell(world, one)
    hers = world.designation(of="carole")
    designation.tell(world.access("carole"), hers, "x@exemple.invalid", lambda token: LINK)


def test_a_new_link_spends_the_one_before(world):
    one = world.designation()
    first, second = tell(world, one), tell(world, one)
    assert refused(lambda: designation.asked(first)).sentence == designation.SPENT
    assert designation.asked(second).uid == one.uid


def test_the_database_does_not_hold_the_link(world):
    one = world.designation()
    token = tell(world, one)
    assert token not in str(Designation.get_by_id(one.id).__data__)


def test_she_accepts_then_declines_then_accepts(world):
    one = world.designation(signed_on=DAY)
    token = tell(world, one)
    for accepted, state in ((True, State.VALID), (False, State.DECLINED), (True, State.VALID)):
        designation.answer(token, accepted)
        kept = found(world, one)
        assert kept.state is state
        assert (bool(kept.accepted_at), bool(kept.declined_at)) == (accepted, not accepted)


def test_accepting_does_not_replace_the_signatures(world):
    one = world.designation()
    designation.answer(tell(world, one), True)
    assert found(world, one).state is State.TO_SIGN


def test_the_holder_is_told_of_an_answer_without_what_it_says(world):
    one = world.designation()
    designation.answer(tell(world, one), False)
    letter = Notice.latest(1)[0]
    assert letter.recipient == "alice@exemple.invalid"
    assert "refus" not in letter.body and one.contact.given_name not in letter.body


def test_her_answer_is_in_the_journal_under_her_name(world):
    one = world.designation()
    designation.answer(tell(world, one), True)
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.act, entry.actor, entry.role) == (
        Act.ACCEPTED_TRUST,
        one.contact.name,
        "trusted",
    )
    assert entry.account_id is None


def test_the_link_is_spent_once_the_holder_has_changed_her_mind(world):
    revoked = world.designation(signed_on=DAY)
    token = tell(world, revoked)
    signing.revoke(world.access("alice"), found(world, revoked), clock.today())
    assert refused(lambda: designation.answer(token, True)).sentence == designation.SPENT
    assert found(world, revoked).accepted_at is None


def test_the_link_is_spent_once_someone_else_was_named(world):
    one = world.designation()
    token = tell(world, one)
    designation.choose(world.access("alice"), one, world.contact("Une autre"))
    assert refused(lambda: designation.asked(token))
    kept = found(world, one)
    assert (kept.told_at, kept.accepted_at) == (None, None)


def test_choosing_the_same_person_again_keeps_her_link_and_her_answer(world):
    one = world.designation()
    token = tell(world, one)
    designation.answer(token, True)
    designation.choose(world.access("alice"), found(world, one), one.contact)
    assert designation.asked(token).accepted_at


def test_the_link_is_spent_once_it_was_given_up_or_replaced(world):
    given_up = world.designation()
    token = tell(world, given_up)
    signing.give_up(world.access("alice"), given_up)
    assert refused(lambda: designation.asked(token))
    replaced = world.designation(signed_on=DAY)
    token = tell(world, replaced)
    world.designation(signed_on=date(2025, 4, 1))
    assert refused(lambda: designation.asked(token))


def test_the_link_is_spent_once_the_record_is_closed(world):
    one = world.designation()
    token = tell(world, one)
    record = world.record("alice")
    Record.update(closed_at=clock.now()).where(Record.id == record.id).execute()
    assert refused(lambda: designation.answer(token, True)).sentence == designation.SPENT


@pytest.mark.parametrize("token", ["", "x", "é" * 200, "' OR 1=1 --"])
def test_a_wrong_link_is_a_spent_link(world, token):
    tell(world, world.designation())
    assert refused(lambda: designation.asked(token)).sentence == designation.SPENT


def test_whoever_declined_is_no_trusted_person_and_may_be_removed(world):
    one = world.designation(signed_on=DAY)
    designation.answer(tell(world, one), False)
    rows = designation.history(world.access("alice"))
    assert designation.valid(rows) is None
    contact.remove(world.access("alice"), contact.find(world.access("alice"), one.contact.uid))


def test_correcting_her_telephone_keeps_her_named(world):
    one = world.designation(signed_on=DAY)
    person = contact.find(world.access("alice"), one.contact.uid)
    names = {"birth_date": person.birth_date, "phone": "+32 470 12 34 56"}
    told = Told(person.given_name, person.family_name, "daughter", **names)
    contact.correct(world.access("alice"), person, told)
    assert found(world, one).contact.phone == "+32 470 12 34 56"


@pytest.mark.parametrize("signed_on", [DAY, None])
def test_a_representative_does_not_change_the_card_of_whoever_is_named(world, signed_on):
    one = world.designation(signed_on=signed_on)
    named = contact.find(world.access("alice"), one.contact.uid)
    other = world.let_in("bruno", Role.REPRESENTATIVE)
    before = Contact.get_by_id(named.id).__data__
    same = {"birth_date": named.birth_date, "link": "daughter"}
    for told in (
        Told("Bruno", "Fictif", "son", phone="06 11 22 33 44"),
        Told(named.given_name, named.family_name, phone="06 11 22 33 44", **same),
    ):
        refusal = refused(lambda told=told: contact.correct(other, named, told))
        assert "ne se change pas ici" in refusal.sentence
    assert Contact.get_by_id(named.id).__data__ == before
    assert found(world, one).state is (State.VALID if signed_on else State.TO_SIGN)


def test_a_representative_changes_the_card_of_anyone_else(world):
    world.designation(signed_on=DAY)
    neighbour = world.contact("Voisin")
    other = world.let_in("bruno", Role.REPRESENTATIVE)
    contact.correct(other, neighbour, Told("Voisine", "Imaginaire", "daughter"))
    assert Contact.get_by_id(neighbour.id).given_name == "Voisine"


def renamed(world, one, **changes):
    person = contact.find(world.access("alice"), one.contact.uid)
    names = ("given_name", "family_name", "link", "phone", "birth_date")
    told = Told(**{name: getattr(person, name) for name in names} | changes)
    contact.correct(world.access("alice"), person, told)


@pytest.mark.parametrize(
    "changes",
    [{"given_name": "Autre"}, {"family_name": "Autre"}, {"birth_date": date(1981, 2, 1)}],
)
@pytest.mark.parametrize("ended", ["valid", "revoked", "replaced", "declined"])
def test_the_identity_that_was_signed_changes_no_more(world, changes, ended):
    one = world.designation(signed_on=DAY, revoked_on=DAY if ended == "revoked" else None)
    if ended == "declined":
        designation.answer(tell(world, one), False)
    elif ended == "replaced":
        world.designation(signed_on=date(2025, 4, 1))
    before = Contact.get_by_id(one.contact_id).__data__
    refusal = refused(lambda: renamed(world, one, **changes))
    assert refusal.field == "family_name" and "sur le papier signé" in refusal.sentence
    assert Contact.get_by_id(one.contact_id).__data__ == before
    renamed(world, one, phone="06 39 98 00 99")
    assert found(world, one).contact.phone == "+33 6 39 98 00 99"


def test_an_identity_changed_on_a_sheet_to_sign_asks_to_prepare_it_again(world):
    one = world.designation()
    renamed(world, one, phone="06 39 98 00 99")
    assert found(world, one).state is State.TO_SIGN
    renamed(world, one, given_name="Pauline")
    kept = found(world, one)
    assert (kept.state, kept.contact.given_name) == (State.BEGUN, "Pauline")


def test_whoever_became_a_minor_on_her_card_is_not_validly_named(world):
    one = world.designation()
    renamed(world, one, birth_date=clock.today())
    papers, alice = world.signed_paper(), world.access("alice")
    refusal = refused(lambda: signing.sign(alice, found(world, one), DAY, papers, LIMITS))
    assert "n'a pas 18 ans" in refusal.sentence
    assert Document.select().count() == 0


def test_another_choice_or_another_situation_asks_to_prepare_the_sheet_again(world):
    alice, one = world.access("alice"), world.designation()
    designation.choose(alice, found(world, one), world.contact("Une autre"))
    assert found(world, one).state is State.BEGUN
    designation.prepare(alice, found(world, one), [])
    assert found(world, one).state is State.TO_SIGN
    designation.begin(alice, Protection.REPRESENTED, True)
    assert found(world, one).state is State.BEGUN


def test_the_same_answer_again_is_no_answer(world):
    one = world.designation(signed_on=DAY)
    token = tell(world, one)
    designation.answer(token, True)
    before = Notice.select().count(), Entry.select().count(), found(world, one).accepted_at
    for _ in range(30):
        designation.answer(token, True)
    assert (Notice.select().count(), Entry.select().count(), found(world, one).accepted_at) == (
        before
    )


def test_ten_changes_of_mind_a_day_are_enough_and_the_holder_is_not_flooded(world):
    token, before = tell(world, world.designation(signed_on=DAY)), Notice.select().count()
    for number in range(10):
        designation.answer(token, number % 2 == 0)
    with pytest.raises(TooMany):
        designation.answer(token, True)
    assert Notice.select().count() == before + 10
    assert designation.asked(token).declined_at
    with clock.moved(timedelta(days=1, hours=1)):
        assert designation.answer(token, True).accepted_at


def test_the_link_is_spent_once_she_is_out_of_the_list(world):
    one = world.designation(signed_on=DAY)
    token = tell(world, one)
    designation.answer(token, False)
    alice = world.access("alice")
    contact.remove(alice, contact.find(alice, one.contact.uid))
    assert refused(lambda: designation.answer(token, True)).sentence == designation.SPENT
    assert designation.valid(designation.history(alice)) is None


def test_begun_six_times_at_the_same_moment_it_is_one(world):
    faults = []

    def begin():
        try:
            begun(world)
        except Exception as fault:
            faults.append(fault)
        finally:
            database.close()

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == [] and Designation.select().count() == 1

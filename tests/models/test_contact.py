"""The people around the holder: entered once, in the order of calling."""

from datetime import date, timedelta

import pytest

from models import clock, contact, designation
from models.access import Forbidden, Role
from models.contact import Contact, Told
from models.journal import Act, Entry
from models.refusal import Refusal

DAUGHTER = {"given_name": "Paule", "family_name": "Imaginaire", "link": "daughter"}


def told(**changes):
    return Told(**DAUGHTER | changes)


def names(people):
    return [one.given_name for one in people]


def order(world):
    return names(contact.to_call(world.access("alice")))


def called(world, *given_names):
    return [world.contact(name, called=True) for name in given_names]


def refused(verb):
    with pytest.raises(Refusal) as refusal:
        verb()
    return refusal.value


@pytest.mark.parametrize(
    "given, family",
    [
        ("Anne-Sophie", "d'Exemple"),
        ("Zoë 🌻", "O’Fictif"),
        ("👩‍👧", "Imaginaire"),
        ("محمد", "الخيالي"),
        ("שרה", "דמיונית"),
        ("小明", "虚构"),
        ("علی\u200cرضا", "خیالی"),
        ("P" * 100, "I" * 100),
    ],
)
def test_a_name_is_kept_as_it_is(world, given, family):
    made = world.contact(given, family_name=family)
    kept = Contact.get_by_id(made.id)
    assert (kept.given_name, kept.family_name) == (given, family)
    assert kept.name == f"{given} {family}"


def test_marks_that_nobody_sees_are_left_out_of_a_name(world):
    made = world.contact("\u202ePaule\u202c\n", family_name="  De   Fiction\x00 ")
    assert made.name == "Paule De Fiction"


@pytest.mark.parametrize(
    "field, answers",
    [
        ("given_name", {"given_name": " \u200f "}),
        ("given_name", {"given_name": "P" * 101}),
        ("family_name", {"family_name": ""}),
        ("family_name", {"family_name": "I" * 101}),
        ("link", {"link": ""}),
        ("link", {"link": "boss"}),
        ("link_words", {"link": "other"}),
        ("link_words", {"link": "other", "link_words": "m" * 101}),
        ("phone", {"phone": "06 39"}),
        ("phone", {"phone": "", "called": True}),
        ("phone", {"phone": " ", "other_phone": "06 39 98 00 12", "called": True}),
        ("other_phone", {"other_phone": "le soir"}),
        ("email", {"email": "paule@"}),
        ("email", {"email": "paule exemple@exemple.fr"}),
        ("postal_address", {"postal_address": "a" * 501}),
        ("birth_date", {"birth_date": date(2999, 1, 1)}),
        ("birth_date", {"birth_date": date(1850, 1, 1)}),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field_and_nothing_is_written(world, field, answers):
    assert refused(lambda: contact.add(world.access("alice"), told(**answers))).field == field
    assert Contact.select().count() == 0
    made = world.contact()
    before = contact.find(world.access("alice"), made.uid).__data__
    changed = told(**{"given_name": "Autre"} | answers)
    assert refused(lambda: contact.correct(world.access("alice"), made, changed)).field == field
    assert contact.find(world.access("alice"), made.uid).__data__ == before


def test_a_person_born_today_or_very_old_is_accepted(world):
    assert world.contact("Née", birth_date=clock.today()).age == 0
    assert world.contact("Âgée", birth_date=clock.today() - timedelta(days=120 * 366)).age >= 119


def test_a_link_may_be_told_in_ones_own_words(world):
    made = world.contact(link="other", link_words="ma marraine 💐")
    assert made.link_label == "ma marraine 💐"
    contact.correct(world.access("alice"), made, told(link="aunt", link_words="oubliés"))
    assert Contact.get().link_label == "Tante"


def test_a_foreign_address_keeps_its_lines(world):
    made = world.contact(postal_address="Rue Haute 1\r\n\r\n\r\n1000 Bruxelles\r\nBelgique")
    assert made.postal_address == "Rue Haute 1\n\n1000 Bruxelles\nBelgique"


def test_roles_are_added_to_the_person_and_never_copied(world):
    made = world.contact()
    everything = told(phone="06 39 98 00 12", called=True, carer=True, parent=True)
    contact.correct(world.access("alice"), made, everything)
    (kept,) = contact.all_of(world.access("alice"))
    assert (kept.uid, kept.called, kept.carer, kept.parent) == (made.uid, True, True, True)
    contact.correct(world.access("alice"), kept, told())
    (kept,) = contact.all_of(world.access("alice"))
    assert (kept.uid, kept.called, kept.carer, kept.parent) == (made.uid, False, False, False)


def test_someone_twice_is_refused_whatever_the_case_and_the_accents(world):
    world.contact("Éléonore", family_name="Œuvrée")
    twice = told(given_name="ELEONORE", family_name="oeuvree")
    refusal = refused(lambda: contact.add(world.access("alice"), twice))
    assert refusal.field == "family_name" and "Éléonore Œuvrée est déjà" in refusal.sentence
    other = world.contact("Autre")
    assert refused(lambda: contact.correct(world.access("alice"), other, twice)).field
    assert Contact.select().count() == 2


def test_two_people_may_bear_one_name_when_their_link_differs(world):
    world.contact("Paul", link="father")
    world.contact("Paul", link="son")
    world.contact("Paul", link="other", link_words="mon filleul")
    world.contact("Paul", link="other", link_words="mon ancien patron")
    assert len(contact.all_of(world.access("alice"))) == 4


def test_each_is_called_after_those_entered_before(world):
    called(world, "Zoé", "Anne")
    world.contact("Basile")
    world.contact("Adèle")
    assert order(world) == ["Zoé", "Anne"]
    everyone = contact.all_of(world.access("alice"))
    assert names(everyone) == ["Zoé", "Anne", "Adèle", "Basile"]


def test_anyone_may_be_called_earlier_till_she_is_the_first(world):
    *_, last = called(world, "A", "B", "C")
    for wanted in (["A", "C", "B"], ["C", "A", "B"], ["C", "A", "B"]):
        contact.call_earlier(world.access("alice"), last)
        assert order(world) == wanted


def test_calling_earlier_someone_who_is_not_called_changes_nothing(world):
    called(world, "A", "B")
    contact.call_earlier(world.access("alice"), world.contact("C"))
    assert order(world) == ["A", "B"]


def test_a_sixth_person_to_call_is_refused_and_may_be_added_without_that_role(world):
    called(world, *"ABCDE")
    sixth = told(given_name="F", phone="06 39 98 00 12", called=True)
    refusal = refused(lambda: contact.add(world.access("alice"), sixth))
    assert refusal.field == "called" and "5 personnes à prévenir suffisent" in refusal.sentence
    added = world.contact("F")
    assert refused(lambda: contact.correct(world.access("alice"), added, sixth)).field == "called"
    assert order(world) == list("ABCDE")


def test_whoever_is_called_already_may_be_corrected_among_five(world):
    first, *_ = called(world, *"ABCDE")
    changed = told(given_name="Z", phone="06 39 98 00 13", called=True)
    contact.correct(world.access("alice"), first, changed)
    assert order(world) == list("ZBCDE")


def test_after_many_changes_those_to_call_still_come_first(world):
    world.contact("Aaa")
    people = called(world, *"BCDEF")
    for name in "GHIJ":
        contact.remove(world.access("alice"), people.pop(0))
        people += called(world, name)
    assert names(contact.all_of(world.access("alice"))) == [*"FGHIJ", "Aaa"]


def test_someone_restored_is_the_last_to_be_called(world):
    first, *_ = called(world, "A", "B", "C")
    contact.remove(world.access("alice"), first)
    assert order(world) == ["B", "C"]
    assert contact.find(world.access("alice"), first.uid) is None
    alice = world.access("alice")
    contact.restore(alice, contact.find_removed(alice, first.uid))
    assert order(world) == ["B", "C", "A"]


def test_someone_restored_among_five_is_not_called_any_more(world):
    first, *_ = called(world, *"ABCDE")
    contact.remove(world.access("alice"), first)
    called(world, "F")
    alice = world.access("alice")
    contact.restore(alice, contact.find_removed(alice, first.uid))
    assert order(world) == list("BCDEF")
    assert names(contact.all_of(alice)) == [*"BCDEF", "A"]


def test_someone_entered_again_meanwhile_is_not_restored_beside_herself(world):
    first, alice = world.contact("A"), world.access("alice")
    contact.remove(alice, first)
    world.contact("A")
    gone = contact.find_removed(alice, first.uid)
    assert "déjà dans votre liste" in refused(lambda: contact.restore(alice, gone)).sentence
    assert names(contact.all_of(alice)) == ["A"]
    assert contact.find_removed(alice, first.uid)


def test_the_trusted_person_is_not_removed_before_she_is_revoked(world):
    one = world.designation(signed_on=date(2025, 3, 1))
    refusal = refused(lambda: contact.remove(world.access("alice"), one.contact))
    assert "Révoquez ou abandonnez d'abord cette désignation" in refusal.sentence
    assert contact.find(world.access("alice"), one.contact.uid)


def test_whoever_is_named_on_a_sheet_to_sign_is_not_removed(world):
    one = world.designation()
    assert refused(lambda: contact.remove(world.access("alice"), one.contact))


def test_whoever_was_revoked_may_be_removed_and_is_still_named_in_the_past(world):
    one = world.designation(signed_on=date(2025, 3, 1), revoked_on=date(2025, 4, 1))
    contact.remove(world.access("alice"), one.contact)
    assert contact.all_of(world.access("alice")) == []
    assert designation.find(world.access("alice"), one.uid).contact.name == one.contact.name


def test_another_s_people_are_not_found(world):
    made = world.contact()
    gone = world.contact("Ôtée")
    contact.remove(world.access("alice"), gone)
    carole = world.access("carole")
    assert contact.find(carole, made.uid) is None
    assert contact.find_removed(carole, gone.uid) is None
    assert contact.all_of(carole) == []


def verbs(access, made):
    return (
        lambda: contact.add(access, told(given_name="Autre")),
        lambda: contact.correct(access, made, told()),
        lambda: contact.call_earlier(access, made),
        lambda: contact.remove(access, made),
        lambda: contact.restore(access, made),
    )


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_nobody_else_changes_the_list(world, role):
    made = world.contact(called=True)
    for verb in verbs(world.let_in("bruno", role), made):
        with pytest.raises(Forbidden):
            verb()
    assert Contact.select().count() == 1


def test_a_representative_changes_it_as_the_holder_does(world):
    made = world.contact(called=True)
    for verb in verbs(world.let_in("bruno", Role.REPRESENTATIVE), made):
        verb()
    assert len(contact.all_of(world.access("alice"))) == 2


def test_the_journal_tells_who_was_changed_and_how(world):
    first, second = called(world, "A", "B")
    alice = world.access("alice")
    contact.correct(alice, first, told(given_name="C", phone="06 39 98 00 12", called=True))
    contact.call_earlier(alice, second)
    contact.remove(alice, second)
    contact.restore(alice, second)
    told_of = [(one.act, one.details["name"]) for one in Entry.select().order_by(Entry.id)[-6:]]
    assert told_of == [
        (Act.ADDED_CONTACT, "A Imaginaire"),
        (Act.ADDED_CONTACT, "B Imaginaire"),
        (Act.CORRECTED_CONTACT, "C Imaginaire"),
        (Act.ORDERED_CONTACTS, "B Imaginaire"),
        (Act.REMOVED_CONTACT, "B Imaginaire"),
        (Act.RESTORED_CONTACT, "B Imaginaire"),
    ]

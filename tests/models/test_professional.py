"""Professionals: verified by the office, corrected, suspended; found by those who look for them."""

import re
from datetime import timedelta

import pytest

from models import access, admission, clock, journal, professional, reset, session
from models.access import Access, Role
from models.account import Account
from models.journal import Act, Entry
from models.ledger import Line
from models.notice import Notice
from models.professional import Professional, Told
from models.refusal import Refusal

from ..world import PASSWORD, RESET_LINK

ANSWERS = {"name": "Dr Hugo Fictif", "email": "hugo@exemple.invalid", "profession": "doctor"}
OTHER = "lanterne-abricot-vélo-31"


def verify(world, **changes):
    told = Told(**ANSWERS | changes)
    link = f"{RESET_LINK}/{{}}".format
    return professional.verify(world.office, told, "Carnet", link)


def letter():
    return Notice.select().order_by(Notice.id.desc()).get()


def token():
    return re.search(r"mot-de-passe/(\S+)", letter().body)[1]


def test_whoever_is_verified_chooses_her_password_with_the_link_and_signs_in(world):
    one = verify(world, organisation="Cabinet Imaginaire", rpps="10003461033")
    assert (one.name, one.label, one.verified_by) == ("Dr Hugo Fictif", "Médecin", "Diane Modèle")
    assert letter().recipient == "hugo@exemple.invalid"
    reset.use(token(), OTHER)
    assert session.sign_in("hugo@exemple.invalid", OTHER, "Navigateur fictif", "192.0.2.1")
    assert professional.of(one.account) == one


@pytest.mark.parametrize("after, serves", [(-5, True), (5, False)])
def test_the_first_link_is_good_for_seven_days(world, after, serves):
    verify(world)
    with clock.moved(timedelta(days=7, seconds=after)):
        if serves:
            assert reset.usable(token())
        else:
            with pytest.raises(Refusal):
                reset.usable(token())


def bruno_reads_his_letters():
    his = Account.email == "bruno@exemple.invalid"
    Account.update(email_proved_at=clock.now()).where(his).execute()


def test_an_account_that_exists_stays_as_it_is_and_becomes_hers(world):
    bruno_reads_his_letters()
    before = world.account("bruno")
    one = verify(world, name="Bruno Fictif", email=" BRUNO@exemple.invalid ", profession="nurse")
    after = world.account("bruno")
    assert one.account == before
    assert (after.name, after.password_hash) == (before.name, before.password_hash)
    assert letter().recipient == "bruno@exemple.invalid"
    assert "mot-de-passe" not in letter().body


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("name", " ", "Écrivez le prénom"),
        ("name", "x" * 101, "100 lettres"),
        ("email", "", "Écrivez son adresse"),
        ("email", "hugo@", "n'est pas complète"),
        ("email", "diane@exemple.invalid", "compte de l'association"),
        ("email", "alice@exemple.invalid", "sous un autre nom"),
        ("profession", "", "Choisissez la profession"),
        ("profession", "holder", "Choisissez la profession"),
        ("rpps", "1000346103", "onze chiffres"),
        ("rpps", "1000346103٣", "onze chiffres"),
        ("rpps", "0" * 12, "onze chiffres"),
        ("organisation", "x" * 101, "100 lettres"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(world, field, typed, said):
    letters = Notice.select().count()
    with pytest.raises(Refusal, match=said) as refused:
        verify(world, **{field: typed})
    assert refused.value.field == field
    assert Professional.select().count() == 0
    assert Account.named("hugo@exemple.invalid") is None
    assert Notice.select().count() == letters


@pytest.mark.parametrize(
    "typed, kept, doubtful",
    [
        ("", "", False),
        (" 1000 3461\u00a0033 ", "10003461033", True),  # the agency's own example fails its check
        ("10003461034", "10003461034", False),
        ("12345678903", "12345678903", False),
        ("12345678904", "12345678904", True),
    ],
)
def test_a_number_is_taken_with_its_spaces_and_its_key_only_warns(world, typed, kept, doubtful):
    one = verify(world, rpps=typed)
    assert (one.rpps, one.doubtful) == (kept, doubtful)


def test_nobody_is_twice_in_the_list(world):
    verify(world)
    with pytest.raises(Refusal, match="déjà dans la liste"):
        verify(world)


def test_a_correction_changes_at_once_what_is_read_where_she_has_entered(world):
    one = world.professional("hugo")
    theirs = world.let_in("hugo", Role.PROFESSIONAL)
    world.paper("Bilan", category="BIOLOGIE")
    assert world.titles(theirs) == {"Bilan"}
    professional.correct(
        world.office, one, Told("Hugo Imaginé", "", "dentist", organisation="Cabinet")
    )
    assert world.titles(world.access("hugo", "alice")) == set()
    assert world.account("hugo").name == "Hugo Imaginé"
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.act, entry.role, entry.details["name"]) == (
        Act.CHANGED_ACCESS,
        "office",
        "Hugo Imaginé",
    )
    assert professional.search("imagine cabinet dentiste") == [one]


def test_a_correction_without_another_profession_writes_in_no_journal(world):
    one = world.professional("hugo")
    world.let_in("hugo", Role.PROFESSIONAL)
    before = Entry.select().count()
    professional.correct(world.office, one, Told("Hugo Fictif", "", "doctor", samu=True))
    assert Entry.select().count() == before
    assert Professional.get().samu


def test_an_ended_access_keeps_the_profession_it_had(world):
    one = world.professional("hugo")
    admission.leave(world.let_in("hugo", Role.PROFESSIONAL))
    professional.correct(world.office, one, Told("Hugo Fictif", "", "dentist"))
    assert Access.get(Access.account == one.account).profession == "doctor"


def test_an_account_that_serves_for_oneself_keeps_its_name(world):
    one = verify(world, name="Alice Exemple", email="alice@exemple.invalid")
    assert not professional.may_be_renamed(one)
    professional.correct(world.office, one, Told("Alice Autrement", "", "nurse"))
    assert world.account("alice").name == "Alice Exemple"
    assert Professional.get().profession == "nurse"


def test_suspending_ends_what_she_entered_as_a_professional_and_nothing_else(world):
    bruno_reads_his_letters()
    one = verify(world, name="Bruno Fictif", email="bruno@exemple.invalid")
    world.let_in("bruno", Role.PROFESSIONAL)
    world.let_in("bruno", Role.CARER, of="carole")
    professional.suspend(world.office, one)
    assert professional.of(one.account) is None
    assert [kept.role for kept in access.of(one.account)] == [Role.CARER]
    assert Access.get(Access.role == Role.PROFESSIONAL).ended_why == "office"
    assert session.sign_in("bruno@exemple.invalid", PASSWORD, "Navigateur fictif", "192.0.2.1")
    told = {row.recipient for row in Notice.select().where(Notice.subject.contains("fin"))}
    assert told == {"alice@exemple.invalid", "bruno@exemple.invalid"}
    assert journal.broken(world.record("alice")) is None


def test_suspending_twice_or_reinstating_twice_says_nothing_more(world):
    one = world.professional("hugo")
    for act in (professional.suspend, professional.reinstate):
        act(world.office, one)
        written = Notice.select().count(), Line.select().count()
        act(world.office, Professional.get())
        assert (Notice.select().count(), Line.select().count()) == written


def test_reinstating_opens_the_desk_and_gives_no_access_back(world):
    one = world.professional("hugo")
    world.let_in("hugo", Role.PROFESSIONAL)
    professional.suspend(world.office, one)
    professional.reinstate(world.office, one)
    assert professional.of(one.account) == one
    assert world.access("hugo", "alice") is None


def test_whoever_is_suspended_is_not_found_nor_let_in(world):
    one = world.professional("hugo")
    professional.suspend(world.office, one)
    assert professional.search("hugo") == []
    assert professional.register("hugo") == [one]
    with pytest.raises(Refusal, match="suspendu"):
        admission.let_in(world.access("alice"), one, None)
    assert world.access("hugo", "alice") is None


@pytest.mark.parametrize(
    "words, found",
    [
        ("zoe", {"zoé"}),
        ("ZOÉ  o'fictif", {"zoé"}),
        ("sage femme", {"zoé"}),
        ("sage-femme maternite", {"zoé"}),
        ("medecin", {"hugo"}),
        ("fictif", {"zoé", "hugo"}),
        ("hugo maternité", set()),
        ("hu", {"hugo"}),
        ("%%", None),
        ("h", None),
        ("  ", None),
        ("h%", None),
        ("__", None),
    ],
)
def test_looking_for_someone(world, words, found):
    world.professional("hugo")
    world.professional(
        "zoé", "midwife", full_name="Zoé O'Fictif", organisation="Maternité Imaginaire"
    )
    if found is None:
        with pytest.raises(Refusal) as refused:
            professional.search(words)
        assert refused.value.field == "q"
    else:
        names = {one.account.email.partition("@")[0] for one in professional.search(words)}
        assert names == found


def test_twenty_are_found_at_most(world):
    for number in range(21):
        account = Account.create(email=f"n{number}@e.invalid", name="Nom", password_hash="")
        Professional.create(
            account=account, profession="doctor", search_key="nom", verified_by="Diane"
        )
    assert len(professional.search("nom")) == professional.MOST_FOUND == 20


def test_patients_are_the_records_open_to_her_work(world):
    one = verify(world, name="Bruno Fictif", email="bruno@exemple.invalid")
    world.let_in("bruno", Role.CARER, of="carole")
    world.let_in("bruno", Role.EMERGENCY)
    assert [entered.record.name for entered in professional.patients(one)] == ["Alice Exemple"]


def test_no_letter_says_anything_of_health_nor_names_a_profession(world):
    one = verify(world)
    professional.suspend(world.office, one)
    professional.reinstate(world.office, one)
    for row in Notice.select().where(Notice.recipient == "hugo@exemple.invalid"):
        assert not re.search("médecin|patient|santé", row.body + row.subject, re.IGNORECASE)

"""Members added and corrected by hand: never made one with another, and no code of a stranger's."""

from datetime import date

import pytest

from models import access, activation, activation_code, clock, giving, identity, member, telling
from models.activation import Activation
from models.activation_code import ActivationCode
from models.identity import Alike
from models.journal import Act, Entry
from models.ledger import Line
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from models.telling import Telling, What

from ..minors import activated, aged
from ..world import LINK, PASSWORD, SENDER, enrolled

HER = {
    "member_number": "B-7",
    "birth_name": "Imaginaire",
    "used_name": "",
    "birth_given_names": "Paule Rose",
    "birth_date": "12/03/1970",
    "sex": "F",
    "birthplace": "",
    "birthplace_code": "35238",
    "email": "paule@exemple.invalid",
    "postal_address": "1 rue Imaginaire\n35000 Rennes",
}


def add(world, others=frozenset(), **changes):
    return identity.add(HER | changes, world.office, frozenset(others))


def correct(world, record, **changes):
    now = Record.get_by_id(record.id)
    return identity.correct(now, identity.told(now) | changes, world.office)


def acts(record):
    entries = Entry.select().where(Entry.record == record).order_by(Entry.id)
    return [entry.act for entry in entries]


def last_line():
    return Line.select().order_by(Line.id.desc()).get()


def test_a_member_added_has_a_record_and_nothing_is_sent(world):
    before = Notice.select().count()
    record = add(world)
    assert (record.birth_date, record.sex, record.sort_key) == (
        date(1970, 3, 12),
        "F",
        "imaginaire paule rose",
    )
    assert Notice.select().count() == before and record.codes.count() == 0
    assert acts(record) == [Act.ANNOUNCED]
    assert Entry.get(Entry.record == record).actor == "Diane Modèle"
    assert (last_line().act, last_line().about) == ("added-member", record.uid)


def test_a_member_without_a_number_is_given_one(world):
    assert add(world, member_number="").member_number


@pytest.mark.parametrize(
    "field, typed",
    [
        *(("birth_name", ""), ("birth_given_names", "\u200b"), ("birth_date", "31/02/1960")),
        *(("birth_date", "2999-01-01"), ("sex", "?"), ("email", "paule@"), ("sex", "")),
        *(("birthplace_code", "352"), ("member_number", "A-1"), ("member_number", " A-1 ")),
        *(("birth_name", "x" * 5000), ("postal_address", "x" * 5000), ("birth_name", "=cmd")),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_makes_nothing(world, field, typed):
    with pytest.raises(Refusal) as refused:
        add(world, **{field: typed})
    assert refused.value.field == field
    assert Record.select().count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_name": "IMAGINAÏRE", "birth_given_names": "paule rose", "birth_date": "1/1/1930"},
        {"birth_given_names": "Pierre", "sex": "M"},
        {"birth_name": "Modèle", "used_name": "imaginaire", "birth_given_names": "Paule"},
        {},
    ],
)
def test_a_homonym_a_twin_or_herself_is_asked_about(world, changes):
    first = add(world)
    with pytest.raises(Alike) as asked:
        add(world, member_number="B-8", **changes)
    assert [one.uid for one in asked.value.people] == [first.uid]
    assert Record.select().count() == 3
    second = add(world, {first.uid}, member_number="B-8", **changes)
    assert second.id != first.id
    with pytest.raises(Alike):
        add(world, {first.uid}, member_number="B-9", **changes)


def test_who_has_neither_name_nor_birth_date_of_another_is_not_asked_about(world):
    add(world)
    add(world, member_number="B-8", birth_given_names="Jean", birth_date="1/1/1930")
    add(world, member_number="B-9", birth_name="Fictive")


def test_whoever_objected_is_asked_about_too(world):
    first = add(world)
    Record.update(objected_at=clock.now()).where(Record.id == first.id).execute()
    with pytest.raises(Alike):
        add(world, member_number="B-8")


def test_a_correction_is_in_both_traces_without_what_it_says(world):
    record = add(world)
    done = correct(world, record, birthplace_code="75056", sex="U")
    assert done.fields == ("sex", "birthplace_code") and not done.voided
    assert acts(record)[-1] == Act.CORRECTED_IDENTITY
    told = last_line()
    assert (told.act, told.about) == ("corrected-member", record.uid)
    assert told.details == {"fields": "sex birthplace_code"}


def test_what_is_the_same_changes_nothing(world):
    record = add(world)
    before = acts(record)
    assert correct(world, record, birth_date="12 mars 1970", sex="Mme").fields == ()
    assert acts(record) == before


def told_by_email(world):
    record = add(world)
    giving.by_email(record, 0, world.office, SENDER)
    telling.noticed(sent())
    return Record.get_by_id(record.id)


def sent():
    one = Notice.select().order_by(Notice.id.desc()).get()
    one.sent_at = clock.now()
    one.save()
    return one


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "autre@exemple.invalid"},
        {"email": ""},
        {"birth_date": "13/03/1970"},
        {"birth_name": "Fictive"},
        {"birth_given_names": "Rose"},
    ],
)
def test_before_activation_who_she_is_or_her_address_voids_the_codes_and_she_is_told_anew(
    world, changes
):
    record = told_by_email(world)
    assert record.told_at and record.opens_at
    assert correct(world, record, **changes).voided
    now = Record.get_by_id(record.id)
    assert (now.told_at, now.told_how, now.opens_at) == (None, "", None)
    assert now.email_failed_at is None
    assert all(
        code.void and not code.good
        for code in ActivationCode.select().where(ActivationCode.record == record)
    )
    assert Telling.get(Telling.record == record).failed_at
    if now.email:
        assert giving.by_email(now, 1, world.office, SENDER).what == What.SPACE


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_name": "IMAGINÀIRE"},
        {"birth_given_names": "Paule-Rose"},
        {"used_name": "Modèle"},
        {"postal_address": "2 rue Imaginaire\n35000 Rennes"},
        {"member_number": "B-70"},
        {"email": "Paule@exemple.invalid"},
    ],
)
def test_a_slip_of_the_pen_or_something_more_voids_nothing(world, changes):
    record = told_by_email(world)
    done = correct(world, record, **changes)
    assert done.fields == tuple(changes) and not done.voided
    assert Record.get_by_id(record.id).told_at and record.codes.get().good


def test_a_first_address_voids_nothing(world):
    record = add(world, email="")
    code = activation_code.new_code(record, LINK, 42)
    assert not correct(world, record, email="paule@exemple.invalid").voided
    assert activation.begin(code, record.birth_date, "test")


def test_what_a_stranger_began_with_the_code_is_forgotten_with_it(world):
    record = add(world)
    code = activation_code.new_code(record, LINK, 42)
    answers = activation.begin(code, record.birth_date, "test")
    answers.confirm()
    answers.choose_credentials("intruse@exemple.invalid", PASSWORD)
    correct(world, record, email="autre@exemple.invalid")
    assert activation.under_way(answers.token) is None and not Activation.select().exists()
    with pytest.raises(Refusal):
        answers.choose_emergency(allowed=True)
    again = activation_code.new_code(Record.get_by_id(record.id), LINK, 42)
    assert activation.begin(again, record.birth_date, "test").step is activation.Step.IDENTITY


def test_a_letter_that_has_not_left_never_does(world):
    record = add(world)
    giving.by_email(record, 0, world.office, SENDER)
    correct(world, record, email="autre@exemple.invalid")
    assert not Notice.select().where(Notice.recipient == "paule@exemple.invalid").exists()
    assert Telling.get(Telling.record == record).failed_at


def test_an_address_corrected_has_not_failed(world):
    record = add(world)
    Record.update(email_failed_at=clock.now()).where(Record.id == record.id).execute()
    correct(world, record, sex="U")
    assert Record.get_by_id(record.id).email_failed_at
    correct(world, record, email="autre@exemple.invalid")
    assert Record.get_by_id(record.id).email_failed_at is None


def test_a_number_is_one_member_s(world):
    record = add(world)
    with pytest.raises(Refusal) as refused:
        correct(world, record, member_number="A-1")
    assert refused.value.field == "member_number"
    correct(world, record, member_number="")
    assert Record.get_by_id(record.id).member_number == "B-7"


def test_an_activated_record_corrected_is_told_to_its_holder_whose_sign_in_stays(world):
    alice = world.record("alice")
    done = correct(world, alice, birth_name="Corrigée", email="nouvelle@exemple.invalid")
    assert not done.voided and acts(alice)[-1] == Act.CORRECTED_IDENTITY
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert letter.recipient == "alice@exemple.invalid"
    assert "Corrigée" in letter.body and "nouvelle@" not in letter.body
    assert access.holder_of(alice).email == "alice@exemple.invalid"
    assert "corrigee" in Record.get_by_id(alice.id).sort_key


def test_both_parents_are_told_of_a_child_s(world):
    parent = activated(world)
    before = Notice.select().count()
    correct(world, parent.record, birth_given_names="Noé Paul")
    told = [one.recipient for one in Notice.select().offset(before)]
    assert told == ["carole@exemple.invalid"]


def test_the_birth_date_of_a_child_moves_the_day_his_parents_leave(world):
    parent = activated(world, born=aged(10))
    born = aged(11)
    correct(world, parent.record, birth_date=born.strftime("%d/%m/%Y"))
    now = world.access("carole", "famille")
    assert now.ends_at == now.record.majority and now.record.birth_date == born


def test_a_birth_date_never_changes_who_holds_an_activated_record(world):
    parent = activated(world, born=aged(10))
    for record, typed in ((parent.record, "12/03/1970"), (world.record("alice"), "12/03/2020")):
        with pytest.raises(Refusal) as refused:
            correct(world, record, birth_date=typed)
        assert refused.value.field == "birth_date"


def test_an_address_written_here_is_not_said_to_be_the_child_s_own(world):
    record = enrolled(birth_date=aged(17).isoformat()).record
    Record.update(email_own=True).where(Record.id == record.id).execute()
    correct(world, record, email="autre@exemple.invalid")
    assert not Record.get_by_id(record.id).email_own


@pytest.mark.parametrize("state", ["objected_at", "closed_at"])
def test_nothing_is_written_again_of_what_was_erased_or_closed(world, state):
    record = add(world)
    Record.update({getattr(Record, state): clock.now()}).where(Record.id == record.id).execute()
    with pytest.raises(Refusal):
        correct(world, record, email="autre@exemple.invalid")
    assert Record.get_by_id(record.id).email == "paule@exemple.invalid"


def test_a_member_is_found_by_her_uid_alone(world):
    assert member.find(world.record("alice").uid) and member.find("A-1") is None

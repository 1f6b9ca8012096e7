"""The accounts of the association: added, changed, ended; each time, those who keep it are told."""

from datetime import timedelta

import pytest

from models import (
    access,
    clock,
    colleague,
    device,
    factor,
    office,
    recovery_code,
    reset,
    session,
    totp,
)
from models.access import Role
from models.account import Account, make_office
from models.colleague import Told
from models.ledger import Act, Line
from models.notice import Notice
from models.office import Duty
from models.record import Record
from models.refusal import Refusal

from ..world import PASSWORD, RESET_LINK

IDLE = timedelta(minutes=30)
NEW = Told("Rémi Inventé", "remi@exemple.invalid", "support")


def link(token):
    return f"{RESET_LINK}/{token}"


def add(world, actor=None, **changes):
    told = Told(**vars(NEW) | changes)
    return colleague.add(actor or world.office, told, "Carnet", link)


@pytest.fixture
def sami(world):
    """Another « Bureau »."""
    made = make_office("sami@exemple.invalid", "Sami Fictif", PASSWORD)
    return next(one for one in colleague.all_of_them() if one.account == made)


def letters(after=0):
    rows = Notice.select().where(Notice.id > after).order_by(Notice.id)
    return {row.recipient: row for row in rows}


def refused(act, *given):
    with pytest.raises(Refusal) as told:
        act(*given)
    return told.value


def whole(account):
    """A session of this account, both steps done."""
    return session.start(account, "Firefox")


def test_one_added_chooses_a_password_and_is_asked_for_a_code(world, sami):
    last = Notice.select().count()
    made = add(world)
    sent = letters(last)
    assert sent.keys() == {NEW.email, "diane@exemple.invalid", "sami@exemple.invalid"}
    body = sent[NEW.email].body
    assert "Diane Modèle vous ouvre" in body and "Aide aux adhérents" in body
    for each in ("diane", "sami"):
        told = sent[f"{each}@exemple.invalid"].body
        assert "Rémi Inventé, remi@exemple.invalid" in told and RESET_LINK not in told
    reset.use(body.split(f"{RESET_LINK}/")[1].split()[0], PASSWORD)
    token = session.sign_in(NEW.email, PASSWORD, "Firefox", "192.0.2.1")
    assert session.find(token, IDLE) is None and session.half(token, IDLE)
    line = Line.get()
    assert (line.name, line.act, line.about) == ("Diane Modèle", Act.ADDED_COLLEAGUE, made.uid)
    assert line.details == {"name": "Rémi Inventé", "duty": "support"}


def test_the_first_link_lasts_seven_days(world):
    add(world)
    token = letters()[NEW.email].body.split(f"{RESET_LINK}/")[1].split()[0]
    with clock.moved(timedelta(days=7, minutes=1)), pytest.raises(Refusal):
        reset.usable(token)


@pytest.mark.parametrize(
    "field, typed",
    [("name", " "), ("name", "x" * 101), ("email", ""), ("email", "remi@")]
    + [("duty", ""), ("duty", "admin"), ("duty", "OFFICE")],
)
def test_a_wrong_answer_is_said_at_its_field(world, field, typed):
    before = Account.select().count()
    assert refused(lambda: add(world, **{field: typed})).field == field
    assert Account.select().count() == before and not Line.select().exists()


def test_an_address_that_serves_someone_is_refused(world):
    world.professional("hugo")
    world.let_in("bruno", Role.CARER, given="read")
    Record.update(email="membre@exemple.invalid").where(Record.member_number == "A-2").execute()
    taken = ("alice", "hugo", "bruno", "carole", "membre")
    for name in taken:
        found = refused(lambda name=name: add(world, email=f" {name.title()}@exemple.invalid "))
        assert (found.sentence, found.field) == (colleague.OF_ANOTHER, "email"), name
    found = refused(lambda: add(world, email="Diane@Exemple.invalid"))
    assert (found.sentence, found.field) == (colleague.KNOWN, "email")
    assert not Line.select().where(Line.act == Act.ADDED_COLLEAGUE).exists()


def test_another_duty_ends_the_sessions(world, sami):
    token = whole(sami.account)
    kept = session.start(world.account("alice"), "Firefox")
    last = Notice.select().count()
    colleague.change(world.office, sami, "figures")
    assert session.find(token, IDLE) is None and session.find(kept, IDLE)
    assert colleague.find(sami.uid).duty is Duty.FIGURES
    sent = letters(last)
    assert sent.keys() == {"sami@exemple.invalid", "diane@exemple.invalid"}
    assert "Chiffres seulement" in sent["sami@exemple.invalid"].body
    line = Line.select().order_by(Line.id.desc()).get()
    assert line.details == {"name": "Sami Fictif", "duty": "figures", "before": "office"}
    colleague.change(world.office, sami, "figures")  # twice is once
    assert Line.select().where(Line.act == Act.CHANGED_COLLEAGUE).count() == 1


def test_one_ended_is_out_at_once_and_may_come_back(world, sami):
    token = whole(sami.account)
    half = session.start(sami.account, "Firefox")
    reset.ask("sami@exemple.invalid", "192.0.2.1", link)
    link_token = letters()["sami@exemple.invalid"].body.split(f"{RESET_LINK}/")[1].split()[0]
    colleague.end(world.office, sami)
    assert session.find(token, IDLE) is session.find(half, IDLE) is session.half(half, IDLE) is None
    assert refused(reset.usable, link_token)
    assert not world.account("sami").office and colleague.find(sami.uid) is None
    assert refused(colleague.end, world.office, sami).sentence == colleague.GONE
    assert refused(colleague.change, world.office, sami, "support").sentence == colleague.GONE
    back = add(world, email="sami@exemple.invalid", name="Sami Revenu", duty="office")
    assert back.account.id == sami.account.id and back.name == "Sami Revenu"
    assert refused(session.sign_in, "sami@exemple.invalid", PASSWORD, "x", "192.0.2.9")


def test_whoever_had_the_mailbox_before_has_nothing_that_answers_for_it(world, sami):
    totp.install(sami.account), recovery_code.make(sami.account)
    device.learn(sami.account, "Firefox sur Windows")
    colleague.end(world.office, sami)
    assert factor.of(sami.account) and device.of(sami.account)  # still hers, for a member's account
    back = add(world, email="sami@exemple.invalid").account
    assert factor.of(back) == device.of(back) == [] and recovery_code.left(back) == 0


def test_nobody_ends_or_changes_herself_nor_the_last_one(world, sami):
    diane = next(one for one in colleague.all_of_them() if one.name == "Diane Modèle")
    for act, given in ((colleague.end, ()), (colleague.change, ("support",))):
        assert refused(act, world.office, diane, *given).sentence == colleague.ONESELF
    colleague.end(office.actor(sami.account), diane)
    for act, given in ((colleague.end, ()), (colleague.change, ("support",))):
        # Her page is open still: what she may do is read again.
        assert refused(act, office.actor(diane.account), sami, *given).sentence == colleague.NOT_YOU
    assert [one.name for one in colleague.all_of_them()] == ["Sami Fictif"]


def test_who_has_not_the_task_does_nothing(world, sami):
    made = add(world)
    for actor in (office.actor(made.account), office.actor(world.account("alice"))):
        told = refused(lambda actor=actor: add(world, actor, email="x@exemple.invalid"))
        assert told.sentence == colleague.NOT_YOU
        assert refused(colleague.end, actor, sami).sentence == colleague.NOT_YOU


def test_the_list_says_since_when_and_when_they_were_last_there(world, sami):
    session.begin(sami.account, "Firefox")  # half of one is no visit
    listed = {one.name: one for one in colleague.all_of_them()}
    assert listed.keys() == {"Diane Modèle", "Sami Fictif"}
    assert listed["Sami Fictif"].seen_at is None
    whole(sami.account)
    with clock.moved(timedelta(days=2)):
        last = session.find(whole(sami.account), IDLE).seen_at
    assert colleague.find(sami.uid).seen_at == last
    assert len({one.uid for one in listed.values()}) == 2


def test_no_account_of_the_association_opens_a_record_whatever_row_it_has(world):
    """Nor had it one before: a carer, a holder, a professional who is given a duty."""
    hugo = world.professional("hugo")
    for name, role in (("diane", Role.HOLDER), ("bruno", Role.CARER), ("hugo", Role.PROFESSIONAL)):
        terms = {"profession": "doctor"} if name == "hugo" else {"given": "read"}
        access.Access.create(
            account=world.account(name), record=world.record("alice"), role=role, **terms
        )
        Account.update(duty="support").where(
            (Account.email == f"{name}@exemple.invalid") & (Account.duty == "")
        ).execute()
        account = world.account(name)
        assert access.find(account, world.record("alice").uid) is None, name
        assert access.of(account) == []
    from models import professional

    assert professional.of(Account.get_by_id(hugo.account_id)) is None

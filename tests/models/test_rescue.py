"""An account given back at the desk: who may, who is told, what stops it, what becomes of it."""

from datetime import date, timedelta

import pytest

from models import (
    clock,
    death,
    device,
    email_change,
    erasure,
    farewell,
    journal,
    ledger,
    notice,
    rescue,
    rescue_doing,
    rescue_letters,
    reset,
    session,
    totp,
)
from models.access import Role
from models.account import Account
from models.attempt import TooMany
from models.database import transaction
from models.device import Device
from models.email_change import EmailChange
from models.factor import Factor
from models.journal import Entry
from models.ledger import Line
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from models.rescue import Rescue

from ..client import totp_code
from ..minors import activated
from ..rescued import OTHER, STOP, WRITER, asked, confirmed, letters, link, officer, seen, token
from ..world import PASSWORD, RESET_LINK

DAY = timedelta(days=1)
IDLE = timedelta(minutes=30)
ALICE, DIANE = "alice@exemple.invalid", "diane@exemple.invalid"


def refused(act, *given, **more) -> Refusal:
    with pytest.raises(Refusal) as told:
        act(*given, **more)
    return told.value


def give_back():
    return rescue_doing.give_back_due(WRITER)


def installed(world, name="alice"):
    """With a telephone that makes codes."""
    account = world.account(name)
    totp.prove(account, totp_code(totp.begin(account).secret))
    return account


def acts(table, **where):
    rows = table.select().order_by(table.id)
    return [row.act for row in rows if "rescue" in row.act]


def test_two_people_then_three_days_then_a_link_to_choose_a_password(world):
    account = installed(world)
    here = session.start(account, "Firefox")
    one = confirmed(world)
    assert one.due_at - clock.now() > timedelta(hours=71, minutes=59)
    assert give_back() == 0 and session.find(here, IDLE)
    with clock.moved(timedelta(hours=72, seconds=1)):
        assert give_back() == 1
        assert session.find(here, IDLE) is None
        assert not account.factors.count() and not account.devices.count()
        assert Account.proving(ALICE, PASSWORD) is None
        reset.use(token(ALICE, RESET_LINK), "lanterne-abricot-vélo-31")
        assert Account.proving(ALICE, "lanterne-abricot-vélo-31") == account
        assert give_back() == 0
    told = ["asked-rescue", "saw-rescue", "rescued"]
    assert acts(Line) == acts(Entry) == told
    entry = Entry.select().where(Entry.act == journal.Act.SAW_RESCUE).get()
    assert entry.record == world.record("alice") and entry.actor == "Sami Fictif"


def test_the_link_lasts_seven_days(world):
    confirmed(world)
    with clock.moved(3 * DAY + timedelta(seconds=1)):
        give_back()
        last = token(ALICE, RESET_LINK)
        with clock.moved(7 * DAY - timedelta(minutes=1)):
            assert reset.usable(last)
        with clock.moved(7 * DAY + timedelta(minutes=1)):
            refused(reset.usable, last)


def test_she_is_told_at_once_wherever_she_may_be_and_so_is_the_office(world):
    Record.update(email="liste@exemple.invalid").where(
        Record.id == world.record("alice").id
    ).execute()
    last = Notice.select().order_by(Notice.id.desc()).first().id
    asked(world)
    assert not Notice.select().where(Notice.id > last).count()
    Rescue.delete().execute()
    confirmed(world, email=OTHER)
    told = {one.recipient: one.body for one in Notice.select().where(Notice.id > last)}
    assert told.keys() == {ALICE, "liste@exemple.invalid", OTHER, DIANE, "sami@exemple.invalid"}
    for address in (ALICE, "liste@exemple.invalid"):
        assert STOP in told[address] and "01 99 00 00 00" in told[address]
        assert "Diane Modèle, puis par Sami Fictif" in told[address]
        assert "a…@exemple.invalid" in told[address] and OTHER not in told[address]
    for address in (OTHER, DIANE, "sami@exemple.invalid"):
        assert STOP not in told[address]


@pytest.mark.parametrize("how", ["link", "signed in", "office", "support"])
def test_anyone_alone_stops_it_and_nothing_has_changed(world, how):
    one = confirmed(world)
    if how == "link":
        one, by = rescue.by_link(token(ALICE)), rescue.oneself(world.account("alice"))
    elif how == "signed in":
        one, by = rescue.of(world.account("alice")), rescue.oneself(world.account("alice"))
    else:
        by = world.office if how == "office" else officer("lou", "support")
    assert rescue.stop(one, by) is True
    assert rescue.stop(one, by) is False
    with clock.moved(4 * DAY):
        assert give_back() == 0
    assert Account.proving(ALICE, PASSWORD)
    assert letters(ALICE)[0].subject == rescue_letters.SUBJECT_STOPPED
    assert by.name in letters(DIANE)[0].body
    assert acts(Line)[-1] == acts(Entry)[-1] == "stopped-rescue"
    assert acts(Line).count("stopped-rescue") == 1


def test_once_it_is_done_it_is_too_late_and_said(world):
    one = confirmed(world)
    with clock.moved(4 * DAY):
        give_back()
        assert refused(rescue.stop, one, world.office).sentence == rescue.TOO_LATE


def test_stopped_while_it_is_being_done(world, monkeypatch):
    """The list of those due was read before: it is read again in the transaction."""
    one = confirmed(world)
    with clock.moved(4 * DAY):
        monkeypatch.setattr(rescue_doing, "_due", lambda: [one.id])
        rescue.stop(one, world.office)
        assert give_back() == 0
    assert Account.proving(ALICE, PASSWORD)


def test_a_link_that_was_never_sent_stops_nothing(world):
    confirmed(world)
    for wrong in ("", "x" * 32):
        assert refused(rescue.by_link, wrong).sentence == rescue.UNKNOWN


def test_after_it_was_stopped_or_done_nobody_asks_for_a_week(world):
    sami = officer()
    rescue.stop(confirmed(world, sami), world.office)
    assert refused(asked, world).sentence == rescue.REST_FIRST
    with clock.moved(8 * DAY):
        again = asked(world)
        rescue.confirm(sami, again, seen(), link)
        assert refused(asked, world).sentence == rescue.UNDER_WAY
        with clock.moved(3 * DAY + IDLE):
            assert give_back() == 1
            assert refused(asked, world).sentence == rescue.REST_FIRST


def test_one_that_nobody_else_saw_lapses_after_a_week(world):
    one, sami = asked(world), officer()
    assert refused(asked, world).sentence == rescue.UNDER_WAY
    with clock.moved(7 * DAY + IDLE):
        assert rescue.under_way() == []
        assert refused(rescue.confirm, sami, one, seen(), link).sentence == rescue.OVER
        assert asked(world)


def test_one_stopped_before_the_second_saw_her_may_begin_again_at_once(world):
    rescue.stop(asked(world, email="faute@exemple.invalid"), world.office)
    assert letters(ALICE)[0].subject != rescue_letters.SUBJECT_STOPPED
    assert asked(world)


def test_seen_twice_by_the_same_click_is_seen_once(world):
    sami = officer()
    one = confirmed(world, sami)
    stale = Rescue(**one.__data__)
    assert refused(rescue.confirm, sami, stale, seen(), link).sentence == rescue.SEEN
    assert acts(Line).count("saw-rescue") == 1


@pytest.mark.parametrize(
    "told, field",
    [
        *(({"paper": "known"}, "paper"), ({"paper": ""}, "paper"), ({"name": ""}, "name")),
        *(({"name": "Exemple"}, "name"), ({"name": "Alice Inventée"}, "name")),
        ({"signs_in": "x@exemple.invalid"}, "name"),
        *(({"signs_in": ""}, "name"), ({"email": "faux"}, "email")),
        *(({"email": "carole@exemple.invalid"}, "email"), ({"email": DIANE}, "email")),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(world, told, field):
    assert refused(asked, world, **told).field == field
    assert not Rescue.select().exists()


@pytest.mark.parametrize("name", ["EXEMPLE Alice Anne", "Alice Éxemple", "anne exemple alice"])
def test_the_name_is_as_it_is_on_the_paper(world, name):
    assert asked(world, name=name)


def test_a_name_without_letters_answers_to_nobody_s(world):
    Account.update(name="🙂").where(Account.email == "bruno@exemple.invalid").execute()
    assert refused(asked, world, name="Bruno Fictif", signs_in="bruno@exemple.invalid")


def test_each_search_in_vain_is_written_and_ten_are_enough(world):
    for number in range(10):
        refused(asked, world, signs_in=f"essai-{number}@exemple.invalid")
    assert Line.select().where(Line.act == ledger.Act.LOOKED_FOR_ACCOUNT).count() == 10
    with pytest.raises(TooMany):
        asked(world)


def test_of_a_record_that_was_looked_for_the_birth_date_is_asked_instead(world):
    record = world.record("alice")
    told = seen(signs_in="", birth_date=record.birth_date)
    wrong = seen(signs_in="", birth_date=date(1951, 3, 15))
    assert refused(rescue.ask, world.office, wrong, record).field == "name"
    assert rescue.ask(world.office, told, record).account == world.account("alice")


def test_of_a_child_it_is_the_parent_whose_name_is_on_the_paper(world):
    made = activated(world)
    record, account = made.record, world.account("carole")
    told = {"signs_in": "", "birth_date": record.birth_date}
    assert refused(rescue.ask, world.office, seen(name=record.name, **told), record)
    one = rescue.ask(world.office, seen(name=account.name, **told), record)
    assert one.account == account
    told = Entry.select().where(Entry.act == journal.Act.ASKED_RESCUE)
    assert {entry.record for entry in told} == {record, world.record("carole")}


def test_a_carer_and_a_professional_are_found_by_their_address(world):
    for name, full_name in (("bruno", "Bruno Fictif"), ("hugo", "Hugo Fictif")):
        if name == "hugo":
            world.professional("hugo")
        assert asked(world, name=full_name, signs_in=f"{name}@exemple.invalid")
    world.let_in("bruno", Role.CARER)
    assert not Entry.select().where(Entry.act == journal.Act.ASKED_RESCUE).exists()


def test_with_another_address_the_account_moves_there(world):
    before = world.account("alice")
    reset.ask(ALICE, "192.0.2.1", lambda token: f"{RESET_LINK}/{token}")
    old_link = token(ALICE, RESET_LINK)
    confirmed(world, email=OTHER)
    with clock.moved(3 * DAY + IDLE):
        assert give_back() == 1
        now = Account.get_by_id(before.id)
        assert now.email == OTHER and now.email_proved_at is None
        refused(reset.usable, old_link)
        assert RESET_LINK not in letters(ALICE)[0].body
        assert "ne sert plus à se connecter" in letters(ALICE)[0].body
        reset.use(token(OTHER, RESET_LINK), "lanterne-abricot-vélo-31")
        assert Account.get_by_id(before.id).email_proved_at
    assert Record.get(Record.member_number == "A-1").email == ALICE


@pytest.mark.parametrize("email", ["", "voleur@exemple.invalid"])
def test_the_second_hears_the_new_address_from_her_too(world, email):
    """Or the first could have written his own."""
    one, sami = asked(world, email=OTHER), officer()
    wrong = refused(rescue.confirm, sami, one, seen(email=email), link)
    assert wrong.field == "email"
    one = rescue.confirm(sami, one, seen(email=OTHER.upper()), link)
    assert one.due_at


def test_a_new_address_where_there_was_none_is_not_slipped_in(world):
    one = asked(world)
    wrong = refused(rescue.confirm, officer(), one, seen(email=OTHER), link)
    assert wrong.sentence == rescue.OTHER_EMAIL
    assert rescue.confirm(officer("lou"), one, seen(email=ALICE), link).email == ""


def test_the_second_reads_the_name_himself(world):
    one = asked(world)
    assert refused(rescue.confirm, officer(), one, seen(name="Bruno Fictif"), link).field == "name"


def test_the_address_of_the_list_is_told_too_and_has_no_link(world):
    of_the_list = "liste@exemple.invalid"
    Record.update(email=of_the_list).where(Record.member_number == "A-1").execute()
    confirmed(world)
    with clock.moved(3 * DAY + IDLE):
        give_back()
    told = letters(of_the_list)[0]
    assert told.subject == rescue_letters.SUBJECT_DONE and RESET_LINK not in told.body
    assert "ne sert plus à se connecter" not in told.body
    done = [one for one in letters(ALICE) if one.subject == rescue_letters.SUBJECT_DONE]
    assert len(done) == 1 and RESET_LINK in done[0].body


def test_an_address_taken_meanwhile_stops_it(world):
    confirmed(world, email=OTHER)
    Account.create(email=OTHER, name="Autre Fictif", password_hash="")
    with clock.moved(4 * DAY):
        assert give_back() == 0
    one = Rescue.get()
    assert one.stopped_by == rescue_doing.NOT_FREE and not one.done_at
    assert Account.proving(ALICE, PASSWORD)


def test_nothing_is_given_back_once_a_death_is_noted(world):
    confirmed(world)
    record = world.record("alice")
    death.declare(record, world.office, clock.today(), "certificate")
    gone = refused(rescue.ask, world.office, seen())
    assert gone.sentence == rescue.DIED
    with clock.moved(4 * DAY):
        assert give_back() == 0
    assert Rescue.get().stopped_by == rescue_doing.GONE


def test_an_account_that_is_erased_takes_it_away(world):
    """And all else that it signs in with: it is named nowhere, so it goes whole."""
    account, record = installed(world), world.record("alice")
    device.learn(account, "Firefox")
    email_change.ask(account, OTHER)
    confirmed(world)
    with transaction():
        known = farewell.known_in(record)
        erasure.erase(record)
        farewell.bid(record, known)
    for table in (Rescue, Factor, Device, EmailChange):
        assert not table.select().exists()
    assert not Account.select().where(Account.email == account.email).exists()
    with clock.moved(4 * DAY):
        assert give_back() == 0


def test_on_the_server_it_is_done_at_once_told_and_traced(world):
    account, waiting = installed(world, "diane"), confirmed(world)
    address = rescue_doing.at_once(rescue_doing.SYSTEM, "Diane@exemple.invalid ", "", WRITER)
    assert not account.factors.count()
    reset.use(address.removeprefix(f"{RESET_LINK}/"), "lanterne-abricot-vélo-31")
    line = Line.select().order_by(Line.id.desc()).get()
    assert line.act == ledger.Act.RESCUED
    assert ledger.subjects([line]) == {line.about: "Diane Modèle"}
    assert "sur le serveur" in letters("sami@exemple.invalid")[0].body
    assert not Rescue.get_by_id(waiting.id).over


def test_on_the_server_it_replaces_what_was_under_way(world):
    one = confirmed(world)
    rescue_doing.at_once(rescue_doing.SYSTEM, ALICE, OTHER, WRITER)
    assert Rescue.get_by_id(one.id).stopped_at
    assert world.account("alice") is None and Account.named(OTHER)


@pytest.mark.parametrize(
    "email, other", [("x@exemple.invalid", ""), (ALICE, DIANE), (ALICE, "faux")]
)
def test_what_is_wrong_on_the_server_changes_nothing(world, email, other):
    refused(rescue_doing.at_once, rescue_doing.SYSTEM, email, other, WRITER)
    assert Account.proving(ALICE, PASSWORD)


def test_the_letter_is_for_whoever_has_an_address(world, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        rescue_letters.printing.typesetting, "letters_pdf", lambda some, *_: drawn.append(*some)
    )
    one = confirmed(world)
    assert rescue_letters.letter(one, WRITER, world.office) is None
    Record.update(postal_address="1 rue Imaginaire\n35000 Rennes").where(
        Record.id == world.record("alice").id
    ).execute()
    rescue_letters.letter(one, WRITER, world.office)
    said = str(drawn[0].sheet.blocks)
    assert drawn[0].to[0] == "Alice Exemple" and "01 99 00 00 00" in said and STOP not in said
    assert Line.select().order_by(Line.id.desc()).get().act == ledger.Act.MADE_LETTERS


def test_a_letter_that_is_not_sent_holds_nothing_up(world):
    """The three days run from the moment the second saw her, whatever the post does."""
    confirmed(world)
    assert notice.waiting()
    with clock.moved(3 * DAY + IDLE):
        assert give_back() == 1

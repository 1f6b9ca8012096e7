"""Another code: to the address that is known, on paper, or to whoever proves who she is."""

from datetime import timedelta

import pytest

from models import (
    activation,
    activation_code,
    admission,
    clock,
    giving,
    handover,
    identity,
    telling,
)
from models.activation_code import ActivationCode
from models.formats.typesetting import TypesettingFailed
from models.giving import Shown, Ways
from models.journal import Act, Entry
from models.ledger import Line
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from models.telling import Telling, What

from ..minors import activated, aged, enrolled_child
from ..world import LINK, SENDER, enrolled

DAY = timedelta(days=1)
ADDRESS = "1 rue Imaginaire\n35000 Rennes"


@pytest.fixture
def her(world):
    """Nobody has told her anything."""
    changes = {"member_number": "B-1", "birth_name": "Imaginaire", "email": "p@exemple.invalid"}
    told = identity.told(world.record("alice")) | changes | {"postal_address": ADDRESS}
    return identity.add(told, world.office)


def made(record):
    return giving.codes_made(record)


def email(world, record):
    return giving.by_email(record, made(record), world.office, SENDER)


def desk(world, record, paper="card", parent="", born=None):
    shown = Shown(paper, born or record.birth_date, parent)
    return giving.at_desk(record, shown, made(record), world.office, SENDER)


def now(record):
    return Record.get_by_id(record.id)


def leave(one):
    one.notice.sent_at = clock.now()
    one.notice.save()
    telling.noticed(one.notice)


def test_a_code_by_e_mail_goes_where_the_association_knew_and_tells_her(world, her):
    one = email(world, her)
    assert (one.what, one.how, one.address) == ("space", "email", "p@exemple.invalid")
    assert one.notice.recipient == "p@exemple.invalid" and one.made_by == "Diane Modèle"
    leave(one)
    assert now(her).told_at and now(her).opens_at
    second = email(world, her)
    assert second.what == What.CODE
    assert Entry.get(Entry.act == Act.MADE_ACTIVATION_CODE).details == {"how": "email"}
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.act, line.about, line.details) == ("sent-code", her.uid, {"how": "email"})


def test_each_code_ends_the_one_before(world, her):
    first, second = desk(world, her), desk(world, her)
    with pytest.raises(Refusal):
        activation.begin(first.code, her.birth_date, "test")
    assert activation.begin(second.code, her.birth_date, "test")


@pytest.mark.parametrize("after", [0, 2, -1])
def test_a_page_drawn_before_another_code_gives_none(world, her, after):
    desk(world, her)
    given = giving.by_email, giving.by_post
    for way in given:
        with pytest.raises(Refusal, match="depuis que cette page"):
            way(her, after, world.office, SENDER)
    with pytest.raises(Refusal, match="depuis que cette page"):
        giving.at_desk(her, Shown("card", her.birth_date), after, world.office, SENDER)
    assert made(her) == 1


def test_at_the_desk_the_paper_is_asked_for_and_written_in_both_traces(world, her):
    given = desk(world, her, "passport")
    assert len(given.code) == 12 and given.what is What.SPACE and given.last_day
    told = Entry.get(Entry.act == Act.MADE_ACTIVATION_CODE)
    assert told.details == {"how": "desk", "checked": "passeport"}
    assert (told.actor, told.role) == ("Diane Modèle", "office")
    line = Line.select().order_by(Line.id.desc()).get()
    assert (line.act, line.details) == ("gave-code", {"checked": "passeport"})
    one = Telling.get(Telling.record == her)
    assert one.how == "desk" and one.sent_at and now(her).told_how == "desk"
    assert desk(world, her).what is What.CODE


@pytest.mark.parametrize("paper", ["", None, "library-card"])
def test_without_a_paper_there_is_no_code(world, her, paper):
    with pytest.raises(Refusal) as refused:
        desk(world, her, paper)
    assert refused.value.field == "paper" and made(her) == 0


def test_the_paper_is_hers_and_its_date_is_not_guessed(world, her):
    for _ in range(12):
        with pytest.raises(Refusal) as refused:
            desk(world, her, born=her.birth_date + DAY)
    with pytest.raises(Refusal, match="Trop d'essais"):
        desk(world, her)
    assert refused.value.sentence.startswith("Trop d'essais") and made(her) == 0


def test_the_code_of_a_child_is_for_a_parent_whose_name_is_kept(world):
    child = enrolled_child().record
    with pytest.raises(Refusal) as refused:
        desk(world, child)
    assert refused.value.field == "parent" and "son prénom" in refused.value.sentence
    desk(world, child, parent="Paule Fictive")
    assert Entry.get(Entry.act == Act.MADE_ACTIVATION_CODE).details["to"] == "Paule Fictive"


def test_at_18_nothing_goes_where_a_parent_is_and_she_comes_herself(world):
    born = clock.months_later(clock.today(), -216) + 10 * DAY
    child = enrolled_child(born, postal_address=ADDRESS).record
    assert giving.ways(child) == Ways("f…@exemple.invalid", True, True)
    with clock.moved(11 * DAY):
        grown = now(child)
        assert giving.ways(grown) == Ways("", False, True)
        for way in (giving.by_email, giving.by_post):
            with pytest.raises(Refusal, match="sûre"):
                way(grown, made(grown), world.office, SENDER)
        assert desk(world, grown).code
        handover.note_address(world.office, grown, "noe@exemple.invalid", LINK, 42)
        assert email(world, now(grown)).address == "noe@exemple.invalid"


def test_a_child_s_record_left_by_the_last_parent_is_not_given_here(world):
    parent = activated(world)
    admission.leave(parent)
    record = now(parent.record)
    assert not giving.ways(record).any
    for give in (email, lambda *who: desk(*who, parent="Paule Fictive")):
        with pytest.raises(Refusal):
            give(world, record)


def test_nothing_is_given_of_a_record_that_someone_holds_or_that_is_over(world, her):
    alice = world.record("alice")
    assert not giving.ways(alice).any
    with pytest.raises(Refusal):
        email(world, alice)
    with pytest.raises(Refusal):
        desk(world, alice)
    for column in (Record.objected_at, Record.closed_at, Record.closing_at):
        Record.update({column: clock.now()}).where(Record.id == her.id).execute()
        assert not giving.ways(now(her)).any
        with pytest.raises(Refusal):
            email(world, her)
        Record.update({column: None}).where(Record.id == her.id).execute()
    assert made(her) == 0


def test_an_address_that_gave_a_letter_back_is_not_written_to(world, her):
    one = email(world, her)
    leave(one)
    telling.came_back(Telling.get_by_id(one.id), "550")
    assert giving.ways(now(her)) == Ways("", True, True)
    with pytest.raises(Refusal):
        email(world, now(her))


def test_the_address_is_told_by_halves(world):
    assert giving.ways(enrolled().record).email == "n…@exemple.invalid"


def test_a_letter_counts_once_it_is_posted(world, her, monkeypatch):
    monkeypatch.setattr(giving.letters, "for_one", lambda record, code, *_: code.encode())
    code = giving.by_post(her, 0, world.office, SENDER).decode()
    one = giving.to_post(her)
    assert (one.how, one.what, one.address) == ("post", "space", ADDRESS)
    assert now(her).told_at is None
    giving.posted(her, world.office)
    assert now(her).told_how == "post" and giving.to_post(her) is None
    assert activation.begin(code, her.birth_date, "test")
    with pytest.raises(Refusal):
        giving.posted(her, world.office)
    assert Entry.get(Entry.act == Act.MADE_ACTIVATION_CODE).details == {"how": "post"}


def test_a_letter_that_cannot_be_made_waits_for_nobody_to_post_it(world, her, monkeypatch):
    def fail(*_):
        raise TypesettingFailed("broken")

    monkeypatch.setattr(giving.letters, "for_one", fail)
    with pytest.raises(TypesettingFailed):
        giving.by_post(her, 0, world.office, SENDER)
    assert giving.to_post(her) is None and giving._what(now(her), SENDER) is What.SPACE


def test_a_real_letter_is_a_pdf(world, her):
    assert giving.by_post(her, 0, world.office, SENDER).startswith(b"%PDF")


def test_no_code_is_kept_nor_written_anywhere_but_in_its_letter(world, her):
    given = desk(world, her)
    spaced = activation_code.spaced(given.code)
    for one in (*Entry.select(), *Line.select()):
        assert given.code not in one.detail and spaced not in one.detail
    assert given.code not in ActivationCode.get(ActivationCode.record == her).code_hash
    assert not any(spaced in one.body for one in Notice.select())


def test_a_date_far_from_hers_changes_nothing_for_another(world, her):
    child = enrolled_child(aged(10)).record
    with pytest.raises(Refusal):
        desk(world, her, born=child.birth_date)
    assert desk(world, her).code

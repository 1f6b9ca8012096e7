"""Letters printed together: no one has two, none is lost, and each counts from the day it left."""

from datetime import date, timedelta

import pytest

from models import (
    activation_code,
    clock,
    death,
    envelope,
    letters,
    objection,
    pile,
    printing,
    vault,
)
from models import job as jobs
from models.access import Actor
from models.database import database
from models.formats import typesetting
from models.job import Job
from models.ledger import Act, Line
from models.record import Record
from models.refusal import Refusal
from models.sheet import Scan
from models.telling import Run, Telling, What

from ..printed import pages, text
from ..world import SENDER

DIANE = Actor(None, "Diane Modèle", "office")
TOWNS = ("35000 Rennes", "29000 Quimper", "35000 Rennes", "1050 Bruxelles", "22000 Saint-Brieuc")


@pytest.fixture
def members(opened):
    """Five who have no e-mail address; where they live is in no order."""
    return [member(f"P-{n}", f"Fictif{9 - n}", town) for n, town in enumerate(TOWNS)]


@pytest.fixture
def paper(monkeypatch):
    """What is printed, without its drawing: a line each, two letters at a time."""

    def drawn(some, sender, dated, large=False):
        return "".join(map(line, some)).encode()

    def line(one):
        (key,) = (block for block in one.sheet.blocks if isinstance(block, Scan))
        return f"{one.to[0]}|{dict(key.rows)['Code']}\n"

    monkeypatch.setattr(printing, "CHUNK", 2)
    monkeypatch.setattr(typesetting, "letters_pdf", drawn)
    monkeypatch.setattr(typesetting, "merged", lambda parts, sizes: parts)


def member(number, name, town, **told):
    known = {"birth_given_names": "Zoé", "birth_date": date(1950, 3, 14), "sex": "F"}
    known |= {"member_number": number, "birth_name": name, "sort_key": name.lower()}
    known |= {"birthplace_code": "", "postal_address": f"1 rue Inventée, {town}" if town else ""}
    return Record.create(**known | told)


def tomorrow():
    return clock.today() + timedelta(days=1)


def begun(what=What.SPACE, dated=None, large=False):
    return letters.begin(what, dated or tomorrow(), large, DIANE, SENDER)


def made(**told):
    run = begun(**told)
    jobs.run_due(SENDER)
    return letters.find(run.uid)


def posted(run, day=None):
    letters.post(run, day or clock.today(), DIANE)
    jobs.run_due(SENDER)


def taken(run):
    """Name → code, of each letter, in its order."""
    lines = b"".join(letters.take(run, DIANE)).decode().splitlines()
    found = dict(line.split("|") for line in lines)
    assert len(found) == len(lines), "someone has two"
    return found


def tellings():
    """By letter: the world's own people were told by e-mail."""
    return Telling.select().where(Telling.how == "post")


def go_on():
    """As if whoever did the last step had been silent for long."""
    Job.update(leased_until=None).execute()
    jobs.run_due(SENDER)


def acts():
    return [line.act for line in Line.select().order_by(Line.id)]


def test_letters_are_printed_by_postcode_then_name_and_abroad_last(members, paper):
    names = [name.split()[1] for name in taken(made())]
    assert names == ["Fictif5", "Fictif8", "Fictif7", "Fictif9", "Fictif6"]


def test_each_has_a_telling_and_a_code_that_opens_her_record(members, paper):
    run = made()
    codes = taken(run)
    assert run.letters == 5 and letters.ready(run)
    for one in members:
        found = activation_code.proven(codes[one.name], one.birth_date, "here")
        assert found.record == one
        (told,) = one.tellings
        assert (told.what, told.how, told.address) == ("space", "post", one.postal_address)
        assert told.last_day == tomorrow() + timedelta(days=SENDER.objection_days)
        assert told.sent_at is None and Record.get_by_id(one.id).told_at is None
    assert acts() == [Act.MADE_LETTERS, Act.TOOK_LETTERS]


def test_a_code_lasts_all_the_days_that_are_written(members, paper):
    dated = clock.today() + timedelta(days=10)
    made(dated=dated)
    for one in members:
        one = one.codes.get()
        assert one.expires_at.astimezone(clock.PARIS).date() > dated + timedelta(SENDER.code_days)


def test_they_are_one_real_pdf(members, monkeypatch):
    monkeypatch.setattr(printing, "CHUNK", 3)
    run = made()
    content = b"".join(letters.take(run, DIANE))
    assert len(content) == run.size and pages(content) == 10
    said = text(content)
    assert said.count("Bonjour Zoé Fictif") == 5 and said.count("– page 2 sur 2") == 5
    assert list(vault.names()) == [part.name for part in printing.parts(run)]


@pytest.mark.parametrize("when", ("printing", "giving", "binding"))
def test_killed_midway_it_goes_on_and_no_one_has_two(members, paper, monkeypatch, when):
    module, name = {
        "printing": (typesetting, "letters_pdf"),
        "giving": (activation_code, "keep"),
        "binding": (typesetting, "merged"),
    }[when]
    works, calls = getattr(module, name), []

    def dies(*given, **more):
        calls.append(1)
        if len(calls) == (1 if when == "binding" else 2):
            raise KeyboardInterrupt
        return works(*given, **more)

    monkeypatch.setattr(module, name, dies)
    run = begun()
    with pytest.raises(KeyboardInterrupt):
        jobs.run_due(SENDER)
    assert not letters.ready(letters.find(run.uid))
    go_on()
    run = letters.find(run.uid)
    codes = taken(run)
    assert len(codes) == run.letters == tellings().count() == 5
    for one in members:
        assert activation_code.proven(codes[one.name], one.birth_date, "here")
    job = Job.get()
    assert (job.done, job.total, job.fault) == (5, 5, "")


def test_two_processes_at_the_same_step_print_it_once(members, paper):
    run = begun()
    letters.step(Job.get(), SENDER)
    late = Job.get()
    letters.step(Job.get(), SENDER)
    assert letters.step(late, SENDER)  # it had not heard of what the other did
    go_on()
    assert len(taken(letters.find(run.uid))) == 5
    assert len(list(vault.names())) == 1


def test_whoever_objects_while_they_are_printed_has_none(members, paper, monkeypatch):
    drawn, leaves = typesetting.letters_pdf, members[1]

    def late(*given, **more):
        Record.update(objected_at=clock.now()).where(Record.id == leaves.id).execute()
        return drawn(*given, **more)

    monkeypatch.setattr(typesetting, "letters_pdf", late)
    run = made()
    assert len(taken(run)) == run.letters == 4 and leaves.name not in taken(run)
    assert leaves.tellings.count() == leaves.codes.count() == 0


def test_whoever_moves_while_they_wait_is_written_to_where_she_lives(members, paper):
    begun()
    letters.step(Job.get(), SENDER)
    here = "2 rue Neuve, 35000 Rennes"
    Record.update(postal_address=here).where(Record.id == members[0].id).execute()
    go_on()
    assert members[0].tellings.get().address == here


def test_all_of_them_gone_no_run_is_left(members, paper):
    run = begun()
    letters.step(Job.get(), SENDER)
    Record.update(objected_at=clock.now()).execute()
    jobs.run_due(SENDER)
    assert letters.find(run.uid) is None and tellings().count() == 0
    assert Job.get().fault == printing.NOBODY


def test_who_is_written_to_is_in_no_other_run(members, paper):
    made()
    member("P-9", "Fictif0", "75001 Paris")
    assert list(taken(made())) == ["Zoé Fictif0"]
    with pytest.raises(Refusal, match="personne à qui écrire"):
        begun()


def test_a_second_run_waits_for_the_first(members, paper):
    begun()
    with pytest.raises(Refusal, match="se préparent déjà"):
        begun()


@pytest.mark.parametrize("days", (-1, 31, None))
def test_the_day_written_is_near(members, days):
    with pytest.raises(Refusal, match="date entre") as refused:
        dated = days and clock.today() + timedelta(days=days)
        letters.begin("space", dated, False, DIANE, SENDER)
    assert refused.value.field == "dated"


@pytest.mark.parametrize("what", ("code", "", "autre"))
def test_only_two_letters_are_printed_together(members, what):
    with pytest.raises(Refusal, match="Choisissez la lettre"):
        letters.begin(what, tomorrow(), False, DIANE, SENDER)


def test_posted_the_time_to_object_runs(members, paper):
    run = made(dated=clock.today())
    posted(run)
    opens = clock.midnight(clock.today() + timedelta(days=SENDER.objection_days + 1))
    for one in Record.select().where(Record.member_number.startswith("P-")):
        assert one.told_how == "post" and one.opens_at == opens
        assert one.told_at.astimezone(clock.PARIS).date() == clock.today()
    assert acts()[-1] == Act.POSTED_LETTERS
    with pytest.raises(Refusal, match="déjà notées"):
        posted(run)


def test_posted_late_no_one_has_less_time(members, paper):
    run = made(dated=clock.today())
    with clock.moved(timedelta(days=5)):
        posted(run)
        opens = clock.midnight(clock.today() + timedelta(days=SENDER.objection_days + 1))
        assert Record.get_by_id(members[0].id).opens_at == opens


@pytest.mark.parametrize("days", (-1, 1, None))
def test_the_day_of_posting_is_past_and_after_they_were_made(members, paper, days):
    run = made()
    day = clock.today() + timedelta(days=days) if days else None
    with pytest.raises(Refusal, match="pas possible") as refused:
        letters.post(run, day, DIANE)
    assert refused.value.field == "posted_on" and letters.find(run.uid).posted_on is None


def test_whoever_was_corrected_since_is_to_be_told_again(members, paper):
    run = made()
    activation_code.void_codes(members[0])
    posted(run)
    assert Record.get_by_id(members[0].id).told_at is None and not members[0].tellings.count()
    assert Record.get_by_id(members[1].id).told_at
    assert letters.how_many(What.SPACE) == 1


def test_posting_stopped_midway_goes_on(members, paper, monkeypatch):
    monkeypatch.setattr(letters, "CHUNK_POSTED", 2)
    run = made()
    letters.post(run, clock.today(), DIANE)
    letters.step(Job.get(Job.finished_at.is_null()), SENDER)
    assert tellings().where(Telling.sent_at.is_null()).count() == 3
    go_on()
    assert tellings().where(Telling.sent_at.is_null()).count() == 0


def test_not_ready_they_are_neither_taken_nor_posted(members, paper):
    run = begun()
    for act in (lambda: letters.take(run, DIANE), lambda: posted(run)):
        with pytest.raises(Refusal, match="pas encore prêtes"):
            act()


def test_dropped_nothing_is_left_and_all_are_to_be_told_again(members, paper):
    run = made()
    codes = taken(run)
    hers = activation_code.new_code(members[0], "", 42)  # at the desk, since
    letters.drop(run, DIANE)
    assert Run.select().count() == tellings().count() == 0
    assert list(vault.names()) == [] and acts()[-1] == Act.DROPPED_LETTERS
    assert letters.how_many(What.SPACE) == 5
    assert activation_code.proven(hers, members[0].birth_date, "here")
    with pytest.raises(Refusal, match="trop ancien"):
        activation_code.proven(codes[members[1].name], members[1].birth_date, "here")


def test_dropped_while_they_are_made_their_making_ends(members, paper):
    run = begun()
    for _ in range(2):
        letters.step(Job.get(), SENDER)
    letters.drop(run, DIANE)
    go_on()
    assert Job.get().finished_at and Job.get().fault == ""
    assert tellings().count() == 0 and list(vault.names()) == []


def test_dropped_while_some_are_printed_these_are_not_kept(members, paper, monkeypatch):
    drawn, run = typesetting.letters_pdf, begun()

    def dropped(*given, **more):
        letters.drop(run, DIANE)
        return drawn(*given, **more)

    monkeypatch.setattr(typesetting, "letters_pdf", dropped)
    jobs.run_due(SENDER)
    assert list(vault.names()) == [] and tellings().count() == 0
    assert not any(one.codes.count() for one in members)


def test_posted_they_are_not_dropped(members, paper):
    run = made()
    posted(run)
    with pytest.raises(Refusal, match="déjà notées"):
        letters.drop(run, DIANE)


def test_the_pdf_goes_thirty_days_after(members, paper):
    run = made()
    posted(run)
    assert letters.erase_old(42) == 0
    with clock.moved(timedelta(days=30)):
        assert letters.erase_old(42) == 1 and letters.erase_old(42) == 0
        assert list(vault.names()) == []
        with pytest.raises(Refusal, match="est effacé"):
            letters.take(letters.find(run.uid), DIANE)
    assert letters.find(run.uid).letters == 5


def test_never_posted_the_pdf_goes_once_its_codes_are_over(members, paper):
    run = made(dated=clock.today())
    with clock.moved(timedelta(days=42)):
        assert letters.erase_old(42) == 0
    with clock.moved(timedelta(days=43)):
        assert letters.erase_old(42) == 1 and letters.erase_old(42) == 0
        assert list(vault.names()) == []
        with pytest.raises(Refusal, match="est effacé"):
            letters.take(letters.find(run.uid), DIANE)


def test_letters_to_take_out_are_told_by_their_place_and_do_not_count(members, paper):
    run = made()
    names = list(taken(run))
    assert pile.to_take_out(run) == []
    objects, dies, moves, corrected, stays = members
    code = activation_code.ActivationCode.get(activation_code.ActivationCode.record == objects)
    objection.make(code, certified=True, sender=SENDER)
    death.declare(dies, DIANE, clock.today(), "certificate")
    Record.update(postal_address="2 rue Neuve").where(Record.id == moves.id).execute()
    activation_code.void_codes(corrected)
    out = pile.to_take_out(letters.find(run.uid))
    assert [names[one.place - 1] for one in out] == [one.record.name for one in out]
    assert {one.record for one in out} == {objects, dies, moves, corrected}
    posted(run)
    told = Record.select().where(Record.told_how == "post")
    assert list(told) == [stays]
    assert set(letters.campaign.to_tell_by_post()) == {moves, corrected}


def test_whoever_activated_with_her_letter_before_it_is_noted_was_told(members, paper):
    run = made()
    Record.update(activated_at=clock.now()).where(Record.id == members[0].id).execute()
    assert pile.to_take_out(run) == []
    posted(run)
    assert Record.get_by_id(members[0].id).told_how == "post"


def test_the_vault_knows_each_part(members, paper):
    begun()
    for _ in range(3):
        letters.step(Job.get(), SENDER)
    assert len(letters.contents()) == 2 == len(list(vault.names()))
    assert letters.contents() == set(vault.names())


def test_whoever_has_done_nothing_is_reminded(members, paper):
    run = made(dated=clock.today())
    posted(run)
    first = taken(run)
    with clock.moved(timedelta(days=letters.DAYS + 1)):
        assert letters.how_many(What.REMINDER) == 5
        again = made(what=What.REMINDER)
        told = Telling.get(Telling.run == again)
        assert (told.what, told.last_day) == ("reminder", None)
        assert set(taken(again)) == set(first) and taken(again) != first
        before = Record.get_by_id(members[0].id).opens_at
        posted(again)
        assert Record.get_by_id(members[0].id).opens_at == before


def test_those_who_cannot_be_told_are_named(members, paper):
    nowhere = member("N-1", "Sans-Adresse", "")
    people, number = letters.unreachable(10)
    assert people == [nowhere] and number == 1


def test_no_more_than_a_printer_takes(members, paper, monkeypatch):
    monkeypatch.setattr(letters, "MOST", 3)
    assert len(taken(made())) == 3
    assert len(taken(made())) == 2


def test_a_name_erased_takes_its_letter_along(members, paper):
    from models import erasure

    run = begun()
    letters.step(Job.get(), SENDER)
    with database.atomic():
        erasure.erase(members[2])
    jobs.run_due(SENDER)
    assert len(taken(letters.find(run.uid))) == 4


@pytest.mark.parametrize(
    "address, expected",
    [
        ("12 rue Inventée, 35000 Rennes", ["12 rue Inventée", "35000 Rennes"]),
        ("12, rue Inventée 35 000 Rennes", ["12, rue Inventée", "35 000 Rennes"]),
        (
            "12 bis, rue Neuve, Bât. B, 35000 Rennes",
            ["12 bis, rue Neuve", "Bât. B", "35000 Rennes"],
        ),
        ("Chez Anne\n1 rue Neuve, fond de cour\n35000 Rennes", None),
        ("Lieu-dit La Fiction", ["Lieu-dit La Fiction"]),
        ("", []),
        ("a\nb\nc\nd\ne\nf\ng", ["a, b, c", "d", "e", "f", "g"]),
    ],
)
def test_an_address_has_its_lines(address, expected):
    her = Record(birth_name="A", birth_given_names="B", birth_date=date(1950, 1, 1))
    her.postal_address = address
    assert list(envelope.lines(her))[1:] == (address.splitlines() if expected is None else expected)


def test_an_envelope_has_six_lines_at_most():
    child = Record(birth_name="A", birth_given_names="B", birth_date=clock.today())
    child.postal_address = "\n".join("x" * 200 for _ in range(30))
    lines = envelope.lines(child)
    assert len(lines) == 6 and lines[:2] == ("Aux parents ou représentants légaux de", "B A")
    assert all(len(line) <= 80 for line in lines)


@pytest.mark.parametrize(
    "address, expected",
    [
        ("12345 rue Longue, 35000 Rennes", "35000"),
        ("1 rue Neuve 35 000 Rennes", "35000"),
        ("Rue Neuve, 1050 Bruxelles", ""),
    ],
)
def test_the_postcode_is_the_last(address, expected):
    assert envelope.postcode(address) == expected

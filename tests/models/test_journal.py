"""The journal: what it keeps, shows and refuses. How it is sealed: test_journal_chain.py."""

from datetime import timedelta

from models import clock, document, filing, folder, journal, masking
from models.access import Role
from models.journal import Act, Entry, Filters, Group

from ..world import SURGERY

DAY = timedelta(days=1)


def acts(world, name="alice", of=None, **filters):
    found = journal.entries(world.access(name, of), Filters(**filters))
    return [Act(entry.act) for entry in found]


def test_the_latest_entry_comes_first_with_who_and_when(world):
    paper = world.paper()
    alice = world.access("alice")
    document.read(alice, paper)
    last, *_ = journal.entries(alice, Filters())
    assert (last.act, last.actor, last.role) == (Act.READ, "Alice Exemple", Role.HOLDER)
    assert last.document_uid == paper.uid
    assert abs(last.at - clock.now()) < timedelta(minutes=1)
    assert journal.titles(alice, [last]) == {paper.uid: "Compte rendu"}


def test_the_journal_names_no_title_so_that_an_erased_one_is_forgotten(world):
    alice, paper = world.access("alice"), world.paper("Sérologie secrète")
    filing.correct(
        alice, paper, title="Autre secret", category="BIOLOGIE", dated=paper.dated, author=""
    )
    for entry in Entry.select():
        assert "secr" not in entry.detail + entry.actor


def test_it_is_filtered_by_who_acted(world):
    bruno = world.let_in("bruno", Role.CARER)
    document.read(bruno, world.paper(by=SURGERY))
    alice = world.access("alice")
    assert acts(world, who=bruno.account.name) == [Act.READ]
    assert Act.READ not in acts(world, who=alice.account.name)
    assert acts(world, who=SURGERY.name) == [Act.DEPOSITED]
    everyone = ["Alice Exemple", "Bruno Fictif", "Cabinet Fictif", "L'association"]
    assert journal.actors(alice) == everyone


def test_it_is_filtered_by_what_was_done(world):
    alice, paper = world.access("alice"), world.paper()
    document.download(alice, paper)
    masking.choose(alice, document.find_all(alice, [paper.uid]), True)
    assert acts(world, what=Group.READING) == [Act.DOWNLOADED]
    assert acts(world, what=Group.MASKING) == [Act.MASKED]
    assert acts(world, what=Group.ADDING) == [Act.DEPOSITED]


def test_every_act_is_in_one_group_and_one_only():
    grouped = [act for group in Group for act in journal.GROUPS[group]]
    assert sorted(grouped) == sorted(Act)


def test_it_is_filtered_by_the_day_it_is_in_france(world):
    alice, paper = world.access("alice"), world.paper()
    with clock.moved(3 * DAY):
        document.read(alice, paper)
        that_day = clock.today()
    assert acts(world, since=that_day) == [Act.READ]
    assert acts(world, since=that_day, until=that_day) == [Act.READ]
    assert acts(world, since=that_day + DAY) == []
    assert Act.READ not in acts(world, until=that_day - DAY)


def test_a_day_starts_at_midnight_in_paris(world):
    alice, paper = world.access("alice"), world.paper()
    tonight = clock.now().astimezone(clock.PARIS).replace(hour=0, minute=30) + DAY
    with clock.moved(tonight - clock.now()):
        document.read(alice, paper)
    assert acts(world, since=tonight.date()) == [Act.READ]
    assert Act.READ not in acts(world, until=tonight.date() - DAY)


def test_it_is_read_fifty_entries_at_a_time_each_once(world):
    alice, paper = world.access("alice"), world.paper()
    for number in range(60):
        filing.pin(alice, paper, number % 2 == 0)
    numbers, before = [], None
    while page := journal.entries(alice, Filters(before=before)):
        numbers += [entry.number for entry in page[: journal.PAGE]]
        before = numbers[-1]
    total = world.record("alice").journal_length
    assert numbers == list(range(total, 0, -1))
    assert len(journal.entries(alice, Filters())) == journal.PAGE + 1 == 51


def test_the_journal_of_one_record_says_nothing_of_another(world):
    world.paper(of="carole")
    folder.make(world.access("carole"), "Mes analyses")
    assert acts(world, what=Group.ADDING) == acts(world, what=Group.CHANGING) == []

"""The journal: what it keeps, shows and refuses. How it is sealed: test_journal_chain.py."""

from datetime import timedelta

from models import clock, document, filing, folder, journal, masking
from models.access import Role
from models.document import Document
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
    total = world.record("alice").journal_length
    assert [entry.number for entry in paged(alice)] == list(range(total, 0, -1))
    assert len(journal.entries(alice, Filters())) == journal.PAGE + 1 == 41


def paged(access):
    """Every entry, page after page."""
    read, before = [], None
    while page := journal.entries(access, Filters(before=before)):
        read += page[: journal.PAGE]
        before = read[-1].place
    return read


def test_entries_of_the_same_microsecond_are_each_read_once(world, monkeypatch):
    """Of two chains, and across the pages: the clock of some machines is that coarse."""
    alice, hugo = world.access("alice"), world.professional("hugo").account
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    assert doctor.account == hugo
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    papers = [world.paper(), world.paper(by=doctor, unannounced=True)]
    for number in range(120):
        journal.write(alice.record, alice.actor, Act.READ, papers[number % 2])
    Document.update(unannounced=False).execute()
    places = [entry.place for entry in paged(alice)]
    assert len(places) == len(set(places)) == journal.seen(alice).count() > 122
    assert sum(chain == papers[1].uid for _, chain, _ in places) == 61


def test_an_entry_is_found_by_its_uid_by_those_who_may_read_it(world):
    bruno = world.let_in("bruno", Role.CARER, given="read trace")
    alice = world.access("alice")
    masking.choose_all(alice, True)
    folder.make(alice, "Mon secret")
    masked, made = journal.entries(alice, Filters())[1::-1]
    assert (masked.act, made.act) == (Act.MASKED_ALL, Act.MADE_FOLDER)
    assert journal.find(alice, made.uid) == made and len(made.uid) == 16
    assert journal.find(bruno, masked.uid) == masked
    assert journal.find(bruno, made.uid) is None
    assert journal.find(world.access("carole"), masked.uid) is None
    for wrong in ("0" * 16, made.uid.upper() + "x", "%" * 16, "_" * 16, made.uid[:15] + "g"):
        assert journal.find(alice, wrong) is None


def test_looking_at_the_journal_is_told_once_an_hour(world):
    alice = world.access("alice")
    for _ in range(3):
        first, *_ = journal.look(alice, Filters())
        assert first.act == Act.LOOKED_AT_JOURNAL
    assert acts(world).count(Act.LOOKED_AT_JOURNAL) == 1


def test_the_journal_of_one_record_says_nothing_of_another(world):
    world.paper(of="carole")
    folder.make(world.access("carole"), "Mes analyses")
    assert acts(world, what=Group.ADDING) == acts(world, what=Group.CHANGING) == []

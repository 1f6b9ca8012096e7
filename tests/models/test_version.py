"""Versions: the newer takes the place of the older, for those who see it, and for nobody else."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models import (
    announcement,
    bin,
    browsing,
    clock,
    deposit,
    document,
    exclusion,
    filing,
    folder,
    journal,
    masking,
    office,
    source,
    version,
    visibility,
)
from models.access import READY, Role
from models.browsing import Filters
from models.database import database
from models.deposit import Description
from models.document import Document
from models.exclusion import Exclusion
from models.header import Header
from models.journal import Act, Entry
from models.replacement import UNKNOWN
from models.visibility import Limit

from ..invited import carer
from ..world import LIMITS, spooled

DAY = timedelta(days=1)
CHILD = date(2020, 1, 1)
LIMITED = [frozenset(some) for number in range(4) for some in combinations(Limit, number)]
CODES = {
    Limit.MASKED: "MASQUE_PS",
    Limit.UNANNOUNCED: "INVISIBLE_PATIENT",
    Limit.FROM_REPRESENTATIVES: "INVISIBLE_REPRESENTANTS_LEGAUX",
}


class OnlyTried(Exception):
    """Nothing of it stays."""


class Sending:
    """What a laboratory deposits, each time under the next number."""

    def __init__(self, world, of="alice"):
        told = source.Told("Laboratoire Fictif", "laboratory", per_day=1000)
        self.world, self.of = world, of
        self.source, _token = source.register(world.office, told)

    def __call__(self, title, *replaces, codes=(), by=None, **told):
        header = Header(
            title=title,
            identifier=told.pop("identifier", f"1.2.{title}"),
            replaces=tuple(f"1.2.{one}" if len(one) < 10 else one for one in replaces),
            confidentiality=frozenset(codes),
            type_code=told.pop("type_code", "11502-2"),
            set_identifier=told.pop("set_identifier", ""),
            version=told.pop("version", None),
        )
        spool = spooled(f"commun {title}".encode())
        given = Description(header=header, source=None if by else self.source, **told)
        actor = getattr(by, "actor", by) or self.source.actor
        access = by if hasattr(by, "actor") else None
        record = self.world.record(self.of)
        made = deposit.put(record, actor, spool, f"{title}.txt", given, LIMITS, access)
        spool.discard()
        return Document.get_by_id(made.id)


@pytest.fixture
def send(world):
    return Sending(world)


@pytest.fixture
def alice(world):
    return world.access("alice")


def listed(access, **filters):
    return [one.title for one in browsing.browse(access, Filters(**filters)).documents]


def found(access, one):
    return document.find(access, one.uid)


def chain(one):
    return [each.title for each in version.all_of(Document.get_by_id(one.id))]


# --- What is listed ------------------------------------------------------------------------------


def test_the_newest_is_listed_searched_counted_and_the_others_are_found_from_it(alice, send):
    first = send("V1")
    box = folder.make(alice, "Cœur")
    filing.move(alice, [found(alice, first)], box)
    filing.pin(alice, found(alice, first), True)
    second, third = send("V2", "V1"), send("V3", "V2")
    assert listed(alice) == listed(alice, words="commun") == listed(alice, folder=box.uid) == ["V3"]
    assert [one.title for one in browsing.pinned(alice)] == ["V3"]
    assert [one.title for one in browsing.newest(alice, 5)] == ["V3"]
    assert browsing.unseen_count(alice) == 1
    assert [one.documents for one in folder.counted(alice)] == [1]
    newest, earlier = version.around(alice, found(alice, third))
    assert newest is None and [one.title for one in earlier] == ["V2", "V1"]
    newest, earlier = version.around(alice, found(alice, first))
    assert newest.title == "V3" and earlier == []
    assert chain(second) == ["V1", "V2", "V3"]


def test_a_second_replacement_of_a_replaced_one_comes_last_and_never_makes_a_fork(alice, send):
    send("V1"), send("V2", "V1")
    third = send("V3", "V1")
    assert chain(third) == ["V1", "V2", "V3"]
    assert listed(alice) == ["V3"]
    assert Document.select().where(Document.replaces.is_null(False)).count() == 2


def test_the_name_that_we_gave_is_known_too_and_its_own_name_is_not(alice, send):
    first = send("V1")
    assert chain(send("V2", first.uid)) == ["V1", "V2"]
    alone = send("V9", "V9")
    assert chain(alone) == ["V9"] and alone.warning is None or UNKNOWN in alone.warning


def test_a_set_of_versions_is_known_by_its_numbers_whatever_their_order(alice, send):
    third = send("C", set_identifier="9.9", version=3)
    send("A", set_identifier="9.9", version=1)
    send("B", "inconnu", set_identifier="9.9", version=2)
    send("autre", set_identifier="9.8", version=4), send("sans numéro", set_identifier="9.9")
    assert chain(third) == ["A", "B", "C"]
    assert set(listed(alice)) == {"C", "autre", "sans numéro"}
    assert Document.get(Document.title == "B").warning is None


def test_an_unknown_target_leaves_a_warning_and_no_link(alice, send):
    one = send("V2", "V1")
    assert one.warning == UNKNOWN and one.replaces_id is None and listed(alice) == ["V2"]


# --- Who may replace what ------------------------------------------------------------------------


def test_a_source_replaces_only_what_it_deposited_itself_and_here(world, alice, send):
    send("V1"), send("Importé", by=alice)
    send.source, _ = source.register(world.office, source.Told("Autre Fictif", "other"))
    assert send("V2", "V1").warning == UNKNOWN
    assert send("V3", "Importé").warning == UNKNOWN
    send.of = "carole"
    assert send("V4", "V2").warning == UNKNOWN
    assert set(listed(alice)) == {"V1", "Importé", "V2", "V3"}


def test_a_person_replaces_only_what_was_deposited_for_her_and_that_she_sees(world, alice, send):
    send("Du labo")
    assert send("A2", "Du labo", by=alice).warning == UNKNOWN
    mine = send("Mien", by=alice)
    bruno = carer(world, given=READY["ajouter"], documents=(found(alice, mine),))
    assert send("B2", "Mien", by=bruno).warning == UNKNOWN
    by_office = office.actor(world.account("diane"))
    assert send("Mien 2", "Mien", by=by_office).replaces_id == mine.id


def test_a_professional_replaces_what_she_deposited(world, alice, send):
    world.professional("hugo")
    hugo = world.let_in("hugo", Role.PROFESSIONAL)
    first, mine = send("De hugo", by=hugo), send("Mien", by=alice)
    assert send("H2", "De hugo", by=hugo).replaces_id == first.id
    assert send("H3", "Mien", by=hugo).warning == UNKNOWN
    assert set(listed(alice)) == {"H2", "Mien", "H3"} and mine.replaced_at is None


def test_a_paper_of_her_wishes_is_no_version_of_another_kind(alice, send):
    send("V1")
    assert send("V2", "V1", type_code="EXPPAT_3").warning == UNKNOWN
    assert set(listed(alice)) == {"V1", "V2"}


# --- For each who looks --------------------------------------------------------------------------


@pytest.fixture
def people(world):
    """Of Alice, a child with an account of her own; by the name of their access."""
    world.born(CHILD)
    for name, profession in (("hugo", "doctor"), ("nora", "nurse"), ("samuel", "doctor")):
        world.professional(name, profession)
    world.professional("ada", "podiatrist")
    world.let_in("bruno", Role.CARER)
    world.let_in("carole", Role.REPRESENTATIVE)
    world.let_in("hugo", Role.PROFESSIONAL)
    world.let_in("nora", Role.PROFESSIONAL, profession="nurse")
    world.let_in("ada", Role.PROFESSIONAL, profession="podiatrist", administrator=True)
    world.let_in("samuel", Role.EMERGENCY)
    return ("alice", "bruno", "carole", "hugo", "nora", "ada", "samuel")


def assert_each_sees_the_newest_of_hers(world, people, *versions):
    """In hand, and by every list: the last that she sees, and nothing else."""
    for name in people:
        access = world.access(name, "alice")
        rows = document.loaded(access, Document.select().where(Document.id.in_(versions)))
        seen = {one.id for one in rows if visibility.sees(access, one)}
        newest = [one for one in versions if one in seen][-1:]
        titles = [Document.get_by_id(one).title for one in newest]
        assert listed(access) == titles, name
        assert browsing.unseen_count(access) == len(titles), name
        for one in rows:
            here = found(access, one)
            assert bool(here) == (one.id in seen)
            if here:
                after, before = version.around(access, here)
                assert (after.id if after else one.id) == newest[0]
                expected = [each for each in versions if each in seen and each < one.id]
                assert [each.id for each in before] == expected[::-1]


@settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    limits=st.tuples(*[st.sampled_from(LIMITED)] * 3),
    types=st.tuples(*[st.sampled_from(["11502-2", "68599-0", "CERT_DECL"])] * 3),
)
def test_whatever_is_hidden_each_is_shown_the_newest_that_she_sees(
    world, people, send, limits, types
):
    """And nothing else, at each step: as they arrive, then once all is announced."""
    with pytest.raises(OnlyTried), database.atomic():
        made = []
        for number, (limit, type_code) in enumerate(zip(limits, types, strict=True), start=1):
            codes, before = {CODES[one] for one in limit}, [f"V{number - 1}"][: number - 1]
            made.append(send(f"V{number}", *before, codes=codes, type_code=type_code).id)
            assert_each_sees_the_newest_of_hers(world, people, *made)
        with clock.moved(31 * DAY):
            announcement.work()
        assert not Document.select().where(Document.unannounced).exists()
        assert_each_sees_the_newest_of_hers(world, people, *made)
        raise OnlyTried


def test_while_the_newer_waits_nothing_says_that_it_is_there(world, alice, send):
    first = send("V1")
    send("V2", "V1", codes=["INVISIBLE_PATIENT"])
    assert listed(alice) == ["V1"] and version.around(alice, found(alice, first)) == (None, [])
    told = [one.details for one in journal.entries(alice, journal.Filters())]
    assert not any("replaces" in one for one in told)
    with clock.moved(31 * DAY):
        assert announcement.work() == 1
    assert listed(alice) == ["V2"]
    (entry,) = Entry.select().where((Entry.act == Act.DEPOSITED) & (Entry.detail != "{}"))
    assert entry.details == {"replaces": first.uid}


def test_what_was_not_announced_is_not_by_a_newer_one_and_each_is_with_the_other(world, send):
    world.professional("hugo")
    hugo, alice = world.let_in("hugo", Role.PROFESSIONAL), world.access("alice")
    send("V1", by=hugo, unannounced=True)
    second = send("V2", "V1", by=hugo)
    assert second.unannounced and second.apart and listed(alice) == []
    announcement.announce(hugo, found(hugo, second))
    assert listed(alice) == ["V2"]
    assert [one.title for one in version.around(alice, found(alice, second))[1]] == ["V1"]


def test_what_comes_before_the_delay_is_shown_with_the_first_unless_it_said_so_itself(
    world, alice, send
):
    send("V1", codes=["INVISIBLE_PATIENT"])
    with clock.moved(20 * DAY):
        send("V2", "V1")
    with clock.moved(31 * DAY):
        announcement.work()
        assert listed(alice) == ["V2"]
        send("V3", "V2", codes=["INVISIBLE_PATIENT"])
        assert listed(alice) == ["V2"]


def test_what_a_minor_kept_from_her_parents_stays_so(world, send, people):
    send("V1", codes=["INVISIBLE_REPRESENTANTS_LEGAUX"])
    assert send("V2", "V1").from_representatives
    assert listed(world.access("carole", "alice")) == []
    assert listed(world.access("alice")) == ["V2"]


# --- What is decided of one is decided of all ----------------------------------------------------


def test_the_newer_inherits_what_was_decided_and_never_shows_what_was_masked(world, alice, send):
    world.let_in("carole", Role.PROFESSIONAL)
    doctor = world.access("carole", "alice")
    first = send("V1")
    masking.choose(alice, [found(alice, first)], True)
    send("V2", "V1")
    assert listed(doctor) == [] and world.masked() == {"V1", "V2"}
    masking.choose(alice, [found(alice, Document.get(Document.title == "V2"))], False)
    assert listed(doctor) == ["V2"] and world.masked() == set()
    send("V3", "V2", codes=["MASQUE_PS"])
    assert listed(doctor) == ["V2"] and listed(alice) == ["V3"]


def test_what_the_person_says_of_her_own_newer_one_never_shows_it_either(world, alice, send):
    first = send("V1", by=alice)
    masking.choose(alice, [found(alice, first)], True)
    masking.choose_all(alice, masked=True)
    send("V2", "V1", by=world.access("alice"), masked=False)
    assert world.masked() == {"V1", "V2"}


@pytest.mark.parametrize("codes", [(), ("MASQUE_PS",)])
def test_a_choice_for_all_taken_back_leaves_both_as_they_were(world, alice, send, codes):
    send("V1")
    made = masking.choose_all(alice, masked=True)
    send("V2", "V1", codes=codes)
    assert world.masked() == {"V1", "V2"}
    masking.undo(alice, made.id)
    assert world.masked() == ({"V2"} if codes else set())


def test_left_out_of_a_carer_s_access_they_are_all_and_so_in_a_folder(world, alice, send):
    box = world.folder("Mes secrets")
    first, inside = send("V1"), send("W1")
    filing.move(alice, [found(alice, inside)], box)
    bruno = carer(world, given=READY["voir"], folders=(box,), documents=(found(alice, first),))
    second, other = send("V2", "V1"), send("W2", "W1")
    assert other.folder_id == box.id and listed(bruno) == []
    assert [one.title for one in exclusion.documents_of(alice, bruno.invitation)] == ["V2"]
    exclusion.take_back(alice, bruno.invitation, found(alice, second))
    assert listed(bruno) == ["V2"] and found(bruno, first)
    exclusion.leave_out(alice, bruno.invitation, found(alice, second))
    assert listed(bruno) == [] and not found(bruno, first)
    assert Exclusion.select().where(Exclusion.document == first).count() == 1


def test_put_elsewhere_the_newer_takes_the_others_and_shows_none(world, alice, send):
    secret, open_ = world.folder("Mes secrets"), world.folder("Ouvert")
    first = send("V1", by=alice)
    filing.move(alice, [found(alice, first)], secret)
    bruno = carer(world, given=READY["voir"], folders=(secret,))
    send("V2", "V1", by=world.access("alice"), folder=open_)
    assert {one.folder_id for one in Document.select()} == {open_.id}
    assert listed(bruno) == []


def test_moved_and_pinned_together(alice, send):
    first, second = send("V1"), send("V2", "V1")
    box = folder.make(alice, "Cœur")
    filing.move(alice, [found(alice, second)], box)
    filing.pin(alice, found(alice, second), True)
    first = Document.get_by_id(first.id)
    assert first.folder_id == box.id and first.pinned_at
    filing.pin(alice, found(alice, first), False)
    assert browsing.pinned(alice) == []


# --- The bin -------------------------------------------------------------------------------------


def test_the_newest_in_the_bin_brings_the_older_back_and_out_of_it_takes_its_place(alice, send):
    send("V1", by=alice)
    second = send("V2", "V1", by=alice)
    bin.discard(alice, [found(alice, second)])
    assert listed(alice) == ["V1"]
    bin.restore(alice, document.find_binned(alice, second.uid))
    assert listed(alice) == ["V2"]


@pytest.mark.parametrize("erased", [0, 1, 2])
def test_one_erased_leaves_the_others_in_their_line(alice, send, erased):
    titles = ["V1", "V2", "V3"]
    made = [send(title, *titles[:place][-1:], by=alice) for place, title in enumerate(titles)]
    bin.discard(alice, [found(alice, made[erased])])
    bin.erase(alice, document.find_binned(alice, made[erased].uid))
    left = [title for title in titles if title != titles[erased]]
    one = Document.get(Document.title == left[0])
    assert chain(one) == left and listed(alice) == left[-1:]
    assert Document.get(Document.title == left[-1]).replaced_at is None


def test_what_is_around_one_is_asked_in_one_query_and_of_one_alone_in_none(alice, send, caplog):
    alone = found(alice, send("Seul"))
    for number in range(1, 8):
        made = send(f"V{number}", *[f"V{number - 1}"][: number - 1])
    middle = found(alice, made.replaces)
    with caplog.at_level("DEBUG", logger="peewee"):
        assert version.around(alice, alone) == (None, [])
        assert not caplog.records
        assert len(version.around(alice, middle)[1]) == 5
        assert len(caplog.records) == 1

"""The types of documents that software writes; and what of them decides who reads."""

import pytest

from models import attachment, bin, browsing, document, filing, masking, visibility, wishes
from models.access import READY, Right, Role
from models.document import Document
from models.header import Header
from models.record import Shown
from models.reference import types
from models.reference.categories import CHOSEN, LABELS
from models.reference.professions import PROFESSIONS, TYPES_FILE, _rows, allowed, closed_types
from models.refusal import Refusal

from ..invited import carer
from ..world import SURGERY


def typed(world, code, by=SURGERY, **told):
    return world.paper(f"De type {code}", by=by, category="", header=Header(type_code=code, **told))


def reads(world, profession, **given):
    """An access of someone of this profession."""
    world.professional(profession, profession)
    return world.let_in(profession, Role.PROFESSIONAL, profession=profession, **given)


# --- The file -------------------------------------------------------------------------------------


def test_every_type_has_a_label_a_system_and_a_category_of_ours():
    assert len(types.TYPES) > 100
    for one in types.TYPES.values():
        assert one.label and one.system in types.URLS and one.category in LABELS


def test_what_a_person_deposits_has_a_type_for_each_category_that_she_may_choose():
    for category in CHOSEN:
        found = types.of_category(category)
        assert found.category == category, category


def test_an_unknown_type_is_another_document():
    assert types.find("99999-9") is None and types.category_of("99999-9") == "AUTR_DOC"


def test_only_what_tells_her_will_is_a_wish():
    found = {code for code in types.TYPES if types.is_wish(code)}
    assert {"EXPPAT_1", "EXPPAT_3"} <= found
    assert {types.TYPES[code].category for code in found} == {"DIR_ANT", "VDP"}
    assert not types.is_wish("") and not types.is_wish("EXPPAT_2")


# --- Closed to a profession -----------------------------------------------------------------------


def test_each_line_of_the_matrix_of_types_says_what_to_whom_and_from_where():
    rows = _rows(TYPES_FILE)
    assert len({row["type"] for row in rows}) == len(rows)
    for row in rows:
        assert row["type"] in types.TYPES and row["source"].strip()
        assert set(row["metiers"].split()) <= set(PROFESSIONS) and row["metiers"]


@pytest.mark.parametrize(
    ("profession", "code"),
    [
        ("dentist", "68599-0"),
        ("nurse", "68599-0"),
        ("nurse", "83901-9"),
        ("doctor", "ATTEST-RESID"),
    ],
)
def test_what_a_source_closes_is_closed_though_its_category_is_open(world, profession, code):
    category = types.category_of(code)
    assert category in allowed(profession) and code in closed_types(profession)
    typed(world, code), world.paper("Sans type", by=SURGERY, category=category)
    one = reads(world, profession)
    rows = document.loaded(one, Document.select())
    seen = {row.title for row in rows if visibility.sees(one, row)}
    assert world.titles(one) == seen == {"Sans type"}


def test_an_administrator_reads_all_types_and_whoever_deposited_it_his_own(world):
    typed(world, "68599-0")
    assert world.titles(reads(world, "nurse", administrator=True)) == {"De type 68599-0"}
    dentist = reads(world, "dentist")
    assert world.titles(dentist) == set()
    typed(world, "83901-9", by=dentist)
    assert world.titles(dentist) == {"De type 83901-9"}


def test_types_change_nothing_for_the_person_and_her_carers(world):
    typed(world, "68599-0")
    for one in (world.access("alice"), carer(world, given=READY["voir"])):
        assert world.titles(one) == {"De type 68599-0"}


# --- Directives from elsewhere --------------------------------------------------------------------


@pytest.mark.parametrize("code", ["EXPPAT_3", "EXPPAT_1"])
@pytest.mark.parametrize(
    ("shown", "who"),
    [
        (Shown.EMERGENCY, {"doctor", "emergency", "with wishes"}),
        (Shown.ACCESS, {"doctor", "with wishes"}),
        (Shown.NOBODY, {"with wishes"}),
    ],
)
def test_directives_from_elsewhere_are_read_by_whom_she_lets_read_her_wishes(
    world, code, shown, who
):
    made = typed(world, code)
    assert made.wish
    wishes.choose_readers(world.access("alice"), shown)
    people = {
        "doctor": reads(world, "doctor"),
        "dentist": reads(world, "dentist"),
        "with wishes": carer(world, given=READY["voir"] | {Right.WISHES}),
    }
    world.professional("samuel")
    people["emergency"] = world.let_in("samuel", Role.EMERGENCY)
    assert {name for name, one in people.items() if world.titles(one)} == who
    for one in people.values():
        (row,) = document.loaded(one, Document.select())
        assert visibility.sees(one, row) == bool(world.titles(one))


def test_a_carer_without_the_wishes_does_not_see_them(world):
    typed(world, "EXPPAT_3")
    assert world.titles(carer(world, given=READY["ajouter"])) == set()


def test_they_are_no_directives_signed_here(world):
    typed(world, "EXPPAT_3")
    answers = wishes.answers(world.access("alice"))
    assert not answers.directives


def test_one_that_asks_to_be_masked_is_until_she_says_otherwise(world):
    alice = world.access("alice")
    # The choice for all is none for a wish: neither made before, nor undone after.
    masking.choose_all(alice, True)
    made = typed(world, "EXPPAT_3", confidentiality=frozenset({"MASQUE_PS"}))
    plain = typed(world, "EXPPAT_1")
    masking.choose_all(world.access("alice"), False)
    world.professional("samuel")
    people = {
        "doctor": reads(world, "doctor"),
        "administrator": reads(world, "midwife", administrator=True),
        "emergency": world.let_in("samuel", Role.EMERGENCY),
        "alice": world.access("alice"),
    }

    def who_see(one):
        found = {name for name, who in people.items() if document.find(who, one.uid)}
        for name, who in people.items():
            (row,) = document.loaded(who, Document.select().where(Document.id == one.id))
            assert visibility.sees(who, row) == (name in found)
        return found

    assert who_see(made) == {"administrator", "alice"}
    assert who_see(plain) == set(people)
    alice = people["alice"]
    rows = browsing.browse(alice, browsing.Filters(masked=True)).documents
    assert rows == [made] and masking.is_masked(rows[0])
    assert masking.choose(alice, [document.find(alice, made.uid)], False) == 1
    assert who_see(made) == set(people)


def test_masked_or_shown_alone_by_her_who_decides_of_her_wishes_and_by_nobody_else(world):
    made = typed(world, "EXPPAT_3", confidentiality=frozenset({"MASQUE_PS"}))
    world.account("bruno")
    guardian = world.let_in("bruno", Role.REPRESENTATIVE)
    assert masking.choose(guardian, [document.find(guardian, made.uid)], False) == 0
    alice = world.access("alice")
    signed = world.directive(signed_on=made.dated)
    assert masking.choose(alice, [document.find(alice, signed.paper.uid)], True) == 0
    Document.update(type_code="EXPPAT_3").where(Document.id == signed.paper_id).execute()
    assert masking.choose(alice, [document.find(alice, signed.paper.uid)], True) == 0
    wishes.choose_readers(alice, Shown.NOBODY)
    # Already hidden with the others: it is no less masked by itself.
    assert masking.choose(world.access("alice"), [document.find(alice, made.uid)], False) == 1
    assert not Document.get_by_id(made.id).masked


def test_she_may_correct_and_bin_her_own_and_not_one_that_is_signed_here(world):
    alice = world.access("alice")
    mine = typed(world, "EXPPAT_3", by=alice)
    told = {"title": "Autrement", "dated": mine.dated, "author": ""}
    filing.correct(alice, document.find(alice, mine.uid), category="DIR_ANT", **told)
    with pytest.raises(Refusal, match="catégorie"):
        filing.correct(alice, document.find(alice, mine.uid), category="VDP", **told)
    bin.discard(alice, [document.find(alice, mine.uid)])
    assert document.find_binned(alice, mine.uid).wish
    theirs = typed(world, "EXPPAT_1")
    assert not theirs.changeable
    signed = world.directive(signed_on=mine.dated)
    Document.update(type_code="EXPPAT_3").where(Document.id == signed.paper_id).execute()
    with pytest.raises(Refusal, match="le changer là-bas"):
        filing.correct(alice, document.find(alice, signed.paper.uid), category="DIR_ANT", **told)


def test_taken_back_from_what_was_signed_it_stays_a_wish(world):
    alice = world.access("alice")
    made = typed(world, "EXPPAT_3")
    attachment.release(alice, document.find(alice, made.uid))
    assert document.find(alice, made.uid).wish

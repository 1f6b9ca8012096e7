"""What a minor asked to keep from her parents (R1111-33, R1111-50) is nowhere for them: neither for
both of them, nor for the carers they let in. What they get is the same, to the letter, as if it had
never been deposited."""

import csv
import io
import re
from datetime import date, timedelta

import pytest

from models import (
    access,
    admission,
    announcement,
    bin,
    browsing,
    checking,
    clock,
    deposit,
    document,
    folder,
    journal,
    twins,
    visibility,
)
from models.access import DELEGABLE, Role, written
from models.browsing import Filters
from models.deposit import Description
from models.document import Document
from models.journal import Entry
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from tests.minors import activated, second
from tests.world import LIMITS, holding, spooled

SECRET = "Consultation zygomorphe"
WORDS = "Texte hapaxique, qui ne se lit nulle part ailleurs."
NEVER = "AAAAAAAAAAAAAAAA"
# What is new each time a form is drawn.
TOKEN = re.compile(r'name="(csrf_token|sending)" [^>]*')
# Their acts are new at each look; they are read apart, or are no page.
APART = {"chronicle.table", "chronicle.sheet", "accesses.my_statement", "card.pdf", "care.pdf"}
ASKED = (
    *("documents?q=zygomorphe", "documents?q=hapaxique", "documents?categorie=BIOLOGIE"),
    *("documents?annee=2019", "documents?auteur=gaelle+imaginaire", "documents?dossier=aucun"),
    *("documents?tri=anciens", "documents?tri=auteur", "documents?masques=non"),
    *("activite?qui=Paule+Fictif", "activite?quoi=ajouts", "activite?quoi=lectures"),
)


@pytest.fixture
def parent(world):
    return activated(world)


@pytest.fixture
def people(world, parent, visit):
    """Those from whom it is kept, signed in: both parents, and a carer who may do everything."""
    second(world, parent)
    given = {"given": written(DELEGABLE)}
    access.grant(world.account("alice"), parent.record, Role.CARER, **given)
    return {name: visit(name) for name in ("carole", "bruno", "alice")}


@pytest.fixture
def doctor(world, parent):
    return admission.let_in(parent, world.professional("paule"), None)


def kept_apart(doctor, words=WORDS, **told):
    described = Description(
        category="BIOLOGIE",
        dated=date(2019, 4, 1),
        title=SECRET,
        author="Gaëlle Imaginaire",
        from_representatives=True,
        **told,
    )
    spool = spooled(words.encode())
    return deposit.by_access(doctor, spool, "zygomorphe.txt", described, LIMITS)


def put(made, words, title="Papier de famille"):
    described = Description(category="CPT_REND", dated=date(2024, 3, 12), title=title)
    return deposit.by_access(made, spooled(words.encode()), "papier.txt", described, LIMITS)


def everything(app, visitor, record):
    """Every page of the record, as it is read, without what is new each time it is drawn."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.arguments - set(rule.defaults or ()) == {"record"} and "GET" in rule.methods
    ]
    paths = [
        re.sub(r"<[^>]*>", record.uid, str(rule)) for rule in rules if rule.endpoint not in APART
    ]
    paths += [f"/espaces/{record.uid}/{asked}" for asked in ASKED]
    return {path: _read(visitor, path) for path in sorted(paths)}


def _read(visitor, path):
    answer = visitor.client.get(path)
    return answer.status_code, TOKEN.sub("", answer.get_data(as_text=True))


def test_no_page_of_the_record_changes_when_it_comes_in(app, parent, people, doctor):
    put(parent, "Un papier que tous voient.")
    bin.discard(parent, [put(parent, "Un autre, à la corbeille.")])
    folder.make(parent, "Analyses")
    for _ in range(2):  # the first looks are written in the journal, once an hour
        before = {name: everything(app, one, parent.record) for name, one in people.items()}
    assert all(len(pages) > 25 for pages in before.values())
    assert sum(status == 200 for status, _ in before["carole"].values()) > 25
    assert "Papier de famille" in before["alice"][f"/espaces/{parent.record.uid}/documents"][1]
    made = kept_apart(doctor)
    document.read(doctor, made)
    for name, one in people.items():
        after = everything(app, one, parent.record)
        for path, page in after.items():
            assert page == before[name][path], (name, path)


def test_the_test_above_sees_a_document_that_is_not_kept_from_them(app, parent, people, doctor):
    for _ in range(2):
        before = everything(app, people["bruno"], parent.record)
    put(doctor, WORDS, title=SECRET)
    after = everything(app, people["bruno"], parent.record)
    changed = {path for path, page in after.items() if page != before[path]}
    for page in ("", "documents", "documents?q=hapaxique", "activite", "activite?quoi=ajouts"):
        assert f"/espaces/{parent.record.uid}/{page}" in changed, page


def test_its_addresses_answer_as_those_of_a_document_that_never_was(app, parent, people, doctor):
    made = kept_apart(doctor)
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.arguments != {"record", "one"} or "/documents/<uid:one>" not in str(rule):
            continue
        for method in rule.methods & {"GET", "POST"}:
            for visitor in people.values():
                path = str(rule).replace("<uid:record>", parent.record.uid)
                answers = [_asked(visitor, path, method, one) for one in (made.uid, NEVER)]
                assert answers[0] == answers[1] and answers[0][0] in (403, 404), (path, method)
                asked += 1
    assert asked >= 30


def _asked(visitor, path, method, one):
    token = visitor.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    data = {"csrf_token": token, "masque": "oui", "epingle": "oui"} if method == "POST" else None
    answer = visitor.client.open(path.replace("<uid:one>", one), method=method, data=data)
    return answer.status_code, TOKEN.sub("", answer.get_data(as_text=True)).replace(one, "")


@pytest.mark.parametrize("act", ["masquer", "vers:", "jeter"])
def test_choosing_several_documents_never_takes_it_along(parent, people, doctor, act):
    made, seen = kept_apart(doctor), put(parent, "Un papier que tous voient.")
    carole, path = people["carole"], f"/espaces/{parent.record.uid}/documents"
    token = carole.get(path).soup.select_one("[name=csrf_token]")["value"]
    data = {"csrf_token": token, "document": [made.uid, seen.uid], "geste": act}
    carole.client.post(f"{path}/selection", data=data)
    now, other = Document.get_by_id(made.id), Document.get_by_id(seen.id)
    assert not now.masked and not now.binned_at
    assert act == "vers:" or other.masked or other.binned_at
    assert Entry.select().where(Entry.document_uid == made.uid).count() == 1


def test_looking_with_the_eyes_of_the_doctor_shows_it_no_more(parent, people, doctor):
    kept_apart(doctor)
    put(parent, "Un papier que tous voient.")
    for who in (doctor.uid, "metier-doctor", "urgence-doctor"):
        page = people["carole"].get(f"/espaces/{parent.record.uid}~{who}/documents")
        assert "Papier de famille" in page.text and "zygomorphe" not in page.html


def test_the_exported_journal_has_neither_its_name_nor_a_hole(parent, people, doctor):
    def exported():
        path = f"/espaces/{parent.record.uid}/activite/export/csv"
        return people["carole"].client.get(path).get_data(as_text=True)

    before = exported()
    made = kept_apart(doctor)
    document.read(doctor, made)
    after = exported()
    prints = [one.hash for one in Entry.select().where(Entry.document_uid == made.uid)]
    assert len(prints) == 2
    for said in (made.uid, SECRET, "zygomorphe", made.sha256, *prints):
        assert said not in after
    rows = [list(csv.reader(io.StringIO(text), delimiter=";")) for text in (before, after)]
    # The second export is told in itself.
    assert len(rows[1]) == len(rows[0]) + 1
    numbers = [int(row[6]) for row in rows[1][1:-1]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert journal.broken(Record.get_by_id(parent.record_id)) is None


def test_the_models_say_the_same_as_the_pages(parent, people, doctor, world):
    made = kept_apart(doctor)
    for one in access.all_in(parent.record):
        if one.role == Role.PROFESSIONAL:
            continue
        assert not visibility.sees(one, made)
        assert document.find(one, made.uid) is None and document.find_binned(one, made.uid) is None
        assert document.find_all(one, [made.uid]) == []
        assert browsing.browse(one, Filters()).count == 0
        assert browsing.unseen_count(one) == 0 and browsing.newest(one, 5) == []
        assert browsing.years(one) == [] and browsing.authors(one) == []
        assert not one.documents().where(holding(one, "hapaxique")).exists()
        assert "Paule Fictif" not in journal.actors(one)
        assert journal.titles(one, list(Entry.select())) == {}
    assert visibility.sees(doctor, made)


def test_nobody_writes_to_them_about_it_neither_then_nor_later(parent, people, doctor):
    before = Notice.select().count()
    kept_apart(doctor, unannounced=True)
    kept_apart(doctor, words="Un autre.")
    for days in (1, 15, 31):
        with clock.moved(timedelta(days=days)):
            announcement.work()
    assert Notice.select().count() == before
    assert titles(access.all_in(parent.record)) == [set(), set(), set()]


def titles(accesses):
    return [
        {made.title for made in one.documents()}
        for one in accesses
        if one.role != Role.PROFESSIONAL
    ]


# The same file, sent by someone who may not know that it is here


@pytest.mark.parametrize("who", ["carole", "bruno", "alice"])
def test_the_same_file_is_taken_from_them_as_any_other(world, parent, people, doctor, who):
    hidden = kept_apart(doctor)
    hers = access.find(world.account(who), parent.record.uid)
    made = put(hers, WORDS, title="Le même")
    assert made.uid != hidden.uid and visibility.sees(hers, made)
    assert twins.known(hers, spooled(WORDS.encode())).uid == made.uid
    with pytest.raises(Refusal, match="« Le même »"):
        put(hers, WORDS)
    assert list(checking.faults()) == []


def test_the_pages_answer_the_same(parent, people, doctor):
    def sent(words):
        carole.get(f"/espaces/{parent.record.uid}/documents/depot")
        told = {"dated": "12/03/2024", "category": "CPT_REND", "title": "Le même"}
        return carole.submit("Ajouter", files=[("a.txt", words.encode())], **told)

    carole = people["carole"]
    other = sent("Un fichier que personne n'a.")
    kept_apart(doctor)
    assert sent(WORDS).notices == other.notices


def test_the_same_form_sent_twice_is_one_deposit_still(parent, doctor):
    kept_apart(doctor)
    told = Description("CPT_REND", date(2024, 3, 12), title="Le même", sending="jeton")
    made = [
        deposit.by_access(parent, spooled(WORDS.encode()), "a.txt", told, LIMITS) for _ in range(2)
    ]
    assert made[0] == made[1]


def test_hers_goes_to_the_bin_and_comes_back_whatever_is_hidden(parent, doctor):
    kept_apart(doctor)
    made = put(parent, WORDS)
    bin.discard(parent, [made])
    (binned,) = bin.content(parent)
    bin.restore(parent, binned)
    assert [one.uid for one in parent.documents()] == [made.uid]
    bin.discard(parent, [made])
    bin.erase(parent, bin.content(parent)[0])
    assert list(checking.faults()) == []


def test_another_professional_is_told_that_it_is_there(world, parent, doctor):
    kept_apart(doctor)
    other = admission.let_in(parent, world.professional("gaelle"), None)
    with pytest.raises(Refusal, match=SECRET):
        put(other, WORDS)


# What room is left


def test_the_room_left_does_not_tell_that_it_is_there(parent, doctor):
    kept_apart(doctor, words="x" * 900)
    tight = deposit.Limits(document=10_000, record=1_000)
    told = Description("CPT_REND", date(2024, 3, 12), title="Un papier")
    made = deposit.by_access(parent, spooled(b"y" * 1_000), "a.txt", told, tight)
    with pytest.raises(Refusal, match="plein"):
        deposit.by_access(parent, spooled(b"z"), "b.txt", told, tight)
    record = Record.get_by_id(parent.record_id)
    assert (record.used, record.used_apart) == (made.size, 900)
    assert list(checking.faults()) == []


def test_what_is_hidden_has_a_limit_of_its_own(doctor):
    tight = deposit.Limits(document=10_000, record=1_000)
    told = Description("BIOLOGIE", date(2024, 3, 12), title=SECRET, from_representatives=True)
    deposit.by_access(doctor, spooled(b"x" * 900), "a.txt", told, tight)
    with pytest.raises(Refusal, match="plein"):
        deposit.by_access(doctor, spooled(b"y" * 101), "b.txt", told, tight)

"""No page costs more than budgets.py allows: queries, bytes, requests, elements, all counted in
this process. Times are for `make bench`."""

from dataclasses import replace
from datetime import date, timedelta

from peewee import fn

from models import document, enrolment, journal, search
from models.access import Role
from models.clock import today
from models.database import transaction
from models.document import Document
from models.journal import Act
from models.reference import categories
from models.words import fold, uid

from .. import budgets
from ..bench.visitor import Answer, Tags
from ..hearing import listening

TAKES = {"Accept-Encoding": "br, gzip", "Accept": "text/html"}
TITLES = (
    *("Glycémie à jeun", "Ordonnance de kinésithérapie", "Radiographie du genou", "Scanner"),
    *("Lettre au Dr Imaginaire", "Certificat de vaccination", "Échographie", "Bilan lipidique"),
    *("Compte rendu d'hospitalisation", "Devis de lunettes", "Fond d'œil"),
)
AUTHORS = ("Anne", "Bilal", "Chloé", "Driss", "Églantine", "Fanch", "Gwenaëlle")
# Papers of the record, the people around it, and the members of the association.
FEW, MANY, PEOPLE = 100, 1_000, 5


def got(client, path):
    answer = client.get(path, headers=TAKES)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    heads = {name.lower(): value for name, value in answer.headers}
    return Answer(answer.status_code, heads, answer.data)


def cost(client, path):
    """Opened once before: what the first look of a session writes is not of the page."""
    page = got(client, path)
    parts = [got(client, one) for one in dict.fromkeys(Tags(page.text).fetched)]
    with listening() as asked:
        again = [got(client, path)]
    again += [part for part in parts if not part.kept_by_browsers]
    return budgets.weighed(page, parts, again, len(asked))


def pages(visit, world, paper):
    """name → (who, address)."""
    alice, diane, bruno = (visit(name).client for name in ("alice", "diane", "bruno"))
    nobody, record = visit().client, f"/espaces/{world.record('alice').uid}"
    return {
        "home": (nobody, "/"),
        "sign-in": (nobody, "/connexion"),
        "help": (nobody, "/aide"),
        "espaces": (bruno, "/espaces"),
        "home of the record": (alice, f"{record}/"),
        "list": (alice, f"{record}/documents"),
        "search": (alice, f"{record}/documents?q=glycemie"),
        "one document": (alice, f"{record}/documents/{paper.uid}"),
        "deposit": (alice, f"{record}/documents/depot"),
        "entourage et volontés": (alice, f"{record}/entourage-et-volontes"),
        "acces": (alice, f"{record}/acces"),
        "activite": (alice, f"{record}/activite"),
        "compte": (alice, "/compte"),
        "members": (diane, "/association/adherents"),
        "one member": (diane, f"/association/adherents/{world.record('alice').uid}"),
    }


def more_papers(world, like, number):
    """The rows of so many deposits, found by the same word; one in ten was told in the journal."""
    alice = world.access("alice")
    row = Document.select().where(Document.id == like.id).dicts().get()
    first = Document.select(fn.MAX(Document.id)).scalar() + 1
    rows = [row | some_paper(first + each) for each in range(number)]
    with transaction():
        Document.insert_many(rows).execute()
        for made in Document.select().where(Document.id >= first):
            search.index_labels(made)
            if not made.id % 10:
                search.index_text(made, "Glycémie à jeun.")
                journal.write(alice.record, alice.actor, Act.DEPOSITED, made)


def some_paper(number):
    """No two alike, as in a real record: what is always the same weighs nothing once compressed."""
    title, author = TITLES[number % len(TITLES)], f"Dr {AUTHORS[number % len(AUTHORS)]} Fictif"
    own = {"id": number, "uid": uid(), "sha256": uid(), "title": f"{title} {number}"}
    own |= {"title_key": fold(own["title"]), "author": author, "author_key": fold(author)}
    kinds = sorted(categories.LABELS)
    dated = date(2024, 3, 12) - timedelta(days=number % 900)
    return own | {"category": kinds[number % len(kinds)], "dated": dated, "masked": not number % 7}


def more_people(world, number):
    """Around Alice, and in the association; and folders of hers."""
    for _ in range(number):
        world.folder(f"Dossier {uid()}")
        world.contact(f"Jean {uid()}")
        told = {"birth_name": "Fictive", "birth_given_names": "Une", "birth_date": today()}
        told |= {"sex": "F", "birthplace_code": "", "member_number": f"N-{uid()}"}
        enrolment.create(told, world.office)


def let_in(world):
    """Alice's carer and doctor, and what he helps another with."""
    world.professional("hugo")
    world.let_in("hugo", Role.PROFESSIONAL)
    for name in ("alice", "carole"):
        document.read(world.let_in("bruno", Role.CARER, name), world.paper(of=name))


def test_no_page_costs_more_than_its_budget_whatever_there_is(visit, world):
    let_in(world)
    paper = world.paper("Glycémie", "Glycémie à jeun : 0,98 g/L.")
    more_papers(world, paper, FEW)
    more_people(world, 1)
    seen, limits = pages(visit, world, paper), budgets.budgets()
    assert set(seen) == set(limits)
    few = {name: cost(*one) for name, one in seen.items()}
    more_papers(world, paper, MANY - FEW)
    more_people(world, PEOPLE)
    many = {name: cost(*one) for name, one in seen.items()}
    print("\n".join(budgets.line(name, many[name]) for name in seen))
    wrong = [fault for name in seen for fault in budgets.faults(name, many[name], limits[name])]
    wrong += [fault for name in seen for fault in budgets.growth(name, few[name], many[name])]
    assert not wrong, "\n".join(["", *wrong])


def test_what_grows_is_told():
    limit = budgets.budgets()["list"]
    assert list(budgets.faults("list", limit, limit)) == []
    heavy = replace(limit, queries=6, repeat=limit.repeat + 1, requests=5)
    told = list(budgets.faults("list", heavy, limit))
    assert told[0] == "« list »: 6 queries, 1 more than its limit of 5"
    assert told[1].endswith("bytes of a repeat view, 1 more than its limit of 5,000")
    assert told[2] == "« list »: 5 requests, 1 more than its limit of 4" and len(told) == 3
    grown = replace(limit, queries=4)
    assert "4 where there is much, 5 where" in "".join(budgets.growth("list", limit, grown))
    assert not list(budgets.growth("list", limit, limit))


def test_the_budgets_are_those_of_the_design():
    known, limit = budgets.budgets(), budgets.Cost(8, 30_000, 14_000, 5_000, 400)
    for name in ("sign-in", "list", "one document", "entourage et volontés"):
        assert replace(known[name], queries=8) == limit, name
    over = {name for name, one in known.items() if list(budgets.faults(name, one, limit))}
    assert over == {"help", "search"}  # twenty extracts

"""However much there is, a page or a chore finds what it wants by an index: SQLite itself says how
it would answer each query that they send, and it never walks a table that grows."""

import re

import pytest

from models import chores
from models.database import database
from models.document import Document

from ..hearing import listening
from ..world import SENDER

# As many rows as there are people, documents, acts, letters.
GROWING = {
    *("account", "access", "activation_code", "chain", "contact", "device", "directive"),
    *("document", "document_seen", "document_text", "designation", "entry", "folder", "invitation"),
    *("ledger", "masking", "notice", "part", "record", "session", "telling", "visit", "reset"),
}
ALIAS = re.compile(r'"(\w+)" AS "(t\d+)"')
SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
LIST = (
    *("", "?tri=titre", "?tri=auteur-z-a", "?q=bilan", "?q=absent", "?dossier=aucun"),
    *("?categorie=BIOLOGIE", "?annee=2024", "?masques=oui", "?auteur=dr+fictif", "/filtres"),
)
RECORD = (
    *("/", *(f"/documents{one}" for one in LIST), "/documents/depot", "/corbeille", "/dossiers"),
    *("/activite", "/activite?quoi=volontes", "/activite?quoi=urgences", "/activite?qui=Alice"),
    *("/acces", "/entourage-et-volontes"),
)
OFFICE = (
    *("", "/adherents", "/adherents?etat=told", "/adherents?q=exemple", "/adherents?q=A-1"),
    *("/chiffres", "/registre", "/registre?quoi=aide", "/registre?qui=Diane", "/lettres"),
    *("/informer", "/espaces-a-confier", "/comptes", "/comptes-a-rendre", "/representants"),
    *("/aide-aux-adherents", "/professionnels", "/logiciels"),
)


def walks(sql, params):
    """The tables that grow, and that this query would walk."""
    if not sql.lstrip("( ").startswith(("SELECT", "WITH", "UPDATE", "DELETE")) or "(0 = 1)" in sql:
        return
    plan = [told for *_, told in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params)]
    if _is_a_beginning(sql, plan):
        return
    for told in plan:
        found = SCAN.match(told)
        # An index of some rows only holds those that wait for something.
        if found and not (found[2] and _is_partial(found[2])):
            yield from _tables(sql, found[1]) & GROWING


def _is_a_beginning(sql, plan):
    """The first rows of an index, all that they are."""
    return " LIMIT " in sql and " WHERE " not in sql and "TEMP B-TREE" not in " ".join(plan)


def _is_partial(index):
    asked = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?"
    (sql,) = database.execute_sql(asked, (index,)).fetchone() or ("",)
    return " WHERE " in " ".join((sql or "").split())


def _tables(sql, name):
    return {table for table, alias in ALIAS.findall(sql) if alias == name} | {name}


def walked(asked):
    return {(table, sql) for sql, params in asked for table in walks(sql, params)}


@pytest.fixture
def alice(visit, world):
    world.paper("Bilan")
    return visit("alice").client


def test_pages_of_a_record(alice, world):
    record = f"/espaces/{world.record('alice').uid}"
    pages = [record + path for path in RECORD] + [f"{record}/documents/{Document.get().uid}"]
    with listening() as asked:
        for page in (*pages, "/espaces", "/compte"):
            assert alice.get(page).status_code in (200, 303), page
    assert len(asked) > 100 and walked(asked) == set()


def test_pages_of_the_office(visit):
    diane = visit("diane").client
    with listening() as asked:
        for path in OFFICE:
            assert diane.get(f"/association{path}").status_code == 200, path
    assert len(asked) > 50 and walked(asked) == set()


def test_chores(world, settings):
    world.paper("Bilan")
    with listening() as asked:
        assert not chores.run(settings, SENDER, kept=False).faults
    assert len(asked) > 30 and walked(asked) == set()


def test_a_query_that_walks_is_seen(world):
    asked = [('SELECT "t1"."id" FROM "document" AS "t1" WHERE "t1"."filename" = ?', ("a",))]
    assert {table for table, _ in walked(asked)} == {"document"}

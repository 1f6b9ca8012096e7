"""Instances of the earlier schemas, with rows in every table that they had. Whoever is in them is
fictional."""

import hashlib
import json

from playhouse.migrations import Runner

from models import database, instance
from models.settings import Settings

DAY = "2024-01-01 00:00:00.000000"
# What the first release kept.
OLD_ROWS = f"""
INSERT INTO account VALUES (1, 'alice@exemple.invalid', 'Alice Exemple', '', 0, '{DAY}');
INSERT INTO record VALUES (1, 'rrrrrrrrrrrrrrrr', 'A-1', 'Exemple', '', 'Alice', '1951-03-14',
    'F', '75056', '', '', '{DAY}', NULL, '{DAY}', NULL, NULL, 0, 0, 1, 3, 0, '');
INSERT INTO access VALUES (1, 1, 1, 'holder', 0, '{DAY}', NULL, NULL);
INSERT INTO document VALUES (1, 'dddddddddddddddd', 1, NULL, 'Bilan', 'bilan', 'BIOLOGIE',
    '2024-01-01', 'Dr Fictif', 'dr fictif', 1, 'Alice Exemple', 'holder', '{DAY}', '', NULL, 0, 0,
    0, 0, NULL, '0123', 'bilan.txt', 'text/plain', 3, '00', NULL, 0, NULL);
"""
ENTRIES = """
INSERT INTO masking VALUES (1, 1, 1, '2024-01-01 00:00:00.000000', NULL, 0, 0);
UPDATE record SET masking_rank = 1, masked_by_default = 1;
"""
DRAFT = f"""
INSERT INTO draft VALUES (1, 1, '/page', '/page', '{{"title": ["Bilan"]}}', '{DAY}');
"""
CARER = f"""
INSERT INTO account VALUES (2, 'bruno@exemple.invalid', 'Bruno Fictif', '', 0, '{DAY}');
INSERT INTO access VALUES (2, 2, 1, 'carer', 0, '{DAY}', NULL, NULL);
"""
# Someone to call, who was named by a paper; and directives that are being written.
WISHES = f"""
INSERT INTO contact VALUES (1, 'cccccccccccccccc', 1, 'Paule', 'Imaginaire', 'daughter', '',
    '+33639980012', '', '', '', '1980-02-01', 1, 0, 0, '{DAY}', NULL);
INSERT INTO designation VALUES (1, 'eeeeeeeeeeeeeeee', 1, '{DAY}', 'none', 0, '{DAY}', '2024-01-01',
    '{DAY}', 1, NULL, NULL, NULL, 1, '[]', NULL, NULL, NULL, NULL);
INSERT INTO directive VALUES (1, 'ffffffffffffffff', 1, '{DAY}', 'none', 0, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, 'written', 'b', '{{"valeurs": {{"words": "La mer."}}}}', '', '', NULL, NULL);
UPDATE record SET birthplace = 'Paris', wishes_shown = 'access';
"""


def journal_rows():
    """Three entries, sealed as the first release did."""
    previous = ""
    for number, act, document, detail in (
        (1, "activated", None, "{}"),
        (2, "made-folder", None, json.dumps({"folder": "gggggggggggggggg", "name": "Cœur"})),
        (3, "read", "dddddddddddddddd", "{}"),
    ):
        told = [1, number, DAY, 1, "Alice Exemple", "holder", 7, act, document, detail, previous]
        text = json.dumps(told, ensure_ascii=False)
        sealed = hashlib.sha256(text.encode()).hexdigest()
        values = ", ".join("NULL" if one is None else f"'{one}'" for one in (*told, sealed))
        yield f"INSERT INTO entry VALUES ({number}, {values})"
        previous = sealed
    yield f"UPDATE record SET journal_length = 3, journal_head = '{previous}'"


# A carer invited, from whom a document is left out; a doctor let in, and one kept out; a code used;
# an emergency; a report; a chain of its own.
ENTERING = f"""
INSERT INTO account VALUES (3, 'dora@exemple.invalid', 'Dora Fictive', '', 0, '{DAY}');
INSERT INTO invitation VALUES (1, 'iiiiiiiiiiiiiiii', 1, 1, 'carer', '', 'Bruno Fictif', 'mon fils',
    'bruno@exemple.invalid', '', 'read deposit', '', NULL, '{DAY}', '{DAY}', '{DAY}', NULL, NULL,
    '', '', 0, '{DAY}', '{DAY}', NULL, NULL);
UPDATE access SET invitation_id = 1 WHERE role = 'carer';
INSERT INTO folder VALUES (2, 'kkkkkkkkkkkkkkkk', 1, 'Secrets', 'secrets', '{DAY}');
INSERT INTO exclusion VALUES (1, 1, 2, NULL);
INSERT INTO professional VALUES (1, 'pppppppppppppppp', 3, 'doctor', '', '', 1, 'dora fictive',
    '{DAY}', 'Bureau Fictif', NULL);
INSERT INTO access (account_id, record_id, role, administrator, starts_at, ends_at, revoked_at, uid,
    profession, reason, ended_why)
    VALUES (3, 1, 'emergency', 0, '{DAY}', NULL, '{DAY}', 'aaaaaaaaaaaaaaaa', 'doctor', 'Malaise',
    'holder');
INSERT INTO consultation VALUES (1, 1, 1, 'empreinte', '{DAY}', '{DAY}', '{DAY}', '{DAY}', 3);
INSERT INTO block VALUES (1, 1, 3, '{DAY}', NULL);
INSERT INTO report VALUES (1, 'rrrrrrrrrrrrrrrr', 1, 3, 1, 'Qui est-ce ?', '{DAY}', NULL, '', '');
INSERT INTO chain VALUES (1, 1, 'qqqqqqqqqqqqqqqq', 0, '');
UPDATE record SET emergency_samu = 0, emergency_masked = 1, email_own = 1;
"""
# A member told by e-mail and by a letter; what the office lists, does and counts; software.
KEEPING = f"""
UPDATE account SET duty = 'administrator' WHERE id = 3;
INSERT INTO notice (id, recipient, subject, body, made_at, due_at, tries, bulk, sent_at)
    VALUES (9, 'alice@exemple.invalid', 'Votre espace', 'Bonjour', '{DAY}', '{DAY}', 0, 1, '{DAY}');
INSERT INTO job VALUES (1, 'jjjjjjjjjjjjjjjj', 'roll', '{{}}', 3, 'Bureau Fictif', '{DAY}', 1, 1,
    NULL, '{DAY}', '');
INSERT INTO letter_run VALUES (1, 'llllllllllllllll', 'space', '{DAY}', 'Bureau Fictif', 3,
    '2024-01-01', 0, 1, '', 10, '', '2024-01-02');
INSERT INTO telling VALUES (1, 'tttttttttttttttt', 1, 'space', 'email', 'alice@exemple.invalid',
    '{DAY}', 'Bureau Fictif', 3, '2024-02-01', 9, 1, '{DAY}', NULL, '', 0);
INSERT INTO roll VALUES (1, 'uuuuuuuuuuuuuuuu', 'liste.csv', 'csv', '{DAY}', 'Bureau Fictif', 3,
    '[]', '[]', 1, '{DAY}', '{DAY}');
INSERT INTO roll_line VALUES (1, 1, 2, '[]', 'known', '', 1, '', 'exemple', 'A-1');
INSERT INTO objection VALUES (1, 'oooooooooooooooo', 1, '{DAY}', 'desk', 'Bureau Fictif', '{DAY}');
INSERT INTO source VALUES (1, 'ssssssssssssssss', 'Laboratoire Fictif', 'laboratory', '',
    'empreinte', 500, '{DAY}', 'Bureau Fictif', NULL, NULL, '{DAY}');
INSERT INTO source_use VALUES (1, '2024-01-01', 3);
INSERT INTO ledger VALUES (1, '{DAY}', 3, 'Bureau Fictif', 'registered-source', 'ssssssssssssssss',
    '{{}}');
INSERT INTO visit VALUES ('2024-01', 1);
UPDATE record SET told_at = '{DAY}', told_how = 'email', read_at = '{DAY}';
UPDATE document SET origin = 'laboratory';
"""
# A part and a share of a document, software's stray, and an archive taken in.
EXCHANGE = f"""
INSERT INTO part VALUES (1, 'vvvvvvvvvvvvvvvv', 1, 1, 'body', 'corps.pdf', 'application/pdf', 0,
    '02', NULL, '89ab');
INSERT INTO stray VALUES (1, 'wwwwwwwwwwwwwwww', 1, '{DAY}', 'nobody', '{{}}', '1.2.3', '{{}}',
    'inconnu.txt', 'text/plain', 3, '03', '', '{DAY}', 'refused', 'Bureau Fictif', NULL);
INSERT INTO share VALUES (1, 'xxxxxxxxxxxxxxxx', 1, 1, 1, 'Dr Fictive', '{DAY}', '{DAY}',
    'empreinte', '', '', 0, 3, 1, '{DAY}', '{DAY}', 'stopped');
INSERT INTO moving VALUES (1, 'yyyyyyyyyyyyyyyy', 1, 1, '{DAY}', 'Alice Exemple', 'done', 'carnet',
    'archive.zip', 10, '', '{{}}', NULL, '{DAY}');
INSERT INTO moving_item VALUES (1, 1, 1, 0, 'Bilan.txt', 'Bilan', 3, '01', '{{}}', 'taken', '', 1);
UPDATE source SET unmatched = 'refuse', mailbox = 'laboratoire';
UPDATE record SET ins = '251037505600148', ins_system = '1.2.250.1.213.1.4.8';
UPDATE document SET type_code = '11502-2', identifier = '1.2.4';
"""
# An application that makes codes, a recovery code, a device; an address changed, and an account
# given back.
TRUST = f"""
INSERT INTO factor VALUES (1, 'zzzzzzzzzzzzzzzz', 1, 'totp', 'Téléphone', 'secret', '', 0, '{DAY}',
    '{DAY}', '{DAY}');
INSERT INTO recovery_code VALUES (1, 1, 'empreinte', '{DAY}', NULL);
INSERT INTO challenge VALUES (1, 'défi', '{DAY}');
INSERT INTO device VALUES (1, 'DDDDDDDDDDDDDDDD', 1, 'empreinte', 'Firefox', '{DAY}', '{DAY}',
    NULL);
INSERT INTO session VALUES (1, 'SSSSSSSSSSSSSSSS', 'empreinte', 1, 'Firefox', '{DAY}', '{DAY}',
    '{DAY}', '{DAY}', 1, '{DAY}');
INSERT INTO email_change VALUES (1, 'CCCCCCCCCCCCCCCC', 1, 'alice@exemple.invalid', 'empreinte', 0,
    '{DAY}', '{DAY}', 'avant@exemple.invalid', '{DAY}', 'empreinte', NULL);
INSERT INTO rescue VALUES (1, 'RRRRRRRRRRRRRRRR', 1, 'alice@exemple.invalid', 'carte', 3,
    'Bureau Fictif', '{DAY}', NULL, '', NULL, NULL, NULL, '{DAY}', 'Bureau Fictif', NULL);
INSERT INTO identity_link VALUES (1, 'LLLLLLLLLLLLLLLL', 1, 'https://exemple.invalid', 'alice',
    '{DAY}', NULL);
"""
JOURNAL = ";\n".join(journal_rows()) + ";\n"
# Name of a migration → the rows that it lets a database have, beside those of the ones before.
EARLIER = {
    "0001_initial": OLD_ROWS + ENTRIES + CARER + JOURNAL,
    "0002_draft": DRAFT,
    "0003_wishes": WISHES,
    "0004_who_may_enter": ENTERING,
    "0005_office": KEEPING,
    "0006_exchange": EXCHANGE,
    "0007_trust": TRUST,
}


# Drawn anew each time: from the hour, or at random.
DRAWN = {("schema_migration", "applied")}
RANDOM = {("access", "uid")}


def connect(settings: Settings) -> None:
    """Nothing is brought up to date."""
    key = bytes.fromhex((settings.instance / "key").read_text())
    opened = instance.Instance(settings.instance, key)
    database.connect(settings.instance / "carnet.db", opened.derived("carnet-database"))


def made(settings: Settings, upto: str) -> None:
    """An instance of this earlier schema, not opened yet."""
    instance.create(settings)
    connect(settings)
    for name, statements in EARLIER.items():
        Runner(database.database, str(database.MIGRATIONS)).up(name)
        for statement in statements.strip().split(";\n"):
            database.database.execute_sql(statement)
        if name == upto:
            return


def content() -> tuple[list, dict]:
    """The whole schema and every row, but what is drawn at random or is the hour."""
    asked = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    schema = database.database.execute_sql(asked).fetchall()
    tables = [name for kind, name, sql in schema if kind == "table" and "VIRTUAL" not in sql]
    return schema, {name: list(_rows(name)) for name in tables if "search" not in name}


def stages(settings: Settings) -> dict[int, tuple]:
    """Number of migrations → what they leave, when nothing stops them."""
    connect(settings)
    runner = Runner(database.database, str(database.MIGRATIONS))
    found = {len(runner.applied()): content()}
    for one in runner.status():
        if not one.applied:
            runner.up(one.name)
            found[len(runner.applied())] = content()
    return found


def _rows(table):
    found = database.database.execute_sql(f"SELECT * FROM {table}")
    columns = [one[0] for one in found.description]
    for row in found.fetchall():
        yield {c: v for c, v in zip(columns, row, strict=True) if not _drawn(table, c, v)}


def _drawn(table, column, value):
    return (table, column) in DRAWN or ((table, column) in RANDOM and len(str(value)) == 16)

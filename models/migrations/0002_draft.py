"""Drafts: what was typed in a form when the session had ended."""

STATEMENT = """
CREATE TABLE draft (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    path TEXT NOT NULL,
    action TEXT NOT NULL,
    typed TEXT NOT NULL,
    made_at TEXT NOT NULL,
    UNIQUE (account_id, path, action)
);
"""


def up(migrator, db):
    db.execute_sql(STATEMENT)

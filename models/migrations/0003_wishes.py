"""« Entourage et volontés »: people, designations, directives, and who reads them."""

STATEMENTS = """
ALTER TABLE record ADD COLUMN birthplace TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN wishes_shown TEXT NOT NULL DEFAULT 'emergency';
ALTER TABLE record ADD COLUMN organs_read_at TEXT;
ALTER TABLE document ADD COLUMN wish INTEGER NOT NULL DEFAULT 0;

CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    link TEXT NOT NULL,
    link_words TEXT NOT NULL,
    phone TEXT NOT NULL,
    other_phone TEXT NOT NULL,
    email TEXT NOT NULL,
    postal_address TEXT NOT NULL,
    birth_date TEXT,
    call_rank INTEGER,
    carer INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    removed_at TEXT
);
CREATE INDEX contact_record ON contact (record_id);

CREATE TABLE designation (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    begun_at TEXT NOT NULL,
    protection TEXT NOT NULL,
    witnessed INTEGER NOT NULL,
    ready_at TEXT,
    signed_on TEXT,
    signed_at TEXT,
    paper_id INTEGER REFERENCES document,
    authorisation_id INTEGER REFERENCES document,
    revoked_on TEXT,
    revoked_at TEXT,
    contact_id INTEGER REFERENCES contact,
    says TEXT NOT NULL,
    told_at TEXT,
    token_hash TEXT UNIQUE,
    accepted_at TEXT,
    declined_at TEXT
);
CREATE INDEX designation_record ON designation (record_id);
CREATE UNIQUE INDEX designation_in_preparation ON designation (record_id) WHERE signed_on IS NULL;
CREATE INDEX designation_paper ON designation (paper_id);
CREATE INDEX designation_authorisation ON designation (authorisation_id);
CREATE INDEX designation_contact ON designation (contact_id);

CREATE TABLE directive (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    begun_at TEXT NOT NULL,
    protection TEXT NOT NULL,
    witnessed INTEGER NOT NULL,
    ready_at TEXT,
    signed_on TEXT,
    signed_at TEXT,
    paper_id INTEGER REFERENCES document,
    authorisation_id INTEGER REFERENCES document,
    revoked_on TEXT,
    revoked_at TEXT,
    way TEXT NOT NULL,
    model TEXT NOT NULL,
    answers TEXT NOT NULL,
    place TEXT NOT NULL,
    keeper TEXT NOT NULL,
    read_again_at TEXT,
    reminded_at TEXT
);
CREATE INDEX directive_record ON directive (record_id);
CREATE UNIQUE INDEX directive_in_preparation ON directive (record_id) WHERE signed_on IS NULL;
CREATE INDEX directive_paper ON directive (paper_id);
CREATE INDEX directive_authorisation ON directive (authorisation_id);
CREATE INDEX directive_signed ON directive (signed_at) WHERE revoked_at IS NULL;
"""


def up(migrator, db):
    for statement in STATEMENTS.strip().split(";\n"):
        db.execute_sql(statement)

"""Exchange: documents that software deposits or that say of themselves what they are, their parts
and versions; what could not be attached to anyone; links to one document; archives moved in."""

STATEMENTS = """
ALTER TABLE document ADD COLUMN source_id INTEGER REFERENCES source;
ALTER TABLE document ADD COLUMN identifier TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN header TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN type_code TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN parts_size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN replaces_id INTEGER REFERENCES document ON DELETE SET NULL;
ALTER TABLE document ADD COLUMN replaced_at TEXT;
CREATE INDEX document_source ON document (source_id) WHERE source_id IS NOT NULL;
CREATE UNIQUE INDEX document_of_source ON document (source_id, identifier)
    WHERE source_id IS NOT NULL AND identifier != '';
CREATE INDEX document_identifier ON document (record_id, identifier) WHERE identifier != '';
CREATE INDEX document_replaces ON document (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE INDEX document_newer ON document (record_id) WHERE replaces_id IS NOT NULL;

CREATE TABLE part (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    number INTEGER NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    pages INTEGER,
    content TEXT NOT NULL,
    UNIQUE (document_id, number)
);

ALTER TABLE source ADD COLUMN unmatched TEXT NOT NULL DEFAULT 'queue';
ALTER TABLE source ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX source_mailbox ON source (mailbox) WHERE mailbox != '';

ALTER TABLE record ADD COLUMN ins TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN ins_system TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX record_ins ON record (ins, ins_system) WHERE ins != '';

CREATE TABLE stray (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL REFERENCES source,
    arrived_at TEXT NOT NULL,
    why TEXT NOT NULL,
    person TEXT NOT NULL,
    identifier TEXT NOT NULL,
    header TEXT NOT NULL,
    filename TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    content TEXT NOT NULL,
    settled_at TEXT,
    settled_how TEXT NOT NULL,
    settled_by TEXT NOT NULL,
    record_id INTEGER REFERENCES record
);
CREATE INDEX stray_waiting ON stray (source_id, id) WHERE settled_at IS NULL;
CREATE UNIQUE INDEX stray_once ON stray (source_id, identifier, sha256);
CREATE INDEX stray_record ON stray (record_id);

CREATE TABLE share (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES account,
    recipient TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL,
    code TEXT NOT NULL,
    tries INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    last_read_at TEXT,
    ended_at TEXT,
    ended_why TEXT NOT NULL
);
CREATE INDEX share_record ON share (record_id, id);
CREATE INDEX share_document ON share (document_id);
CREATE INDEX share_account ON share (account_id);

CREATE TABLE moving (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    account_id INTEGER REFERENCES account,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    stage TEXT NOT NULL,
    form TEXT NOT NULL,
    filename TEXT NOT NULL,
    size INTEGER NOT NULL,
    content TEXT NOT NULL,
    told TEXT NOT NULL,
    job_id INTEGER REFERENCES job,
    finished_at TEXT
);
CREATE INDEX moving_record ON moving (record_id, id);
CREATE INDEX moving_account ON moving (account_id);
CREATE INDEX moving_job ON moving (job_id);

CREATE TABLE moving_item (
    id INTEGER PRIMARY KEY,
    moving_id INTEGER NOT NULL REFERENCES moving ON DELETE CASCADE,
    number INTEGER NOT NULL,
    entry INTEGER,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    told TEXT NOT NULL,
    verdict TEXT NOT NULL,
    sentence TEXT NOT NULL,
    document_id INTEGER REFERENCES document ON DELETE SET NULL,
    UNIQUE (moving_id, number)
);
CREATE INDEX moving_item_verdict ON moving_item (moving_id, verdict, number);
CREATE INDEX moving_item_document ON moving_item (document_id) WHERE document_id IS NOT NULL;
"""


def up(migrator, db):
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)

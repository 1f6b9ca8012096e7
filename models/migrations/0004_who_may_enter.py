"""Who may enter: invitations, professionals, codes, blocks, emergencies, and chains of their own
for the documents that are kept from someone."""

from datetime import date

from models import clock
from models.database import MomentField

STATEMENTS = """
ALTER TABLE access ADD COLUMN uid TEXT NOT NULL DEFAULT '';
ALTER TABLE access ADD COLUMN given TEXT NOT NULL DEFAULT '';
ALTER TABLE access ADD COLUMN measure TEXT NOT NULL DEFAULT '';
ALTER TABLE access ADD COLUMN link TEXT NOT NULL DEFAULT '';
ALTER TABLE access ADD COLUMN profession TEXT NOT NULL DEFAULT '';
ALTER TABLE access ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE access ADD COLUMN masked_too INTEGER NOT NULL DEFAULT 0;
ALTER TABLE access ADD COLUMN invitation_id INTEGER REFERENCES invitation;
ALTER TABLE access ADD COLUMN lasts INTEGER;
ALTER TABLE access ADD COLUMN first_entered_at TEXT;
ALTER TABLE access ADD COLUMN ended_why TEXT NOT NULL DEFAULT '';
UPDATE access SET uid = lower(hex(randomblob(8)));
UPDATE access SET given = 'read deposit' WHERE role = 'carer';
CREATE UNIQUE INDEX access_uid ON access (uid);
CREATE INDEX access_invitation ON access (invitation_id);
CREATE INDEX access_ends ON access (ends_at) WHERE revoked_at IS NULL AND ends_at IS NOT NULL;

CREATE TABLE invitation (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    inviter_id INTEGER REFERENCES account,
    role TEXT NOT NULL,
    measure TEXT NOT NULL,
    name TEXT NOT NULL,
    link TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    given TEXT NOT NULL,
    reference TEXT NOT NULL,
    ends_on TEXT,
    made_at TEXT NOT NULL,
    agreed_at TEXT,
    sent_at TEXT,
    expires_at TEXT,
    token_hash TEXT UNIQUE,
    token TEXT NOT NULL,
    code TEXT NOT NULL,
    tries INTEGER NOT NULL,
    certified_at TEXT,
    accepted_at TEXT,
    refused_at TEXT,
    cancelled_at TEXT
);
CREATE INDEX invitation_record ON invitation (record_id);
CREATE INDEX invitation_inviter ON invitation (inviter_id);

CREATE TABLE exclusion (
    id INTEGER PRIMARY KEY,
    invitation_id INTEGER NOT NULL REFERENCES invitation ON DELETE CASCADE,
    folder_id INTEGER REFERENCES folder ON DELETE CASCADE,
    document_id INTEGER REFERENCES document ON DELETE CASCADE
);
CREATE INDEX exclusion_invitation ON exclusion (invitation_id, folder_id, document_id);
CREATE INDEX exclusion_folder ON exclusion (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX exclusion_document ON exclusion (document_id) WHERE document_id IS NOT NULL;

CREATE TABLE professional (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL UNIQUE REFERENCES account,
    profession TEXT NOT NULL,
    rpps TEXT NOT NULL,
    organisation TEXT NOT NULL,
    samu INTEGER NOT NULL,
    search_key TEXT NOT NULL,
    verified_at TEXT NOT NULL,
    verified_by TEXT NOT NULL,
    suspended_at TEXT
);

CREATE TABLE consultation (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL REFERENCES record,
    maker_id INTEGER NOT NULL REFERENCES account,
    code_hash TEXT NOT NULL UNIQUE,
    until TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    used_by_id INTEGER REFERENCES account
);
CREATE INDEX consultation_record ON consultation (record_id);
CREATE INDEX consultation_maker ON consultation (maker_id);
CREATE INDEX consultation_used_by ON consultation (used_by_id);

CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL REFERENCES record,
    account_id INTEGER NOT NULL REFERENCES account,
    made_at TEXT NOT NULL,
    lifted_at TEXT
);
CREATE INDEX block_record ON block (record_id);
CREATE INDEX block_account ON block (account_id);
CREATE UNIQUE INDEX block_standing ON block (record_id, account_id) WHERE lifted_at IS NULL;

ALTER TABLE record RENAME COLUMN emergency_allowed TO emergency_others;
ALTER TABLE record ADD COLUMN emergency_samu INTEGER;
ALTER TABLE record ADD COLUMN emergency_masked INTEGER NOT NULL DEFAULT 0;
UPDATE record SET emergency_samu = emergency_others;
ALTER TABLE record ADD COLUMN email_own INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN used_apart INTEGER NOT NULL DEFAULT 0;

ALTER TABLE document ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN about_id INTEGER REFERENCES access;
CREATE UNIQUE INDEX document_about ON document (about_id, sending) WHERE about_id IS NOT NULL;
ALTER TABLE document ADD COLUMN beside TEXT NOT NULL DEFAULT '';
DROP INDEX document_bytes;
CREATE UNIQUE INDEX document_bytes ON document (record_id, sha256, beside) WHERE binned_at IS NULL;
CREATE INDEX document_to_announce ON document (deposited_at) WHERE unannounced;

ALTER TABLE reset ADD COLUMN expires_at TEXT NOT NULL DEFAULT '';
UPDATE reset SET expires_at = strftime('%Y-%m-%d %H:%M:%f', made_at, '+1 hour');

ALTER TABLE notice ADD COLUMN key TEXT;
CREATE UNIQUE INDEX notice_key ON notice (key) WHERE key IS NOT NULL;

ALTER TABLE activation ADD COLUMN name TEXT;
ALTER TABLE activation ADD COLUMN account_id INTEGER REFERENCES account;
CREATE INDEX activation_account ON activation (account_id);

CREATE TABLE entry_of_chain (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL REFERENCES record,
    chain TEXT NOT NULL,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    account_id INTEGER,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    session_id INTEGER,
    act TEXT NOT NULL,
    document_uid TEXT,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (record_id, chain, number)
);
INSERT INTO entry_of_chain
    SELECT id, record_id, '', number, at, account_id, actor, role, session_id, act, document_uid,
           detail, previous, hash
    FROM entry;
DROP TABLE entry;
ALTER TABLE entry_of_chain RENAME TO entry;
CREATE INDEX entry_session ON entry (record_id, session_id, act, at);
CREATE INDEX entry_actor ON entry (record_id, actor, at);
CREATE INDEX entry_at ON entry (record_id, at);
CREATE INDEX entry_document ON entry (document_uid, at) WHERE document_uid IS NOT NULL;
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    entry_id INTEGER NOT NULL REFERENCES entry,
    account_id INTEGER NOT NULL REFERENCES account,
    words TEXT NOT NULL,
    made_at TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT NOT NULL,
    answer TEXT NOT NULL
);
CREATE INDEX report_record ON report (record_id);
CREATE INDEX report_entry ON report (entry_id);
CREATE INDEX report_account ON report (account_id);

CREATE TABLE chain (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL REFERENCES record,
    name TEXT NOT NULL,
    length INTEGER NOT NULL,
    head TEXT NOT NULL,
    UNIQUE (record_id, name)
);
"""


# A child's record was activated as if it were her own: whoever did holds it as a parent.
OF_MINORS = """
SELECT access.id, date(birth_date, '+18 years')
FROM access JOIN record ON record.id = record_id
WHERE role = 'holder' AND revoked_at IS NULL AND date(birth_date, '+18 years') > ?
"""
HOLD_AS_PARENT = "UPDATE access SET role = 'representative', measure = 'parent', ends_at = ? "


def up(migrator, db):
    for statement in _statements():
        db.execute_sql(statement)
    for access, eighteen in db.execute_sql(OF_MINORS, (clock.today().isoformat(),)).fetchall():
        ends_at = MomentField().db_value(clock.midnight(date.fromisoformat(eighteen)))
        db.execute_sql(HOLD_AS_PARENT + "WHERE id = ?", (ends_at, access))


def _statements():
    """One statement each: a trigger's own semicolons are inside its BEGIN … END."""
    pending = ""
    for line in STATEMENTS.splitlines():
        pending += line + "\n"
        if line.endswith(";"):
            yield pending
            pending = ""

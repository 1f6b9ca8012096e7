"""Trust: second factors of every account, devices that are known, an address that is proved or
changed, a way back for whoever lost everything, and who signs in through a provider."""

STATEMENTS = """
CREATE TABLE factor (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    secret TEXT NOT NULL,
    credential TEXT NOT NULL,
    counter INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    proved_at TEXT,
    used_at TEXT
);
CREATE INDEX factor_account ON factor (account_id);
CREATE UNIQUE INDEX factor_credential ON factor (credential) WHERE credential != '';

CREATE TABLE recovery_code (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    made_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX recovery_code_account ON recovery_code (account_id);

CREATE TABLE challenge (
    id INTEGER PRIMARY KEY,
    value TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL
);

CREATE TABLE device (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    known_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    trusted_until TEXT
);
CREATE INDEX device_account ON device (account_id);

ALTER TABLE session ADD COLUMN device_id INTEGER REFERENCES device ON DELETE SET NULL;
ALTER TABLE session ADD COLUMN factor_at TEXT;
CREATE INDEX session_device ON session (device_id) WHERE device_id IS NOT NULL;
UPDATE session SET confirmed_at = started_at WHERE confirmed_at IS NULL
    AND account_id IN (SELECT id FROM account WHERE duty = '');
UPDATE session SET ended_at = seen_at WHERE ended_at IS NULL
    AND (account_id IN (SELECT id FROM account WHERE duty != '')
        OR account_id IN (SELECT account_id FROM professional));

ALTER TABLE account ADD COLUMN email_proved_at TEXT;

CREATE TABLE email_change (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    email TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    tries INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    old_email TEXT NOT NULL,
    done_at TEXT,
    undo_hash TEXT,
    undone_at TEXT
);
CREATE INDEX email_change_account ON email_change (account_id);
CREATE UNIQUE INDEX email_change_undo ON email_change (undo_hash) WHERE undo_hash IS NOT NULL;

CREATE TABLE rescue (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    email TEXT NOT NULL,
    paper TEXT NOT NULL,
    asked_by_id INTEGER REFERENCES account ON DELETE SET NULL,
    asked_by TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    seen_by_id INTEGER REFERENCES account ON DELETE SET NULL,
    seen_by TEXT NOT NULL,
    seen_at TEXT,
    due_at TEXT,
    stop_hash TEXT,
    stopped_at TEXT,
    stopped_by TEXT NOT NULL,
    done_at TEXT
);
CREATE INDEX rescue_account ON rescue (account_id);
CREATE INDEX rescue_waiting ON rescue (due_at) WHERE done_at IS NULL AND stopped_at IS NULL;
CREATE UNIQUE INDEX rescue_stop ON rescue (stop_hash) WHERE stop_hash IS NOT NULL;

CREATE TABLE identity_link (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    made_at TEXT NOT NULL,
    used_at TEXT,
    UNIQUE (issuer, subject)
);
CREATE INDEX identity_link_account ON identity_link (account_id);
"""


def up(migrator, db):
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)

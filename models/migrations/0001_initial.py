"""The first schema: accounts, records, accesses, documents, the journal and the outbox."""

STATEMENTS = """
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    office INTEGER NOT NULL,
    made_at TEXT NOT NULL
);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    token_hash TEXT NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    device TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX session_account ON session (account_id, seen_at);

CREATE TABLE reset (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX reset_account ON reset (account_id);

CREATE TABLE attempt (id INTEGER PRIMARY KEY, key TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX attempt_key_at ON attempt (key, at);
CREATE INDEX attempt_at ON attempt (at);

CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    sent_at TEXT,
    tries INTEGER NOT NULL,
    fault TEXT
);
CREATE INDEX notice_due ON notice (due_at) WHERE sent_at IS NULL;

CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    member_number TEXT NOT NULL UNIQUE,
    birth_name TEXT NOT NULL,
    used_name TEXT NOT NULL,
    birth_given_names TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    sex TEXT NOT NULL,
    birthplace_code TEXT NOT NULL,
    email TEXT NOT NULL,
    postal_address TEXT NOT NULL,
    announced_at TEXT NOT NULL,
    opened_at TEXT,
    activated_at TEXT,
    objected_at TEXT,
    closed_at TEXT,
    masking_rank INTEGER NOT NULL,
    masked_by_default INTEGER NOT NULL,
    emergency_allowed INTEGER,
    used INTEGER NOT NULL,
    journal_length INTEGER NOT NULL,
    journal_head TEXT NOT NULL
);

CREATE TABLE activation_code (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL REFERENCES record,
    code_hash TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX activation_code_record ON activation_code (record_id);

CREATE TABLE activation (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL UNIQUE REFERENCES record,
    code_id INTEGER NOT NULL REFERENCES activation_code,
    token_hash TEXT NOT NULL UNIQUE,
    confirmed_at TEXT,
    email TEXT,
    password_hash TEXT,
    terms_at TEXT,
    masked INTEGER
);
CREATE INDEX activation_code_begun ON activation (code_id);

CREATE TABLE access (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account,
    record_id INTEGER NOT NULL REFERENCES record,
    role TEXT NOT NULL,
    administrator INTEGER NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT,
    revoked_at TEXT
);
CREATE INDEX access_account_record ON access (account_id, record_id);
CREATE INDEX access_record ON access (record_id);

CREATE TABLE masking (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id INTEGER NOT NULL REFERENCES record,
    masked INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    undone_at TEXT,
    previous_rank INTEGER NOT NULL,
    previous_default INTEGER NOT NULL
);
CREATE INDEX masking_record ON masking (record_id);

CREATE TABLE folder (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    made_at TEXT NOT NULL,
    UNIQUE (record_id, key)
);

CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    folder_id INTEGER REFERENCES folder ON DELETE SET NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    category TEXT NOT NULL,
    dated TEXT NOT NULL,
    author TEXT NOT NULL,
    author_key TEXT NOT NULL,
    depositor_id INTEGER REFERENCES account,
    depositor_name TEXT NOT NULL,
    depositor_role TEXT NOT NULL,
    deposited_at TEXT NOT NULL,
    sending TEXT NOT NULL,
    pinned_at TEXT,
    masked INTEGER NOT NULL,
    masking_rank INTEGER NOT NULL,
    unannounced INTEGER NOT NULL,
    from_representatives INTEGER NOT NULL,
    binned_at TEXT,
    content TEXT NOT NULL,
    filename TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    pages INTEGER,
    protected INTEGER NOT NULL,
    warning TEXT
);
CREATE UNIQUE INDEX document_bytes ON document (record_id, sha256) WHERE binned_at IS NULL;
CREATE INDEX document_all_bytes ON document (record_id, sha256);
CREATE INDEX document_dated ON document
    (record_id, binned_at, dated, id, unannounced, masked, masking_rank);
CREATE INDEX document_title ON document (record_id, binned_at, title_key, id);
CREATE INDEX document_author ON document (record_id, binned_at, author_key, id, unannounced);
CREATE INDEX document_category ON document (record_id, binned_at, category, dated, id, unannounced);
CREATE INDEX document_category_title ON document (record_id, binned_at, category, title_key, id);
CREATE INDEX document_category_author ON document (record_id, binned_at, category, author_key, id);
CREATE INDEX document_folder ON document (folder_id, binned_at, dated, id, record_id, unannounced);
CREATE INDEX document_folder_title ON document (folder_id, binned_at, title_key, id, record_id);
CREATE INDEX document_folder_author ON document (folder_id, binned_at, author_key, id, record_id);
CREATE INDEX document_deposited ON document (record_id, binned_at, deposited_at, id);
CREATE INDEX document_pinned ON document (record_id, pinned_at) WHERE pinned_at IS NOT NULL;
CREATE INDEX document_binned ON document (binned_at) WHERE binned_at IS NOT NULL;
CREATE INDEX document_depositor ON document (depositor_id) WHERE depositor_id IS NOT NULL;
CREATE INDEX document_unannounced ON document (record_id) WHERE unannounced;
CREATE INDEX document_from_representatives ON document (record_id) WHERE from_representatives;

CREATE TABLE document_text (
    document_id INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
    text TEXT NOT NULL
);

CREATE TABLE document_seen (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    document_id INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
    PRIMARY KEY (account_id, document_id)
) WITHOUT ROWID;
CREATE INDEX document_seen_document ON document_seen (document_id);

-- « ascii » cuts at spaces only, in words that are already folded and cut (words.py).
CREATE VIRTUAL TABLE search_label USING fts5
    (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
CREATE VIRTUAL TABLE search_text USING fts5
    (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    record_id INTEGER NOT NULL REFERENCES record,
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
    UNIQUE (record_id, number)
);
CREATE INDEX entry_session ON entry (record_id, session_id, act, at);
CREATE INDEX entry_actor ON entry (record_id, actor, number);
CREATE INDEX entry_at ON entry (record_id, at);
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""


def up(migrator, db):
    for statement in _statements():
        db.execute_sql(statement)


def _statements():
    """One statement each: a trigger's own semicolons are inside its BEGIN … END."""
    pending = ""
    for line in STATEMENTS.splitlines():
        pending += line + "\n"
        if line.endswith(";"):
            yield pending
            pending = ""

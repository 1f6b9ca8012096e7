"""The office: members told and reminded, objections, closings, sources of documents, figures."""

from models.words import fold, words

STATEMENTS = """
ALTER TABLE record ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN email_failed_at TEXT;
ALTER TABLE record ADD COLUMN told_at TEXT;
ALTER TABLE record ADD COLUMN told_how TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN opens_at TEXT;
ALTER TABLE record ADD COLUMN read_at TEXT;
ALTER TABLE record ADD COLUMN closing_at TEXT;
ALTER TABLE record ADD COLUMN closing_how TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN closes_at TEXT;
ALTER TABLE record ADD COLUMN archived_until TEXT;
ALTER TABLE record ADD COLUMN erased_at TEXT;
ALTER TABLE record ADD COLUMN died_on TEXT;
CREATE INDEX record_sort_key ON record (sort_key, id);
CREATE INDEX record_birth_date ON record (birth_date);
CREATE INDEX record_email ON record (email);
CREATE INDEX record_state ON record ((
    CASE
        WHEN closed_at IS NOT NULL THEN 'closed' WHEN objected_at IS NOT NULL THEN 'objected'
        WHEN activated_at IS NOT NULL THEN 'activated' WHEN opened_at IS NOT NULL THEN 'open'
        WHEN told_at IS NOT NULL THEN 'told' ELSE 'announced'
    END
), sort_key, id);
CREATE INDEX record_opens_at ON record (opens_at)
    WHERE opens_at IS NOT NULL AND opened_at IS NULL;
CREATE INDEX record_closes_at ON record (closes_at) WHERE closes_at IS NOT NULL;
CREATE INDEX record_archived_until ON record (archived_until) WHERE archived_until IS NOT NULL;
CREATE INDEX record_untold ON record ((
    CASE
        WHEN closed_at IS NOT NULL OR closing_at IS NOT NULL OR objected_at IS NOT NULL
            OR erased_at IS NOT NULL OR died_on IS NOT NULL OR activated_at IS NOT NULL
            OR opened_at IS NOT NULL THEN 'aside'
        WHEN email = '' AND postal_address = '' THEN 'nowhere' WHEN email = '' THEN 'post'
        WHEN email_failed_at IS NOT NULL AND postal_address = '' THEN 'nowhere'
        WHEN email_failed_at IS NOT NULL THEN 'returned'
        WHEN email_own OR announced_at
            >= (CAST(substr(birth_date, 1, 4) AS INTEGER) + 18) || substr(birth_date, 5)
            THEN 'email'
        ELSE 'parents'
    END
), birth_date) WHERE told_at IS NULL;
CREATE VIRTUAL TABLE member_search USING fts5 (words, content='', contentless_delete=1);

ALTER TABLE account ADD COLUMN duty TEXT NOT NULL DEFAULT '';
UPDATE account SET duty = 'office' WHERE office;
ALTER TABLE account DROP COLUMN office;
CREATE INDEX account_duty ON account (duty) WHERE duty != '';

ALTER TABLE session ADD COLUMN confirmed_at TEXT;
CREATE TABLE sign_in_code (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL UNIQUE REFERENCES session ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    tries INTEGER NOT NULL
);

ALTER TABLE activation_code ADD COLUMN void INTEGER NOT NULL DEFAULT 0;

ALTER TABLE notice ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN bounced_at TEXT;
DROP INDEX notice_due;
CREATE INDEX notice_due ON notice (bulk, due_at, id) WHERE sent_at IS NULL;
CREATE INDEX notice_recipient ON notice (lower(recipient), id);

CREATE TABLE letter_run (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    what TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    account_id INTEGER REFERENCES account,
    dated TEXT NOT NULL,
    large INTEGER NOT NULL,
    letters INTEGER NOT NULL,
    content TEXT NOT NULL,
    size INTEGER NOT NULL,
    pile TEXT NOT NULL,
    posted_on TEXT
);
CREATE INDEX letter_run_account ON letter_run (account_id);

CREATE TABLE telling (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    what TEXT NOT NULL,
    how TEXT NOT NULL,
    address TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    account_id INTEGER REFERENCES account,
    last_day TEXT,
    notice_id INTEGER REFERENCES notice ON DELETE SET NULL,
    run_id INTEGER REFERENCES letter_run,
    sent_at TEXT,
    failed_at TEXT,
    fault TEXT NOT NULL,
    came_back INTEGER NOT NULL
);
CREATE INDEX telling_record ON telling (record_id, id);
CREATE UNIQUE INDEX telling_once ON telling (record_id)
    WHERE what = 'space' AND failed_at IS NULL;
CREATE INDEX telling_notice ON telling (notice_id);
CREATE INDEX telling_run ON telling (run_id);
CREATE INDEX telling_account ON telling (account_id);
CREATE INDEX telling_waiting ON telling (how, what, id)
    WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX telling_came_back ON telling (failed_at, id) WHERE came_back;

CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    account_id INTEGER REFERENCES account,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    leased_until TEXT,
    finished_at TEXT,
    fault TEXT NOT NULL
);
CREATE INDEX job_waiting ON job (id) WHERE finished_at IS NULL;
CREATE INDEX job_account ON job (account_id);

CREATE TABLE roll (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    filename TEXT NOT NULL,
    form TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    account_id INTEGER REFERENCES account,
    headings TEXT NOT NULL,
    columns TEXT NOT NULL,
    job_id INTEGER REFERENCES job,
    judged_at TEXT,
    finished_at TEXT
);
CREATE INDEX roll_account ON roll (account_id);
CREATE INDEX roll_job ON roll (job_id);
CREATE TABLE roll_line (
    id INTEGER PRIMARY KEY,
    roll_id INTEGER NOT NULL REFERENCES roll ON DELETE CASCADE,
    line INTEGER NOT NULL,
    cells TEXT NOT NULL,
    verdict TEXT NOT NULL,
    sentence TEXT NOT NULL,
    record_id INTEGER REFERENCES record,
    answer TEXT NOT NULL,
    -- Who she is, and her number, as the lines of one list are compared.
    key TEXT NOT NULL,
    number TEXT NOT NULL,
    UNIQUE (roll_id, line)
);
CREATE INDEX roll_line_verdict ON roll_line (roll_id, verdict, line);
CREATE INDEX roll_line_key ON roll_line (roll_id, key, line) WHERE key != '';
CREATE INDEX roll_line_number ON roll_line (roll_id, number, line) WHERE number != '';
CREATE INDEX roll_line_record ON roll_line (record_id);

CREATE TABLE objection (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    record_id INTEGER NOT NULL REFERENCES record,
    made_at TEXT NOT NULL,
    how TEXT NOT NULL,
    by TEXT NOT NULL,
    withdrawn_at TEXT
);
CREATE INDEX objection_record ON objection (record_id);

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    contact TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    per_day INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    last_day TEXT,
    ended_at TEXT,
    last_used_at TEXT
);
CREATE TABLE source_use (
    source_id INTEGER NOT NULL REFERENCES source,
    day TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (source_id, day)
) WITHOUT ROWID;

CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    account_id INTEGER,
    name TEXT NOT NULL,
    act TEXT NOT NULL,
    about TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX ledger_name ON ledger (name, id);
CREATE INDEX ledger_about ON ledger (about, id) WHERE about != '';
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

DROP TRIGGER entry_is_never_deleted;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
    WHEN (SELECT erased_at FROM record WHERE id = OLD.record_id) IS NULL
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

ALTER TABLE document ADD COLUMN origin TEXT NOT NULL DEFAULT 'person';
UPDATE document SET origin = 'professional' WHERE depositor_role IN ('professional', 'emergency');
UPDATE document SET origin = 'other' WHERE depositor_role = 'source';
UPDATE document SET origin = 'association' WHERE depositor_role IN ('office', 'system');

CREATE TABLE tally (
    name TEXT NOT NULL,
    month TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (name, month)
) WITHOUT ROWID;
CREATE TABLE visit (
    month TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (month, account_id)
) WITHOUT ROWID;
"""

# What the figures count: the name of a tally, the table, the moment that puts a row in a month, and
# which rows count. The database keeps them itself: no verb can forget to.
TALLIES = (
    ("members", "record", "announced_at", "1"),
    ("told-email", "record", "told_at", "{row}.told_how = 'email'"),
    ("told-post", "record", "told_at", "{row}.told_how = 'post'"),
    ("told-desk", "record", "told_at", "{row}.told_how = 'desk'"),
    ("objected", "record", "objected_at", "1"),
    ("opened", "record", "opened_at", "{row}.objected_at IS NULL"),
    ("activated", "record", "activated_at", "1"),
    ("read", "record", "read_at", "1"),
    ("carers", "access", "starts_at", "{row}.role = 'carer' AND {row}.revoked_at IS NULL"),
    ("documents-person", "document", "deposited_at", "{row}.origin = 'person'"),
    ("documents-professional", "document", "deposited_at", "{row}.origin = 'professional'"),
    ("documents-laboratory", "document", "deposited_at", "{row}.origin = 'laboratory'"),
    ("documents-establishment", "document", "deposited_at", "{row}.origin = 'establishment'"),
    ("documents-association", "document", "deposited_at", "{row}.origin = 'association'"),
    ("documents-other", "document", "deposited_at", "{row}.origin = 'other'"),
)
MONTH = "substr({row}.{moment}, 1, 7)"
COUNT = f"""
INSERT INTO tally SELECT '{{name}}', {MONTH}, 1 WHERE {{row}}.{{moment}} IS NOT NULL AND {{counts}}
    ON CONFLICT DO UPDATE SET value = value + 1;
"""
UNCOUNT = f"""
UPDATE tally SET value = value - 1
    WHERE name = '{{name}}' AND month = {MONTH} AND {{counts}};
"""
TRIGGERS = """
CREATE TRIGGER "tally_{name}_insert" AFTER INSERT ON {table} BEGIN {count} END;
CREATE TRIGGER "tally_{name}_delete" AFTER DELETE ON {table} BEGIN {uncount} END;
CREATE TRIGGER "tally_{name}_update" AFTER UPDATE OF {columns} ON {table}
    BEGIN {uncount} {count} END
"""
WATCHED = {
    "record": "told_how, objected_at",
    "access": "role, revoked_at",
    "document": "origin",
}
VISITS = """
CREATE TRIGGER tally_visitors AFTER INSERT ON visit BEGIN
    INSERT INTO tally VALUES ('visitors', NEW.month, 1) ON CONFLICT DO UPDATE SET value = value + 1;
END
"""


def up(migrator, db):
    for statement in _statements(STATEMENTS):
        db.execute_sql(statement)
    _index_members(db)
    for name, table, moment, counts in TALLIES:
        _count_what_is_there(db, name, table, moment, counts)
        for trigger in _triggers(name, table, moment, counts):
            db.execute_sql(trigger)
    db.execute_sql(VISITS)


def _index_members(db):
    asked = "SELECT id, birth_name, birth_given_names, used_name, member_number, email FROM record"
    for number, birth_name, given_names, *more in db.execute_sql(asked).fetchall():
        key = fold(f"{birth_name} {given_names}")
        db.execute_sql("UPDATE record SET sort_key = ? WHERE id = ?", (key, number))
        known = " ".join(sorted(set(words(" ".join((key, *more))))))
        db.execute_sql("INSERT INTO member_search (rowid, words) VALUES (?, ?)", (number, known))


def _count_what_is_there(db, name, table, moment, counts):
    month = MONTH.format(row=table, moment=moment)
    counted = f"{table}.{moment} IS NOT NULL AND {counts.format(row=table)}"
    db.execute_sql(
        f"INSERT INTO tally SELECT '{name}', {month}, COUNT(*) FROM {table} "
        f"WHERE {counted} GROUP BY {month}"
    )


def _triggers(name, table, moment, counts):
    def said(act, row):
        return act.format(name=name, moment=moment, row=row, counts=counts.format(row=row))

    count, uncount = said(COUNT, "NEW"), said(UNCOUNT, "OLD")
    columns = f"{moment}, {WATCHED[table]}"
    for trigger in TRIGGERS.strip().split(";\n"):
        yield trigger.format(
            name=name, table=table, columns=columns, count=count.strip(), uncount=uncount.strip()
        )


def _statements(text):
    """One statement each: a trigger's own semicolons are inside its BEGIN … END."""
    pending = ""
    for line in text.splitlines():
        pending += line + "\n"
        if line.endswith(";"):
            yield pending
            pending = ""

"""Growth: what is looked for is found by an index, however much there is."""

STATEMENTS = """
-- The latest acts of one kind, among all those of a record. It serves a session's too.
DROP INDEX entry_session;
CREATE INDEX entry_act ON entry (record_id, act, at);
DROP INDEX entry_at;
CREATE INDEX entry_at ON entry (record_id, at, chain, number);
CREATE INDEX entry_emergency ON entry (record_id, at, chain, number) WHERE role = 'emergency';

-- The same in the ledger.
CREATE INDEX ledger_act ON ledger (act, id);

-- Records that have nobody: those that someone held for her, and those of children who have grown.
CREATE INDEX access_held ON access (record_id)
    WHERE role = 'representative' AND revoked_at IS NOT NULL;
CREATE INDEX record_child ON record (birth_date)
    WHERE announced_at < (CAST(substr(birth_date, 1, 4) AS INTEGER) + 18) || substr(birth_date, 5);

-- Who was told, has not come, and may need a letter.
CREATE INDEX record_by_post ON record (told_at)
    WHERE activated_at IS NULL AND (email = '' OR email_failed_at IS NOT NULL OR announced_at
    < (CAST(substr(birth_date, 1, 4) AS INTEGER) + 18) || substr(birth_date, 5));

-- Who is about to be opened: whoever said no is not.
DROP INDEX record_opens_at;
CREATE INDEX record_opens_at ON record (opens_at)
    WHERE opens_at IS NOT NULL AND opened_at IS NULL AND objected_at IS NULL;

-- Those who may lack a statement: the others, who are most of them, have none.
CREATE INDEX access_of_others ON access (id) WHERE role != 'holder';

-- What is forgotten when it is old.
CREATE INDEX session_started ON session (started_at);
CREATE INDEX device_seen ON device (seen_at);
CREATE INDEX reset_made ON reset (made_at);
CREATE INDEX notice_old ON notice (due_at) WHERE sent_at IS NOT NULL;

-- What is in no folder is no folder's: those of one record are not looked for among everybody's.
DROP INDEX document_folder;
DROP INDEX document_folder_title;
DROP INDEX document_folder_author;
CREATE INDEX document_folder ON document (folder_id, binned_at, dated, id, record_id, unannounced)
    WHERE folder_id IS NOT NULL;
CREATE INDEX document_folder_title ON document (folder_id, binned_at, title_key, id, record_id)
    WHERE folder_id IS NOT NULL;
CREATE INDEX document_folder_author ON document (folder_id, binned_at, author_key, id, record_id)
    WHERE folder_id IS NOT NULL;

-- Those are counted in the index of all of them.
DROP INDEX document_dated;
CREATE INDEX document_dated ON document
    (record_id, binned_at, dated, id, unannounced, masked, masking_rank, folder_id);

-- The few that are masked one by one.
CREATE INDEX document_masked ON document
    (record_id, binned_at, dated, id, unannounced, masking_rank, wish, type_code) WHERE masked;

-- Who names a file of the vault.
CREATE INDEX document_content ON document (content);
CREATE INDEX part_content ON part (content);
"""


def up(migrator, db):
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)

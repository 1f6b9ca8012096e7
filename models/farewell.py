"""Farewell: an account that opens nothing any more is not kept. Where it is named in someone else's
record, its name stays there, and nothing else."""

from . import clock, notice, telling
from .access import HOLDING, Access
from .account import Account
from .database import database, references
from .notice import Notice
from .professional import Professional
from .record import Record
from .words import uid

# What hangs from an account, and from nothing else.
HERS = (
    *("session", "reset", "draft", "document_seen", "visit"),
    *("factor", "recovery_code", "device", "email_change", "rescue", "identity_link"),
)
HELLO = "Bonjour,"
SUBJECT = "Un espace de santé est effacé"
ERASED = """Un espace de santé que vous teniez est effacé, pour toujours : les documents, les
volontés, l'activité et les accès. L'association ne garde que l'identité de la personne, pour ne pas
lui refaire un espace sans le vouloir."""
SUBJECT_GONE = "Votre compte est effacé"
GONE = """Votre compte n'ouvrait plus rien. Il est effacé : votre adresse e-mail et votre mot de
passe ne sont plus gardés. C'est notre dernier message."""


def serves(account: Account, but: Record | None = None) -> bool:
    """Whether it still opens something, or could; beside this record."""
    if account.duty or Professional.get_or_none(Professional.account == account):
        return True
    lasts = Access.ends_at.is_null() | (Access.ends_at > clock.now())
    enters = Access.revoked_at.is_null() & lasts
    elsewhere = (Access.account == account) & (Record.id != (but.id if but else 0))
    rows = Access.select().join(Record).where(elsewhere & (enters | Access.archived()))
    return rows.exists()


def known_in(record: Record) -> list[tuple[Account, bool]]:
    """The accounts that have an access to it, even ended; and whether they hold, or held, it."""
    query = Access.select(Access, Account).join(Account).where(Access.record == record)
    found = {}
    for one in query.order_by(Access.id):
        found[one.account] = found.get(one.account, False) or one.role in HOLDING
    return list(found.items())


def bid(record: Record, known: list[tuple[Account, bool]], told: bool = True) -> None:
    """Once the record is erased: those that serve nothing else go, and each who held it, or goes,
    is `told` a last time. Call it inside a transaction."""
    for account, held in known:
        gone = not serves(account)
        if gone:
            _forget(account, record)
        if told and (held or gone):
            said = [HELLO, *([ERASED] if held else []), *([GONE] if gone else [])]
            write = notice.write_last if gone else notice.write
            write(account.email, SUBJECT if held else SUBJECT_GONE, "\n\n".join(said))


def _forget(account, record):
    hers = (Notice.recipient == account.email) & ~telling.of_another(record)
    Notice.delete().where(hers).execute()
    for table in HERS:
        database.execute_sql(f"DELETE FROM {table} WHERE account_id = ?", (account.id,))
    if _named(account):
        blank = {"email": f"{uid().lower()}@efface.invalid", "password_hash": ""}
        Account.update(blank).where(Account.id == account.id).execute()
    else:
        account.delete_instance()


def _named(account):
    asked = "SELECT EXISTS (SELECT 1 FROM {} WHERE {} = ?)"
    return any(
        database.execute_sql(asked.format(table, column), (account.id,)).fetchone()[0]
        for table, column, _ in references("account")
        if table not in HERS
    )

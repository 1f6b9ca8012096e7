"""Notices: letters by e-mail, written in the transaction that causes them, sent later (D6).

None says anything of anyone's health."""

import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from peewee import BooleanField, IntegerField, TextField

from . import clock
from .database import MomentField, Table, transaction
from .settings import Settings

TRIES = 12
LONGEST_WAIT = timedelta(hours=6)


class Notice(Table):
    recipient = TextField()
    # What it is about, where it is to be written once only.
    key = TextField(null=True, unique=True)
    subject = TextField()
    body = TextField()
    made_at = MomentField(default=clock.now)
    due_at = MomentField(default=clock.now, index=True)
    sent_at = MomentField(null=True)
    tries = IntegerField(default=0)
    fault = TextField(null=True)
    # One of many: it waits until those that someone is waiting for have left.
    bulk = BooleanField(default=False)
    # The letter came back (bounce.py).
    bounced_at = MomentField(null=True)

    @classmethod
    def due(cls):
        return (
            cls.select()
            .where(cls.sent_at.is_null() & (cls.due_at <= clock.now()) & (cls.tries < TRIES))
            .order_by(cls.bulk, cls.id)
        )

    @classmethod
    def latest(cls, number: int) -> list["Notice"]:
        return list(cls.select().order_by(cls.id.desc()).limit(number))

    def message(self, settings: Settings) -> EmailMessage:
        host = urlsplit(settings.address).hostname
        message = EmailMessage()
        message["From"] = settings.mail_from or f"{settings.site_name} <carnet@{host}>"
        if not self.recipient:
            # Older versions of Python would send it, to nobody.
            raise ValueError("no recipient")
        message["To"] = self.recipient
        message["Subject"] = self.subject
        message["Date"] = format_datetime(self.made_at)
        # The same whenever it is tried again: a mail server may then drop a second copy.
        message["Message-ID"] = f"<notice-{self.id}.{int(self.made_at.timestamp())}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.body)
        return message

    def _sent(self, keep):
        self.sent_at, self.fault = clock.now(), None
        self.tries += 1
        if not keep:
            self.body = ""  # it may have carried a code
        self.save()

    def _failed(self, error):
        self.tries += 1
        self.fault = f"{type(error).__name__}: {error}"[:500]
        self.due_at = clock.now() + min(timedelta(minutes=2**self.tries), LONGEST_WAIT)
        self.save()


def write(recipient: str, subject: str, body: str, bulk: bool = False) -> Notice:
    """Call it inside the transaction that causes it; `bulk`: one of many."""
    return Notice.create(recipient=recipient, subject=subject, body=body.strip() + "\n", bulk=bulk)


def write_once(key: str, recipient: str, subject: str, body: str) -> bool:
    """Whether it was not written yet: a warning is given once, however often it is thought of."""
    if Notice.select().where(Notice.key == key).exists():
        return False
    one = write(recipient, subject, body)
    one.key = key
    one.save(only=[Notice.key])
    return True


def send_due(settings: Settings, keep: bool = False) -> tuple[int, int]:
    """How many left, and how many will be tried again; `keep` their text (a demonstration)."""
    from . import telling  # which writes notices

    sent = failed = 0
    post = _post(settings)
    for notice in list(Notice.due()):
        try:
            post(notice.message(settings))
        except Exception as error:  # one letter that cannot leave must hold no other up
            failed += 1
            with transaction():
                notice._failed(error)
        else:
            sent += 1
            with transaction():
                notice._sent(keep)
                telling.noticed(notice)
    return sent, failed


def forget_old() -> int:
    """Those sent, or given up, for 90 days: whom we wrote to is not kept for ever."""
    over = Notice.sent_at.is_null(False) | (Notice.tries >= TRIES)
    old = Notice.due_at < clock.now() - timedelta(days=90)
    return Notice.delete().where(over & old).execute()


def _post(settings):
    url = urlsplit(settings.mail)
    if url.scheme == "file":
        return lambda message: _file(settings.instance / "mail", message)
    return lambda message: _smtp(url, message)


def _file(folder: Path, message):
    folder.mkdir(mode=0o700, exist_ok=True)
    name = make_msgid().strip("<>").split("@")[0]
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def _smtp(url, message):
    secure = url.scheme == "smtps"
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with kind(url.hostname, url.port or (465 if secure else 25), timeout=30) as server:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)

"""Notices: letters by e-mail, written in the transaction that causes them, sent later (D6).

None says anything of anyone's health."""

import fcntl
import hashlib
import hmac
import re
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from math import inf
from time import monotonic
from urllib.parse import urlsplit

from peewee import BooleanField, IntegerField, TextField

from . import clock, mailer
from .database import MomentField, Table, transaction
from .settings import Settings
from .words import uid

TRIES = 12
LAST = "last:"
LONGEST_WAIT = timedelta(hours=6)
# Letters taken up at once: what someone is waiting for goes before the rest of a campaign.
BATCH = 20
HELD_UP = "le serveur de courrier ne prend rien : "
# What would end a line of a header; and what Python reads as an encoded word even in plain words,
# so that what it hides is written out (CVE-2024-6923).
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
ENCODED = "=?"

_key: bytes


def sign_with(key: bytes) -> None:
    """What names are signed with."""
    global _key
    _key = key


class Notice(Table):
    recipient = TextField()
    # What it is about, where it is to be written once only, or found again.
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
        """Those that someone is waiting for first. None waits for longer than LONGEST_WAIT: where
        it seems so, or before its first try, the clock was set back since."""
        now = clock.now()
        due = cls.due_at <= now
        set_back = ((cls.tries == 0) & (cls.made_at > now)) | (cls.due_at > now + LONGEST_WAIT)
        due = cls.sent_at.is_null() & (due | set_back) & (cls.tries < TRIES)
        return cls.select().where(due).order_by(cls.bulk, cls.due_at, cls.id)

    @classmethod
    def latest(cls, number: int) -> list["Notice"]:
        return list(cls.select().order_by(cls.id.desc()).limit(number))

    @property
    def name(self) -> str:
        """Nobody guesses it: whoever names a letter has seen it, or carried it."""
        told = f"{self.id} {self.made_at.timestamp():.0f}".encode()
        return f"notice-{self.id}.{hmac.digest(_key, told, hashlib.sha256)[:16].hex()}"

    def message(self, settings: Settings) -> EmailMessage:
        host = urlsplit(settings.address).hostname
        message = EmailMessage()
        sender = settings.mail_from or f"{settings.site_name} <carnet@{host}>"
        message["From"] = _in_header(sender)
        if not self.recipient:
            # Older versions of Python would send it, to nobody.
            raise ValueError("no recipient")
        if ENCODED in self.recipient:
            raise ValueError("no address")
        message["To"] = self.recipient
        message["Subject"] = _in_header(self.subject)
        if settings.reply_to:
            message["Reply-To"] = _in_header(settings.reply_to)
        message["Date"] = format_datetime(self.made_at)
        # The same whenever it is tried again: a mail server may then drop a second copy.
        message["Message-ID"] = f"<{self.name}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        # In ASCII, in short lines: whatever mail server takes it.
        message.set_content(self.body, cte="quoted-printable")
        return message

    def _sent(self, keep):
        self.sent_at, self.fault = clock.now(), None
        self.tries += 1
        if not keep:
            self.body = ""  # it may have carried a code
        self.save(only=[Notice.sent_at, Notice.fault, Notice.tries, Notice.body])

    def _failed(self, error):
        self._wait(self.tries + 1, _said(error))

    def _held_up(self, error):
        """It is not the letter's fault: it will never have been tried too often."""
        self._wait(min(self.tries + 1, TRIES - 1), HELD_UP + _said(error))

    def _wait(self, tries, fault):
        self.tries, self.fault = tries, fault[:500]
        self.due_at = clock.now() + min(timedelta(minutes=2**tries), LONGEST_WAIT)
        self.save()

    def _returned(self, why):
        """It will not arrive: it is given up, and the code that it may carry opens nothing here."""
        self.bounced_at, self.fault = clock.now(), why[:500]
        if not self.sent_at:
            self.tries = TRIES
        self.body = ""
        self.save()


def write(
    recipient: str, subject: str, body: str, bulk: bool = False, key: str | None = None
) -> Notice:
    """Call it inside the transaction that causes it; `bulk`: one of many."""
    body = body.strip() + "\n"
    return Notice.create(recipient=recipient, subject=subject, body=body, bulk=bulk, key=key)


def write_last(recipient: str, subject: str, body: str) -> None:
    """To an address that is kept nowhere else: it goes with the letter. Call it inside the
    transaction that forgets it."""
    write(recipient, subject, body, key=f"{LAST}{uid()}")


def write_once(key: str, recipient: str, subject: str, body: str) -> bool:
    """Whether it was not written yet: a warning is given once, however often it is thought of."""
    if Notice.select().where(Notice.key == key).exists():
        return False
    write(recipient, subject, body, key=key)
    return True


def send_due(settings: Settings, keep: bool = False, seconds: float = inf) -> tuple[int, int]:
    """How many left, and how many did not; `keep` their text (a demonstration). It ends after so
    many seconds, and as soon as the mail server takes nothing: the others wait for the next time.

    One process at a time sends: two would send the same letter."""
    with _alone(settings) as alone:
        return _send_due(settings, keep, monotonic() + seconds) if alone else (0, 0)


def waiting() -> bool:
    """Some are due."""
    return Notice.due().exists()


def held_up() -> bool:
    """The mail server takes nothing: some wait for it."""
    return Notice.select().where(_held()).exists()


def came_back(one: Notice, why: str) -> bool:
    """It did not arrive, nor will it; whether that is news."""
    from . import telling  # which writes notices

    if one.bounced_at:
        return False
    with transaction():
        one._returned(why)
        telling.undelivered(one, why)
    return True


def forget_last() -> int:
    """Those written to an address that is kept nowhere else, as soon as they left, or are given
    up."""
    over = Notice.sent_at.is_null(False) | (Notice.tries >= TRIES)
    return Notice.delete().where(Notice.key.startswith(LAST) & over).execute()


def forget_old() -> int:
    """Those sent, or given up, for 90 days: whom we wrote to is not kept for ever."""
    old = Notice.due_at < clock.now() - timedelta(days=90)
    given_up = Notice.sent_at.is_null() & (Notice.tries >= TRIES)
    # Two orders: there is an index for each.
    sent = Notice.delete().where(Notice.sent_at.is_null(False) & old).execute()
    return sent + Notice.delete().where(given_up & old).execute()


def _send_due(settings, keep, until):
    sent = failed = 0
    with mailer.opened(settings) as post:
        while monotonic() < until and (some := list(Notice.due().limit(BATCH))):
            for one in some:
                if not Notice.due().where(Notice.id == one.id).exists():
                    continue  # taken back meanwhile
                try:
                    if _send(post, one, settings, keep):
                        sent += 1
                        if sent == 1:
                            _wake()
                    else:
                        failed += 1
                except mailer.Down as down:
                    one._held_up(down.error)
                    return sent, failed + 1
    return sent, failed


def _send(post, one, settings, keep):
    """Whether it left. One letter that cannot holds no other up. Raises Down."""
    try:
        post.send(one.message(settings))
    except mailer.Down:
        raise
    except mailer.Undeliverable as refused:
        came_back(one, str(refused))
    except Exception as error:
        _try_later(one, error)
    else:
        _note_sent(one, keep)
        return True
    return False


def _note_sent(one, keep):
    from . import telling

    with transaction():
        one._sent(keep)
        telling.noticed(one)


def _try_later(one, error):
    with transaction():
        one._failed(error)
        if one.tries >= TRIES:
            came_back(one, one.fault)


def _wake():
    """The server takes letters again: those that it held up need not wait."""
    Notice.update(due_at=clock.now(), tries=0).where(_held()).execute()


def _held():
    later = Notice.sent_at.is_null() & (Notice.due_at > clock.now())
    return Notice.bulk.in_([True, False]) & later & Notice.fault.startswith(HELD_UP)


@contextmanager
def _alone(settings):
    """Whether no other process is sending; the system forgets one that is killed."""
    with open(settings.instance / "sending.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _in_header(text):
    return BREAKS.sub(" ", text).replace(ENCODED, "= ?")


def _said(error):
    return f"{type(error).__name__}: {error}"

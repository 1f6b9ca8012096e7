"""An account: a person who signs in. What she may open is told by her accesses."""

import re
import unicodedata

from peewee import CharField, TextField

from . import clock, password
from .database import MomentField, Table
from .refusal import Refusal

OFFICE = "office"
OVER = "Cette connexion est terminée. Reconnectez-vous."
# Short of sending a letter, what tells a slip of the hand; and no sign that mail headers obey.
_OTHER = r'[^@\s,;:<>()\[\]"\\]'
EMAIL = re.compile(rf"{_OTHER}+@(?:{_OTHER}+\.)+[^@\W\d_][\w-]+")


class Account(Table):
    email = TextField(unique=True)
    name = TextField()
    password_hash = TextField()
    # What it does for the association (office.py); nothing, for everyone else.
    duty = CharField(default="")
    made_at = MomentField(default=clock.now)
    # When a letter sent to its address was first known to have arrived.
    email_proved_at = MomentField(null=True)

    @property
    def office(self) -> bool:
        """Whether it is one of the association's: it opens nobody's record."""
        return bool(self.duty)

    @classmethod
    def named(cls, email: str) -> "Account | None":
        return cls.get_or_none(cls.email == canonical(email))

    @classmethod
    def proving(cls, email: str, secret: str) -> "Account | None":
        """The account, if the password is its own; as long to answer whether or not it exists."""
        account = cls.named(email)
        known = password.verify(account.password_hash if account else None, secret)
        return account if known else None

    @classmethod
    def of_office(cls) -> list["Account"]:
        """Those who run the association's office, and are written to."""
        return list(cls.select().where(cls.duty == OFFICE).order_by(cls.id))

    def check_unchanged(self) -> None:
        """Whoever began with a password that was changed meanwhile has nothing by it. Raises
        Refusal. Call it inside the transaction of the act."""
        same = (Account.id == self.id) & (Account.password_hash == self.password_hash)
        if not Account.select().where(same).exists():
            raise Refusal(OVER)

    def change_password(self, secret: str) -> None:
        self.password_hash = password.hashed(secret)
        self.save(only=[Account.password_hash])


def make_office(email: str, name: str, secret: str) -> Account:
    """An administrator of the association."""
    return Account.create(
        email=canonical(email), name=name, password_hash=password.hashed(secret), duty=OFFICE
    )


def is_email(text: str) -> bool:
    """As far as its writing tells: no letter was sent."""
    visible = not any(unicodedata.category(c)[0] == "C" for c in text)
    # Mail programs decode « =?utf-8?q?…?= »: it would be written to another address.
    return visible and "=?" not in text and len(text) <= 254 and EMAIL.fullmatch(text) is not None


def canonical(email: str) -> str:
    """Told apart whatever the case; « ß » stays itself, for it is another mailbox than « ss »."""
    return unicodedata.normalize("NFC", email.strip()).lower()

"""`python -m tests.journeys.members START NUMBER`: members of the demonstration's association for
one journey each, as JSON. One in six has a code; the others are activated and have papers. The
first one also represents a child, in the child's record."""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from app import create_app
from models import access, activation, clock, deposit, session
from models.access import Actor, Measure, Role
from models.account import Account
from models.enrolment import Enrolled, enrol
from models.session import Session
from models.vault import Spool

from ..world import SENDER

PASSWORD = "hibou-cascade-velours-39"
BIRTH_DATE = date(1962, 4, 9)
CHILD_BIRTH_DATE = clock.today() - timedelta(days=8 * 366)
LIMITS = deposit.Limits(document=25_000_000, record=1_000_000_000)
LABORATORY = Actor(None, "Laboratoire Fictif", "source")
HEART = "Échographie du cœur"
WALK = "Ordonnance de marche"
BLOOD = "Bilan sanguin"


@dataclass(frozen=True)
class Member:
    """`cookie` is a session already open; it is empty, as the papers are, without an account.
    `child`: the record of the child whom she represents."""

    uid: str
    number: str
    name: str
    email: str
    code: str
    cookie: str = ""
    child: str = ""

    password = PASSWORD
    birth_date = f"{BIRTH_DATE:%d/%m/%Y}"


def main(start: int, number: int) -> None:
    app = create_app()
    made, refused = enrol(map(_row, range(start, start + number)), SENDER)
    assert not refused, refused
    members = [_told(one) if i % 6 == 5 else _activated(app, one) for i, one in enumerate(made)]
    members[0] = replace(members[0], child=_child(members[0], start))
    print(json.dumps([asdict(one) for one in members]))


def _child(parent, number):
    """Eight years old, held by her parent."""
    row = _row(number) | {"member_number": f"E{number}", "birth_date": CHILD_BIRTH_DATE.isoformat()}
    (one,), _ = enrol([row | {"birth_given_names": "Lou"}], SENDER)
    account, measure = Account.named(parent.email), Measure.PARENT.value
    access.grant(account, one.record, Role.REPRESENTATIVE, measure=measure)
    return one.record.uid


def _row(number):
    return {
        "member_number": f"J{number}",
        "birth_name": "Fictive-Voyageuse",
        "birth_given_names": f"Jeanne {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26]}.",
        "birth_date": BIRTH_DATE.isoformat(),
        "sex": "F",
        "birthplace_code": "35238",
        "email": f"voyageuse-{number}@exemple.invalid",
    }


def _told(one: Enrolled, cookie="") -> Member:
    record = one.record
    return Member(record.uid, record.member_number, record.name, record.email, one.code, cookie)


def _activated(app, one: Enrolled) -> Member:
    answers = activation.begin(one.code, BIRTH_DATE, f"journey {one.record.uid}")
    answers.confirm()
    answers.choose_credentials(one.record.email, PASSWORD)
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    account = answers.choose_emergency(allowed=True)
    holder = access.find(account, one.record.uid)
    _paper(holder, holder.actor, HEART, "Le cœur bat bien, à son rythme. Document fictif.", 8)
    _paper(holder, holder.actor, WALK, "Marcher une demi-heure par jour. Document fictif.", 5)
    _paper(holder, LABORATORY, BLOOD, "Tout est dans les normes. Document fictif.", 2)
    token = session.start(account, "Navigateur du test")
    # Sure for twice as long as others, since members are made beforehand, many at once: nearly as
    # long as a session that nobody uses lives.
    later = clock.now() + session.SURE_FOR - timedelta(minutes=1)
    Session.update(factor_at=later).where(Session.account == account).execute()
    return _told(one, _cookie(app, token))


def _paper(holder, actor, title, text, month):
    spool = Spool(LIMITS.document)
    spool.write(text.encode())
    spool.finish()
    told = deposit.Description(category="CPT_REND", dated=date(2025, month, 1), title=title)
    name = hashlib.sha256(title.encode()).hexdigest()[:8] + ".txt"
    deposit.put(holder.record, actor, spool, name, told, LIMITS)
    spool.discard()


def _cookie(app, token):
    return app.session_interface.get_signing_serializer(app).dumps({"_user_id": token})


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

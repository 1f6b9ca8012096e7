"""The ledger: what was done in the office, by whom and when. Written by the verbs, in their
transaction; append-only, the database refuses the rest. It names records by their uid: a name goes
with its record."""

import json
from enum import StrEnum

from peewee import IntegerField, TextField

from . import clock
from .access import Actor
from .database import MomentField, Table

PAGE = 50


class Act(StrEnum):
    READ_ROLL = "read-roll"
    CREATED_RECORDS = "created-records"
    DROPPED_ROLL = "dropped-roll"
    ADDED_MEMBER = "added-member"
    CORRECTED_MEMBER = "corrected-member"
    TOLD_MEMBERS = "told-members"
    REMINDED_MEMBERS = "reminded-members"
    MADE_LETTERS = "made-letters"
    TOOK_LETTERS = "took-letters"
    POSTED_LETTERS = "posted-letters"
    NOTED_UNDELIVERED = "noted-undelivered"
    LOOKED_FOR_MEMBER = "looked-for-member"
    SENT_CODE = "sent-code"
    GAVE_CODE = "gave-code"
    NOTED_OBJECTION = "noted-objection"
    WITHDREW_OBJECTION = "withdrew-objection"
    DECLARED_DEATH = "declared-death"
    UNDECLARED_DEATH = "undeclared-death"
    VERIFIED_PROFESSIONAL = "verified-professional"
    CORRECTED_PROFESSIONAL = "corrected-professional"
    SUSPENDED_PROFESSIONAL = "suspended-professional"
    REINSTATED_PROFESSIONAL = "reinstated-professional"
    REGISTERED_SOURCE = "registered-source"
    CHANGED_SOURCE = "changed-source"
    RENEWED_SOURCE = "renewed-source"
    ENDED_SOURCE = "ended-source"
    ENTERED_MEASURE = "entered-measure"
    ENDED_MEASURE = "ended-measure"
    PREPARED_CODE = "prepared-code"
    NOTED_ADDRESS = "noted-address"
    ANSWERED_REPORT = "answered-report"
    CLOSED_REPORT = "closed-report"
    TOOK_FIGURES = "took-figures"
    ADDED_COLLEAGUE = "added-colleague"
    CHANGED_COLLEAGUE = "changed-colleague"
    ENDED_COLLEAGUE = "ended-colleague"
    SIGNED_IN = "signed-in"


class Line(Table):
    """`about` is the uid of what it concerns: a record, a list, a professional…"""

    at = MomentField(default=clock.now)
    account_id = IntegerField(null=True)
    name = TextField()
    act = TextField()
    about = TextField(default="")
    detail = TextField(default="{}")

    class Meta:
        table_name = "ledger"

    @property
    def details(self) -> dict:
        return json.loads(self.detail)


def write(actor: Actor, act: Act, about: str = "", **detail) -> None:
    """Call it inside the transaction of the act."""
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    Line.create(
        account_id=actor.account_id, name=actor.name, act=act.value, about=about, detail=told
    )

"""Advance directives (« directives anticipées », Code de la santé publique, L1111-11 and
R1111-17 to 19): written here question by question, deposited on paper, or declared to exist."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from peewee import CharField, TextField

from . import clock, journal, notice, signing
from .access import Access, Right, holder_of
from .database import MomentField, transaction
from .record import Record
from .reference.directives import FORMS, UNKNOWN, UNKNOWN_WORDS, Model, Question
from .refusal import Refusal
from .signing import Acts, Papers, Protection, Signed, State
from .words import day, tidy, tidy_lines

# In characters: some ten thousand words.
LONGEST_ANSWER = 60_000
LONGEST_PLACE = 300
READ_AGAIN_AFTER = timedelta(days=3 * 365)
REMINDER = """Bonjour,

Une page de votre espace de santé mérite d'être relue : « Entourage et volontés ».
Vos choix restent valables. Vous pouvez les garder, ou les changer.
"""


class Way(StrEnum):
    """How directives came here."""

    WRITTEN = "written"
    PAPER = "paper"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Answer:
    question: Question
    choice: str = ""
    words: str = ""

    @property
    def given(self) -> bool:
        return bool(self.choice or self.words)

    @property
    def mark(self) -> str:
        """Tells it from what it was before, and after."""
        return hashlib.sha256(f"{self.choice}\n{self.words}".encode()).hexdigest()[:16]

    @property
    def sentence(self) -> str:
        """The answer chosen, as it is printed."""
        if self.choice == UNKNOWN:
            return UNKNOWN_WORDS
        return self.question.answers.get(self.choice, "")


class Directive(Signed):
    way = CharField()
    model = CharField(default="")
    answers = TextField(default="{}")
    # Where the original is, and who keeps it.
    place = TextField(default="")
    keeper = TextField(default="")
    read_again_at = MomentField(null=True)
    reminded_at = MomentField(null=True)

    acts = Acts(
        journal.Act.SIGNED_DIRECTIVE,
        journal.Act.WITHDREW_DIRECTIVE,
        journal.Act.REVOKED_DIRECTIVE,
        journal.Act.GAVE_UP_DIRECTIVE,
    )
    category = "DIR_ANT"
    plural = True

    def paper_title(self, on: date) -> str:
        return f"Directives anticipées signées le {day(on)}"

    @property
    def prepared_here(self) -> bool:
        return self.way == Way.WRITTEN

    @property
    def form(self):
        return FORMS[Model(self.model)]

    @property
    def all_answers(self) -> list[Answer]:
        """One for each question of its form, in order, given or not."""
        kept = json.loads(self.answers)
        return [Answer(one, **kept.get(one.code, {})) for one in self.form.questions]

    @property
    def given_answers(self) -> list[Answer]:
        return [one for one in self.all_answers if one.given]

    def answer_to(self, code: str) -> Answer | None:
        return next((one for one in self.all_answers if one.question.code == code), None)


def history(access: Access) -> list[Directive]:
    """What is not signed yet is its author's only."""
    rows = signing.history(access, Directive)
    return rows if access.can(Right.WILL) else [row for row in rows if row.is_signed]


def find(access: Access, one_uid: str) -> Directive | None:
    return next((row for row in history(access) if row.uid == one_uid), None)


def find_readable(access: Access, one_uid: str) -> Directive | None:
    """Those who treat the person read what holds, and nothing else."""
    one = find(access, one_uid)
    return one if one and (access.can(Right.PEOPLE) or one.state is State.VALID) else None


def find_draft(access: Access, one_uid: str) -> Directive | None:
    """One that is written here, and not signed: its answers may change."""
    one = find(access, one_uid)
    return one if one and one.prepared_here and not one.is_signed else None


def begin(access: Access, model: Model, again: bool = False) -> Directive:
    """Write new ones, or go on with those begun, which keep their answers. `again`: start from
    the answers of the last ones written."""
    signing.check_adult(access)
    with transaction():
        rows = history(access)
        one = signing.in_preparation(rows)
        if one is None:
            last = next((row for row in rows if row.prepared_here), None)
            answers = last.answers if again and last else "{}"
            one = Directive(record=access.record, way=Way.WRITTEN, answers=answers)
        one.model, one.ready_at = model.value, None
        one.save()
        journal.write(access.record, access.actor, journal.Act.BEGAN_DIRECTIVE)
    return one


def answer(access: Access, one: Directive, code: str, choice: str, words: str) -> None:
    """Keep an answer, even an empty one. Raises Refusal for one that is too long."""
    access.require(Right.WILL)
    words = tidy_lines(words)
    if len(words) > LONGEST_ANSWER:
        raise Refusal(
            f"C'est trop long : {LONGEST_ANSWER} signes au plus, il y en a {len(words)}. "
            "Coupez un peu, ou joignez un papier.",
            "words",
        )
    question = one.answer_to(code).question
    choice = choice if choice in (*question.answers, UNKNOWN) else ""
    with transaction():
        # Another device may have answered another question meanwhile.
        fresh = Directive.get_or_none((Directive.id == one.id) & Directive.signed_on.is_null())
        if fresh is None:
            raise Refusal("Ces directives ne changent plus : un autre appareil les a finies.")
        kept = json.loads(fresh.answers) | {code: {"choice": choice, "words": words}}
        one.answers, one.ready_at = json.dumps(kept, ensure_ascii=False), None
        one.save(only=[Directive.answers, Directive.ready_at])
        journal.write_once(access, journal.Act.ANSWERED_DIRECTIVE)


def read(access: Access, one: Directive) -> None:
    """The journal is told hourly."""
    journal.write_once(access, journal.Act.READ_DIRECTIVE, name=one.paper_title(one.signed_on))


def finish(
    access: Access, one: Directive, birthplace: str, protection: Protection, witnessed: bool
) -> None:
    """The document may be printed and signed. Raises Refusal while it says nothing."""
    access.require(Right.WILL)
    birthplace = tidy(birthplace)
    if not birthplace:
        raise Refusal("Écrivez votre ville et votre pays de naissance.", "birthplace")
    if len(birthplace) > LONGEST_PLACE:
        raise Refusal(f"C'est trop long : {LONGEST_PLACE} lettres au plus.", "birthplace")
    if not one.given_answers:
        raise Refusal("Répondez d'abord à une question au moins : la page est vide.")
    one.protection, one.witnessed, one.ready_at = protection.value, witnessed, clock.now()
    with transaction():
        signing.check_unsigned(one)
        access.record.birthplace = birthplace
        access.record.save(only=[Record.birthplace])
        one.save(only=[Directive.protection, Directive.witnessed, Directive.ready_at])
        journal.write(access.record, access.actor, journal.Act.FINISHED_DIRECTIVE)


def deposit(
    access: Access, on: date | None, papers: Papers, place: str, protection: Protection, limits
) -> Directive:
    """A paper already written and signed. Raises Refusal."""
    one = Directive(record=access.record, way=Way.PAPER, protection=protection)
    one.place = _place(place, "place")
    one.state = signing.sign(access, one, on, papers, limits)
    return one


def declare(access: Access, on: date | None, place: str, keeper: str) -> Directive:
    """They exist, on paper, somewhere else (R1111-19). Raises Refusal."""
    signing.check_adult(access)
    signing.check_signature_day(access, on)
    if not tidy(place) and not tidy(keeper):
        raise Refusal("Dites où est le papier, ou qui le garde.", "place")
    told = {"signed_on": on, "place": _place(place, "place"), "keeper": _place(keeper, "keeper")}
    with transaction():
        # A form sent twice says it once.
        same = (row for row in history(access) if _says(row, told))
        one = next(same, None)
        if one is None:
            one = Directive(record=access.record, way=Way.ELSEWHERE, signed_at=clock.now(), **told)
            one.save(force_insert=True)
            journal.write(access.record, access.actor, journal.Act.DECLARED_DIRECTIVE)
    return find(access, one.uid)


def read_again(access: Access, one: Directive) -> None:
    """The person read them, and keeps them as they are."""
    access.require(Right.WILL)
    with transaction():
        one.read_again_at = clock.now()
        one.save(only=[Directive.read_again_at])
        journal.write(access.record, access.actor, journal.Act.REREAD_DIRECTIVE)


def valid(rows: list[Directive]) -> Directive | None:
    return next((row for row in rows if row.state is State.VALID), None)


def why_read_again(one: Directive, trust_changed_at) -> str:
    """What calls for reading them again, or nothing. `trust_changed_at`: the last change of
    trusted person."""
    last = one.read_again_at or one.signed_at
    if trust_changed_at and trust_changed_at > last:
        return "Votre personne de confiance a changé depuis."
    if clock.now() - last > READ_AGAIN_AFTER:
        return "Vous ne les avez pas relues depuis trois ans."
    return ""


def remind() -> int:
    """Write to those who have not read theirs for three years; how many."""
    before = clock.now() - READ_AGAIN_AFTER
    rows = (
        Directive.select(Directive, Record)
        .join(Record)
        .where(
            (Directive.signed_at < before)
            & Directive.revoked_at.is_null()
            & Record.closed_at.is_null()
            & (Directive.read_again_at.is_null() | (Directive.read_again_at < before))
            & (Directive.reminded_at.is_null() | (Directive.reminded_at < before))
        )
    )
    return sum(_remind(row) for row in list(rows) if not signing.has_newer(row))


def remind_of_change(record: Record) -> None:
    """The trusted person has changed: call it inside the transaction of the change."""
    in_force = Directive.select().where(
        (Directive.record == record)
        & Directive.signed_on.is_null(False)
        & Directive.revoked_at.is_null()
    )
    if any(not signing.has_newer(row) for row in in_force):
        _write_to_holder(record)


def _says(row, told):
    declared = row.way == Way.ELSEWHERE and not row.revoked_at
    return declared and all(getattr(row, name) == value for name, value in told.items())


def _remind(row):
    with transaction():
        row.reminded_at = clock.now()
        row.save(only=[Directive.reminded_at])
        return _write_to_holder(row.record)


def _write_to_holder(record):
    holder = holder_of(record)
    if holder:
        notice.write(holder.email, "Une page à relire", REMINDER)
    return holder is not None


def _place(text, field):
    place = tidy(text)
    if len(place) > LONGEST_PLACE:
        raise Refusal(f"C'est trop long : {LONGEST_PLACE} lettres au plus.", field)
    return place

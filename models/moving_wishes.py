"""« Entourage et volontés », as an archive brings it: each part only where there is none here.
What is there is never changed, and what is not taken is told.

What makes a paper valid is on the paper: it is one of the archive's, or nothing is signed."""

import json
from datetime import date, datetime

from . import attachment, clock, contact, journal, moving_item, signing, wishes
from .access import Access, Right
from .contact import Contact
from .designation import SAYS, Designation, check_person
from .directive import LONGEST_ANSWER, LONGEST_PLACE, Directive, Way
from .document import Document
from .formats.kinds import PDF
from .journal import Act
from .moving import Moving
from .moving_item import Verdict
from .person import Told
from .record import Record
from .reference import types
from .reference.directives import FORMS, UNKNOWN, Model
from .refusal import Refusal
from .signing import Protection
from .words import fold, tidy_lines

MANY = 10**6
PEOPLE_KEPT = (
    "Les personnes de votre entourage déjà ici sont gardées. Celles de l'archive ne sont pas "
    "ajoutées."
)
WISH_KEPT = (
    "Ce papier de « Entourage et volontés » est gardé parmi les documents, masqué aux "
    "professionnels."
)
DESIGNATIONS_KEPT = (
    "Une personne de confiance est déjà désignée ici, ou va l'être : c'est gardé. Celle de "
    "l'archive n'est pas ajoutée."
)
DIRECTIVES_KEPT = (
    "Des directives anticipées sont déjà ici : elles sont gardées. Celles de l'archive ne sont pas "
    "ajoutées."
)
NOT_HERS = (
    "La personne de confiance et les directives ne sont pas ajoutées : seule la personne "
    "concernée, majeure, en décide."
)
REFUSED = "{name} n'est pas dans l'entourage : {sentence}"
UNSIGNED = "« {what} » n'est pas complet dans l'archive, papier compris : il n'est pas ajouté."
WHAT = {Designation: "Personne de confiance", Directive: "Directives anticipées"}


def may_bring(one: Moving, access: Access) -> bool:
    """Whether her will may come with it."""
    told = (one.details.get("about") or {}).get("wishes")
    return bool(told) and access.can(Right.WILL) and access.record.adult


def bring(one: Moving, access: Access) -> list[str]:
    """What is told of it once done. Call it inside a transaction."""
    about, notes = one.details["about"], []
    here = {kind: _any(kind, access.record) for kind in (Contact, Designation, Directive)}
    if about["wishes"]:
        people = _people(access, about["wishes"], here[Contact], notes)
        _bring_will(one, access, people, here, notes)
        if not any(here.values()) and access.can(Right.WILL):
            _choose_readers(access, about["shown"])
    _keep_of_record(access.record, about)
    _let_go(one)
    return notes


def _bring_will(one, access, people, here, notes):
    told = one.details["about"]["wishes"]
    if not (told["designations"] or told["directives"]):
        return
    if not may_bring(one, access):
        notes.append(NOT_HERS)
        return
    kinds = (
        (Designation, told["designations"], _designation, DESIGNATIONS_KEPT),
        (Directive, told["directives"], _directive, DIRECTIVES_KEPT),
    )
    for kind, rows, make, kept in kinds:
        if rows and here[kind]:
            notes.append(kept)
            continue
        for row in reversed(rows):  # they are told the newest first
            if not _bring_one(one, access, row, make(access.record, row, people)):
                notes.append(UNSIGNED.format(what=WHAT[kind]))
        signing.name_papers(access, kind)


def _any(kind, record):
    rows = kind.select().where(kind.record == record)
    return (rows.where(Contact.removed_at.is_null()) if kind is Contact else rows).exists()


def _people(access, told, here, notes) -> dict[int, Contact]:
    """By their number in the archive; those who are here already keep what is said of them here."""
    known = {fold(each.name): each for each in contact.all_of(access)}
    rows, named = told["people"], {one["person"] for one in told["designations"]}
    found = {}
    if here and rows:
        notes.append(PEOPLE_KEPT)
    for row in sorted(rows, key=lambda row: row["call_rank"] or MANY):
        name = f"{row['given_name']} {row['family_name']}"
        same = known.get(fold(name))
        try:
            # Who is named in a designation comes with it; the others only where there is nobody.
            if not same and (not here or row["number"] in named):
                same = _person(access, row)
        except Refusal as refusal:
            notes.append(REFUSED.format(name=name, sentence=refusal.sentence))
        found[row["number"]] = same
    return {number: each for number, each in found.items() if each}


def _person(access, row):
    names = ("given_name", "family_name", "link", "link_words", "phone", "other_phone", "email")
    told = Told(
        **{name: row[name] for name in (*names, "postal_address", "carer", "parent")},
        birth_date=_day(row["birth_date"]),
        called=row["call_rank"] is not None and not row["removed_at"],
    )
    made = contact.add(access, told)
    made.added_at, made.removed_at = _moment(row["added_at"]) or clock.now(), None
    if row["removed_at"]:
        made.removed_at = _moment(row["removed_at"])
    made.save()
    return made


def _designation(record, row, people):
    """None where it cannot be of this person."""
    person = people.get(row["person"])
    try:
        if person:
            check_person(record, person)
        elif row["signed_on"]:
            return None
    except Refusal:
        return None
    return Designation(
        contact=person,
        says=json.dumps([code for code in SAYS if code in row["says"]]),
        **{name: _moment(row[name]) for name in ("told_at", "accepted_at", "declined_at")},
        **_signed(record, row),
    )


def _directive(record, row, people):
    way, model = row["way"], row["model"]
    if way not in list(Way) or (way == Way.WRITTEN and model not in list(Model)):
        return None
    return Directive(
        way=way,
        model=model if model in list(Model) else "",
        answers=json.dumps(_answers(model, row["answers"]), ensure_ascii=False),
        place=row["place"][:LONGEST_PLACE],
        keeper=row["keeper"][:LONGEST_PLACE],
        read_again_at=_moment(row["read_again_at"]),
        **_signed(record, row),
    )


def _answers(model, told):
    """Of the questions that its form asks."""
    questions = FORMS[Model(model)].questions if model in list(Model) else ()
    kept = {}
    for one in questions:
        answer = told.get(one.code)
        if answer:
            choice = answer["choice"] if answer["choice"] in (*one.answers, UNKNOWN) else ""
            kept[one.code] = {"choice": choice, "words": _words(answer["words"])}
    return kept


def _words(text):
    return tidy_lines(text)[:LONGEST_ANSWER]


def _signed(record, row):
    known = row["protection"] in list(Protection)
    return {
        "record": record,
        "begun_at": _moment(row["begun_at"]) or clock.now(),
        "protection": row["protection"] if known else Protection.NONE.value,
        "witnessed": row["witnessed"],
        "ready_at": _moment(row["ready_at"]),
    }


def _bring_one(one, access, row, made) -> bool:
    """Whether it is whole."""
    if made is None:
        return False
    if not row["signed_on"]:
        return _bring_draft(access, made)
    on, ended = _day(row["signed_on"]), _day(row["revoked_on"])
    papers = [_paper(one, row[name]) for name in ("paper", "authorisation")]
    if not _holds(access, made, on, ended, papers):
        return False
    made.paper, made.authorisation = papers
    made.signed_on, made.signed_at = on, _moment(row["signed_at"]) or clock.now()
    if ended:
        made.revoked_on, made.revoked_at = ended, _moment(row["revoked_at"]) or clock.now()
    made.save(force_insert=True)
    for paper in filter(None, papers):
        attachment.mark(paper)
    act = made.acts.signed if made.paper else Act.DECLARED_DIRECTIVE
    journal.write(access.record, access.actor, act, made.paper)
    if ended:
        journal.write(access.record, access.actor, made.acts.revoked, on=ended.isoformat())
    return True


def _bring_draft(access, made):
    """What is in preparation: there is one at a time."""
    made.paper = made.authorisation = None
    if not getattr(made, "prepared_here", True):
        return False
    kind = type(made)
    if kind.select().where((kind.record == made.record) & kind.signed_on.is_null()).exists():
        return False
    made.save(force_insert=True)
    begun = Act.BEGAN_DESIGNATION if kind is Designation else Act.BEGAN_DIRECTIVE
    journal.write(access.record, access.actor, begun)
    return True


def _holds(access, made, on, ended, papers):
    """What signing.py asks of what is signed here is asked of what was signed there."""
    paper, authorisation = papers
    elsewhere = getattr(made, "way", "") == Way.ELSEWHERE
    if elsewhere and not (made.place or made.keeper):
        return False
    if not elsewhere and (paper is None or paper == authorisation):
        return False
    if made.represented and not authorisation and not elsewhere:
        return False
    if ended and not on <= ended <= clock.today():
        return False
    try:
        signing.check_signature_day(access, on)
    except Refusal:
        return False
    return True


def _paper(one, path) -> Document | None:
    """It is seen, and not in the bin."""
    found = moving_item.at(one, path) if path else None
    if found is None or found.binned_at:
        return None
    return found if found.media_type == PDF or found.media_type.startswith("image/") else None


def _choose_readers(access, shown):
    if access.record.wishes_shown != shown:
        wishes.choose_readers(access, shown)


def _keep_of_record(record, about):
    """What is not known here."""
    read = _moment(about["organs_read_at"])
    if read and not record.organs_read_at:
        record.organs_read_at = read
    if about["birthplace"] and not record.birthplace:
        record.birthplace = about["birthplace"]
    record.save(only=[Record.organs_read_at, Record.birthplace])


def _let_go(one):
    """A paper that nothing here is signed with is a document: hidden as it was from whoever may not
    read the wishes."""
    for item in moving_item.wishes_of(one):
        document = item.document
        if types.is_wish(document.type_code) or attachment.is_attached(document):
            continue
        document.wish, document.masked = False, True
        document.masking_rank = one.record.masking_rank
        document.save(only=[Document.wish, Document.masked, Document.masking_rank])
        item.settle(Verdict.TAKEN, WISH_KEPT, document)


def _moment(text):
    """Never in the future."""
    return min(datetime.fromisoformat(text), clock.now()) if text else None


def _day(text):
    return date.fromisoformat(text) if text else None

"""Taking in what an archive brings, once the person said so: its documents one by one, each in a
transaction that counts it; then its folders, its versions and its wishes. Whatever stops it, it
goes on from there: none is lost, none is taken twice."""

import re
import time
from datetime import date, datetime, timedelta

from . import (
    bin,
    clock,
    deposit,
    filing,
    folder,
    guessing,
    journal,
    lot,
    masking,
    moving_item,
    moving_wishes,
    twins,
    version,
)
from . import header as headers
from .access import Access
from .database import transaction
from .deposit import Description, Incoming, Limits
from .document import Document
from .folder import Folder
from .formats import kinds
from .header import Header
from .journal import Act
from .moving import Form, Moving, Stage, forget_content
from .moving_item import Claimed, Item, Verdict
from .moving_reading import DAMAGED, already, answers
from .reference import types
from .reference.categories import LABELS
from .refusal import Refusal
from .vault import Damaged, Spool
from .words import day, fold, tidy

# Taken in one step at most, and how long it goes on, but for the document it is at.
TAKEN, SECONDS = 20, 1.5
BROUGHT = "Apporté d'un autre espace de santé, qui le disait ajouté par {by}{when}."
BROUGHT_BEFORE = re.compile(
    r"Apporté d'un autre espace de santé, qui le disait ajouté par [^.]{1,150}\."
)
OTHER = "AUTR_DOC"
UNREADABLE = "L'archive ne se lit plus : le reste n'est pas ajouté."


def step(one: Moving, access: Access, limits: Limits) -> bool:
    """Whether there is more."""
    items = moving_item.next_of(one, Verdict.TAKE, TAKEN)
    if items:
        begin(one, access)
        try:
            _take_some(one, access, limits, items)
        except Damaged:
            _give_up(one)
        except Claimed:
            return False
        return True
    _finish(one, access)
    return False


def begin(one: Moving, access: Access) -> None:
    """The choice made for all documents, where there was none here: it holds before the first."""
    about = one.details.get("about", {})
    if about.get("masked") and one.details["empty"] and not one.details.get("begun"):
        with transaction():
            if not access.record.masked_by_default:
                masking.choose_all(access, True)
            one.tell(begun=True)


def _take_some(one, access, limits, items):
    """Those that the child has given when time is up; whoever stops listening ends it."""
    until, left = time.monotonic() + SECONDS, list(items)
    spool = Spool(limits.document)
    try:
        for said in answers(one, limits, "give", entries=[item.entry for item in items]):
            if "data" in said:
                spool.write(said["data"])
            elif "given" in said:
                _take(one, access, limits, left.pop(0), None if "damaged" in said else spool)
                spool.discard()
                if time.monotonic() >= until:
                    return
                spool = Spool(limits.document)
    finally:
        spool.discard()
    # The child went wrong on this one: the others are asked of another child.
    if left:
        _settle(one, left[0], Verdict.REFUSED, DAMAGED)


def _take(one, access, limits, item, spool):
    if spool is not None:
        spool.finish()
    if spool is None or not _is_the_one(item, spool):
        return _settle(one, item, Verdict.REFUSED, DAMAGED)
    known = twins.known(access, spool)
    if known:
        return _settle(one, item, Verdict.KNOWN, already(known), known)
    try:
        return _deposit(one, access, limits, item, spool)
    except Refusal as refusal:
        return _settle(one, item, Verdict.REFUSED, refusal.sentence)


def _is_the_one(item, spool):
    return not spool.too_large and item.sha256 in ("", spool.digest.hexdigest())


def _settle(one, item, verdict, sentence, document=None):
    with transaction():
        item.claim()
        item.settle(verdict, sentence, document)
        one.job.advance(1)


def _deposit(one, access, limits, item, spool):
    told = item.details
    items = _opened(item, spool, limits)
    described = _description(one, access, told)
    incoming = [Incoming(spool, told["filename"], described)]
    if items:
        incoming = [Incoming(each.spool, each.name, _of_lot(described, each)) for each in items]
    try:
        deposit.put_all(
            access.record,
            access.actor,
            incoming,
            limits,
            access,
            settle=lambda made: _settled(one, access, item, told, made),
        )
    finally:
        lot.discard(items or ())


def _opened(item, spool, limits):
    """What health software exchanges may hold several documents (lot.py)."""
    if item.details.get("kind") not in (kinds.ZIP, kinds.TEXT, kinds.JSON):
        return None
    return lot.opened(spool, item.title, limits)


def _of_lot(described, each):
    return Description(folder=described.folder, header=each.header, dated=None, masked=None)


def _description(one, access, told):
    header, exchanged = Header(), told.get("kind") in (kinds.XML, kinds.JSON)
    if told.get("header"):
        header = headers.from_json(told["header"])
    category = told.get("category", "")
    if category not in LABELS:
        category = OTHER if one.form == Form.CARNET else ""
    if one.form == Form.FOLDERS and not category and not exchanged:
        category = OTHER
    return Description(
        # What a file says of itself is better than what its name does.
        category="" if exchanged else category,
        dated=_day(told.get("dated")) or (None if exchanged else _zipped(told)),
        title="" if exchanged else told.get("title", ""),
        author=told.get("author", ""),
        folder=_folder(access, told.get("folder", "")),
        wish=_is_paper(told, header) and moving_wishes.may_bring(one, access),
        header=header,
    )


def _is_paper(told, header):
    """What says so by its type is one by itself (incoming.py)."""
    return bool(told.get("wish")) and not types.is_wish(header.type_code)


def _settled(one, access, item, told, made):
    """Inside the transaction that makes them."""
    item.claim()
    for document in made:
        document.record = access.record
        if one.form == Form.CARNET:
            _as_before(one, access, document, told)
    item.settle(Verdict.TAKEN, _remark(told, made[0]), made[0])
    for document in made[1:]:
        moving_item.add(one, item, document)
    one.job.advance(1)


def _as_before(one, access, document, told):
    _mask(one, access.record, document, told)
    if told.get("pinned_at"):
        document.pinned_at = min(datetime.fromisoformat(told["pinned_at"]), clock.now())
    document.warning = " ".join(filter(None, (document.warning, _brought(told)))) or None
    if told.get("binned_at") and document.changeable:
        document.binned_at = _in_bin_since(told["binned_at"])
        journal.write(access.record, access.actor, Act.BINNED, document)
    document.save()


def _mask(one, record, document, told):
    """As it was there; never shown where it was masked, there or here."""
    about, own = one.details["about"], told.get("masked")
    was = about["masked"] if own is None else own
    if document.wish:
        # No choice made for all is one for it.
        was = own = bool(own)
    elif told.get("wish"):
        was = own = True
    # What she had shown one by one stays so, where the choice made for all is the same.
    alike = one.details["empty"] and about["masked"] == record.masked_by_default
    if own is not None and (was or alike):
        document.masked, document.masking_rank = was, record.masking_rank
    elif was and not record.masked_by_default:
        document.masked, document.masking_rank = True, record.masking_rank
    else:
        document.masked, document.masking_rank = False, 0


def _brought(told):
    """Who deposited it there: what the archive says, never what this Carnet knows."""
    before = BROUGHT_BEFORE.search(told.get("warning", ""))
    if before:
        return before[0]
    if told.get("own") or not told.get("by"):
        return ""
    at = told.get("deposited_at")
    when = f" le {day(datetime.fromisoformat(at).astimezone(clock.PARIS).date())}" if at else ""
    return BROUGHT.format(by=tidy(told["by"].replace(".", " "))[:100], when=when)


def _in_bin_since(told):
    """What would be erased at once has its thirty days from now."""
    now, since = clock.now(), datetime.fromisoformat(told)
    return since if now - timedelta(days=bin.DAYS - 1) < since <= now else now


def _remark(told, document):
    return moving_wishes.WISH_KEPT if told.get("wish") and not document.wish else ""


def _day(told):
    try:
        return filing.checked_date(date.fromisoformat(told)) if told else None
    except Refusal:
        return None


def _zipped(told):
    try:
        return guessing.day_zipped(told.get("zipped", ""))
    except ValueError:
        return None


def _folder(access, name) -> Folder | None:
    """The one of this name that is here already, or else a new one."""
    name = tidy(name)[: folder.LONGEST]
    if not name:
        return None
    with transaction():
        here = access.folders().where(Folder.key == fold(name)).first()
        return here or folder.make(access, name)


def _finish(one, access):
    """Once every document is dealt with. In a few transactions, each of which may be done again."""
    about = one.details.get("about") or {}
    for name in about.get("folders", ()):
        _folder(access, name)
    with transaction():
        _link_versions(one, access)
        notes = moving_wishes.bring(one, access) if about else []
        name = one.content
        one.content, one.finished_at = "", clock.now()
        one.told = "{}"
        one.save(only=[Moving.content, Moving.finished_at])
        one.tell(notes=notes, site=about.get("site", ""), made_at=about.get("made_at", ""))
        one.become(Stage.DONE)
        number = moving_item.counts(one)[Verdict.TAKEN]
        journal.write(access.record, access.actor, Act.MOVED_IN, documents=number)
    forget_content(name)


def _link_versions(one, access):
    """As the archive says, between documents that it brought: one line, without fork nor loop."""
    for item in moving_item.newer_ones(one):
        document = Document.get_by_id(item.document_id)
        older = moving_item.at(one, item.details["replaces"])
        if older is None or document.replaces_id or not older.by_member:
            continue
        document.record = older.record = access.record
        forked = Document.select().where(Document.replaces == older).exists()
        if not forked and document not in version.all_of(older):
            version.place(document, older, None)


def _give_up(one):
    """The vault cannot read it any more: what is taken stays, what is left is said so."""
    with transaction():
        left = (Item.moving == one) & (Item.verdict == Verdict.TAKE.value)
        number = Item.update(verdict=Verdict.REFUSED.value, sentence=UNREADABLE).where(left)
        one.job.advance(number.execute())

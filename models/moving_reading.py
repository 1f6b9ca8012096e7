"""What an archive holds, before anything of it is taken: whose it is, its documents one by one, and
why some will not be. The child reads it (formats/moving_zip.py)."""

import json
from collections.abc import Iterator

from . import guessing, manifest_reading, matching, moving_item, moving_rows
from .access import Access
from .database import transaction
from .deposit import Limits
from .document import Document
from .formats import kinds
from .formats.unpacking import asked
from .job import Job
from .moving import Form, Moving, Stage, forget_content, limit_of
from .moving_item import Item, Verdict
from .refusal import Refusal
from .seeking import Seekable
from .vault import Damaged, Spool

CHILD = "models.formats.moving_zip"
SECONDS = 300
# Looked at in one step: files, and bytes.
EXAMINED, EXAMINED_BYTES = 200, 100_000_000
# Bytes between two signs of life.
TELL_EVERY = 50_000_000
# Beside the documents: pages to read them, lists, the files again for other software.
TIMES = 4
REFUSED = {
    "broken": "Ce fichier n'est pas une archive ZIP, ou il est abîmé. Demandez-en une autre copie.",
    "too_many": "Cette archive contient trop de fichiers : Carnet n'en lit pas tant à la fois.",
    "too_large": "Une fois ouverte, cette archive serait trop grosse pour un espace.",
    "trap": "Cette archive contient un piège : un nom dangereux, ou des fichiers qui se "
    "recouvrent. Rien n'en est lu.",
    "old_seal": "Cette archive est protégée d'une façon trop ancienne. Ouvrez-la sur votre "
    "appareil, puis refaites une archive.",
    "document": "Ce fichier est un document que des logiciels s'échangent (XDM). Ajoutez-le par la "
    "page « Ajouter des documents ».",
    "manifest": "Cette archive dit venir d'un Carnet, mais sa description (carnet.json) est "
    "abîmée.",
    "newer": "Cette archive vient d'un Carnet plus récent que celui-ci. Demandez à votre "
    "association de mettre ce site à jour.",
}
ANOTHER = "Cette archive est celle de quelqu'un d'autre : {what} ne correspond pas."
EMPTY = "Cette archive ne contient aucun document."
DAMAGED = "Ce document est abîmé dans l'archive : ses octets ne sont pas ceux annoncés."
NO_ROOM = "L'espace serait plein : {most} Mo au plus."
NOT_ACCEPTED = "Ce genre de fichier n'est pas accepté{what}."
KNOWN = "Déjà dans l'espace : « {title} »{where}."
TWICE = "Deux fois dans l'archive : il est pris une fois."
WRONG = "Ce mot de passe n'est pas le bon. Vérifiez les majuscules, et l'ordre des mots."


def step(one: Moving, access: Access, limits: Limits) -> bool:
    """Whether there is more."""
    try:
        if not one.details.get("recognised"):
            return _recognise(one, access, limits)
        if examine_some(one, limits):
            return True
    except Damaged as fault:
        refuse(one, REFUSED["broken"])
        raise Refusal(REFUSED["broken"]) from fault
    judge(one, access, limits)
    return False


def answers(one: Moving, limits: Limits, do: str, **more) -> Iterator[dict]:
    """What the child says. Raises Damaged where the vault cannot read the archive."""
    password = one.details.get("password", "")
    with Seekable(one.content) as file:
        question = {"do": do, "size": file.size, "most": _most(limits), "password": password}
        yield from asked(CHILD, question | more, file, SECONDS)


def refuse(one: Moving, sentence: str) -> None:
    """The whole of it; its file is not kept."""
    name = one.content
    with transaction():
        one.content = ""
        one.save(only=[Moving.content])
        Item.delete().where(Item.moving == one).execute()
        one.told = "{}"
        one.tell(sentence=sentence)
        one.become(Stage.REFUSED)
    if name:
        forget_content(name)


def judge(one: Moving, access: Access, limits: Limits) -> None:
    """Once all is known of each: what is there already, what has no room; then she is asked."""
    room, seen = limits.record - access.record.used, set()
    with transaction():
        if one.form == Form.FOLDERS and not Item.select().where(Item.moving == one).exists():
            refuse(one, EMPTY)
            return
        here = _known(one, access)
        for item in moving_item.light(one, Verdict.TAKE):
            if item.sha256 in here:
                known = here[item.sha256]
                item.settle(Verdict.KNOWN, already(known), known)
            elif item.sha256 in seen:
                item.settle(Verdict.KNOWN, TWICE)
            elif item.size > room:
                item.settle(Verdict.REFUSED, NO_ROOM.format(most=limits.record // 1_000_000))
            else:
                room -= item.size
            seen.add(item.sha256)
        one.become(Stage.PREVIEW)


def already(known: Document) -> str:
    where = ", dans la corbeille" if known.binned_at else ""
    return KNOWN.format(title=known.title, where=where)


def examine_some(one: Moving, limits: Limits) -> bool:
    """What some files are, of those that nothing describes; whether there were any."""
    items, weight = [], 0
    for item in moving_item.next_of(one, Verdict.NONE, EXAMINED):
        weight += item.size
        if items and weight > EXAMINED_BYTES:
            break
        items.append(item)
    if not items:
        return False
    asked_for = [item.entry for item in items]
    found = {
        said["entry"]: said
        for said in answers(one, limits, "examine", entries=asked_for)
        if "entry" in said
    }
    with transaction():
        for item in items:
            _examined(item, found.get(item.entry, {"damaged": True}))
        one.job.advance(len(items))
    return True


def _recognise(one, access, limits):
    said = list(answers(one, limits, "look"))
    end, about = said[-1] if said else {}, said[0] if said else {}
    if end.get("refused") == "password":
        return _ask_password(one)
    if "done" not in end:
        refuse(one, REFUSED.get(end.get("refused"), REFUSED["broken"]))
        return False
    if not about["sealed"]:
        _forget_password(one)
    if about["inner"] is not None:
        return _unwrap(one, about["inner"], limits)
    if about["manifest"]:
        return _read_manifest(one, access, limits)
    return _list_files(one, [each for each in said if "entry" in each], limits)


def _ask_password(one):
    tried = bool(one.details.get("password"))
    with transaction():
        one.tell(password="", sentence=WRONG if tried else "")
        one.become(Stage.PROTECTED)
    return False


def _forget_password(one):
    """It opens nothing here."""
    with transaction():
        one.tell(password="")


def _unwrap(one, entry, limits):
    """The archive is the only file of another, under the password: the inner one is kept instead,
    encrypted as all that the vault holds."""
    spool, before = Spool(limit_of(limits)), one.content
    try:
        done = _write(one, answers(one, limits, "give", entries=[entry]), spool)
        if not done or spool.too_large:
            refuse(one, REFUSED["too_large" if spool.too_large else "broken"])
            return False
        with transaction():
            one.content = spool.keep()
            one.save(only=[Moving.content])
            one.tell(password="")
    finally:
        spool.discard()
    forget_content(before)
    return True


def _write(one, said, spool: Spool) -> bool:
    """The file that comes, to its end; whether it is whole."""
    told = 0
    for message in said:
        if "data" in message:
            spool.write(message["data"])
            if spool.size - told > TELL_EVERY:
                told = _still_here(one, spool.size)
        elif "given" in message:
            spool.finish()
            return not message.get("damaged")
    return False


def _still_here(one, size):
    """Whoever waits for its job to be silent would take it over."""
    with transaction():
        one.job.advance(0)
    return size


def _read_manifest(one, access, limits):
    said = answers(one, limits, "manifest", activity=moving_rows.ACTIVITY)
    first = next(said, {})
    if "manifest" not in first:
        refuse(one, REFUSED.get(first.get("refused"), REFUSED["manifest"]))
        return False
    try:
        about = manifest_reading.about(first["manifest"])
        fault = matching.contradiction(access.record, manifest_reading.person(about))
        if fault:
            refuse(one, ANOTHER.format(what=fault))
            return False
        _fill(one, Form.CARNET, _described(said, limits), about=about)
    except ValueError:
        refuse(one, REFUSED["manifest"])
        return False
    return True


def _described(said, limits):
    """Raises ValueError, where the child did not come to its end too."""
    for message in said:
        if "document" in message:
            yield moving_rows.described(message, limits)
        elif "activity" in message:
            yield moving_rows.activity(message, limits)
        elif "done" in message:
            return
    raise ValueError("cut short")


def _list_files(one, said, limits):
    folders = guessing.folders_of([each["name"] for each in said])
    _fill(one, Form.FOLDERS, (moving_rows.guessed(each, folders, limits) for each in said))
    return True


def _fill(one, form, rows, **more):
    """A few at a time; what a reading that was stopped had found is forgotten first."""
    with transaction():
        Item.delete().where(Item.moving == one).execute()
    number = moving_item.insert(one, rows)
    with transaction():
        one.form = form.value
        one.save(only=[Moving.form])
        one.tell(recognised=True, sentence="", **more)
        one.job.total = number if form is Form.FOLDERS else 0
        one.job.save(only=[Job.total])


def _examined(item, said):
    """By its first bytes; those that a document hides are seen as it is taken."""
    if said.get("damaged"):
        return item.settle(Verdict.REFUSED, DAMAGED)
    kind, what = said["kind"], said["what"]
    if kind == kinds.ZIP and not said["known"]:
        kind, what = None, "une archive dans l'archive"
    if kind is None:
        what = f" : c'est {what}" if what else ""
        return item.settle(Verdict.REFUSED, NOT_ACCEPTED.format(what=what))
    item.sha256, told = said["sha256"], item.details | {"kind": kind}
    item.told = json.dumps(told, ensure_ascii=False)
    item.save(only=[Item.sha256, Item.told])
    return item.settle(Verdict.TAKE)


def _known(one, access):
    """The documents that are here already, by their bytes; those in the bin too."""
    mine = Item.select(Item.sha256).where((Item.moving == one) & (Item.sha256 != ""))
    rows = Document.select().where(access.sees() & Document.sha256.in_(mine))
    return {row.sha256: row for row in rows.order_by(Document.binned_at.is_null())}


def _most(limits):
    """Bytes, of all that an archive holds once it is opened."""
    return TIMES * limit_of(limits)

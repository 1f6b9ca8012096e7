"""The standard call: software deposits documents by FHIR R4, and reads nothing (PDSm, IHE MHD)."""

import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore, Lock

from flask import Blueprint, current_app, g, request, url_for

from models import attempt, clock, source, submission
from models.deposit import Limits
from models.formats import fhir_ids, fhir_shapes, fhir_text, limits
from models.submission import Issue, Rejected
from models.vault import Spool

from . import capability
from .door import public
from .outcome import answer, outcome, refused

views = Blueprint("fhir", __name__)
_inside, _counting = Counter(), Lock()

OURS = ("application/fhir+json", "application/json", "application/json+fhir")
# How many at once, and of one source: beyond, one is told to come back. The other threads (app.py)
# are for people, even if some who are let in stop in the middle: the server waits for them without
# an end, unless a proxy before it does not (README). Few work at once, since each takes a processor
# for a while; the others wait for their turn.
MOST, MOST_OF_ONE, AT_WORK = 6, 2, BoundedSemaphore(2)
SECONDS, TURN = 60, 10
PIECE = 64 * 1024
CHALLENGE = 'Bearer realm="Carnet"'


def register(app):
    """Software has no cookie, so no page to have a token from."""
    app.extensions["csrf"].exempt(views)


@views.get("/fhir/metadata", provide_automatic_options=False)
@public
def metadata():
    return answer(capability.statement(), 200)


@views.post("/fhir", strict_slashes=False, provide_automatic_options=False)
@public
def transaction():
    return _deposit(fhir_shapes.TRANSACTION, _told_of_all)


@views.post("/fhir/DocumentReference", provide_automatic_options=False)
@public
def reference():
    return _deposit(fhir_shapes.REFERENCE, _told_of_one)


def _deposit(shape, told):
    """`told` draws the answer of what was taken."""
    try:
        one = _proven()
        _check_headers()
        with _let_in(one):
            return told(_taken(one, shape))
    except Rejected as rejected:
        return refused(*rejected.issues, **_headers(rejected.issues[0].fault))


@contextmanager
def _let_in(one):
    """Raises Rejected."""
    with _counting:
        if _inside.total() >= MOST or _inside[one.id] >= MOST_OF_ONE:
            raise Rejected(Issue("busy"))
        _inside[one.id] += 1
    try:
        yield
    finally:
        with _counting:
            _inside[one.id] -= 1


def _taken(one, shape):
    body = _received()
    if not AT_WORK.acquire(timeout=TURN):
        raise Rejected(Issue("busy"))
    try:
        settings = current_app.config["SETTINGS"]
        most = Limits(document=settings.max_document, record=settings.max_record)
        return submission.take(one, body, shape, most)
    finally:
        AT_WORK.release()


def _proven() -> source.Source:
    """Raises Rejected: the same for a token that nobody has, or no more. Whoever has one is let in
    however often others of the same address, an hospital, fail."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    one = source.proven(token.strip()) if kind.lower() == "bearer" else None
    if one:
        return one
    door = f"source-from:{request.remote_addr}"
    try:
        attempt.allow(door)
    except attempt.TooMany as error:
        raise Rejected(Issue("throttled")) from error
    attempt.failed(door)
    raise Rejected(Issue("login"))


def _check_headers():
    if "xml" in request.mimetype:
        raise Rejected(Issue("xml"))
    if request.mimetype not in OURS:
        raise Rejected(Issue("media-type"))
    if request.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise Rejected(Issue("encoding"))
    if (request.content_length or 0) > _most():
        raise Rejected(Issue("too-large"))


def _most() -> int:
    """In bytes: the largest document in base64, and what describes it."""
    in_base64 = current_app.config["SETTINGS"].max_document * 4 // 3 + 4
    return min(in_base64 + fhir_text.MOST_METADATA, limits.MAX_INPUT)


def _received() -> Spool:
    """The body, encrypted as it comes; discarded with the request. Raises Rejected."""
    spool, until = Spool(_most(), passing=True), time.monotonic() + SECONDS
    g.setdefault("spools", []).append(spool)
    stream, left = request.environ["wsgi.input"], request.content_length
    while left is None or left > 0:
        piece = stream.read(PIECE if left is None else min(PIECE, left))
        if not piece:
            break
        spool.write(piece)
        left = None if left is None else left - len(piece)
        if spool.too_large:
            raise Rejected(Issue("too-large"))
        if time.monotonic() > until:
            raise Rejected(Issue("slow"))
    if left:
        raise Rejected(Issue("bad-request"))
    spool.finish()
    return spool


def _headers(fault) -> dict[str, str]:
    if fault == "login":
        return {"WWW_Authenticate": CHALLENGE}
    if fault == "busy":
        return {"Retry_After": "1"}
    if fault in ("throttled", "queue-full"):
        return {"Retry_After": "60"}
    if fault == "daily-limit":
        tomorrow = clock.midnight(clock.today() + timedelta(days=1))
        return {"Retry_After": str(int((tomorrow - clock.now()).total_seconds()) + 1)}
    return {}


def _told_of_all(taken):
    """One entry for each that was sent, in the same order."""
    if not taken.kept:
        return _waits()
    of = {one.entry: one for one in taken.kept}
    entries = [
        {"response": _response(kind, of.get(number), taken.kept[0].document)}
        for number, kind in enumerate(taken.entries)
    ]
    return answer({"resourceType": "Bundle", "type": "transaction-response", "entry": entries}, 200)


def _response(kind, kept, first):
    """The ids of what is not a document are made of its own: nothing opens at them."""
    if kept is None and kind not in ("List", "Binary", "Bundle"):
        return {"status": "200 OK", "outcome": outcome(Issue("aside"))}
    document = kept.document if kept else first
    fault = "known" if kept and not kept.new else "kept"
    told = {
        "status": "200 OK" if fault == "known" else "201 Created",
        "location": f"{kind}/{fhir_ids.of(document.uid)}",
        "etag": 'W/"1"',
        "lastModified": document.deposited_at.isoformat(timespec="seconds"),
    }
    return told | (
        {"outcome": outcome(Issue(fault))} if kept and _wants("OperationOutcome") else {}
    )


def _told_of_one(taken):
    if not taken.kept:
        return _waits()
    (kept,) = taken.kept
    fault = "kept" if kept.new else "known"
    headers = {
        "Location": f"{_address()}/DocumentReference/{fhir_ids.of(kept.document.uid)}",
        "ETag": 'W/"1"',
    }
    status = 201 if kept.new else 200
    if _wants("minimal"):
        return answer(None, status, **headers)
    told = outcome(Issue(fault)) if _wants("OperationOutcome") else _reference(kept.document)
    return answer(told, status, **headers)


def _address():
    return current_app.config["SETTINGS"].address + url_for(".transaction")


def _waits():
    return answer(outcome(Issue("queued")), 202)


def _wants(what) -> bool:
    """« Prefer: return=… »"""
    return f"return={what}".lower() in request.headers.get("Prefer", "").lower()


def _reference(document) -> dict:
    """What a source is told of its own deposit: enough to recognise it."""
    told = {
        "resourceType": "DocumentReference",
        "id": fhir_ids.of(document.uid),
        "status": "current",
        "content": [{"attachment": {"contentType": document.media_type, "size": document.size}}],
    }
    if document.identifier:
        identifier = {"system": "urn:ietf:rfc:3986", "value": _uri(document.identifier)}
        told["masterIdentifier"] = identifier
    return told


def _uri(identifier):
    kind = "oid" if identifier.replace(".", "").isdecimal() else "uuid"
    return identifier if "^" in identifier else f"urn:{kind}:{identifier}"

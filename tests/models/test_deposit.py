"""A deposit: the file is taken whole, or refused with a sentence that helps."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image

from models import bin, browsing, clock, deposit, document, vault
from models.access import Forbidden, Role
from models.deposit import Description
from models.document import Document
from models.record import Record
from models.refusal import Refusal

from ..world import LIMITS, SURGERY, enrolled, spooled

TOLD = Description(category="CPT_REND", dated=date(2024, 3, 12))


def put(world, content, name="bilan.txt", access=None, limits=LIMITS, **told):
    spool = spooled(content, limits.document)
    try:
        return deposit.by_access(
            access or world.access("alice"), spool, name, replace(TOLD, **told), limits
        )
    finally:
        spool.discard()


def why_refused(world, *args, **told):
    before = (Document.select().count(), set(vault.names()))
    with pytest.raises(Refusal) as refused:
        put(world, *args, **told)
    assert (Document.select().count(), set(vault.names())) == before
    return refused.value.sentence


def picture(form="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (30, 40), "red").save(file, form)
    return file.getvalue()


def test_what_is_deposited_comes_back_and_says_what_it_is(world):
    content = picture()
    one = put(world, content, "photo.txt", author=" Dr Fictif ", folder=world.folder("Photos"))
    assert b"".join(document.download(world.access("alice"), one)) == content
    kept = Document.get_by_id(one.id)
    assert (kept.media_type, kept.size, kept.filename) == ("image/png", len(content), "photo.txt")
    assert (kept.title, kept.author, kept.folder.name) == ("photo", "Dr Fictif", "Photos")
    assert (kept.depositor_name, kept.depositor_role) == ("Alice Exemple", Role.HOLDER)
    assert kept.download_name == "photo.png"


def test_what_one_deposits_is_not_new_to_oneself(world):
    put(world, b"un")
    world.paper(by=SURGERY)
    assert browsing.unseen_count(world.access("alice")) == 1


@pytest.mark.parametrize(
    "content, name, why",
    [
        (b"", "vide.pdf", "« vide.pdf » est vide"),
        (b"<html><body>x</body></html>", "a.pdf", "c'est une page HTML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "c'est une image SVG"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "c'est un programme"),
        (b"alert(1)", "a.js", "c'est un programme"),
        (b"PK\x05\x06" + bytes(18), "a.docx", "c'est une archive"),
        (b"MZ" + bytes(200), "a.pdf", "c'est un programme"),
        (picture("GIF"), "a.jpg", "c'est une image GIF"),
        (b"%PDF-1.4\nabc", "a.pdf", "« a.pdf » est abîmé : aucun lecteur ne l'ouvre"),
        (picture()[:20], "a.png", "est abîmé"),
    ],
    ids=lambda told: "" if isinstance(told, bytes) else None,
)
def test_what_is_not_taken_says_why(world, content, name, why):
    sentence = why_refused(world, content, name)
    assert why in sentence
    if "n'est pas accepté" in sentence:
        assert sentence.endswith(
            "Formats acceptés : PDF, JPEG, PNG, WebP, HEIC, TIFF, TXT, RTF, DOCX, ODT, CDA, FHIR."
        )


def test_a_file_too_large_says_how_large_it_may_be(world):
    small = replace(LIMITS, document=1_000_000)
    assert "1 Mo au plus par document" in why_refused(world, b"x" * 1_000_001, limits=small)
    assert put(world, b"x" * 1_000_000, limits=small)


def test_a_full_record_says_what_to_do_and_counts_its_bin(world):
    full = replace(LIMITS, record=1_000)
    one = put(world, b"a" * 600, limits=full)
    assert "l'espace est plein" in why_refused(world, b"b" * 401, limits=full)
    bin.discard(world.access("alice"), [one])
    assert "Videz la corbeille" in why_refused(world, b"b" * 401, limits=full)
    bin.erase(world.access("alice"), one)
    assert put(world, b"b" * 401, limits=full)


def test_a_record_that_was_closed_or_objected_to_takes_nothing_more(world):
    alice = world.access("alice")
    for field in ("closed_at", "objected_at"):
        Record.update({field: clock.now()}).where(Record.id == alice.record_id).execute()
        alice.record = Record.get_by_id(alice.record_id)
        assert "n'accepte plus de documents" in why_refused(world, b"un", access=alice)
        Record.update({field: None}).where(Record.id == alice.record_id).execute()


def test_a_record_takes_documents_before_it_is_activated(world):
    record = enrolled().record
    one = deposit.put(record, SURGERY, spooled(b"un"), "bilan.txt", TOLD, LIMITS)
    assert (one.depositor_name, one.depositor_id) == ("Cabinet Fictif", None)


@pytest.mark.parametrize("masked", [True, False, None])
def test_visibility_is_the_one_chosen_or_the_record_s(world, masked):
    put(world, b"un", title="Un", masked=masked)
    assert world.masked() == ({"Un"} if masked else set())


@pytest.mark.parametrize("dated", [date(1899, 12, 31), clock.today() + timedelta(days=2)])
def test_a_document_is_not_dated_from_another_time(world, dated):
    with pytest.raises(Refusal) as refused:
        replace(TOLD, dated=dated)
    assert refused.value.field == "dated"


def test_depositing_needs_its_right(world):
    with pytest.raises(Forbidden):
        put(world, b"un", access=world.let_in("bruno", Role.EMERGENCY))


def test_photos_become_one_pdf_or_the_bad_one_is_named(world):
    photos = [spooled(picture("JPEG")), spooled(picture())]
    joined = deposit.join_photos(photos, ["un.jpg", "deux.png"], LIMITS)
    one = deposit.by_access(world.access("alice"), joined, "photos.pdf", TOLD, LIMITS)
    assert (one.media_type, one.pages) == ("application/pdf", 2)
    with pytest.raises(Refusal, match="« deux.txt » ne peut pas être réuni"):
        deposit.join_photos([photos[0], spooled(b"un")], ["un.jpg", "/a/deux.txt"], LIMITS)


def test_a_record_closed_while_the_file_came_takes_nothing(world):
    access = world.access("alice")
    Record.update(objected_at=clock.now()).where(Record.id == access.record_id).execute()
    assert access.record.takes_documents
    assert "n'accepte plus" in why_refused(world, b"Un texte.", access=access)

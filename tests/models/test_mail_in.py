"""Messages that bring documents; and those that come to the address of a source."""

from datetime import date
from email.message import EmailMessage

import pytest
from peewee import OperationalError

from models import lot, postbox, source, vault
from models.document import Document
from models.lot import Unopened
from models.postbox import Outcome
from models.source import Source, Told, Unmatched
from models.stray import Stray

from ..exchange import CAROLE, cda, xdm
from ..world import LIMITS, spooled

PDF = b"%PDF-1.4 fictif"


def mail(*files, sender="Laboratoire Fictif <labo@exemple.invalid>", inside=None, **headers):
    """`files`: (content, name) or (content, name, media type)."""
    made = EmailMessage()
    told = {"Date": "Mon, 02 Mar 2026 23:30:00 +0000", "Message-ID": "<1@exemple.invalid>"}
    for name, value in ({"From": sender, "Subject": "XDM/1.0/DDM+1.2.3"} | told | headers).items():
        made[name] = value
    made.set_content("Bonjour, voici un document.")
    for content, name, *kind in files:
        main, _, sub = (kind[0] if kind else "application/octet-stream").partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    if inside:
        made.add_attachment(inside)
    return made if headers.get("Subject") == "" else made.as_bytes()


def unpacked(content):
    spool = spooled(content)
    try:
        return lot.opened(spool, "m.eml", LIMITS)
    finally:
        spool.discard()


def names(content):
    items = unpacked(content)
    lot.discard(items)
    return [one.name for one in items]


def why(content):
    with pytest.raises(Unopened) as refused:
        unpacked(content)
    return refused.value.sentence


def test_what_is_attached_says_who_sent_it_and_when(opened):
    (item,) = unpacked(mail((b"Bonjour", "résultats.txt")))
    assert (item.name, item.header.author) == ("résultats.txt", "Laboratoire Fictif")
    assert item.header.dated == date(2026, 3, 3)  # in France
    lot.discard([item])


def test_what_says_it_itself_takes_nothing_of_the_message(opened):
    (item,) = unpacked(mail((cda(), "a.xml", "application/xml")))
    assert (item.header.author, item.header.dated) == ("", None)
    lot.discard([item])


def test_an_xdm_brings_its_documents_and_not_their_copy(opened):
    both = ((xdm(), "IHE_XDM.ZIP", "application/zip"), (PDF, "copie.pdf", "application/pdf"))
    assert names(mail(*both)) == ["DOC00001.XML"]
    assert names(mail(*both, (b"Bonjour", "note.txt"))) == ["DOC00001.XML", "note.txt"]


def test_a_message_inside_is_opened_once(opened):
    inner = mail((b"Bonjour", "a.txt"), Subject="")
    assert names(mail(inside=inner)) == ["a.txt"]
    # A PDF of the outer one is no copy of what the inner one brings.
    carried = mail((xdm(), "x.zip"), Subject="")
    assert names(mail((PDF, "b.pdf"), inside=carried)) == ["DOC00001.XML", "b.pdf"]
    outer = mail(inside=inner, Subject="")
    assert "en contient un autre" in why(mail(inside=outer))


def test_words_pictures_and_proofs_are_no_documents(opened):
    with_logo = EmailMessage()
    with_logo["From"], with_logo["Date"] = "moi@exemple.invalid", "Mon, 02 Mar 2026 10:00:00 +0000"
    with_logo.set_content("Bonjour")
    with_logo.add_related(b"x", maintype="image", subtype="png", cid="<logo@exemple.invalid>")
    with_logo.make_mixed()
    with_logo.add_attachment(
        b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s"
    )
    assert "n'apporte aucun fichier" in why(with_logo.as_bytes())
    with_logo.add_attachment(b"Bonjour", maintype="text", subtype="plain", filename="a.txt")
    assert names(with_logo.as_bytes()) == ["a.txt"]


@pytest.mark.parametrize(
    "file, said",
    [
        ((b"x", "winmail.dat", "application/ms-tnef"), "que seul Outlook ouvre"),
        ((b"x", "WINMAIL.DAT"), "que seul Outlook ouvre"),
        ((b"x", "smime.p7m", "application/pkcs7-mime"), "ce message est chiffré"),
    ],
)
def test_what_cannot_be_opened_is_said(opened, file, said):
    assert said in why(mail(file))


@pytest.mark.parametrize(
    "headers",
    [
        {"Date": "hier", "From": "x"},
        {"Date": "Mon, 99 Foo 2026 99:99:99 +9999", "From": "=?utf-8?q?=00?= <"},
    ],
)
def test_odd_headers_leave_the_document(opened, headers):
    raw = mail((b"Bonjour", "a.txt"))
    for name, value in headers.items():
        lines = raw.split(b"\n")
        at = next(n for n, line in enumerate(lines) if line.startswith(name.encode() + b":"))
        lines[at] = f"{name}: {value}".encode()
        raw = b"\n".join(lines)
    (item,) = unpacked(raw)
    assert item.header.dated is None
    lot.discard([item])


@pytest.fixture
def laboratory(world):
    one, _token = source.register(world.office, Told("Laboratoire Fictif", "laboratory"))
    source.open_mailbox(world.office, one)
    return Source.get_by_id(one.id)


def sent(one, message, address=None):
    told = address or f"{one.mailbox}@depots.exemple.fr"
    return postbox.take(told, [message], LIMITS)


def left():
    return (
        (Document.select().count(), Stray.select().count()),
        set(vault.names()),
        list((vault._folder / "incoming").iterdir()),
    )


@pytest.mark.parametrize(
    "file", [(xdm(), "IHE_XDM.ZIP"), (cda(), "compte-rendu.xml", "application/xml")]
)
def test_a_message_enters_the_record_of_whom_it_is_about(world, laboratory, file):
    verdict = sent(laboratory, mail(file))
    assert verdict.outcome == Outcome.TAKEN
    one = Document.get()
    assert one.record == world.record("alice") and one.source == laboratory
    assert one.origin == "laboratory" and one.author == "Lucie Modèle"
    # The mail server may hand it over again.
    assert sent(laboratory, mail(file)).outcome == Outcome.TAKEN
    assert Document.select().count() == 1


def test_a_document_that_does_not_say_whose_it_is_waits_or_is_refused(world, laboratory):
    assert sent(laboratory, mail((b"Bonjour", "a.txt"))).outcome == Outcome.TAKEN
    assert (Document.select().count(), Stray.select().count()) == (0, 1)
    Source.update(unmatched=Unmatched.REFUSE.value).execute()
    before, one = left(), Source.get()
    verdict = sent(one, mail((b"Bonsoir", "b.txt")))
    assert (verdict.outcome, verdict.fault) == (Outcome.REFUSED, "unmatched")
    assert left() == before


def test_an_address_that_is_not_open_any_more_is_unknown(world, laboratory):
    message = mail((xdm(), "a.zip"))
    assert sent(laboratory, message, "depot-inconnu@exemple.fr").outcome == Outcome.UNKNOWN
    assert sent(laboratory, message, "@").outcome == Outcome.UNKNOWN
    assert postbox.recipient(f"<{laboratory.mailbox.upper()}@EXEMPLE.FR>") == laboratory
    source.end(world.office, laboratory)
    assert sent(laboratory, message).outcome == Outcome.UNKNOWN
    assert not Document.select().exists()


@pytest.mark.parametrize(
    "message, fault",
    [
        (b"Bonjour", "not-accepted"),
        (mail(), "not-accepted"),
        (mail((b"<html>", "a.html")), "not-accepted"),
        (mail((xdm(cda(CAROLE)), "a.zip")), "wrong"),
        (mail((xdm(sha1="00" * 20), "a.zip")), "wrong"),
    ],
)
def test_what_is_not_taken_is_a_fault_of_the_message_and_leaves_nothing(laboratory, message, fault):
    before = left()
    verdict = sent(laboratory, message)
    assert (verdict.outcome, verdict.fault) == (Outcome.REFUSED, fault)
    assert left() == before


def test_what_passes_is_tried_again_by_the_mail_server(laboratory, monkeypatch):
    Source.update(per_day=1).execute()
    assert sent(laboratory, mail((xdm(), "a.zip"))).outcome == Outcome.TAKEN
    verdict = sent(laboratory, mail((xdm(cda(identifier="1.2.3"), identifier="1.2.5"), "a.zip")))
    assert (verdict.outcome, verdict.fault) == (Outcome.LATER, "daily-limit")

    def busy(*_):
        raise OperationalError("database is locked")

    monkeypatch.setattr("models.submission.brought", busy)
    assert sent(laboratory, mail((xdm(), "a.zip"))).outcome == Outcome.LATER


def test_a_message_too_heavy_is_not_read(laboratory, monkeypatch):
    monkeypatch.setattr(postbox, "MAX_INPUT", 1_000)
    verdict = sent(laboratory, mail((b"x" * 2_000, "a.txt")))
    assert (verdict.outcome, verdict.fault) == (Outcome.REFUSED, "too-large")
    assert left()[2] == []

"""A file that brings several documents: told from any other, and taken whole or not at all."""

from dataclasses import replace

import pytest

from models import document, intake, lot, masking, part, vault
from models.access import Role
from models.deposit import Description
from models.document import Document
from models.formats import lots
from models.journal import Entry
from models.lot import Unopened
from models.part import Part, PartRole
from models.refusal import Refusal

from ..exchange import CAROLE, cda, document_reference, ips, metadata_of, written, xdm
from ..world import LIMITS, spooled
from .test_mail_in import mail
from .test_xdm import signed, zipped

TOLD = Description()
LETTER = b"Date: hier\r\nFrom: moi\r\n\r\nBonjour, voici une lettre."


def put(world, content, name="IHE_XDM.ZIP", access=None, **told):
    spool = spooled(content)
    try:
        return intake.by_access(
            access or world.access("alice"), spool, name, replace(TOLD, **told), LIMITS
        )
    finally:
        spool.discard()


def by_command(world, content, name="IHE_XDM.ZIP", **told):
    spool = spooled(content)
    record = world.record("alice")
    try:
        return intake.put(record, world.office, spool, name, replace(TOLD, **told), LIMITS)
    finally:
        spool.discard()


def kept():
    rows = Document.select().count(), Part.select().count(), Entry.select().count()
    return rows, set(vault.names()), list((vault._folder / "incoming").iterdir())


def why(world, content, name="IHE_XDM.ZIP", **told):
    before = kept()
    with pytest.raises(Refusal) as refused:
        put(world, content, name, **told)
    assert kept() == before
    return refused.value.sentence


@pytest.mark.parametrize(
    "content, kind",
    [
        (xdm(), lots.XDM),
        (zipped({}), lots.XDM),
        (mail((b"x", "a.txt")), lots.MAIL),
        (b"From moi@exemple.invalid hier\n" + mail((b"x", "a.txt")), lots.MAIL),
        (b"\xef\xbb\xbf" + mail((b"x", "a.txt")), lots.MAIL),
        (LETTER, None),
        (b"Content-Type: rien\n\nBonjour", None),
        (b"From: moi\nContent-Type: rien\nVoici ma lettre.", None),
        (zipped({"[Content_Types].xml": "a"}), None),
        (zipped({"mimetype": "a"}), None),
        (written(document_reference(b"Bonjour")), lots.FHIR),
        (written(ips()), None),
        (cda(), None),
        (b"%PDF-1.7 ", None),
        (b"", None),
    ],
)
def test_what_may_be_a_lot_is_told_by_its_bytes(content, kind):
    pieces = [content[at : at + 7] for at in range(0, len(content), 7)]
    assert lots.recognise(content, pieces) == kind


def test_a_lot_is_taken_whole_each_document_as_it_says(world):
    first, second = cda(), cda(identifier="1.2.3", title="Autre compte rendu fictif")
    made = put(world, xdm(first, second))
    assert {one.category for one in made} == {"BIOLOGIE"}
    assert [one.author for one in made] == ["Lucie Modèle"] * 2
    assert [one.filename for one in made] == ["DOC00001.XML", "DOC00002.XML"]
    content = b"".join(document.download(world.access("alice"), made[0]))
    assert content == first and part.of(made[0])


def test_what_was_said_wins_but_one_title_is_not_that_of_two(world):
    made = put(world, xdm(cda(), cda(identifier="1.2.3")), title="Mon titre", category="CPT_REND")
    assert {one.title for one in made} == {"Compte rendu d'analyses fictif"}
    assert {one.category for one in made} == {"CPT_REND"}
    (alone,) = put(world, xdm(cda(identifier="4.5.6")), title="Mon titre", author="Dr Fictif")
    assert (alone.title, alone.author) == ("Mon titre", "Dr Fictif")


def test_the_document_of_someone_else_is_refused_and_nothing_of_its_lot_is_kept(world):
    # Only the second one speaks of Carole, and its METADATA does not say so.
    hers = cda(CAROLE, identifier="1.2.3")
    lot_of_two = xdm(cda(), hers)
    assert "ne parlent pas de la même personne" in why(world, lot_of_two)
    sentence = why(world, xdm(hers, who=CAROLE))
    assert sentence == (
        "Dans « IHE_XDM.ZIP » : « DOC00001.XML » est le document de quelqu'un d'autre : "
        "la date de naissance ne correspond pas."
    )
    (taken,) = by_command(world, xdm(hers, who=CAROLE), any_patient=True)
    assert "quelqu'un d'autre : la date de naissance ne correspond pas" in taken.warning


@pytest.mark.parametrize(
    "told, said",
    [
        ({"sha1": "00" * 20}, "son empreinte est autre"),
        ({"size": "12"}, "et non 12 comme annoncé"),
        ({"code": "11490-0"}, "le même type de document"),
        ({"media_type": "application/pdf"}, "n'est pas ce qu'il dit être"),
    ],
)
def test_what_is_said_of_a_document_must_be_true(world, told, said):
    assert said in why(world, xdm(cda(), **told))


def test_a_damaged_second_document_leaves_nothing_of_the_first(world):
    assert "« DOC00002.XML »" in why(world, xdm(cda(), b"<ClinicalDocument"))


def test_what_is_here_already_is_not_taken_twice(world):
    first, second = cda(), cda(identifier="1.2.3")
    (one,) = put(world, xdm(first))
    assert "déjà dans l'espace" in why(world, xdm(first))
    (other,) = put(world, xdm(first, second))
    assert other.id != one.id
    assert by_command(world, xdm(first, second)) == [one, other]
    # It is still looked at: what is said of it may be false.
    with pytest.raises(Refusal, match="empreinte"):
        by_command(world, xdm(first, sha1="00" * 20))
    assert Document.select().count() == 2


def test_two_documents_that_are_named_apart_are_two_whatever_their_bytes(world):
    (one,) = put(world, xdm(cda()))
    (other,) = put(world, xdm(cda(), metadata=metadata_of(cda(), identifier="1.2.77")))
    assert one.sha256 == other.sha256 and one.identifier != other.identifier


def test_the_same_bytes_under_two_names_in_one_lot_are_two(world):
    made = put(world, xdm(cda(), cda()))
    assert made[0].sha256 == made[1].sha256 and made[0].identifier != made[1].identifier


def test_the_same_file_twice_in_a_message_is_one_document(world):
    made = put(world, mail((b"Bonjour", "a.txt"), (b"Bonjour", "b.txt")), "m.eml")
    assert [one.filename for one in made] == ["a.txt"]


def test_confidentiality_codes_mask_unless_she_said_otherwise(world):
    (masked,) = put(world, xdm(cda(), codes=("MASQUE_PS",)))
    assert masking.is_masked(masked)
    (plain,) = put(world, xdm(cda(identifier="1.2.3")))
    assert not masking.is_masked(plain)


def test_a_signature_is_kept_with_its_document_and_shown_to_nobody(world):
    (one,) = put(world, signed())
    (kept_part,) = Part.select().where(Part.role == PartRole.SIGNATURE.value)
    assert kept_part.document_id == one.id and kept_part.content in set(vault.names())
    assert kept_part.id not in {each.id for each in part.of(one)}
    assert part.find(one, kept_part.uid) is None
    assert one.parts_size == sum(each.size for each in Part.select())


def test_a_signature_refused_with_its_document_leaves_nothing(world, monkeypatch):
    monkeypatch.setattr("models.search.index_text", lambda *_: 1 / 0)
    before = kept()
    with pytest.raises(ZeroDivisionError):
        put(world, signed())
    assert kept() == before


def test_one_file_is_one_document_as_before(world):
    (one,) = put(world, b"Bonjour", "a.txt", category="CPT_REND")
    assert (one.title, one.category) == ("a", "CPT_REND")
    assert "n'est pas accepté : c'est une archive" in why(world, zipped({"a.txt": "b"}), "a.zip")


def test_the_description_of_a_lot_alone_is_said(world):
    sentence = why(world, metadata_of(cda()), "METADATA.XML")
    assert "c'est la description d'un lot de documents (METADATA.XML), sans eux" in sentence


def test_a_carer_who_only_adds_masks_nothing_and_files_nowhere(world):
    carer = world.let_in("bruno", Role.CARER, given="read deposit")
    (one,) = put(world, xdm(), access=carer, folder=world.folder("Cœur"), masked=True)
    assert one.folder_id is None


def test_a_lot_of_too_many_or_too_heavy_documents_is_refused(world, monkeypatch):
    monkeypatch.setattr(lot, "MOST_ITEMS", 1)
    assert "plus de 1 documents" in why(world, xdm(cda(), cda(identifier="1.2.3")))
    monkeypatch.setattr(lot, "MOST_BYTES", 1_000)
    assert "trop gros" in why(world, xdm())


def test_a_child_that_ends_too_soon_leaves_nothing(world, monkeypatch):
    monkeypatch.setattr("models.formats.dissection.heard", lambda *_: [{"item": {"name": "a"}}])
    with pytest.raises(Unopened):
        lot.opened(spooled(xdm()), "a.zip", LIMITS)
    assert "est abîmé" in why(world, xdm())

"""The table: what is fuzzed, from what, and the refusals that it may raise."""

from collections.abc import Callable
from dataclasses import dataclass

from models.formats.fhir_bundle import Faults
from models.proof import Broken
from models.refusal import Refusal

from . import mutators, of_children, of_parents, seeds
from .of_children import REFUSED


@dataclass(frozen=True)
class Target:
    """`share`: of a campaign, the most exposed have more. `longest`: bytes that are tried. `few`:
    how many in the tests, where Atheris tries millions."""

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    mutate: Callable = mutators.plain
    allowed: tuple[type[Exception], ...] = ()
    share: int = 2
    longest: int = 40_000
    few: int = 12


of = of_children
mine = of_parents
XML, JSON, ZIP = mutators.xml, mutators.json_, mutators.zipped
TARGETS = {
    # What anyone with an access deposits.
    "pdf": Target(of.pdf, seeds.pdfs, mutators.afresh(seeds.pdfs), REFUSED, 5),
    "photo": Target(of.photo, seeds.photos, allowed=REFUSED, share=5),
    "container": Target(of.container, seeds.containers, ZIP, REFUSED, 5),
    "rtf": Target(of.rtf, seeds.rtfs, allowed=REFUSED, share=4),
    "recogniser": Target(mine.recogniser, seeds.photos, allowed=REFUSED, share=3),
    "any_file": Target(of.any_file, seeds.texts, allowed=REFUSED),
    "binding": Target(of.binding, seeds.photos, allowed=REFUSED, share=3),
    # What health software sends.
    "cda": Target(of.cda, seeds.cdas, XML, REFUSED, 5),
    "narrative": Target(of.narrative, seeds.narratives, XML, REFUSED, 4),
    "fhir_document": Target(of.fhir_document, seeds.documents, JSON, REFUSED, 4),
    "fhir_lot": Target(of.fhir_lot, seeds.lots, JSON, (*REFUSED, Faults), 5),
    "xdm": Target(of.xdm, seeds.xdms, ZIP, REFUSED, 4),
    "metadata": Target(of.metadata, seeds.metadata, XML, REFUSED, 3),
    "mail": Target(of.mail, seeds.mails, mutators.lines, REFUSED, 5),
    "archive": Target(of.archive, seeds.xdms, ZIP, REFUSED),
    # What a member brings from elsewhere, and the office from its list.
    "moving": Target(of.moving, seeds.archives, ZIP, REFUSED, 4),
    "manifest": Target(mine.manifest, seeds.manifests, JSON, (ValueError,), 3),
    "table": Target(mine.table, seeds.tables, allowed=(Refusal,), share=3),
    "workbook": Target(of.workbook, seeds.books, ZIP, (Refusal,), 4),
    # What comes back from the post, and a journal that someone brings.
    "mail_back": Target(mine.mail_back, seeds.bounces, mutators.lines, share=3),
    "journal": Target(mine.journal, seeds.journals, mutators.lines, (Broken,)),
    # What a program taken over says; what people type; what is printed.
    "protocol": Target(of.protocol, seeds.said, mutators.lines, (*REFUSED, ValueError), 3),
    "page": Target(of.page, seeds.pages, JSON, (ValueError,)),
    "passkey": Target(mine.passkey, seeds.passkeys, mutators.signed),
    "codes": Target(mine.codes, seeds.forms),
    "forms": Target(mine.forms, seeds.forms, mutators.lines, (Refusal,)),
    "glyphs": Target(mine.glyphs, seeds.texts, allowed=(UnicodeDecodeError,)),
    "wrapping": Target(mine.wrapping, seeds.forms, mutators.lines),
    "typeset": Target(of.typeset, seeds.texts, longest=2_000, few=3),
}

"""What health software would send, written by hand for the tests: CDA documents, FHIR resources, a
XDM. Nothing here comes from a real example; the people are fictional."""

from .documents import BODY, ROOT, cda, cda_with, letter, self_presenting
from .envelopes import entry, metadata_of, xdm
from .people import ALICE, CAROLE, INS_NIR, INS_TEST, Someone, other
from .resources import (
    ALLERGY,
    NARRATED,
    TOLD,
    document_reference,
    ips,
    patient,
    sha1,
    transaction,
    written,
)

__all__ = [
    "ALICE",
    "ALLERGY",
    "BODY",
    "CAROLE",
    "INS_NIR",
    "INS_TEST",
    "NARRATED",
    "ROOT",
    "TOLD",
    "Someone",
    "cda",
    "cda_with",
    "document_reference",
    "entry",
    "ips",
    "letter",
    "metadata_of",
    "other",
    "patient",
    "self_presenting",
    "sha1",
    "transaction",
    "written",
    "xdm",
]

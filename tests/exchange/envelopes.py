"""IHE_XDM.ZIP, as secure health mail carries it."""

import hashlib
import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from .documents import CONFIDENTIALITY, LOINC, ROOT, cda
from .people import ALICE, Someone


def xdm(*documents: bytes, metadata: bytes | None = None, who=ALICE, **told) -> bytes:
    """IHE_XDM.ZIP, with what each of its CDA documents is said to be (`entry`'s names)."""
    packed = io.BytesIO()
    documents = documents or (cda(who),)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.TXT", "Écrit pour les essais de Carnet.")
        archive.writestr("INDEX.HTM", "<html><body>Écrit pour les essais.</body></html>")
        told = metadata or metadata_of(*documents, who=who, **told)
        archive.writestr("IHE_XDM/SUBSET01/METADATA.XML", told)
        for number, document in enumerate(documents, start=1):
            archive.writestr(f"IHE_XDM/SUBSET01/DOC{number:05}.XML", document)
    return packed.getvalue()


def metadata_of(*documents: bytes, who=ALICE, **told) -> bytes:
    entries = "".join(entry(number, one, who, **told) for number, one in enumerate(documents, 1))
    members = "".join(
        f'<Association associationType="{RIM}AssociationType:HasMember" id="as{number}" '
        f'sourceObject="SubmissionSet01" targetObject="Document{number:02}"/>'
        for number, _one in enumerate(documents, 1)
    )
    package = f"""<RegistryPackage id="SubmissionSet01">{_slot("submissionTime", "20260302091500")}
{_external("96fdda7c-d067-4183-912e-bf5ee74998a8", f"{ROOT}.42", "SubmissionSet01")}
{_external("6b5aea1a-874d-4603-a4bc-96a0a7b38446", _cx(who), "SubmissionSet01")}
</RegistryPackage>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><RegistryObjectList>{package}{entries}{members}
</RegistryObjectList></lcm:SubmitObjectsRequest>""".encode()


RIM = "urn:oasis:names:tc:ebxml-regrep:"


def entry(
    number: int,
    document: bytes,
    who: Someone = ALICE,
    title="Compte rendu d'analyses fictif",
    identifier=f"{ROOT}",
    code="11502-2",
    codes=("N",),
    media_type="text/xml",
    sha1="",
    size="",
) -> str:
    """One ExtrinsicObject. `sha1` and `size`: instead of the real ones."""
    name, of = f"Document{number:02}", escape(title)
    digest = sha1 or hashlib.sha1(document, usedforsecurity=False).hexdigest()
    family, given = escape(who.birth_name), escape(who.first)
    information = _slot(
        "sourcePatientInfo",
        f"PID-5|{family}^{given}^^^^^L",
        f"PID-7|{who.birth_date.replace('-', '')}",
        f"PID-8|{who.sex}",
    )
    labels = "".join(
        _class("f4f85eac-e6cb-4883-b524-f2705394840f", one, CONFIDENTIALITY, one, name)
        for one in codes
    )
    return f"""<ExtrinsicObject id="{name}" mimeType="{media_type}"
objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">
{_slot("creationTime", "20260302091500")}{_slot("hash", digest)}
{_slot("size", str(size or len(document)))}{_slot("URI", f"DOC{number:05}.XML")}
{_slot("serviceStartTime", "20260301073000")}{information}
<Name><LocalizedString value={quoteattr(of)}/></Name>
{_class("f0306f51-975f-434e-a61c-c59651d33983", code, LOINC, "", name)}{labels}
{_external("58a6f841-87b3-4a3e-92fd-a8ffeff98427", _cx(who), name)}
{_external("2e82c1f6-a085-4c72-9da3-8640a32e42ab", f"{identifier}.{number}", name)}
</ExtrinsicObject>"""


def _cx(who):
    return f"{who.ins}^^^&{who.system}&ISO^NH"


def _slot(name, *values):
    listed = "".join(f"<Value>{escape(value)}</Value>" for value in values)
    return f'<Slot name="{name}"><ValueList>{listed}</ValueList></Slot>'


def _class(scheme, code, system, label, of):
    return f"""<Classification classificationScheme="urn:uuid:{scheme}" classifiedObject="{of}"
id="c-{of}-{code}" nodeRepresentation="{code}">{_slot("codingScheme", system)}
<Name><LocalizedString value={quoteattr(label)}/></Name></Classification>"""


def _external(scheme, value, of):
    return f"""<ExternalIdentifier id="e-{of}-{scheme[:8]}" registryObject="{of}"
identificationScheme="urn:uuid:{scheme}" value={quoteattr(value)}/>"""

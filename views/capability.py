"""What the standard call does, as FHIR R4 says it: a CapabilityStatement."""

from flask import current_app

PUBLISHED = "2026-11-22"
GUIDES = [
    "https://interop.esante.gouv.fr/ig/fhir/pdsm/ImplementationGuide/ans.fhir.fr.pdsm",
    "https://profiles.ihe.net/ITI/MHD/ImplementationGuide/ihe.iti.mhd",
]
FRENCH = """Dépôt de documents de santé par un logiciel enregistré par l'association. On y
dépose, on n'y lit rien. Chaque demande porte « Authorization: Bearer » et le jeton du logiciel."""
ENGLISH = """Deposit of health documents by software that the association has registered. Deposit
only: nothing is read. Each request bears "Authorization: Bearer" and the token of the software."""
TRANSACTION = """ITI-65 (Provide Document Bundle) : le document est reçu deux fois sans dommage, par
son identifiant. The same document may be sent twice without harm, by its identifier."""
CREATE = """ITI-105 (Simplified Publish) : le contenu est dans content.attachment.data.
The content is in content.attachment.data."""


def statement() -> dict:
    site = current_app.config["SETTINGS"]
    return {
        "resourceType": "CapabilityStatement",
        "language": "fr",
        "status": "active",
        "date": PUBLISHED,
        "publisher": site.publisher or site.site_name,
        "kind": "instance",
        "description": _line(f"{FRENCH}\n\n{ENGLISH}"),
        "software": {"name": "Carnet"},
        "implementation": {"description": site.site_name, "url": f"{site.address}/fhir"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "implementationGuide": GUIDES,
        "rest": [
            {
                "mode": "server",
                "documentation": _line(f"{FRENCH}\n\n{ENGLISH}"),
                "security": {"cors": False, "description": "Bearer token (RFC 6750)"},
                "resource": [_documents()],
                "interaction": [{"code": "transaction", "documentation": _line(TRANSACTION)}],
            }
        ],
    }


def _documents():
    return {
        "type": "DocumentReference",
        "profile": "http://hl7.org/fhir/StructureDefinition/DocumentReference",
        "interaction": [{"code": "create", "documentation": _line(CREATE)}],
        "versioning": "no-version",
        "readHistory": False,
        "updateCreate": False,
        "conditionalCreate": False,
        "referencePolicy": ["logical", "local"],
    }


def _line(text):
    """Its paragraphs, each on one line."""
    return "\n\n".join(" ".join(one.split()) for one in text.split("\n\n"))

"""Where a document comes from: what the figures tell apart."""

from enum import StrEnum

from .access import Role


class Origin(StrEnum):
    PERSON = "person"
    PROFESSIONAL = "professional"
    LABORATORY = "laboratory"
    ESTABLISHMENT = "establishment"
    ASSOCIATION = "association"
    OTHER = "other"


LABELS = {
    Origin.PERSON: "La personne et ses proches",
    Origin.PROFESSIONAL: "Des professionnels de santé",
    Origin.LABORATORY: "Des laboratoires",
    Origin.ESTABLISHMENT: "Des établissements",
    Origin.ASSOCIATION: "L'association",
    Origin.OTHER: "D'autres logiciels",
}
OF_ROLES = {
    **dict.fromkeys((Role.HOLDER, Role.REPRESENTATIVE, Role.CARER), Origin.PERSON),
    **dict.fromkeys((Role.PROFESSIONAL, Role.EMERGENCY), Origin.PROFESSIONAL),
    **dict.fromkeys(("office", "system"), Origin.ASSOCIATION),
}


def of_role(role: str) -> Origin:
    """Of whoever deposits it; a piece of software says its own (source.py)."""
    return OF_ROLES.get(role, Origin.OTHER)

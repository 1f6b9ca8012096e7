"""The name that a source is given for its document: our own, which FHIR does not let hold « _ »."""

OURS = 16


def of(uid: str) -> str:
    return uid.replace("_", ".")


def uid_of(name: str) -> str:
    """What a source writes in « DocumentReference/… »: ours again, or what it was."""
    return name.replace(".", "_") if len(name) == OURS else name

"""How FHIR resources come: to which address of the standard call, or as a file."""

TRANSACTION, REFERENCE, FILE = "transaction", "reference", "file"

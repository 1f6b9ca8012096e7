"""What the columns of a list are: told from their headings, as French associations write them."""

import re
from enum import StrEnum

from . import ins
from .words import words


class Column(StrEnum):
    """A column of a list; those of a record bear the name they have in it."""

    NUMBER = "member_number"
    BIRTH_NAME = "birth_name"
    USED_NAME = "used_name"
    GIVEN_NAMES = "birth_given_names"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    BIRTHPLACE_CODE = "birthplace_code"
    BIRTHPLACE = "birthplace"
    EMAIL = "email"
    ADDRESS = "postal_address"
    POSTCODE = "postcode"
    CITY = "city"
    COUNTRY = "country"
    # Where the association may hold it alone (ins.py).
    INS = "ins"
    SKIPPED = ""
    # The national health number, and anyone's health: never read, nor kept.
    FORBIDDEN = "forbidden"


LABELS = {
    Column.SKIPPED: "Ne pas lire",
    Column.NUMBER: "Numéro d'adhérent",
    Column.BIRTH_NAME: "Nom de naissance",
    Column.USED_NAME: "Nom utilisé",
    Column.GIVEN_NAMES: "Prénoms de naissance",
    Column.BIRTH_DATE: "Date de naissance",
    Column.SEX: "Sexe ou civilité",
    Column.BIRTHPLACE_CODE: "Code INSEE du lieu de naissance",
    Column.BIRTHPLACE: "Nom du lieu de naissance",
    Column.EMAIL: "Adresse e-mail",
    Column.ADDRESS: "Adresse postale : rue",
    Column.POSTCODE: "Adresse postale : code postal",
    Column.CITY: "Adresse postale : ville",
    Column.COUNTRY: "Adresse postale : pays",
    Column.INS: "Matricule INS",
}
NEEDED = (Column.BIRTH_NAME, Column.GIVEN_NAMES, Column.BIRTH_DATE, Column.SEX)
# Several columns may be one of these: they are put together, in their order.
SEVERAL = frozenset({Column.GIVEN_NAMES, Column.ADDRESS, Column.SKIPPED, Column.FORBIDDEN})
# Words that tell nothing, and those of which one is enough.
EMPTY = frozenset({"de", "du", "d", "des", "l", "la", "le", "les", "et", "en", "the", "of"})
SECRET = frozenset(
    {
        *("nir", "nss", "ins", "secu", "securite", "pathologie", "maladie", "diagnostic"),
        *("traitement", "medicament", "allergie", "handicap", "antecedent", "ald", "sante"),
    }
)
KNOWN = {
    Column.NUMBER: (
        "numero adherent, num adherent, n adherent, no adherent, nr adherent, adherent, "
        "id adherent, code adherent, identifiant adherent, reference adherent, matricule, "
        "adherent n, adherent numero, numero adherente, n adherente, numero adh, num adh, "
        "n adh, no adh, nr adh, id adh, code adh, reference adh, ref adh, ref adherent, adh, "
        "numadh, noadh, nadh, idadh, "
        "numadherent, noadherent, nadherent, numeroadherent, idadherent, codeadherent, "
        "numero carte adherent, n carte adherent, carte adherent, numero matricule, n matricule, "
        "no matricule, numero membre, num membre, n membre, no membre, id membre, code membre, "
        "member number, numero licence, num licence, n licence, no licence, numero societaire, "
        "n societaire, identifiant, reference, numero, num, n, no, id"
    ),
    Column.BIRTH_NAME: (
        "nom naissance, nom naiss, nom jeune fille, nom patronymique, nom famille naissance, "
        "patronyme, birth name, nom famille, nom"
    ),
    Column.USED_NAME: (
        "nom utilise, nom usage, nom usuel, nom marital, nom epouse, nom epoux, nom mariage, "
        "nom famille usage, used name"
    ),
    Column.GIVEN_NAMES: (
        "prenom naissance, prenom, premier prenom, 1er prenom, prenom 1, prenom etat civil, "
        "liste prenom, tou prenom, birth given name, given name"
    ),
    Column.BIRTH_DATE: (
        "date naissance, date naiss, naissance, ne, nee, ddn, birth date, birthdate, date birth"
    ),
    Column.SEX: "sexe, genre, civilite, civ, sex, titre",
    Column.BIRTHPLACE_CODE: (
        "code insee naissance, code insee lieu naissance, code insee commune naissance, "
        "code lieu naissance, code commune naissance, insee naissance, cog naissance, "
        "birthplace code, code insee, insee"
    ),
    Column.BIRTHPLACE: (
        "lieu naissance, commune naissance, ville naissance, ne a, nee a, birthplace"
    ),
    Column.EMAIL: (
        "email, e mail, mail, mel, courriel, adresse email, adresse e mail, adresse mail, "
        "adresse courriel, adresse electronique, adresse messagerie, courrier electronique"
    ),
    Column.ADDRESS: (
        "adresse postale, adresse complete, adresse, adresse 1, adresse1, adresse ligne 1, rue, "
        "voie, postal address"
    ),
    Column.POSTCODE: "code postal, cp, code post, postcode, zip",
    Column.CITY: "ville, commune, localite, city",
    Column.COUNTRY: "pays, country",
}
# What comes beside another column, and is put after it.
BESIDE = {
    Column.GIVEN_NAMES: "deuxieme prenom, 2eme prenom, autre prenom, prenom 2, prenom 3",
    Column.ADDRESS: (
        "adresse 2, adresse 3, adresse2, adresse3, adresse ligne 2, adresse ligne 3, numero voie, "
        "complement adresse, complement, lieu dit, bp, boite postale, batiment, residence"
    ),
}
LAST = 99
# What an address has on the line below its street.
PLACE = (Column.POSTCODE, Column.CITY)
# Nothing else names it: « NIR » or « n° de sécurité sociale » may be that of a parent.
NUMBERS = frozenset({"ins", "matricule ins", "numero ins", "num ins", "n ins", "no ins"})
# Heading → (its column, how sure: what comes first in KNOWN is surer).
BY_HEADING = {
    heading: (column, rank)
    for column, known in KNOWN.items()
    for rank, heading in enumerate(known.split(", "))
} | {heading: (column, LAST) for column, more in BESIDE.items() for heading in more.split(", ")}
# A number of fifteen figures written as that one is (INSEE): sex, year, month, place, order, key.
NATIONAL = re.compile(
    r"(?<![0-9A-Za-z])[1-478] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[ABab]) ?"
    r"\d{3} ?\d{3} ?\d\d(?![0-9A-Za-z])"
)


def known(heading: str) -> tuple[Column, int] | None:
    told = words(re.sub(r"\([^)]*\)", "", heading.replace("_", " ")))
    if ins.on() and " ".join(told) in NUMBERS:
        return Column.INS, 0
    if SECRET & {word.rstrip("s") for word in told} | SECRET & set(told):
        return Column.FORBIDDEN, 0
    told = [word for word in told if word not in EMPTY]
    return BY_HEADING.get(" ".join(word.rstrip("s") for word in told))


def guessed(headings: list[str], examples: list[list[str]]) -> list[Column]:
    """One for each heading; two headings never make the same column, where one is enough."""
    found = [known(heading) for heading in headings]
    columns = [one[0] if one else Column.SKIPPED for one in found]
    for place, column in enumerate(columns):
        cells = [row[place] for row in examples if place < len(row)]
        if column is not Column.INS and any(map(NATIONAL.search, cells)):
            columns[place] = Column.FORBIDDEN
    for column in Column:
        _keep_the_surest(column, columns, found)
    return columns


def without_national(text: str) -> str:
    """A national number met where none was expected is not kept either."""
    return NATIONAL.sub("", text).strip() if len(text) >= 15 else text


def choices() -> dict[Column, str]:
    """What a column may be, in words."""
    return {column: label for column, label in LABELS.items() if column != Column.INS or ins.on()}


def looks_like_headings(cells: list[str]) -> int:
    """How many of the cells are headings that are known."""
    return sum(known(cell) is not None for cell in cells)


def told(columns: list[Column], cells: list[str]) -> dict[str, str]:
    """What is said of someone, by column of a record; an address on its lines."""
    told = {}
    for column, cell in zip(columns, cells, strict=False):
        # « - » is how many lists write that there is nothing.
        if cell.strip("-–—./ ") and column not in (Column.SKIPPED, Column.FORBIDDEN):
            told[column] = f"{told[column]}{_between(column)}{cell}" if column in told else cell
    place = " ".join(told.pop(one) for one in PLACE if one in told)
    country = told.pop(Column.COUNTRY, "")
    lines = [told.get(Column.ADDRESS, ""), place, "" if country.lower() == "france" else country]
    address = "\n".join(filter(None, lines))
    return {str(column): cell for column, cell in told.items()} | (
        {"postal_address": address} if address else {}
    )


def _keep_the_surest(column, columns, found):
    if column in (Column.SKIPPED, Column.FORBIDDEN):
        return
    ranks = {place: found[place][1] for place, one in enumerate(columns) if one is column}
    best = min(ranks, key=ranks.get, default=None)
    for place, rank in ranks.items():
        if place != best and rank < LAST:
            # Beside « nom de naissance », « nom » is the other one.
            spare = column is Column.BIRTH_NAME and Column.USED_NAME not in columns
            columns[place] = Column.USED_NAME if spare else Column.SKIPPED


def _between(column):
    return "\n" if column is Column.ADDRESS else " "

"""The members of a fictional association. Every birth name says that its bearer is invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    member_number: str
    birth_name: str
    used_name: str | None
    birth_given_names: str
    birth_date: str
    sex: str
    birthplace_code: str
    email: str | None
    postal_address: str


OFFICE = {
    "name": "Camille Fictive-Bureau",
    "email": "bureau@exemple.invalid",
}

TOWN = "00000 Ville-Exemple"

# number, birth name, used name, given names, birth date, sex, birthplace (COG), e-mail, street
ROWS = (
    ("1001", "Exemple", None, "Odette Marie Louise", "1951-03-14", "F", "35238",
     "odette", "8 rue des Exemples"),
    ("1002", "Fictif-Marchand", None, "René", "1947-11-02", "M", "29019",
     "rene.marchand", "3 impasse Imaginaire"),
    ("1003", "Fictif", None, "Baptiste Jean", "1968-06-21", "M", "44109",
     "baptiste", "21 avenue du Modèle"),
    ("1004", "Exemple-Girard", "Fictive-Robin", "Monique Andrée", "1949-01-30", "F", "75112",
     "monique.girard", "5 place Inventée"),
    ("1005", "D'Exemple", None, "Aurèle", "1972-09-09", "M", "13055",
     "aurele", "14 bis rue des Exemples"),
    ("1006", "Imaginaire-Łukasz", None, "Bożena", "1958-04-17", "F", "99122",
     "bozena", "2 quai de la Fiction"),
    ("1007", "Fictif-Yıldızoğlu", None, "Çağrı Emre", "1980-12-05", "M", "99208",
     "cagri", "40 rue Imaginaire"),
    ("1008", "Exemple-Muñoz", None, "Iñaki", "1964-02-29", "M", "99134",
     "inaki", "9 rue Inventée"),
    ("1009", "Fictive", "Exemple-Leca", "Ghjulia Maria", "1955-07-18", "F", "2A004",
     "ghjulia", "1 chemin du Modèle"),
    ("1010", "Modèle-Santoni", None, "Ange Toussaint", "1943-11-01", "M", "2B033",
     None, "7 chemin du Modèle"),
    ("1011", "L'Inventé", None, "Gwenaël", "1991-05-23", "M", "56121",
     "gwenael", "18 rue de l'Invention"),
    # twins: same day, same town
    ("1012", "Fictive-Jumelle", None, "Léa Rose", "1994-08-12", "F", "31555",
     "lea", "33 rue des Exemples"),
    ("1013", "Fictive-Jumelle", None, "Zoé Rose", "1994-08-12", "F", "31555",
     "zoe", "35 rue des Exemples"),
    # homonyms: same names, different birth
    ("1014", "Exemple-Martin", None, "Jean", "1953-10-04", "M", "59350",
     "jean.martin", "4 rue Imaginaire"),
    ("1015", "Exemple-Martin", None, "Jean", "1978-02-16", "M", "67482",
     "jean.martin.2", "60 avenue du Modèle"),
    # a child
    ("1016", "Fictif-Petit", None, "Noé Élie", "2016-05-02", "M", "35288",
     None, "12 place Inventée"),
    ("1017", "Imaginaire de La Très-Longue-Lignée d'Exemple-Château-Fictif", "Imaginaire",
     "Marie-Anne Élisabeth Françoise-Xavière", "1946-12-24", "F", "37261",
     "marie-anne", "1 allée du Château-Imaginaire, bâtiment des Exemples, escalier B, 2e étage"),
    ("1018", "O'Fictif", None, "Siobhán", "1969-03-17", "F", "99136",
     "siobhan", "26 rue de l'Invention"),
    ("1019", "Exemple-Nguyễn", None, "Thị Mai", "1961-01-25", "F", "99243",
     "mai", "11 quai de la Fiction"),
    ("1020", "Fictif-Diop", None, "Mamadou", "1966-06-06", "M", "99341",
     "mamadou", "17 rue Imaginaire"),
    ("1021", "Imaginaire-Belkacem", None, "Yasmina", "1975-10-30", "F", "99352",
     "yasmina", "52 rue des Exemples"),
    ("1022", "Inventé-El Fassi", None, "Driss", "1957-04-08", "M", "99350",
     "driss", "6 place Inventée"),
    ("1023", "Fictive-Gonçalves", "Modèle", "Conceição", "1952-05-13", "F", "99139",
     None, "28 avenue du Modèle"),
    ("1024", "Exemple-Hoarau", None, "Marie Expédite", "1970-11-11", "F", "97411",
     "expedite", "3 rue de la Fiction"),
    ("1025", "Fictif-Césaire", None, "Félix", "1962-07-14", "M", "97209",
     "felix", "45 rue Imaginaire"),
    ("1026", "Modèle", None, "Clémence", "1988-01-09", "F", "69383",
     "clemence", "10 rue de l'Invention"),
    ("1027", "Inventée", "Inventée-Dupré", "Solange", "1940-09-27", "F", "87085",
     None, "Résidence du Modèle, 2 rue des Exemples"),
    ("1028", "Fictif-Nœudlieu", None, "Cœur-Aimé", "1984-12-31", "M", "80021",
     "coeur-aime", "19 quai de la Fiction"),
    ("1029", "Exemple-Schmitt", None, "Waltraud Élise", "1950-08-05", "F", "57463",
     "waltraud", "8 chemin du Modèle"),
    ("1030", "Imaginaire", None, "Hélène", "1963-03-03", "F", "33063",
     "helene", "71 rue des Exemples"),
    ("1031", "Fictif-Le Bihan", None, "Yves-Marie", "1945-05-08", "M", "29232",
     "yves-marie", "13 impasse Imaginaire"),
    ("1032", "Exemple-Åkesson", None, "Björn", "1971-06-24", "M", "99104",
     "bjorn", "4 rue de l'Invention"),
    ("1033", "Inventé-Štěpánek", None, "Jiří", "1959-09-28", "M", "54395",
     "jiri", "22 place Inventée"),
    ("1034", "Fictive-Faure", "Fictive-Faure", "Agnès", "1982-04-19", "F", "38185",
     "agnes", "39 avenue du Modèle"),
    ("1035", "Modèle-Ibáñez", None, "Lucía", "1997-02-03", "F", "66136",
     "lucia", "16 rue Imaginaire"),
    ("1036", "Exemplaire-Fictif", None, "Théo", "2003-10-22", "M", "34172",
     "theo", "5 rue des Exemples"),
    ("1037", "Fictif-Aÿ", None, "Loïc", "1976-08-29", "M", "51454",
     "loic", "30 rue de l'Invention"),
    ("1038", "Imaginaire-Rossi", None, "Giulia", "1967-12-08", "F", "06088",
     "giulia", "2 place Inventée"),
    ("1039", "Exemple-Roche", None, "Dominique", "1960-02-11", "F", "63113",
     "dominique", "24 quai de la Fiction"),
    ("1040", "Inventé-d'Arc'hant", None, "Erwan", "1986-11-20", "M", "22278",
     "erwan", "90 rue Imaginaire"),
)  # fmt: skip


def person(row):
    *identity, mailbox, street = row
    email = f"{mailbox}@exemple.invalid" if mailbox else None
    return Person(*identity, email, f"{street}, {TOWN}")


MEMBERS = tuple(person(row) for row in ROWS)
HOLDER, STRANGER, NEWCOMER = MEMBERS[:3]
CHILD = next(one for one in MEMBERS if one.member_number == "1016")

"""What a person is to the holder, in the words people use. Ours: the national app knows six, and
« autre », without sister, friend or neighbour (its source of August 2025)."""

OTHER = "other"
DOCTOR = "doctor"
LINKS = {
    "wife": "Épouse",
    "husband": "Époux",
    "partner": "Partenaire",
    "mother": "Mère",
    "father": "Père",
    "daughter": "Fille",
    "son": "Fils",
    "sister": "Sœur",
    "brother": "Frère",
    "grandmother": "Grand-mère",
    "grandfather": "Grand-père",
    "granddaughter": "Petite-fille",
    "grandson": "Petit-fils",
    "aunt": "Tante",
    "uncle": "Oncle",
    "niece": "Nièce",
    "nephew": "Neveu",
    "female-cousin": "Cousine",
    "male-cousin": "Cousin",
    "mother-in-law": "Belle-mère",
    "father-in-law": "Beau-père",
    "daughter-in-law": "Belle-fille",
    "son-in-law": "Beau-fils",
    "sister-in-law": "Belle-sœur",
    "brother-in-law": "Beau-frère",
    "female-friend": "Amie",
    "male-friend": "Ami",
    "female-neighbour": "Voisine",
    "male-neighbour": "Voisin",
    "guardian": "Tutelle ou curatelle",
    DOCTOR: "Médecin traitant",
    OTHER: "Un autre lien, avec mes mots",
}

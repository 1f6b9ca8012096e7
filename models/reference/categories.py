"""The categories of documents, as patients read them.

Source: the national app's own list of 15 codes (August 2025), gathered in November 2026; the
nine that a patient may choose come first. Labels restated in the words people use."""

CHOSEN = {
    "SYNTHESE": "Ma santé en résumé",
    "ORD_SOIN": "Ordonnances et soins",
    "RADIO_SC": "Radio, écho, scanner, IRM",
    "BIOLOGIE": "Résultats de biologie",
    "CPT_REND": "Comptes rendus",
    "DEPISTAG": "Prévention et dépistages",
    "CERT_MED": "Certificats médicaux",
    "DOC_ADM": "Pièces administratives",
    "AUTR_DOC": "Autres documents",
}
LABELS = CHOSEN | {
    "QUEST_SANTE": "Questionnaires de santé",
    "SYNTH_PML": "Synthèse médicale",
    "DIR_ANT": "Directives anticipées",
    "CAR_VAC": "Carnet de vaccination",
    "VDP": "Volontés et droits",
    "REMB": "Remboursements",
}
# Words of the names that people and services give to files and folders; the beginning of a word is
# enough from four letters on. Ours: no source lists them. The first category that fits is taken.
WORDS = {
    "CAR_VAC": ("vaccin",),
    "REMB": ("rembours", "decompte"),
    "CERT_MED": ("certificat", "aptitude", "arret"),
    "DEPISTAG": ("depistage", "prevention", "mammotest"),
    "ORD_SOIN": ("ordonnance", "prescription", "dispensation", "traitement", "soins"),
    "RADIO_SC": (
        *("radio", "echo", "echographie", "scanner", "irm", "imagerie", "mammographie", "doppler"),
    ),
    "BIOLOGIE": ("biologie", "biologique", "analyse", "laboratoire", "labo", "bilan", "sanguin"),
    "SYNTHESE": ("synthese", "resume", "vsm"),
    "CPT_REND": (
        *("compte", "comptes", "cr", "consultation", "hospitalisation", "operatoire", "sortie"),
        *("courrier", "lettre"),
    ),
    "DOC_ADM": ("administrati", "attestation", "facture", "mutuelle", "carte"),
}

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

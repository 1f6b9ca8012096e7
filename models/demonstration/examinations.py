"""Laboratory results, imaging and prevention."""

from models.demonstration.entries import Entry

# tables, one paper to a row
# fmt: off

# analysis: (least, most, decimals, unit, reference)
ANALYSES = {
    "Glycémie à jeun": (1.08, 1.48, 2, "g/L", "0,70 - 1,05"),
    "Créatinine": (7.2, 9.4, 1, "mg/L", "5,0 - 9,5"),
    "Débit de filtration glomérulaire": (68, 84, 0, "mL/min", "> 60"),
    "Cholestérol total": (1.5, 1.9, 2, "g/L", "< 2,00"),
    "Cholestérol LDL": (0.58, 0.92, 2, "g/L", "< 0,70"),
    "Cholestérol HDL": (0.45, 0.6, 2, "g/L", "> 0,40"),
    "Triglycérides": (1.1, 1.8, 2, "g/L", "< 1,50"),
    "Albuminurie / créatininurie": (6, 18, 0, "mg/g", "< 30"),
    "Hémoglobine": (12.2, 13.9, 1, "g/dL", "11,5 - 16,0"),
    "Leucocytes": (5.4, 7.9, 1, "G/L", "4,0 - 10,0"),
    "Plaquettes": (190, 290, 0, "G/L", "150 - 400"),
    "Protéine C réactive": (1, 4, 0, "mg/L", "< 5"),
    "TSH": (1.1, 2.9, 2, "mUI/L", "0,40 - 4,00"),
    "Vitamine D": (24, 38, 0, "ng/mL", "> 30"),
}
SUGAR = ("Glycémie à jeun", "Créatinine")
LIPIDS = ("Cholestérol total", "Cholestérol LDL", "Cholestérol HDL", "Triglycérides")
KIDNEYS = ("Créatinine", "Débit de filtration glomérulaire", "Albuminurie / créatininurie")
BLOOD = ("Hémoglobine", "Leucocytes", "Plaquettes", "Protéine C réactive")
YEARLY = SUGAR + LIPIDS + KIDNEYS[1:] + BLOOD + ("TSH", "Vitamine D")
QUARTER = "HbA1c – {quarter} trimestre {year}"

# when, title, HbA1c or None, other analyses, folder, flags
LABORATORY = (
    (52, QUARTER, "6,9", SUGAR, "diabetes", "p"),
    (148, QUARTER, "7,0", SUGAR, "diabetes", ""),
    ("1-05-20", QUARTER, "7,1", SUGAR, "diabetes", ""),
    ("2-09-11", QUARTER, "7,6", SUGAR, "diabetes", ""),
    ("3-04-18", QUARTER, "7,2", SUGAR, "diabetes", ""),
    ("4-02-21", QUARTER, "7,4", SUGAR, "diabetes", ""),
    ("5-03-03", QUARTER, "7,9", SUGAR, "diabetes", ""),
    ("6-06-10", QUARTER, "8,1", SUGAR, "diabetes", ""),
    ("7-05-27", QUARTER, "8,4", SUGAR, "diabetes", ""),
    ("1-11-13", "Bilan annuel complet {year}", "7,0", YEARLY, "diabetes", ""),
    ("4-11-08", "Bilan lipidique", None, LIPIDS, "heart", ""),
    ("2-07-27", "Prise de sang après l'hôpital", None, KIDNEYS + BLOOD, "hospital", ""),
    ("5-12-01", "Numération / formule sanguine", None, BLOOD, None, "h"),
)


def laboratory_entry(row) -> Entry:
    when, title, hba1c, names, folder, flags = row
    lines = ["Prélèvement reçu à 8 h 10, à jeun.", "| Analyse | Résultat | Unité | Référence"]
    if hba1c:
        lines.append(f"| Hémoglobine glyquée (HbA1c) | {hba1c} | % | < 7,0")
    lines += [f"analysis:{name}" for name in names]
    lines.append("Résultats validés par le biologiste. À commenter avec votre médecin.")
    return Entry("pdf", "BIOLOGIE", when, title, "lab", tuple(lines), folder, flags)


IMAGING = (
    Entry("pdf", "RADIO_SC", "3-12-14", "Compte rendu d'IRM du genou", "imaging", (
        "# Indication", "Douleurs internes du genou droit depuis six mois.",
        "# Technique", "Séquences T1, densité protonique avec saturation de graisse, trois plans.",
        "# Résultats", "Amincissement du cartilage du compartiment interne, sans œdème osseux.",
        "Fissure dégénérative de la corne postérieure du ménisque interne.",
        "Ligaments croisés continus. Mince épanchement.",
        "# Conclusion", "Arthrose fémoro-tibiale interne débutante.",
    ), "knee"),
    Entry("png-xray", "RADIO_SC", "3-11-30", "Radiographie du genou droit", "imaging", (), "knee"),
    Entry("pdf", "RADIO_SC", "2-07-15", "Échographie rénale", "imaging", (
        "# Indication", "Fièvre et douleur lombaire droite.",
        "# Résultats", "Reins de taille normale. Cavités non dilatées. Pas d'abcès visible.",
        "# Conclusion", "Pas d'obstacle.",
    ), "hospital"),
    Entry("pdf", "RADIO_SC", "1-10-09", "Écho-Doppler des artères du cou", "cardio", (
        "# Résultats", "Plaques fines non sténosantes des deux bulbes carotidiens.",
        "| Artère | Sténose | Vitesse", "| Carotide droite | < 20 % | 72 cm/s",
        "| Carotide gauche | < 20 % | 69 cm/s", "# Conclusion", "Contrôle dans trois ans.",
    ), "heart"),
    Entry("jpeg-retina", "RADIO_SC", 68, "Photographie du fond d'œil gauche", "eye", (), "eyes"),
)

PREVENTION = (
    Entry("pdf", "DEPISTAG", 68, "Dépistage de la rétinopathie {year}", "eye", (
        "# Examen", "Photographies des deux rétines, pupilles dilatées.",
        "| Œil | Acuité | Tension | Rétine", "| Droit | 9/10 | 15 mmHg | minime, stable",
        "| Gauche | 8/10 | 16 mmHg | normale", "# Conclusion",
        "Rétinopathie diabétique minime à droite, sans œdème maculaire. Contrôle dans un an.",
    ), "eyes"),
    Entry("pdf", "DEPISTAG", "2-03-26", "Mammographie de dépistage", "imaging", (
        "Examen réalisé dans le cadre du dépistage organisé. Seins de densité moyenne.",
        "Pas d'image suspecte : classement ACR 1 des deux côtés. Prochain examen dans deux ans.",
    ), None, "m"),
    Entry("pdf", "DEPISTAG", "3-06-07", "Test immunologique du côlon : résultat", "lab", (
        "Recherche de sang dans les selles par test immunologique : résultat négatif.",
        "Un nouveau test vous sera proposé dans deux ans.",
    )),
    Entry("photo", "DEPISTAG", "1-10-21", "Vaccination grippe + Covid", "pharmacy", (
        "| Vaccin | Lot | Site", "| Grippe saisonnière | FICTIF-01 | bras gauche",
        "| Covid-19 | FICTIF-02 | bras droit", "Bien tolérés après quinze minutes.",
    ), None, "h"),
    Entry("pdf", "DEPISTAG", "5-10-12", "Bilan bucco-dentaire", "dentist", (
        "Gencives saines, détartrage effectué. Une obturation refaite sur la 36.",
        "Un contrôle tous les six mois est conseillé aux personnes diabétiques.",
    )),
)

ENTRIES = tuple(laboratory_entry(row) for row in LABORATORY) + IMAGING + PREVENTION

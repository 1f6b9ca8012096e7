"""FHIR resources in plain words: what each is, its value, its day; by kind, as lists."""

from datetime import date

from models.formats import narrative
from models.formats.fhir_json import Bundle, concept, many, one, string
from models.formats.naming import in_words, iso_day

# In the order of a page; what is not here tells nothing of one's care.
KINDS = {
    "Flag": "Alertes",
    "AllergyIntolerance": "Allergies",
    "Condition": "Problèmes de santé",
    "MedicationStatement": "Médicaments",
    "MedicationRequest": "Médicaments prescrits",
    "MedicationDispense": "Médicaments délivrés",
    "MedicationAdministration": "Médicaments donnés",
    "Immunization": "Vaccins",
    "Observation": "Mesures et résultats",
    "DiagnosticReport": "Comptes rendus d'examens",
    "ImagingStudy": "Imagerie",
    "Procedure": "Actes et interventions",
    "DeviceUseStatement": "Dispositifs médicaux",
    "Device": "Dispositifs médicaux portés",
    "ServiceRequest": "Demandes d'examens et de soins",
    "CarePlan": "Plans de soins",
    "Goal": "Objectifs de santé",
    "FamilyMemberHistory": "Antécédents de la famille",
    "QuestionnaireResponse": "Questionnaires",
    "Consent": "Consentements",
    "Encounter": "Consultations et séjours",
    "Claim": "Demandes de remboursement",
    "ExplanationOfBenefit": "Remboursements",
}
NAMED_BY = ("code", "vaccineCode", "medicationCodeableConcept", "serviceType", "type", "category")
DAYS = (
    "onsetDateTime",
    "effectiveDateTime",
    "occurrenceDateTime",
    "performedDateTime",
    "authoredOn",
    "whenHandedOver",
    "recordedDate",
    "date",
    "started",
    "startDate",
    "issued",
    "created",
)
PERIODS = (
    "performedPeriod",
    "effectivePeriod",
    "occurrencePeriod",
    "onsetPeriod",
    "period",
    "billablePeriod",
)
STATUSES = {
    "resolved": "terminé",
    "inactive": "terminé",
    "remission": "en rémission",
    "refuted": "écarté",
    "unconfirmed": "non confirmé",
    "stopped": "arrêté",
    "cancelled": "annulé",
    "on-hold": "suspendu",
    "not-done": "non fait",
    "not-taken": "non pris",
    "entered-in-error": "écrit par erreur",
}
RISKS = {"high": "risque grave", "low": "risque léger"}
MOST_VALUES = 60


def sections(bundle: Bundle) -> list[dict]:
    """All that it holds, the latest first."""
    told = []
    for kind, title in KINDS.items():
        held = sorted(bundle.of(kind), key=when, reverse=True)
        lines = list(filter(None, (line(bundle, resource) for resource in held)))
        if lines:
            told += [narrative.heading(title), narrative.bullets(lines)]
    return told


def line(bundle: Bundle, resource: dict) -> str:
    """« Hypertension : terminé (29 juillet 2005) »."""
    name = _name(bundle, resource)
    more = ", ".join(filter(None, [*_states(resource), *_values(bundle, resource)]))
    day = _day(when(resource))
    if not name and not more:
        return ""
    said = " : ".join(filter(None, [name, more]))
    return f"{said} ({day})" if day else said


def when(resource: dict) -> str:
    """As it is written: « 2005-07-29… », « 2005-07 » or « 2005 »."""
    told = (string(resource, name) for name in DAYS)
    begun = (string(one(resource, name), "start") for name in PERIODS)
    return next(filter(None, [*told, *begun]), "")


def latest(bundle: Bundle) -> date | None:
    days = (iso_day(when(each)) for each in bundle.resources if each["resourceType"] in KINDS)
    return max(filter(None, days), default=None)


def _day(told):
    return in_words(iso_day(told)) or (told if len(told) in (4, 7) else "")


def _name(bundle, resource):
    for name in NAMED_BY:
        if words := concept(one(resource, name)):
            return words
    for name in ("medicationReference", "device"):
        held = bundle.referred(one(resource, name), resource)
        if words := concept(one(held, "code")) or concept(one(held, "type")):
            return words
        if shown := string(one(resource, name), "display"):
            return shown
    return concept(one(resource, "relationship")) or string(resource, "title")


def _states(resource):
    codes = [string(resource, "status")]
    for name in ("clinicalStatus", "verificationStatus"):
        codes += [string(each, "code") for each in many(one(resource, name), "coding")]
    codes.append(string(resource, "criticality"))
    return dict.fromkeys(STATUSES.get(code) or RISKS.get(code, "") for code in codes)


def _values(bundle, resource) -> list[str]:
    told = [_value(resource), string(resource, "conclusion"), string(resource, "description")]
    told += [string(each, "text") for each in many(resource, "dosageInstruction")]
    told += [string(each, "text") for each in many(resource, "dosage")]
    for part in many(resource, "component"):
        told.append(" ".join(filter(None, [concept(one(part, "code")), _value(part)])))
    for reaction in many(resource, "reaction"):
        told += [concept(each) for each in many(reaction, "manifestation")]
    for activity in many(resource, "activity"):
        told.append(concept(one(activity, "detail", "code")))
    for member in many(resource, "hasMember") + many(resource, "result"):
        held = bundle.referred(member, resource)
        name = concept(one(held, "code")) or string(member, "display")
        told.append(" ".join(filter(None, [name, _value(held)])))
    if lot := string(resource, "lotNumber"):
        told.append(f"lot {lot}")
    told.append(_money(one(resource, "total")))
    return list(filter(None, told))[:MOST_VALUES]


def _value(held) -> str:
    """Of an observation, or of one of its components."""
    if quantity := one(held, "valueQuantity"):
        unit = string(quantity, "unit") or string(quantity, "code")
        unit = unit.replace("{", "").replace("}", "")
        said = " ".join(filter(None, [_number(quantity.get("value")), unit]))
        return f"{string(quantity, 'comparator')} {said}".strip()
    for name in ("valueCodeableConcept", "dataAbsentReason"):
        if words := concept(one(held, name)):
            return words
    limits = one(held, "valueRange") or one(held, "valueRatio")
    ends = (_number(one(limits, end).get("value")) for end in ("low", "high"))
    between = " à ".join(filter(None, ends))
    whole = _number(held.get("valueInteger"))
    return string(held, "valueString") or whole or between or _day(string(held, "valueDateTime"))


def _number(value) -> str:
    """« 72,5 »; six figures are enough for a reader."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return f"{value:.6g}".replace(".", ",")


def _money(total):
    currency = string(total, "currency")
    amount = total.get("value") if currency else one(total, "amount").get("value")
    currency = currency or string(one(total, "amount"), "currency")
    return f"{_number(amount)} {currency}" if currency and _number(amount) else ""

"""Answers in FHIR R4: always application/fhir+json, and what went wrong as an OperationOutcome,
whose words are in French and in English (models/reference/outcomes.csv)."""

import json

from flask import Response, current_app, request

from models.reference.outcomes import OUTCOMES
from models.submission import Issue

JSON = "application/fhir+json; charset=utf-8"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
# What the whole application may answer, in the words of this call.
OF_STATUS = {
    **{400: "bad-request", 404: "nothing-here", 405: "wrong-method", 408: "slow"},
    **{413: "too-large", 415: "media-type"},
}


def asked() -> bool:
    """Whether this request is of the standard call."""
    return of_call(request.path)


def of_call(path: str) -> bool:
    return path == "/fhir" or path.startswith("/fhir/")


def answer(resource: dict | None, status: int, **headers) -> Response:
    """`headers`: with « _ » for « - »."""
    body = "" if resource is None else json.dumps(resource, ensure_ascii=False)
    response = Response(body, status, content_type=JSON)
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def refused(*issues: Issue, **headers) -> Response:
    return answer(outcome(*issues), OUTCOMES[issues[0].fault].status, **headers)


def failure(status: int) -> Response:
    """For the errors that no view answers."""
    fault = OF_STATUS.get(status, "bad-request" if status < 500 else "failure")
    return answer(outcome(Issue(fault)), status)


def outcome(*issues: Issue) -> dict:
    return {
        "resourceType": "OperationOutcome",
        "language": "fr",
        "issue": [_issue(one) for one in issues],
    }


def _issue(one):
    known = OUTCOMES[one.fault]
    facts = {"megabytes": current_app.config["SETTINGS"].max_document_mb}
    french, english = one.sentence or known.french.format(**facts), known.english.format(**facts)
    told = {
        "severity": known.severity,
        "code": known.code,
        "details": {"text": french, "_text": {"extension": [_translated(english)]}},
        "diagnostics": f"{english} {one.says}".strip(),
    }
    return told | ({"expression": [one.place]} if one.place else {})


def _translated(english):
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": english}]
    return {"url": TRANSLATION, "extension": parts}

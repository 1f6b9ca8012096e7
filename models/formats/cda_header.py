"""What the header of a CDA says (inputs of any French software: CI-SIS, CDA R2)."""

from lxml import etree

from models.formats import naming
from models.formats.naming import capitalised, hl7_day, plain
from models.header import Header, Person

V3 = "urn:hl7-org:v3"
SEXES = {"F": "F", "M": "M"}
BIRTH, USED, MARRIED = "BR", "CL", "SP"
MOST_AUTHORS = 5


def all_of(element, path: str) -> list:
    """`path`: of the CDA's own names, « h: » before each."""
    return etree.ETXPath(path.replace("h:", f"{{{V3}}}"))(element)


def first(element, path: str):
    found = all_of(element, path)
    return found[0] if found else None


def attribute(element, path: str, name: str) -> str:
    found = first(element, path)
    return "" if found is None else plain(found.get(name))


def words(element, path: str) -> str:
    found = first(element, path)
    return "" if found is None else plain(" ".join(found.itertext()))


def read(document) -> Header:
    """Of a ClinicalDocument; its warnings are sentences."""
    told = first(document, "h:effectiveTime")
    dated = hl7_day(told.get("value") or "") if told is not None else None
    person, warnings = _person(document)
    code = attribute(document, "h:code", "code")
    label = attribute(document, "h:code", "displayName")
    if dated is None:
        warnings.append(naming.NO_DAY)
    warnings += naming.wrong_type(code, label)
    if not custodian(document):
        warnings.append(naming.NO_KEEPER)
    author = _author(document)
    version = attribute(document, "h:versionNumber", "value")
    return Header(
        title=words(document, "h:title") or label,
        type_code=code,
        type_system=attribute(document, "h:code", "codeSystem"),
        type_label=label,
        dated=dated,
        act_on=_act(document),
        author=author_name(author) if author is not None else "",
        organisation=_organisation(author) or custodian(document),
        identifier=identifier(first(document, "h:id")),
        set_identifier=identifier(first(document, "h:setId")),
        version=int(version) if version.isdecimal() and len(version) < 10 else None,
        replaces=_replaced(document),
        confidentiality=_confidentiality(document),
        person=person,
        warnings=tuple(warnings),
    )


def identifier(element) -> str:
    """« root^extension »."""
    if element is None:
        return ""
    parts = (plain(element.get("root")), plain(element.get("extension")))
    return "^".join(filter(None, parts))


def author_name(author) -> str:
    """A person, else the software, else the organisation."""
    person = full_name(first(author, ".//h:assignedPerson/h:name"))
    software = words(author, ".//h:assignedAuthoringDevice/h:softwareName")
    return person or software or _organisation(author)


def full_name(name) -> str:
    """« Exemple Marcel », in the order it is said: « Marcel Exemple »."""
    if name is None:
        return ""
    given = [plain(one.text) for one in all_of(name, "h:given")]
    family = [plain(one.text) for one in all_of(name, "h:family")]
    known = " ".join(capitalised(one) for one in given[:1] + family[:1] if one)
    return known or plain(" ".join(name.itertext()))


def authors(document) -> tuple[str, ...]:
    """All of them, people first, with what each is: « Lucie Modèle, sage-femme »."""
    found = sorted(all_of(document, "h:author"), key=lambda one: not _is_human(one))
    told = []
    for author in found[:MOST_AUTHORS]:
        what = attribute(author, "h:assignedAuthor/h:code", "displayName")
        told.append(", ".join(filter(None, [author_name(author), what])))
    return tuple(dict.fromkeys(filter(None, told)))


def custodian(document):
    return words(document, "h:custodian//h:representedCustodianOrganization/h:name")


def _author(document):
    """The first human one, else the first."""
    found = all_of(document, "h:author")
    return next((one for one in found if _is_human(one)), found[0] if found else None)


def _is_human(author):
    return bool(full_name(first(author, ".//h:assignedPerson/h:name")))


def _organisation(author):
    return words(author, ".//h:representedOrganization/h:name") if author is not None else ""


def _act(document):
    path = "h:documentationOf/h:serviceEvent/h:effectiveTime"
    for time in all_of(document, path):
        low = attribute(time, "h:low", "value") or plain(time.get("value"))
        if when := hl7_day(low):
            return when
    return None


def _replaced(document):
    parents = all_of(document, "h:relatedDocument[@typeCode='RPLC']/h:parentDocument/h:id")
    return tuple(dict.fromkeys(filter(None, map(identifier, parents))))


def _confidentiality(document):
    codes = (plain(one.get("code")) for one in all_of(document, "h:confidentialityCode"))
    return frozenset(filter(None, codes))


def _person(document):
    """And what is wrong with her number."""
    role = first(document, "h:recordTarget/h:patientRole")
    if role is None:
        return Person(), []
    numbers = [(one.get("root") or "", one.get("extension") or "") for one in all_of(role, "h:id")]
    ins, system, warnings = naming.ins_of(numbers)
    sex = attribute(role, "h:patient/h:administrativeGenderCode", "code")
    place = words(role, "h:patient/h:birthplace/h:place/h:addr/h:county")
    born = hl7_day(attribute(role, "h:patient/h:birthTime", "value")[:8])
    named = Person(
        birth_date=born,
        sex=SEXES.get(sex, ""),
        birthplace_code=place.upper(),
        ins=ins,
        ins_system=system,
        **_names(role),
    )
    return named, warnings


def _names(role) -> dict[str, str]:
    families = _qualified(all_of(role, "h:patient/h:name/h:family"))
    given = _qualified(all_of(role, "h:patient/h:name/h:given"))
    birth, listed = given.get(BIRTH, ""), given.get("", "")
    if birth and birth not in listed:
        listed = plain(f"{birth} {listed}")
    return {
        "birth_name": families.get(BIRTH) or families.get("", ""),
        "used_name": families.get(USED) or families.get(MARRIED, ""),
        "birth_given_names": listed or birth or given.get(USED, ""),
        "used_given_name": given.get(USED, ""),
    }


def _qualified(parts) -> dict[str, str]:
    """By what each is said to be; those of one kind together."""
    told: dict[str, str] = {}
    for part in parts:
        value = plain(part.text)
        for kind in (part.get("qualifier") or "").split() or [""]:
            if kind == "" or kind not in told:
                told[kind] = plain(f"{told.get(kind, '')} {value}")
    return told

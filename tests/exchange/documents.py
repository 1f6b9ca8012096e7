"""CDA documents."""

import base64
from xml.sax.saxutils import escape, quoteattr

from ..journeys.papers import pdf
from .people import ALICE, Someone

LOINC = "2.16.840.1.113883.6.1"
CONFIDENTIALITY = "2.16.840.1.113883.5.25"
ROOT = "1.2.250.1.999.1.1"

BODY = """<component><structuredBody>
<component><section><title>Résultats</title><text>
<paragraph>Prélèvement <content styleCode="Bold">du matin</content>, à jeun.</paragraph>
<table><caption>Sang</caption><thead><tr><th>Analyse</th><th>Résultat</th></tr></thead>
<tbody><tr><td>Créatinine imaginaire</td><td>72 µmol/L</td></tr></tbody></table>
<list listType="ordered"><item>Boire de l'eau</item><item>Revenir en mars</item></list>
</text></section></component></structuredBody></component>"""


def cda(
    who: Someone = ALICE,
    body: str = BODY,
    title="Compte rendu d'analyses fictif",
    identifier=f"{ROOT}.1",
    set_id="",
    version: int | None = 1,
    replaces="",
    code="11502-2",
    dated="20260302101500+0100",
    act="20260301083000+0100",
    confidentiality="N",
    author=("Lucie", "Modèle"),
    organisation="Laboratoire Imaginaire",
    custodian="Laboratoire Imaginaire",
) -> bytes:
    """A document of level 3, unless `body` is another component. `identifier`: root[^extension]."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
{_id("id", identifier)}<code code={quoteattr(code)} codeSystem="{LOINC}"/>
<title>{escape(title)}</title><effectiveTime value="{dated}"/>
<confidentialityCode code="{confidentiality}" codeSystem="{CONFIDENTIALITY}"/>
<languageCode code="fr-FR"/>{_id("setId", set_id)}{_version(version)}
{_record_target(who)}{_author(author, organisation)}{_custodian(custodian)}
{_act(act)}{_replaced(replaces)}{body}
</ClinicalDocument>""".encode()


def cda_with(content: bytes, media_type="application/pdf", who: Someone = ALICE, **told) -> bytes:
    """A document of level 1: the file is the document."""
    lines = base64.encodebytes(content).decode()
    text = f'<text mediaType="{media_type}" representation="B64">{lines}</text>'
    told = {"title": "Lettre fictive", "code": "11490-0"} | told
    return cda(who, f"<component><nonXMLBody>{text}</nonXMLBody></component>", **told)


def self_presenting(document: bytes | None = None) -> bytes:
    """Inside a style sheet that would draw it."""
    inside = (document or cda()).decode().partition("?>")[2]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
xmlns:d="urn:exemple:donnees"><xsl:template match="/"><script>alert(1)</script>
<xsl:copy-of select="document('http://exemple.invalid/')"/></xsl:template>
<d:Contenu>{inside}</d:Contenu></xsl:stylesheet>""".encode()


def _id(name, identifier):
    root, _, extension = identifier.partition("^")
    more = f" extension={quoteattr(extension)}" if extension else ""
    return f"<{name} root={quoteattr(root)}{more}/>" if root else ""


def _version(version):
    return "" if version is None else f'<versionNumber value="{version}"/>'


def _record_target(who):
    ins = f'<id extension="{who.ins}" root="{who.system}"/>' if who.ins else ""
    used = f'<family qualifier="CL">{escape(who.used_name)}</family>' if who.used_name else ""
    return f"""<recordTarget><patientRole><id extension="000042" root="1.2.3.4.5"/>{ins}
<patient><name><family qualifier="BR">{escape(who.birth_name)}</family>{used}
<given>{escape(who.given)}</given><given qualifier="BR">{escape(who.first)}</given></name>
<administrativeGenderCode code="{who.sex}" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="{who.birth_date.replace("-", "")}"/>
<birthplace><place><addr><county>{who.place}</county></addr></place></birthplace>
</patient></patientRole></recordTarget>"""


def _author(author, organisation):
    if not author:
        return ""
    given, family = author
    return f"""<author><time value="20260302101500+0100"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="899999999999"/>
<assignedPerson><name><given>{escape(given)}</given><family>{escape(family)}</family></name>
</assignedPerson><representedOrganization><name>{escape(organisation)}</name>
</representedOrganization></assignedAuthor></author>"""


def _custodian(name):
    if not name:
        return ""
    return f"""<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1999999999"/><name>{escape(name)}</name>
</representedCustodianOrganization></assignedCustodian></custodian>"""


def _act(act):
    if not act:
        return ""
    return f"""<documentationOf><serviceEvent><effectiveTime><low value="{act}"/></effectiveTime>
</serviceEvent></documentationOf>"""


def _replaced(identifier):
    if not identifier:
        return ""
    parent = f"<parentDocument>{_id('id', identifier)}</parentDocument>"
    return f'<relatedDocument typeCode="RPLC">{parent}</relatedDocument>'


def letter(*lines: str) -> bytes:
    """A PDF that opens, with these lines."""
    return pdf("Lettre fictive", *lines)["buffer"]

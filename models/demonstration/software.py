"""What a laboratory's software deposited: a report in CDA, read here as a page, and the one that
corrects it."""

from datetime import date, timedelta

from .. import clock, deposit, office, source
from ..deposit import Description
from ..origin import Origin
from ..source import Told
from ..vault import Spool
from . import people

ROOT = "1.2.250.1.999.1951"
TITLE = "Bilan annuel complet {year}"
DAYS_AGO = 9
# analysis, result, unit, reference
SUGAR = (
    ("Glycémie à jeun", "1,14", "g/L", "0,70 - 1,05"),
    ("Hémoglobine glyquée (HbA1c)", "{hba1c}", "%", "< 7,0"),
)
BLOOD = (
    ("Hémoglobine", "12,8", "g/dL", "11,5 - 16,0"),
    ("Leucocytes", "6,1", "G/L", "4,0 - 10,0"),
    ("Plaquettes", "241", "G/L", "150 - 400"),
)
CONCLUSION = """<list><item>À montrer au diabétologue.</item>
<item>Prochain bilan dans un an.</item></list>"""
CORRECTED = (
    "Ce compte rendu corrige celui du matin : l'hémoglobine glyquée est de 6,9 %, et non 9,6 %."
)


def fill(holder, account, limits) -> None:
    """The second replaces the first, which stays among its earlier versions."""
    told = Told("Laboratoire Imaginaire", Origin.LABORATORY.value)
    software, _token = source.register(office.actor(account), told)
    dated = clock.today() - timedelta(days=DAYS_AGO)
    for version, hba1c in ((1, "9,6"), (2, "6,9")):
        spool = Spool(limits.document)
        spool.write(report(dated, version, hba1c))
        spool.finish()
        name = f"{dated}-bilan-annuel-v{version}.xml"
        deposit.put(
            holder.record, software.actor, spool, name, Description(source=software), limits
        )


def report(dated: date, version: int, hba1c: str) -> bytes:
    who, day = people.HOLDER, f"{dated:%Y%m%d}"
    older = f'<parentDocument><id root="{ROOT}.{version - 1}"/></parentDocument>'
    replaced = f'<relatedDocument typeCode="RPLC">{older}</relatedDocument>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<id root="{ROOT}.{version}"/><code code="11502-2" codeSystem="2.16.840.1.113883.6.1"/>
<title>{TITLE.format(year=dated.year)}</title><effectiveTime value="{day}1{version}0500+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<setId root="{ROOT}.0"/><versionNumber value="{version}"/>
<recordTarget><patientRole><id root="{ROOT}.9" extension="{who.member_number}"/>
<patient><name><family qualifier="BR">{who.birth_name}</family>
<given>{who.birth_given_names}</given></name>
<administrativeGenderCode code="{who.sex}" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="{who.birth_date.replace("-", "")}"/></patient></patientRole></recordTarget>
<author><time value="{day}"/><assignedAuthor><id root="{ROOT}.8" extension="0"/>
<assignedPerson><name><given>Lucie</given><family>Modèle</family></name></assignedPerson>
<representedOrganization><name>Laboratoire Imaginaire</name></representedOrganization>
</assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization><id root="{ROOT}.7"/>
<name>Laboratoire Imaginaire</name></representedCustodianOrganization></assignedCustodian>
</custodian>
{replaced if version > 1 else ""}<component><structuredBody>
{_section("Diabète", _table("Sucre dans le sang", SUGAR, hba1c), "À jeun, le matin.")}
{_section("Sang", _table("Numération", BLOOD))}
{_section("Conclusion", CONCLUSION, CORRECTED if version > 1 else "")}
</structuredBody></component></ClinicalDocument>""".encode()


def _section(title, content, before=""):
    before = before and f"<paragraph>{before}</paragraph>"
    return f"""<component><section><title>{title}</title><text>{before}{content}</text></section>
</component>"""


def _table(caption, rows, hba1c=""):
    heads = "".join(f"<th>{word}</th>" for word in ("Analyse", "Résultat", "Unité", "Référence"))
    lines = "".join(
        "<tr>" + "".join(f"<td>{_cell(cell, hba1c)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"""<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>
<tbody>{lines}</tbody></table>"""


def _cell(words, hba1c):
    return words.format(hba1c=hba1c).replace("<", "&lt;")

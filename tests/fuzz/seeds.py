"""What the fuzzers begin with: what our own tests build, and the shared collection where it is."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import odfdo
import pillow_heif
import pyzipper
from PIL import Image

from models import chronicle, journal
from models.demonstration import writings
from models.header import Header, Person, as_json

from .. import moved, workbooks
from ..authenticator import Authenticator
from ..exchange import (
    cda,
    cda_with,
    document_reference,
    ips,
    letter,
    metadata_of,
    self_presenting,
    transaction,
    written,
    xdm,
)
from ..exchange.heard import take
from ..journeys import papers

SHARED = Path(__file__).resolve().parents[2].parent / "shared/inputs"
# Small ones: a fuzzer tries thousands a minute.
HEAVIEST = 40_000


def shared(*patterns: str) -> list[bytes]:
    files = [file for one in patterns for file in sorted(SHARED.glob(one)) if file.is_file()]
    return [file.read_bytes() for file in files if file.stat().st_size <= HEAVIEST]


def pdfs():
    return [letter("Un texte fictif."), *shared("uploads/pdf/*", "uploads/polyglot/*")]


def photos():
    pillow_heif.register_heif_opener()
    made = [_photo(form, mode) for form in ("JPEG", "PNG", "TIFF", "WEBP") for mode in ("RGB", "L")]
    made += [_photo("PNG", "P"), _photo("TIFF", "1"), _photo("PNG", "RGBA"), _photo("HEIF", "RGB")]
    return made + shared("uploads/image/*")


def _photo(form, mode):
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.effect_noise((24, 16), 50).convert(mode).save(file, form, exif=exif)
    return file.getvalue()


def rtfs():
    return [writings.rtf(papers._sheet("Note fictive", "Marcher.")), *shared("uploads/rtf/*")]


def containers():
    word, text = docx.Document(), odfdo.Document("text")
    word.sections[0].header.paragraphs[0].text = "Cabinet fictif"
    word.add_table(1, 2).cell(0, 1).text = "72"
    text.body.append(odfdo.Paragraph("Un texte fictif."))
    return [_saved(word), _saved(text), *shared("uploads/docx/*", "uploads/archive/*")]


def _saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def texts():
    told = ["Note du 12 mars 2024, 06 39 98 00 12.", "=1+1\tÉlise d'Œuvre\r\n", "🤒 ١٢\u202eabc"]
    return [one.encode() for one in told] + shared("uploads/disguised/*", "csv/blns.txt")


def forms():
    """Fields, one a line, as people fill them in."""
    names = "Le Goff\nAlice Anne\n12/03/1951\nF\n75056\n+33 6 39 98 00 12\n251037505600148"
    more = "Élise d'Œuvre-Modèle\n1er mars 2024\n2024-03-12T10:00:00+01:00\n20240312101500.5+0100"
    return [names.encode(), more.encode(), "١٢/٠٣/٢٠٢٤\nposte 12\n²\n20240312".encode()]


def tables():
    row = "Numéro;Nom de naissance;Prénoms;Né le;Sexe;E-mail;Adresse;CP;Ville\n"
    told = row + 'A-1;Exemple;"Alice ""Anne""";14/03/1951;F;a@exemple.invalid;1 rue;75000;Paris\n'
    marked = told.encode("utf-8-sig"), told.encode("cp1252"), told.encode("utf-16")
    others = b"sep=,\nnom,sexe\n", b"\n\nnom\tprenom\tsexe\rA\tB\tF\r"
    return [*marked, *others, *shared("csv/csv-spectrum/csvs/*.csv", "members/*")]


def books():
    rows = [["Nom", "Né le", 1.5], ["Exemple", date(1951, 3, 14), None]]
    made = [workbooks.workbook(rows, rows), workbooks.open_document(1), workbooks.open_document(9)]
    return made + [*OLD_BOOK()]


def OLD_BOOK():
    """An XLS is not written by any of our libraries."""
    return [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)]


def cdas():
    level_1 = cda_with(b"Texte fictif.", "text/plain")
    return [
        cda(),
        level_1,
        cda(body=RICH),
        self_presenting(),
        *shared("cda/*/*.xml", "cda/*/*.XML"),
    ]


RICH = """<component><structuredBody><component><section ID="s"><title>Soins</title><text>
<paragraph ID="a"><caption>Un</caption><content styleCode="Bold Italics" revised="delete">x
</content><br/><sub>2</sub><sup>3</sup><linkHtml href="#m">là</linkHtml><linkHtml href="http://a.invalid">i
</linkHtml><footnote ID="f">Note</footnote><footnoteRef IDREF="f"/></paragraph>
<list><caption>Liste</caption><item><list listType="ordered"><item>Un</item></list></item></list>
<table><caption>T</caption><thead><tr><th colspan="2" rowspan="3">A</th></tr></thead><tfoot><tr>
<td>f</td></tr></tfoot><tbody><tr><th>B</th><td><table><tr><td>C</td></tr></table></td></tr></tbody>
</table><renderMultiMedia referencedObject="m"><caption>Image</caption></renderMultiMedia></text>
<entry><observationMedia ID="m" classCode="OBS" moodCode="EVN"><value mediaType="image/png"
representation="B64">iVBORw0KGgo=</value></observationMedia></entry>
<component><section><title>Dedans</title><text>Mots</text></section></component></section>
</component></structuredBody></component>"""


def narratives():
    page = "<div><h1>T</h1><p>a<b>b<i>c</i></b><br/></p><ul><li>x</li></ul><img alt='i'/></div>"
    inside = RICH.partition("<text>")[2].partition("</text>")[0]
    return [f"<text>{inside}</text>".encode(), page.encode()]


def pages():
    return [_drawn(cda(body=RICH)), _drawn(cda())]


def _drawn(content):
    heard = take("cda", content)
    return next(bytes(data) for facts, data in heard.parts if facts["role"] == "page")


def documents():
    told = [written(ips()), written(document_reference(b"Texte.", "text/plain"))]
    return told + shared("fhir/ips/*.json", "fhir/synthea/*.json")


def lots():
    told = [
        document_reference(b"Texte.", "text/plain"),
        transaction(b"Un.", media_type="text/plain"),
    ]
    told += [document_reference(b"T", "text/plain", replaces="x", seal=False, traits=False)]
    made = list(map(written, told))
    return made + shared("fhir/mhd/*.json", "fhir/pdsm/*.json", "fhir/pdsm4dmp/*.json")


def metadata():
    return [metadata_of(cda()), metadata_of(cda(), b"x", codes=("R",)), *shared("xdm/*.XML")]


def xdms():
    return [xdm(), xdm(cda(), cda(identifier="1.2.3")), *shared("xdm/*.ZIP", "xdm/*.zip")]


def mails():
    from ..models.test_mail_in import mail

    files = (b"Texte fictif.", "a.txt", "text/plain"), (xdm(), "IHE_XDM.ZIP", "application/zip")
    inside = mail((b"%PDF-1.4", "é.pdf"), Subject="")
    return [mail(*files), mail(files[0], inside=inside), mail((cda(), "a.xml"))]


def bounces():
    from ..models.test_bounce import EXIM, STATUS

    told = dict.fromkeys(("action", "status", "returned", "to", "name"), "failed")
    told |= {"recipient": "a@exemple.invalid", "returned": "message/rfc822"}
    told["name"] = f"notice-12.{'0' * 32}"
    qmail = "From: a@exemple.invalid\n\nHi. This is the qmail\n\n<a@exemple.invalid>:\nNo.\n"
    return [STATUS.format(**told).encode(), EXIM.format(**told).encode(), qmail.encode()]


def archives():
    whole = moved.carnet({"Documents/a.txt": b"Texte fictif."})
    sealed = io.BytesIO()
    options = {"compression": pyzipper.ZIP_DEFLATED, "encryption": pyzipper.WZ_AES}
    with pyzipper.AESZipFile(sealed, "w", **options) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.writestr("a.txt", b"Texte fictif." * 20)
    return [whole, moved.zipped({"Dossier/a.txt": b"Texte."}), sealed.getvalue()]


PASSWORD = "éléphant bleu"


def manifests():
    document = moved.described("Documents/a.txt", b"Texte.", header=as_json(HEADER), pinned_at=None)
    return [json.dumps(moved.manifest([document], wishes=WISHES)).encode()]


HEADER = Header(title="Titre fictif", version=2, person=Person("Exemple", ins="251037505600148"))
WISHES = {
    "people": [{"given_name": "Paule", "family_name": "Fictive", "link": "daughter"}],
    "designations": [{"person": 0, "says": ["a"], "told_at": "2026-01-01T10:00:00+00:00"}],
    "directives": [{"way": "written", "answers": {"valeurs": {"choice": "", "words": "La mer"}}}],
}


def said():
    """What a child says, and one that has gone wrong."""
    told = [
        {"item": {"name": "a.txt", "header": as_json(HEADER), "entry": 0}},
        {"header": as_json(HEADER), "media_type": "application/hl7-cda+xml"},
        {"media_type": "application/pdf", "pages": 2, "protected": False},
        *({"text": "Texte"}, {"warning": "Abîmé"}, {"entries": ["Binary"]}),
        *({"refused": "broken", "what": "un PDF"}, {"done": True}),
    ]
    part = {"part": {"role": "item", "name": "a", "media_type": "text/plain"}, "bytes": 3}
    lines = [json.dumps(one).encode() + b"\n" for one in told]
    lines.insert(1, json.dumps(part).encode() + b"\nabc")
    return [b"".join(lines), b"".join(lines[1:4]), lines[-2]]


def passkeys():
    """A key made, and its answer."""
    key, challenge = Authenticator("http://localhost"), "A" * 22
    made = key.make({"user": {"id": "QQ"}, "rp": {"id": "localhost"}, "challenge": challenge})
    return [made.encode(), key.answer({"rpId": "localhost", "challenge": challenge}).encode()]


def journals():
    entries, last = [], ""
    for number, act in enumerate(("opened_document", "signed_in"), 1):
        told = {"record": 1, "number": number, "at": datetime(2026, 1, 2, 10, tzinfo=UTC)}
        told |= {"account": 1, "actor": "Alice Exemple", "role": "holder", "session": 3}
        told |= {"act": act, "document_uid": "abc", "detail": "{}", "previous": last, "chain": ""}
        one = journal.Entry(**told)
        one.hash = last = one.sealed()
        entries.append(one)
    rows = [chronicle.COLUMNS, *map(_row, entries)]
    rows.append([chronicle.END, "", "", "", "", chronicle.MAIN, len(entries), "", last])
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(rows)
    return [file.getvalue().encode()]


def _row(entry):
    told = [chronicle.moment(entry), entry.actor, "titulaire", "a fait", "Titre"]
    return [*told, chronicle.MAIN, entry.number, entry.told, entry.hash]

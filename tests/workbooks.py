"""XLSX workbooks made by hand, as small or as wrong as a test wants them."""

import io
import zipfile
from datetime import date
from html import escape

import odfdo

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = f"""<Types xmlns="{PACKAGE}/content-types">
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>
</Types>"""
RELATION = '<Relationship Id="{id}" Type="' + OFFICE + '/{kind}" Target="{target}"/>'
# The second style is that of a day.
STYLES = f"""<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>
</cellXfs></styleSheet>"""
BEGINNING = f'<worksheet xmlns="{MAIN}"><sheetData>'
END = "</sheetData></worksheet>"


def workbook(*sheets) -> bytes:
    """Each a list of rows of texts, numbers, days and None; or the pieces of its XML."""
    made = io.BytesIO()
    names = [f"Feuil{number}" for number in range(1, len(sheets) + 1)]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/styles.xml", STYLES)
        archive.writestr("xl/workbook.xml", _book(names))
        targets = [(f"rId{n}", "worksheet", f"worksheets/{name}.xml") for n, name in _ranked(names)]
        links = _relations([*targets, ("rId0", "styles", "styles.xml")])
        archive.writestr("xl/_rels/workbook.xml.rels", links)
        for name, sheet in zip(names, sheets, strict=True):
            with archive.open(f"xl/worksheets/{name}.xml", "w", force_zip64=True) as part:
                for piece in _xml(sheet) if isinstance(sheet, list) else sheet:
                    part.write(piece.encode())
    return made.getvalue()


def open_document(rows: int) -> bytes:
    """An ODS whose one written row says that it is repeated so many times."""
    sheet = odfdo.Table("Membres", width=2, height=2)
    for place, value in (("A1", "Nom"), ("B1", "Né le"), ("A2", "Été")):
        sheet.set_value(place, value)
    sheet.set_value("B2", date(1951, 3, 14))
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    document.body.append(sheet)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue() if rows == 1 else _repeated(made, rows)


def _repeated(document, rows):
    made = io.BytesIO()
    with zipfile.ZipFile(document) as read, zipfile.ZipFile(made, "w") as archive:
        for entry in read.infolist():
            content = read.read(entry)
            if entry.filename == "content.xml":
                before, row, after = content.rpartition(b"<table:table-row")
                content = before + row + b' table:number-rows-repeated="%d"' % rows + after
            archive.writestr(entry, content)
    return made.getvalue()


def _ranked(names):
    return enumerate(names, start=1)


def _relations(given):
    told = "".join(RELATION.format(id=id, kind=kind, target=target) for id, kind, target in given)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def _book(names):
    sheets = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in _ranked(names))
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _xml(rows):
    yield BEGINNING
    for number, row in enumerate(rows, start=1):
        cells = (_cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(row))
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield END


def _cell(place, value):
    if value is None:
        return ""
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'

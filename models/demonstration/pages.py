"""PDF pages. fpdf2 is imported on use, so that the web worker never loads it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import cos, sin
from random import Random

from models.demonstration.examinations import ANALYSES

NOTICE = "Document fictif – démonstration de Carnet"
PATIENT = "Mme Odette Exemple, née le 14/03/1951"
ADDRESS = "1 place du Modèle, 00000 Ville-Exemple"
INK, PALE = (30, 40, 60), (110, 118, 130)
TINTS = ((22, 92, 125), (30, 110, 80), (120, 60, 110), (150, 80, 30), (60, 70, 140))
# the second page of a laboratory sheet
REMINDER = (
    "# Informations",
    "Ces résultats appartiennent à une personne imaginaire. Toute ressemblance serait fortuite.",
    "Les intervalles de référence dépendent de l'âge, du sexe et de la technique employée.",
    "Une valeur hors de l'intervalle n'est pas toujours le signe d'une maladie.",
    "Le laboratoire se tient à la disposition du patient et de son médecin pour tout échange.",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    author: str
    letterhead: str
    dated: date
    lines: tuple[str, ...]


def french_number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def analysis_row(name: str, random: Random) -> str:
    least, most, decimals, unit, reference = ANALYSES[name]
    value = french_number(random.uniform(least, most), decimals)
    return f"| {name} | {value} | {unit} | {reference}"


def with_results(lines: tuple[str, ...], seed: str) -> tuple[str, ...]:
    random = Random(seed)
    return tuple(
        analysis_row(line.removeprefix("analysis:"), random)
        if line.startswith("analysis:")
        else line
        for line in lines
    )


def new_document(sheet: Sheet):
    from fpdf import FPDF

    class Document(FPDF):
        def footer(self):
            text = f"{NOTICE}. Page {self.page} sur {{nb}}"
            write(self, text, 8, "", PALE, at=(20, 284), height=5, align="C")

    document = Document(format="A4")
    # the 14 standard fonts are enough for French once œ, € and – may be written
    document.core_fonts_encoding = "windows-1252"
    document.set_creation_date(datetime(*sheet.dated.timetuple()[:3], 9, tzinfo=UTC))
    document.set_title(sheet.title)
    document.set_author(sheet.author)
    document.set_lang("fr-FR")
    document.set_margins(20, 16)
    document.set_auto_page_break(True, 24)
    return document


def tint_of(sheet: Sheet):
    return TINTS[sum(sheet.letterhead.encode()) % len(TINTS)]


def draw_letterhead(document, sheet: Sheet) -> None:
    tint = tint_of(sheet)
    document.set_fill_color(*tint)
    document.rect(0, 0, 210, 6, style="F")
    document.ellipse(20, 13, 13, 13, style="F")
    document.set_fill_color(255, 255, 255)
    document.rect(25.3, 15, 2.4, 9, style="F")
    document.rect(22, 18.3, 9, 2.4, style="F")
    write(document, sheet.letterhead, 14, "B", tint, at=(37, 13))
    write(document, ADDRESS, 9, "", PALE, at=(37, 20))
    document.set_draw_color(*tint)
    document.line(20, 30, 190, 30)


def write(document, text, size, style="", color=INK, at=None, height=6, align="L") -> None:
    if at:
        document.set_xy(*at)
    document.set_font("helvetica", style, size)
    document.set_text_color(*color)
    document.multi_cell(0, height, text, align=align, new_x="LMARGIN", new_y="NEXT")


def draw_opening(document, sheet: Sheet) -> None:
    write(document, NOTICE, 8, "I", (170, 30, 30), at=(20, 32), height=5)
    write(document, f"Patiente : {PATIENT}", 10, at=(20, 41))
    write(document, f"Le {sheet.dated:%d/%m/%Y}", 10, align="R")
    document.ln(4)
    write(document, sheet.title, 16, "B", tint_of(sheet), height=8)
    document.ln(3)


def draw_line(document, line: str, tint) -> None:
    if line.startswith("# "):
        document.ln(3)
        write(document, line[2:], 12, "B", tint, height=7)
    elif line.startswith("- "):
        document.set_x(26)
        write(document, f"•  {line[2:]}", 11)
    else:
        write(document, line, 11)


def cells_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")[1:]]


def draw_table(document, lines: list[str], tint) -> None:
    rows = [cells_of(line) for line in lines]
    widest, others = 170 * 0.46, len(rows[0]) - 1
    widths = [widest] + [(170 - widest) / others] * others
    document.ln(2)
    document.set_draw_color(200, 206, 214)
    for number, row in enumerate(rows):
        header = number == 0
        document.set_font("helvetica", "B" if header else "", 10)
        document.set_fill_color(*(tint if header else (244, 246, 249)))
        document.set_text_color(*((255, 255, 255) if header else INK))
        for width, cell in zip(widths, row, strict=True):
            document.cell(width, 7.5, cell, border=1, fill=header or number % 2 == 0)
        document.ln()
    document.ln(3)


def draw_body(document, lines: tuple[str, ...], tint) -> None:
    table: list[str] = []
    for line in (*lines, ""):
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            draw_table(document, table, tint)
            table = []
        if line:
            draw_line(document, line, tint)


def draw_signature(document, sheet: Sheet) -> None:
    document.ln(8)
    write(document, sheet.author, 11, "B", align="R")
    left, middle = 142, document.get_y() + 9
    hand = Random(sheet.author)
    loops, tall = hand.uniform(17, 26), hand.uniform(4, 7)
    points = [
        (left + 40 * t + 3 * cos(loops * t), middle - tall * sin(1.3 * loops * t) * (1.05 - t))
        for t in (step / 90 for step in range(91))
    ]
    document.set_draw_color(40, 50, 130)
    document.set_line_width(0.5)
    document.polyline(points)
    document.set_line_width(0.2)


def pdf(sheet: Sheet) -> bytes:
    document = new_document(sheet)
    document.add_page()
    draw_letterhead(document, sheet)
    draw_opening(document, sheet)
    draw_body(document, with_results(sheet.lines, f"{sheet.title} {sheet.dated}"), tint_of(sheet))
    draw_signature(document, sheet)
    if any(line.startswith("analysis:") for line in sheet.lines):
        document.add_page()
        draw_body(document, REMINDER, tint_of(sheet))
    return bytes(document.output())

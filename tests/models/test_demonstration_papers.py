import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from dataclasses import fields
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from PIL import Image

from models.demonstration import software
from models.demonstration.papers import note, papers
from models.demonstration.people import HOLDER, MEMBERS, NEWCOMER, OFFICE, STRANGER

from ..exchange.heard import take

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 3, 10)
CATEGORIES = {
    "SYNTHESE", "ORD_SOIN", "RADIO_SC", "BIOLOGIE", "CPT_REND",
    "DEPISTAG", "CERT_MED", "DOC_ADM", "AUTR_DOC",
}  # fmt: skip
FICTIONAL = re.compile("ficti|exempl|imaginaire|invent|modèle", re.IGNORECASE)


@pytest.fixture(scope="module")
def made():
    return list(papers(TODAY))


def of_type(made, *extensions):
    return [paper for paper in made if paper.filename.endswith(extensions)]


def words(text):
    return set(re.findall(r"\w+", text))


def pdf_text(content):
    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_about_sixty_papers_cover_every_category(made):
    counts = Counter(paper.category for paper in made)
    assert 55 <= len(made) <= 70
    assert set(counts) == CATEGORIES | {"QUEST_SANTE"}
    assert all(counts[category] >= 4 for category in CATEGORIES)


def test_contents_and_filenames_are_distinct_and_small(made):
    assert len({paper.content for paper in made}) == len(made)
    assert len({paper.filename for paper in made}) == len(made)
    assert max(len(paper.content) for paper in made) < 80_000
    assert sum(len(paper.content) for paper in made) < 3_000_000


@pytest.mark.parametrize("today", [TODAY, date(2026, 1, 1), date(2028, 2, 29), date(2027, 12, 31)])
def test_papers_spread_over_eight_years_and_none_is_from_tomorrow(today, monkeypatch):
    monkeypatch.setattr("models.demonstration.papers.FORMS", dict.fromkeys(
        ("pdf", "photo", "jpeg-card", "jpeg-retina", "png-ecg", "png-xray", "txt", "rtf", "docx"),
        (lambda sheet: b"", "bin"),
    ))  # fmt: skip
    dates = [paper.dated for paper in papers(today)]
    assert max(dates) <= today
    assert 6.5 * 365 < (today - min(dates)).days < 8.1 * 365


def test_pdfs_hold_their_title_patient_and_notice(made):
    pdfs = of_type(made, ".pdf")
    assert len(pdfs) > 40
    for paper in pdfs:
        text = pdf_text(paper.content)
        assert words(paper.title) <= words(text), paper.title
        assert "Odette Exemple" in text
        assert "Document fictif – démonstration de Carnet" in text
        assert f"{paper.dated:%d/%m/%Y}" in text
        assert "analysis:" not in text and "{" not in text


def test_laboratory_pdfs_have_two_pages_and_a_result(made):
    paper = next(paper for paper in made if paper.title == "HbA1c – 2e trimestre 2023")
    with pypdfium2.PdfDocument(paper.content) as document:
        assert len(document) == 2
    assert "Page 2 sur 2" in pdf_text(paper.content)
    assert "Hémoglobine glyquée (HbA1c)" in pdf_text(paper.content)


def test_images_open(made):
    images = of_type(made, ".jpg", ".png")
    assert len(of_type(images, ".jpg")) >= 5 and len(of_type(images, ".png")) >= 2
    for paper in images:
        with Image.open(BytesIO(paper.content)) as image:
            image.load()
            assert min(image.size) >= 500
            assert image.format == {"jpg": "JPEG", "png": "PNG"}[paper.filename[-3:]]


def test_written_papers_can_be_read(made):
    for paper in of_type(made, ".txt"):
        assert paper.content.decode().startswith(paper.title)
    for paper in of_type(made, ".rtf"):
        assert paper.content.startswith(b"{\\rtf1") and paper.content.endswith(b"}")
    for paper in of_type(made, ".docx"):
        with ZipFile(BytesIO(paper.content)) as archive:
            assert paper.title in archive.read("word/document.xml").decode()


def test_authors_and_folders(made):
    assert all(FICTIONAL.search(paper.author) for paper in made)
    folders = {paper.folder for paper in made}
    assert {None, "Mon suivi diabète", "Mes yeux", "Cœur", "L'hôpital, été 2024"} <= folders
    own = [paper for paper in made if paper.from_holder]
    assert 10 < len(own) < len(made) / 2
    assert any(paper.masked for paper in made) and any(paper.pinned for paper in made)


def test_papers_are_the_same_each_time(made):
    assert list(papers(TODAY)) == made


def test_importing_the_papers_loads_no_drawing_library():
    script = (
        "import sys; import models.demonstration.papers, models.demonstration.people;"
        "print({'fpdf', 'PIL', 'pypdfium2', 'flask', 'views'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"


def test_notes_are_distinct_small_and_cheap():
    tracemalloc.start()
    contents = {note(number, TODAY).content for number in range(20_000)}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(contents) == 20_000
    assert all(300 <= len(content) <= 600 for content in contents)
    assert peak < 20_000 * 600


def test_notes_vary(made):
    notes = [note(number, TODAY) for number in range(3_000)]
    assert {paper.category for paper in notes} == CATEGORIES
    assert {paper.folder for paper in notes} == {paper.folder for paper in made}
    assert all(FICTIONAL.search(paper.author) for paper in notes)
    assert {paper.dated.year for paper in notes} >= set(range(1997, 2026))
    assert max(paper.dated for paper in notes) <= TODAY
    assert note(77, TODAY) == note(77, TODAY)


def test_members_say_that_they_are_fictional():
    assert len(MEMBERS) == 40
    assert {HOLDER, STRANGER, NEWCOMER} <= set(MEMBERS)
    assert all(FICTIONAL.search(member.birth_name) for member in MEMBERS)
    assert FICTIONAL.search(OFFICE["name"])


def test_members_are_told_apart_by_number_and_mailbox():
    numbers = {member.member_number for member in MEMBERS}
    mailboxes = [member.email for member in MEMBERS if member.email] + [OFFICE["email"]]
    assert len(numbers) == len(MEMBERS)
    assert len(set(mailboxes)) == len(mailboxes) < len(MEMBERS)
    assert all(re.fullmatch(r"[a-z0-9.-]+@exemple\.invalid", mailbox) for mailbox in mailboxes)


def test_member_fields_are_well_formed():
    assert [field.name for field in fields(HOLDER)] == [
        "member_number", "birth_name", "used_name", "birth_given_names", "birth_date",
        "sex", "birthplace_code", "email", "postal_address",
    ]  # fmt: skip
    for member in MEMBERS:
        assert date.fromisoformat(member.birth_date) < TODAY
        assert member.sex in {"F", "M"}
        assert re.fullmatch(r"(\d\d|2A|2B)\d{3}", member.birthplace_code)


def test_members_include_the_awkward_cases():
    births = Counter((member.birth_date, member.birthplace_code) for member in MEMBERS)
    names = Counter((member.birth_name, member.birth_given_names) for member in MEMBERS)
    places = {member.birthplace_code[:2] for member in MEMBERS}
    letters = set("".join(member.birth_name for member in MEMBERS))
    assert births.most_common(1)[0][1] == 2
    assert names.most_common(1)[0][1] == 2
    assert {"2A", "2B", "99", "97"} <= places
    assert set("Łğñ'-œ") <= letters
    assert max(len(member.birth_name) for member in MEMBERS) > 50
    assert max(member.birth_date for member in MEMBERS) > "2010"


def test_what_software_deposited_is_of_the_holder_and_is_read_as_a_page():
    heard = take("cda", software.report(TODAY, 2, "6,9"))
    person = heard.header.person
    assert (person.birth_name, person.birth_given_names) == (
        HOLDER.birth_name,
        HOLDER.birth_given_names,
    )
    assert (heard.header.replaces, heard.header.warnings) == ((f"{software.ROOT}.1",), ())
    assert [facts["role"] for facts, _data in heard.parts] == ["page"]
    assert "6,9" in heard.parts[0][1].decode()

"""The activity taken out, and verified as anyone would, by the program that the page publishes."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from models import announcement, document, journal
from models.access import Role
from models.journal import Act, Entry
from models.sheets import activity

from ..world import SURGERY

ROOT = Path(__file__).parents[2]
FLASK = Path(sys.executable).parent / "flask"


@pytest.fixture
def alice(visit):
    return visit("alice")


@pytest.fixture
def here(world):
    return f"/espaces/{world.record('alice').uid}/activite"


@pytest.fixture
def file(alice, here, world, tmp_path):
    """Exported by her browser: the main chain, and one apart."""
    world.professional("hugo")
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    announcement.announce(doctor, world.paper("Annoncé", by=doctor, unannounced=True))
    document.read(world.access("alice"), world.paper("Été ; « cœur »", by=SURGERY))
    path = tmp_path / "activite.csv"
    path.write_bytes(table(alice, here).get_data())
    return path


def table(visitor, here):
    visitor.get(here)
    return visitor.client.get(visitor.page.link("Exporter tout, pour un tableur"))


def program(visitor, tmp_path):
    """As one copies it from the page."""
    code = visitor.get("/verifier-l-activite").soup.select("pre")[0].get_text()
    path = tmp_path / "verifier.py"
    path.write_text(code, encoding="utf-8")
    return path


def run(*command, folder):
    """With nothing of Carnet at hand."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={})
    return done.returncode, done.stdout + done.stderr


TAMPERINGS = {
    "a name": lambda text: text.replace('""Alice Exemple""', '""Aline Exemple""', 1),
    "an act": lambda text: text.replace('""read""', '""downloaded""', 1),
    "a line less": lambda text: "\r\n".join(text.split("\r\n")[:3] + text.split("\r\n")[4:]),
    "the end": lambda text: "\r\n".join(text.split("\r\n")[:-3]) + "\r\n",
    "nothing left": lambda text: text.split("\r\n")[0] + "\r\n",
    "two lines exchanged": lambda text: "\r\n".join(
        (lines := text.split("\r\n"))[:2] + [lines[3], lines[2]] + lines[4:]
    ),
    "the last hash": lambda text: text[:-3] + "01"[text[-3] == "0"] + "\r\n",
}


def test_the_program_on_the_page_verifies_an_export(visit, file, tmp_path, world):
    code = program(visit(), tmp_path)
    status, said = run(sys.executable, "-I", code, file, folder=tmp_path)
    assert status == 0, said
    record = world.record("alice")
    end = f"principale : {record.journal_length} entrées, dernière empreinte {record.journal_head}"
    assert end in said and "Tout se suit. 0 entrées ne sont pas montrées." in said


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_the_program_on_the_page_finds_what_was_changed(visit, file, tmp_path, tampering):
    whole = file.read_text(encoding="utf-8-sig")
    tampered = TAMPERINGS[tampering](whole.replace("\n", "\r\n"))
    assert tampered.replace("\r", "") != whole
    file.write_text(tampered, encoding="utf-8-sig", newline="")
    status, said = run(sys.executable, "-I", program(visit(), tmp_path), file, folder=tmp_path)
    assert status == 1 and ("Ligne " in said or "coupé" in said) and "Traceback" not in said


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_flask_check_finds_it_too(app, file, tampering):
    whole = file.read_text(encoding="utf-8-sig").replace("\n", "\r\n")
    file.write_text(TAMPERINGS[tampering](whole), encoding="utf-8-sig", newline="")
    done = app.test_cli_runner().invoke(args=["check", "--journal", str(file)])
    assert done.exit_code == 1 and done.output.startswith("Ligne ")


@pytest.mark.parametrize("tampering", [None, list(TAMPERINGS)[0]])
def test_flask_check_says_the_same_without_any_instance(file, tmp_path, tampering):
    if tampering:
        whole = file.read_text(encoding="utf-8-sig").replace("\n", "\r\n")
        file.write_text(TAMPERINGS[tampering](whole), encoding="utf-8-sig", newline="")
    environment = {"CARNET_INSTANCE": str(tmp_path / "none"), "PATH": os.environ["PATH"]}
    command = [FLASK, "check", "--journal", str(file)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == (1 if tampering else 0), done.stderr
    if tampering:
        assert done.stderr.startswith("Ligne ")
    else:
        assert "Chaîne principale : " in done.stdout and "Tout se suit." in done.stdout
    assert not (tmp_path / "none").exists()


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    command = [FLASK, "check", "--journal", str(tmp_path / "rien.csv")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "ne peut pas être lu" in done.stderr


def test_the_program_is_in_the_read_me_too(visit, tmp_path):
    assert program(visit(), tmp_path).read_text().strip() in (ROOT / "README.md").read_text()


def test_the_table_is_downloaded_and_kept_by_nobody(alice, here):
    answer = table(alice, here)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="activite-20')
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Entry.select().where(Entry.act == Act.EXPORTED_JOURNAL).count() == 1


def said(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_the_sheet_says_who_did_what_and_each_chain_s_end(alice, here, world, file):
    bruno = world.let_in("bruno", Role.CARER)
    document.read(bruno, world.paper("Mon bilan", by=SURGERY))
    alice.get(here)
    answer = alice.client.get(alice.page.link("Exporter ces lignes"))
    assert answer.mimetype == "application/pdf"
    text = said(answer.get_data()).replace("\u00a0", " ")
    assert "Alice Exemple, née le 14 mars 1951" in text
    assert "Bruno Fictif, aidant, pour Alice Exemple, a ouvert « Mon bilan »." in text
    assert "a exporté l'activité" in text
    record = world.record("alice")
    plain = text.replace(" ", "")
    assert record.journal_head in plain
    (apart,) = {entry.chain for entry in Entry.select()} - {""}
    last = Entry.select().where(Entry.chain == apart).order_by(Entry.number.desc()).first()
    assert last.hash in plain
    assert pikepdf.open(io.BytesIO(answer.get_data())).Root.MarkInfo.Marked


def test_the_sheet_keeps_the_filters_of_the_page(alice, here, world):
    world.paper("Mon bilan", by=SURGERY)
    document.read(world.access("alice"), world.paper("Lu"))
    alice.get(f"{here}?quoi=ajouts&qui=Cabinet+Fictif")
    answer = alice.client.get(alice.page.link("Exporter ces lignes"))
    text = said(answer.get_data()).replace("\u00a0", " ")
    assert "Seulement : Cabinet Fictif, Ajouts." in text
    assert "a ajouté « Mon bilan »" in text and "a ouvert" not in text


def test_a_sheet_too_long_keeps_the_latest_and_says_so(alice, here, world, monkeypatch):
    monkeypatch.setattr(activity, "MOST", 20)
    monkeypatch.setattr(activity, "CUT", "Seules les 20 dernières lignes sont ici.")
    holder, paper = world.access("alice"), world.paper("Ancien")
    for _ in range(25):
        journal.write(holder.record, holder.actor, Act.READ, paper)
    page = alice.get(here)
    assert "Le PDF contient les 20 dernières lignes." in page.text
    text = said(alice.client.get(page.link("Exporter ces lignes")).get_data())
    text = text.replace("\u00a0", " ")
    assert "Seules les 20 dernières lignes sont ici." in text
    assert text.count("a ouvert « Ancien »") < 20 and "a ajouté" not in text


def test_where_the_sheet_cannot_be_made_one_is_told_what_to_do(alice, here, monkeypatch):
    from models.formats import typesetting

    monkeypatch.setattr(typesetting, "SECONDS", 0)
    page = alice.get(f"{here}/export/pdf")
    assert "Le PDF n'a pas pu être fait." in page.notices[0] and page.soup.h1.text == "Activité"


def test_a_carer_who_reads_the_activity_does_not_take_it_out(visit, here, world):
    world.let_in("bruno", Role.CARER, given="read trace")
    bruno = visit("bruno")
    page = bruno.get(here)
    assert "Exporter" not in page.text and "Signaler" not in page.text
    for end in ("csv", "pdf"):
        bruno.get(f"{here}/export/{end}", 403)

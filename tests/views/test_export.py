"""`flask export`: everything of a record in a file, for another server."""

import io
import zipfile

import pytest
import pyzipper

from models import export
from models.document import Document
from models.journal import Act, Entry
from models.ledger import Line
from models.record import Record

SECRET = "canoe tambour citron 58"


@pytest.fixture
def run(app):
    def command(*words, code=0):
        with app.app_context():
            done = app.test_cli_runner().invoke(args=["export", *map(str, words)])
        assert done.exit_code == code, done.output
        return done.output

    return command


def test_the_file_is_whole_for_its_owner_alone_and_is_told(run, world, tmp_path):
    world.paper("Bilan")
    file = tmp_path / "départ.zip"
    assert f"{file}\t" in run("A-1", file)
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        assert "Documents/Bilan.txt" in opened.namelist() and "Volontés.html" in opened.namelist()
    assert Entry.select().where(Entry.act == Act.EXPORTED).count() == 1
    assert Line.select().where(Line.act == "took-record").count() == 1
    assert [one.name for one in tmp_path.glob("*.zip")] == ["départ.zip"]


def test_it_is_locked_by_the_first_line_of_a_file(run, world, tmp_path):
    secret, file = tmp_path / "secret", tmp_path / "a.zip"
    secret.write_text(f"{SECRET}\nplus bas\n")
    run(world.record("alice").uid, file, "--password-file", secret)
    with pyzipper.AESZipFile(file) as outer:
        inside = outer.read(export.INSIDE, pwd=SECRET.encode())
    assert "carnet.json" in zipfile.ZipFile(io.BytesIO(inside)).namelist()


def test_what_cannot_be_done_is_said_and_leaves_nothing(run, world, tmp_path, monkeypatch):
    there = tmp_path / "là.zip"
    there.write_text("à garder")
    assert "existe déjà" in run("A-1", there, code=1) and there.read_text() == "à garder"
    assert "pas d'espace" in run("inconnu", tmp_path / "a.zip", code=1)
    assert "n'a pas pu être écrit" in run("A-1", tmp_path / "absent/a.zip", code=1)
    weak = tmp_path / "secret"
    weak.write_text("court")
    assert "trop court" in run("A-1", tmp_path / "a.zip", "--password-file", weak, code=1)
    missing = tmp_path / "perdu"
    assert "ne peut pas être lu" in run(
        "A-1", tmp_path / "a.zip", "--password-file", missing, code=1
    )
    Record.update(erased_at=world.record("alice").announced_at).where(
        Record.member_number == "A-2"
    ).execute()
    assert "effacé" in run("A-2", tmp_path / "a.zip", code=1)
    world.paper("Bilan")
    monkeypatch.setattr(Document, "content_chunks", lambda one: iter([1 // 0]))
    run("A-1", tmp_path / "a.zip", code=1)
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["là.zip", "secret"]


def test_its_help_says_who_reads_what(run):
    said = run("--help")
    assert "données de santé" in " ".join(said.split())

"""`flask import` and `flask receive`, as an administrator and a mail server run them."""

import asyncio
import os
import smtplib
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from models import log, postbox, source
from models.document import Document
from models.source import Source, Told
from models.stray import Stray
from views import lmtp

from ..exchange import CAROLE, cda, xdm
from ..models.test_mail_in import mail
from ..world import LIMITS

ROOT = Path(__file__).parents[2]
FLASK = Path(sys.executable).parent / "flask"
TYPE = "Compte rendu d'examens biologiques (11502-2)"


def invoke(app, *words):
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(words), input=b"x")


@pytest.fixture
def run(app, world):
    def command(*words, of="alice"):
        words = [str(word) for word in words]
        done = invoke(app, "import", *words, "--record", world.record(of).uid)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        lines = [line.split("\t") for line in done.output.splitlines()]
        return done.exit_code, lines

    return command


def test_a_line_a_file_says_what_it_is_or_why_not(run, tmp_path):
    files = {
        "1 compte-rendu.xml": cda(),
        "2 lot.zip": xdm(cda(identifier="1.2.3"), cda(identifier="1.2.4", title="Un\u2028autre")),
        "3 message.eml": mail((b"Bonjour", "note du jour.txt")),
        "4 note.txt": b"Bonsoir",
        "5\tpage.html": b"<html>",
        "6 Carole.xml": cda(CAROLE, identifier="1.2.9"),
    }
    (tmp_path / "f" / "g").mkdir(parents=True)
    for number, (name, content) in enumerate(files.items()):
        (tmp_path / "f" / ("g" if number == 5 else "") / name).write_bytes(content)
    code, lines = run(tmp_path / "f", tmp_path / "absent.txt")
    title = "Compte rendu d'analyses fictif"
    assert code == 1 and all(len(line) == (4 if line[0] == "taken" else 3) for line in lines)
    assert [(line[0], Path(line[1]).name) for line in lines] == [
        ("taken", "1 compte-rendu.xml"),
        ("taken", "2 lot.zip"),
        ("taken", "3 message.eml"),
        ("taken", "4 note.txt"),
        ("refused", "5 page.html"),
        ("refused", "6 Carole.xml"),
        ("refused", "absent.txt"),
    ]
    assert lines[0][2:] == [title, TYPE]
    assert lines[1][2:] == [f"{title} ; {title}", f"{TYPE} ; {TYPE}"]
    assert lines[2][2:] == ["note du jour", "Autres documents"]
    assert lines[3][2:] == ["4 note", "Autres documents"]
    assert "une page HTML" in lines[4][2] and "ne peut pas être lu" in lines[6][2]
    assert "la date de naissance ne correspond pas" in lines[5][2]
    assert Document.select().count() == 5


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "dossier"
    made.mkdir()
    return made


def test_any_patient_looks_at_everything_but_the_person(run, folder):
    (folder / "a.zip").write_bytes(xdm(cda(CAROLE), who=CAROLE))
    (folder / "b.zip").write_bytes(xdm(cda(CAROLE, identifier="1.2"), who=CAROLE, size="3"))
    assert [line[0] for line in run(folder)[1]] == ["refused", "refused"]
    code, lines = run(folder, "--any-patient")
    assert (code, [line[0] for line in lines]) == (1, ["taken", "refused"])
    assert "et non 3 comme annoncé" in lines[1][2]


def test_what_is_said_to_the_command_wins(run, folder):
    (folder / "a.xml").write_bytes(cda())
    words = ("--category", "CPT_REND", "--dated", "12/03/2024", "--author", "Dr Fictif")
    assert run(folder, *words)[0] == 0
    one = Document.get()
    assert (one.category, one.dated.isoformat(), one.author) == (
        "CPT_REND",
        "2024-03-12",
        "Dr Fictif",
    )
    assert one.type_code == "11502-2"


def test_a_plain_file_has_the_day_of_the_file(run, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"Bonjour")
    os.utime(tmp_path / "a.txt", (1_600_000_000, 1_600_000_000))
    assert run(tmp_path / "a.txt", "--category", "BIOLOGIE")[0] == 0
    one = Document.get()
    assert (one.dated.isoformat(), one.category_label) == ("2020-09-13", "Résultats de biologie")
    code, lines = run(tmp_path / "a.txt", "--category", "DIR_ANT")
    assert code == 1 and "Choisissez une catégorie" in lines[0][2]


@pytest.fixture
def laboratory(world):
    one, _token = source.register(world.office, Told("Laboratoire Fictif", "laboratory"))
    source.open_mailbox(world.office, one)
    return Source.get_by_id(one.id)


def test_a_pipe_of_a_mail_server_is_answered_with_its_codes(laboratory, settings):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    def pipe(message, *words):
        return subprocess.run(
            [FLASK, "receive", *words],
            cwd=ROOT,
            env=kept | {"CARNET_INSTANCE": str(settings.instance)},
            input=message,
            capture_output=True,
            check=False,
        )

    address = f"{laboratory.mailbox}@depots.exemple.fr"
    done = pipe(mail((xdm(), "IHE_XDM.ZIP")), "--to", address)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert Document.get().source_id == laboratory.id
    done = pipe(mail((b"<html>Carole</html>", "résultat VIH.html")), "--to", address)
    assert done.returncode == 65 and not done.stderr
    assert done.stdout.decode() == (
        "Ce genre de fichier n'est pas accepté. This kind of file is not accepted.\n"
    )


@pytest.mark.parametrize("words, code", [((), 1), (("--to", "a@b.fr", "--lmtp", "x:1"), 1)])
def test_receive_says_how_it_is_called(app, words, code):
    done = invoke(app, "receive", *words)
    assert done.exit_code == code and "--to ADRESSE" in done.output


def test_an_unknown_address_and_a_fault_of_ours(app, monkeypatch):
    words = ("receive", "--to", "depot-inconnu@exemple.fr")
    done = invoke(app, *words)
    assert (done.exit_code, done.output) == (67, "")
    monkeypatch.setattr("models.postbox.take", lambda *_: {}["résultat VIH"])
    done = invoke(app, *words)
    assert done.exit_code == 75
    assert "KeyError" in done.stderr and "VIH" not in done.output + done.stderr


def test_before_there_is_an_instance_mail_waits(app):
    app.config["INSTANCE"] = None
    assert invoke(app, "receive", "--to", "depot-inconnu@exemple.fr").exit_code == 75


@contextmanager
def served(path):
    """The server, in a thread, until the block ends."""
    ready, held = threading.Event(), []

    async def serve():
        task = asyncio.create_task(lmtp.serve(f"unix:{path}", LIMITS, ready.set))
        held.extend((asyncio.get_running_loop(), task))
        await asyncio.wait([task])

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield
    finally:
        held[0].call_soon_threadsafe(held[1].cancel)
        thread.join(10)


def test_a_conversation_in_lmtp(laboratory, tmp_path, monkeypatch, caplog):
    def say(message, *recipients):
        crlf = message.replace(b"\n", b"\r\n")
        try:
            return talk.sendmail("labo@exemple.invalid", list(recipients), crlf)
        except smtplib.SMTPRecipientsRefused as refused:
            return refused.recipients
        except smtplib.SMTPDataError as error:
            return error.smtp_code, error.smtp_error

    path, address = str(tmp_path / "s"), f"{laboratory.mailbox}@depots.exemple.fr"
    other = "depot-inconnu@exemple.fr"
    # A 4xx would be sent again for days.
    assert postbox.recipient("depot-\udcff@exemple.fr") is None
    with served(path), smtplib.LMTP(path) as talk:
        assert say(mail((xdm(), "IHE_XDM.ZIP")), address) == {}
        assert Document.get().source_id == laboratory.id
        assert say(b"x", other) == {other: (550, b"5.1.1 No such address")}
        assert say(b"Bonjour", address) == (554, b"5.6.0 This kind of file is not accepted.")
        # Each recipient of LMTP is answered for: the mail server gives them one by one.
        waits = say(mail((b"Bonjour", "a.txt")), address, other)
        assert waits == {other: (452, b"4.5.3 One recipient at a time")}
        assert Stray.select().count() == 1

        def broken(*_):
            raise KeyError("résultat VIH")

        monkeypatch.setattr("models.postbox.take", broken)
        code, says = say(b"Bonjour", address)
        assert code == 451 and b"VIH" not in says
    written = "\n".join(map(log.Placed().format, caplog.records))
    assert "KeyError" in written and "VIH" not in written

"""When nothing can be written: the disk is full, or only lets itself be read, or a right was taken
away. Whoever acts is told so in words, whoever only looks goes on, what must be traced is not shown
untraced; and once it is over, all goes on by itself."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app import create_app
from models import checking, clock, instance, source, vault
from models.access import Role
from models.database import database
from models.document import Document
from models.journal import Act, Entry
from models.source import Told

from ..bench.visitor import FIELD, Visitor
from ..exchange import document_reference, written
from ..world import PASSWORD, World
from . import disks
from .ground import signed_in
from .people import sent
from .test_server import serving

ROOT = Path(__file__).parents[2]
STOPPED = "Carnet ne peut rien enregistrer pour le moment"
LOOKED_AT = ("", "/documents", "/entourage-et-volontes", "/activite", "/dossiers", "/corbeille")
LONGEST = 30


class Site:
    """The instance on a disk that will fail, its people signed in, and its server."""

    def __init__(self, settings, folder):
        shutil.copytree(settings.instance, folder / "instance")
        self.settings = replace(settings, instance=folder / "instance")
        app, world = create_app(self.settings), World()
        self.paper = world.paper("Bilan de mars")
        world.let_in("bruno", Role.CARER)
        self.cookies = {name: signed_in(app, name) for name in ("alice", "bruno")}
        told = Told("Logiciel Fictif", "laboratory")
        self.token = source.register(world.office, told)[1]
        self.record = f"/espaces/{self.paper.record.uid}"
        self.document = f"{self.record}/documents/{self.paper.uid}"
        database.close_all()

    def visit(self, address):
        """Alice, Bruno her carer, and someone who is not signed in."""
        self.port = int(address.rpartition(":")[2])
        self.alice, self.bruno, self.visitor = (Visitor(self.port) for _ in range(3))
        for name, cookie in self.cookies.items():
            getattr(self, name).cookies.update([cookie])
        # What she had open before.
        self.form = self.alice.get(f"{self.record}/documents/depot").text
        self.token_of_form = dict(FIELD.findall(self.form))["csrf_token"]
        self.door = dict(FIELD.findall(self.visitor.get("/connexion").text))

    def writable(self):
        return self.visitor.get("/etat").status == 200

    def deposit(self, text=None):
        fields = {"csrf_token": self.token_of_form, "category": "CPT_REND", "dated": "12/03/2024"}
        fields |= {"sending": secrets.token_hex(8), "author": "Dr Fictif"}
        files = [(secrets.token_hex(8), text or secrets.token_hex(200_000))]
        return sent(self.alice, f"{self.record}/documents/depot", files, fields)

    def mask(self):
        fields = {"csrf_token": self.token_of_form, "masque": "oui"}
        return self.alice.post(f"{self.record}/documents/masquage", fields)

    def sign_in(self):
        typed = {"email": "alice@exemple.invalid", "password": PASSWORD}
        return self.visitor.post("/connexion", self.door | typed)

    def software(self):
        told = {"identifier": f"1.2.250.1.999.7.{secrets.randbelow(10**9)}"}
        content = secrets.token_hex(200_000).encode()
        body = written(document_reference(content, "text/plain", **told))
        told = {"Content-Type": "application/fhir+json", "Authorization": f"Bearer {self.token}"}
        return Visitor(self.port)._ask("POST", "/fhir/DocumentReference", body, told)

    def command(self, *words):
        there = os.environ | {"CARNET_INSTANCE": str(self.settings.instance)}
        return subprocess.run(
            [sys.executable, "-m", "flask", *words],
            cwd=ROOT,
            env=there,
            capture_output=True,
            text=True,
            check=False,
        )


def until(condition):
    end = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.1)


def refused(answer):
    """Said in words, with when to come back."""
    assert (answer.status, answer.headers["retry-after"]) == (503, "60"), answer.status
    told = " ".join(re.sub("<[^>]*>", " ", answer.text).split()).replace("&#39;", "'")
    assert STOPPED in told and "Rien de ce qui était là n'est perdu" in told, told


def nothing_is_written(site):
    """Every act is refused in words; pages open, documents that cannot be traced do not."""
    until(lambda: not site.writable())
    for path in LOOKED_AT:
        assert site.alice.get(f"{site.record}{path}").status == 200, path
    for path in (site.document, f"{site.document}/contenu?telecharger=oui"):
        refused(site.alice.get(path))
    for act in (site.deposit, site.mask, site.sign_in):
        refused(act())
    answer = site.software()
    assert answer.status == 503 and "OperationOutcome" in answer.text


def all_is_written(site):
    """By the same server, without anyone's help."""
    until(site.writable)
    for path in (site.document, f"{site.document}/contenu"):
        assert site.alice.get(path).status == 200
    assert site.bruno.get(f"{site.record}/documents").status == 200
    assert (site.deposit().status, site.mask().status) == (303, 303)
    assert site.software().status == 201


def nothing_is_lost(site):
    instance.open_instance(site.settings)
    assert list(checking.faults()) == []
    assert b"".join(Document.get_by_id(site.paper.id).content_chunks()).startswith(b"Un texte")
    known = {one.content for one in Document.select()}
    with clock.moved(timedelta(hours=2)):
        vault.sweep(known.intersection)
    assert set(vault.names()) == known


def test_whatever_keeps_it_from_writing_is_said_and_is_over_when_it_is_over(settings, tmp_path):
    """One server lives through a full disk and a right that was taken away; then its disk fails."""
    with disks.failing(tmp_path / "disk") as disk:
        site = Site(settings, disk)
        with serving(site.settings, preexec_fn=disks.bound_by_modes) as (_, address):
            site.visit(address)
            with disks.filled(disk):
                nothing_is_written(site)
                # What someone else looks at is told, or it is not shown.
                refused(site.bruno.get(f"{site.record}/documents"))
                no_command_pretends(site, tmp_path)
            all_is_written(site)
            # What she looked at is told with the next look; what she could not open is not.
            with disks.closed(site.settings.instance / "vault" / "incoming"):
                nothing_comes_in(site, opens=200)
            with disks.closed(site.settings.instance / "vault"):
                nothing_comes_in(site, opens=503)
            all_is_written(site)
            disks.fail(disk)
            nothing_is_written(site)
            done = site.command("work")
            assert done.returncode == 1 and "Traceback" not in done.stderr
            assert "Carnet ne peut rien écrire" in done.stderr and "que lire" in done.stderr
        shutil.copytree(site.settings.instance, tmp_path / "copied")
    site.settings = replace(site.settings, instance=tmp_path / "copied")
    nothing_is_lost(site)
    acts = [one.act for one in Entry.select()]
    # Twice she opened it, and it was traced; five documents are there, and one deposit each.
    assert (acts.count(Act.READ), acts.count(Act.DEPOSITED)) == (2, 5)


def no_command_pretends(site, folder):
    done = site.command("work")
    assert done.returncode == 1 and "le disque est plein" in done.stderr
    file = folder / "à déposer.txt"
    file.write_text("Un texte." * 100_000)
    done = site.command("import", "--record", "A-1", str(file))
    assert done.returncode == 1 and "le disque est plein" in done.stderr
    assert "taken" not in done.stdout


def nothing_comes_in(site, opens):
    """The database is written still: what can be read is opened, and traced."""
    until(lambda: not site.writable())
    refused(site.deposit())
    assert site.alice.get(f"{site.record}/documents").status == 200
    assert site.alice.get(f"{site.document}/contenu").status == opens

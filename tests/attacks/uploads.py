"""Every file of the shared collection, good, odd or hostile, by every door that a file comes in by,
and what is to become of it (uploads.tsv): the kind that it is taken as, « ! » where Carnet warns or
it is under a password, or why it is refused."""

import csv
import io
import mimetypes
import re
import smtplib
from pathlib import Path
from zlib import crc32

from models import job, moving, source
from models.document import Document
from models.formats.kinds import KINDS, PDF
from models.moving import Moving
from models.moving_item import Item, Verdict
from models.source import Source, Told

from ..exchange import document_reference, written
from ..models.test_mail_in import mail
from ..moved import zipped
from ..views.test_import import invoke, served
from ..world import SENDER

UPLOADS = Path(__file__).resolve().parents[2].parent / "shared/inputs/uploads"
TABLE = Path(__file__).with_name("uploads.tsv")
REASONS = (
    *(("Deux fois", "again"), ("est vide", "empty")),
    *(("n'est pas accepté : c'est ", ""), ("n'est pas accepté", "unknown")),
    *(("abîmé", "broken"), ("Ce fichier est déjà", "again"), ("ne s'ouvre pas", "broken")),
    *(("aucun document", "empty"), ("dangereux", "dangerous"), ("This kind of file", "unknown")),
    *(("is not what it is said", "broken"), ("is broken", "broken"), ("empty", "empty")),
)
# What a browser is never told that a file of theirs is.
RUNS = re.compile(r"html|svg|xml(?!\))|javascript|x-sh|executable|octet-stream|multipart", re.I)


def expected() -> dict[str, dict[str, str]]:
    """File → door → outcome."""
    with TABLE.open(newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return {row.pop("file"): row for row in rows}


def files(names=None) -> dict[str, bytes]:
    known = sorted(one for one in UPLOADS.glob("*/*") if one.is_file())
    told = {str(one.relative_to(UPLOADS)): one.read_bytes() for one in known}
    return {name: told[name] for name in names} if names else told


class Doors:
    """Each gives file → outcome; the documents that were taken are looked at, then forgotten."""

    def __init__(self, app, world, visit, folder: Path):
        self.app, self.world, self.folder = app, world, folder
        self.alice, self.diane = visit("alice"), visit("diane")
        self.seen = set()
        self.record = world.record("alice").uid
        self.source, self.token = source.register(world.office, Told("Logiciel Fictif", "other"))
        source.open_mailbox(world.office, self.source)
        Source.update(per_day=10_000, unmatched="queue").execute()

    def page(self, told):
        return {name: self._deposited(name, content) for name, content in told.items()}

    def software(self, told):
        """By the standard call."""
        return {name: self._called(name, content) for name, content in told.items()}

    def post(self, told):
        """By mail, in LMTP."""
        path = str(self.folder / "s")
        with served(path), smtplib.LMTP(path) as talk:
            return {name: self._mailed(talk, name, content) for name, content in told.items()}

    def command(self, told):
        """`flask import`."""
        places = [self.folder / f"{number:03}" for number in range(len(told))]
        for place, (name, content) in zip(places, told.items(), strict=True):
            place.mkdir()
            (place / Path(name).name).write_bytes(content)
        done = invoke(self.app, "import", *map(str, places), "--record", self.record)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        lines = [line.split("\t") for line in done.output.splitlines()]
        assert len(lines) == len(told)
        return {
            name: "taken" if line[0] == "taken" else self._why(line[2])
            for name, line in zip(told, lines, strict=True)
        }

    def archive(self, told):
        """« Faire venir mes documents »: all in one."""
        self.alice.get(f"/espaces/{self.record}/arrivee")
        whole = zipped({f"Dossier/{name}": content for name, content in told.items()})
        self.alice.submit("Regarder ce fichier", file=[("export.zip", whole)])
        job.run_due(SENDER)
        self.alice.get(self.alice.page.address.partition("?")[0])
        self.alice.submit("Tout ajouter à mon espace")
        job.run_due(SENDER)
        assert Moving.get().stage == moving.Stage.DONE
        rows = {row.path.removeprefix("Dossier/"): row for row in Item.select()}
        assert set(rows) == set(told)
        taken = {name for name, row in rows.items() if row.verdict == Verdict.TAKEN}
        return {n: "taken" if n in taken else self._why(rows[n].sentence) for n in told}

    def members(self, told):
        """As a list of members, which none of them is."""
        found = {}
        for name, content in told.items():
            self.diane.get("/association/adherents/listes/nouvelle")
            page = self.diane.submit("Lire cette liste", 422, file=[(Path(name).name, content)])
            assert page.soup.select_one("#file[aria-describedby*=fault]"), name
            found[name] = "refused"
        return found

    def _deposited(self, name, content):
        before = set(Document.select(Document.id).tuples())
        self.alice.get(f"/espaces/{self.record}/documents/depot")
        got = self._sent(name, content)
        page = self.alice._arrive(got, got.status_code)
        new = [one for one in Document.select() if (one.id,) not in before]
        if not new:
            return self._why(page.text)
        (one,) = new
        self._look(one, content, name)
        return KINDS[one.media_type].extension[1:] + "!" * bool(one.warning or one.protected)

    def _sent(self, name, content):
        token = self.alice.page.soup.select_one("form [name=csrf_token]")["value"]
        sent = {"category": "ORD_SOIN", "dated": "12/03/2024", "csrf_token": token}
        sent["files"] = (io.BytesIO(content), Path(name).name)
        address = self.alice.page.address
        got = self.alice.client.post(address, data=sent, follow_redirects=True)
        assert got.status_code in (200, 422), (name, got.status_code)
        return got

    def _look(self, one, content, name):
        """As a browser would: nothing of it runs."""
        address = f"/espaces/{self.record}/documents/{one.uid}"
        if (one.media_type, bool(one.warning)) not in self.seen:
            self.seen.add((one.media_type, bool(one.warning)))
            self.alice.get(address)
            self.alice.get(f"{address}/texte")
        for asked in ("", "?telecharger=oui"):
            got = self.alice.client.get(f"{address}/contenu{asked}")
            assert got.status_code == 200 and got.data == content, name
            harmless(got, one.media_type, attached=bool(asked))

    def _called(self, name, content):
        declared = mimetypes.guess_type(name)[0] or "application/octet-stream"
        told = document_reference(content, declared, identifier=f"1.2.{crc32(content)}")
        headers = {"Authorization": f"Bearer {self.token}"}
        headers["Content-Type"] = "application/fhir+json"
        client = self.app.test_client()
        got = client.post("/fhir/DocumentReference", data=written(told), headers=headers)
        assert got.status_code in (200, 201, 202, 422), (name, got.status_code)
        return "taken" if got.status_code < 400 else self._why(got.text)

    def _mailed(self, talk, name, content):
        address = f"{self.source.mailbox}@depots.exemple.fr"
        message = mail((content, Path(name).name)).replace(b"\n", b"\r\n")
        try:
            talk.sendmail("labo@exemple.invalid", [address], message)
        except smtplib.SMTPDataError as fault:
            assert fault.smtp_code == 554, (name, fault)
            return self._why(fault.smtp_error.decode())
        return "taken"

    def _why(self, sentence):
        sentence = " ".join(sentence.split())
        found = next((one for one in REASONS if one[0] in sentence), None)
        assert found, sentence
        what = sentence.partition(found[0])[2].partition(".")[0].partition(" Mais")[0]
        return "refused: " + (found[1] or re.sub(r"\W.*(?=: )", "", what)[:60])


def harmless(got, media_type, attached):
    """What was served of a file: as the kind that it was proved to be, and nothing it may run."""
    told = got.headers
    assert got.mimetype == media_type and not RUNS.search(got.mimetype.replace("openxml", ""))
    assert told["X-Content-Type-Options"] == "nosniff"
    inside = "attachment" if attached or not KINDS[media_type].opens_in_browser else "inline"
    assert told["Content-Disposition"].startswith(inside)
    policy = told["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "script" not in policy
    assert "sandbox" in policy or media_type == PDF
    assert told["Cache-Control"] == "private, no-store"

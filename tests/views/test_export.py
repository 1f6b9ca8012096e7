"""Everything, to take away: a page that says what is in it, then a ZIP."""

import io
import zipfile

from models.journal import Act, Entry


def exported():
    return Entry.select().where(Entry.act == Act.EXPORTED).count()


def test_a_page_says_what_is_in_it_then_the_file_comes(visit, world):
    world.paper("Résultats")
    alice, uid = visit("alice"), world.record("alice").uid
    alice.get(f"/espaces/{uid}/")
    page = alice.follow("Tout télécharger")
    assert "n'est pas chiffré" in page.text and exported() == 0
    token = page.soup.select_one("main [name=csrf_token]")["value"]
    answer = alice.client.post(f"/espaces/{uid}/export", data={"csrf_token": token})
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    file = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    assert "Documents/Résultats.txt" in file.namelist()
    assert "a téléchargé tout l'espace" in file.read("Activité.csv").decode()
    assert exported() == 1


def test_looking_takes_nothing_out(visit, world):
    alice, path = visit("alice"), f"/espaces/{world.record('alice').uid}/export"
    for method in ("HEAD", "GET"):
        assert alice.client.open(path, method=method).mimetype == "text/html"
    alice.client.post(path)
    assert exported() == 0

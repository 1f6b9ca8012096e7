"""A content of which a browser has a piece: the rest of it, or that it is still the same. The door,
the rights and the journal come first."""

from datetime import timedelta

import pytest

from models import access, clock, document, masking, vault
from models.access import Role
from models.document import Document

from .. import parts
from .test_document import acts
from .test_shares import made, opened, paper  # noqa: F401 - the fixtures of a link

# In two pieces, as the vault keeps it.
TEXT = "".join(f"Ligne fictive {number}.\n" for number in range(6000))
SIZE = len(TEXT.encode())
CUT = SIZE * 4 // 5


@pytest.fixture
def written(world):
    return world.paper("Long", text=TEXT)


@pytest.fixture
def ask(visit, world):
    """Of Alice's document: its content, as she asks for it."""
    visitors = {}

    def asked(one, query="?telecharger=oui", who="alice", method="get", **headers):
        visitor = visitors.get(who) or visitors.setdefault(who, visit(who))
        path = f"/espaces/{world.record('alice').uid}/documents/{one.uid}/contenu{query}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(visitor.client, method)(path, headers=named)

    return asked


def test_a_download_that_was_cut_goes_on_and_is_told_once(ask, written):
    begun = ask(written)
    tag, told = begun.headers["ETag"], acts(written)
    assert begun.headers["Accept-Ranges"] == "bytes" and not tag.startswith("W/")
    rest = ask(written, Range=f"bytes={CUT}-", If_Range=tag)
    assert rest.status_code == 206
    assert rest.headers["Content-Range"] == f"bytes {CUT}-{SIZE - 1}/{SIZE}"
    assert int(rest.headers["Content-Length"]) == len(rest.data) == SIZE - CUT
    assert begun.data[:CUT] + rest.data == TEXT.encode()
    assert acts(written) == told == ["deposited", "downloaded"]
    for name in ("Content-Disposition", "Content-Security-Policy", "ETag", "Cache-Control"):
        assert rest.headers[name] == begun.headers[name]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=65530-65545", 65530, 65545),
        ("bytes=-5", SIZE - 5, SIZE - 1),
        (f"bytes={SIZE - 1}-{SIZE * 9}", SIZE - 1, SIZE - 1),
        (f"bytes=-{SIZE * 9}", 0, SIZE - 1),
    ],
)
def test_a_piece_is_that_piece(ask, written, asked, first, last):
    got = ask(written, Range=asked)
    assert (got.status_code, got.data) == (206, TEXT.encode()[first : last + 1])
    assert got.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-9,20-29", "lines=1-2", "bytes=9-2", "bytes=", "bytes=a-b", "9-"]
)
def test_what_is_not_one_piece_is_all_of_it(ask, written, asked):
    got = ask(written, Range=asked)
    assert (got.status_code, got.data) == (200, TEXT.encode())


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=999999999-"])
def test_beyond_its_end_there_is_nothing_and_nothing_is_read(ask, written, asked):
    got = ask(written, Range=asked)
    assert (got.status_code, got.data) == (416, b"")
    assert got.headers["Content-Range"] == f"bytes */{SIZE}"
    assert "no-store" in got.headers["Cache-Control"]
    assert acts(written) == ["deposited"]


def test_the_rest_of_another_document_is_all_of_this_one(ask, written, world):
    other = ask(world.paper("Autre", text="Autre")).headers["ETag"]
    for held in (other, "W/" + ask(written).headers["ETag"], "Thu, 01 Jan 2026 00:00:00 GMT"):
        got = ask(written, Range="bytes=10-", If_Range=held)
        assert (got.status_code, got.data) == (200, TEXT.encode())


def test_the_same_content_is_not_sent_again_and_it_is_a_reading_all_the_same(ask, written):
    tag = ask(written).headers["ETag"]
    for held in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        before = len(acts(written))
        got = ask(written, If_None_Match=held, Range="bytes=5-")
        assert (got.status_code, got.data) == (304, b"")
        assert got.headers["ETag"] == tag and "no-store" in got.headers["Cache-Control"]
        assert acts(written)[before:] == ["downloaded"]
    assert ask(written, If_None_Match='"other"').status_code == 200


def test_a_piece_is_a_reading_unless_it_goes_on_with_one(ask, written, monkeypatch):
    """In the same session, within the hour; and what begins at the beginning is one."""
    ask(written, Range="bytes=9-")
    assert acts(written) == ["deposited", "downloaded"]
    ask(written, Range="bytes=19-")
    assert len(acts(written)) == 2
    ask(written, Range="bytes=0-")
    assert len(acts(written)) == 3
    monkeypatch.setattr(document, "RESUMED_WITHIN", timedelta(0))
    ask(written, Range="bytes=19-")
    assert len(acts(written)) == 4


def test_in_its_page_a_piece_is_told_as_the_whole_is(ask, written):
    for more in ({}, {"Range": "bytes=9-"}, {"Range": "bytes=0-8"}):
        ask(written, "", **more)
    assert acts(written) == ["deposited", "read"]


def test_someone_else_s_going_on_is_told(ask, written, world):
    world.let_in("bruno", Role.CARER)
    ask(written)
    assert ask(written, who="bruno", Range="bytes=9-").status_code == 206
    assert acts(written) == ["deposited", "downloaded", "downloaded"]


def test_what_is_taken_away_meanwhile_is_not_said_to_be_the_same(ask, written, world):
    """Nobody learns, from what she kept, of what she may see no more."""
    world.let_in("carole", Role.PROFESSIONAL)
    tag = ask(written, who="carole").headers["ETag"]
    again = {"If_None_Match": tag, "Range": "bytes=9-", "If_Range": tag}
    masking.choose(world.access("alice"), [Document.get_by_id(written.id)], masked=True)
    assert ask(written, who="carole", **again).status_code == 404
    masking.choose(world.access("alice"), [Document.get_by_id(written.id)], masked=False)
    assert ask(written, who="carole", If_None_Match=tag).status_code == 304
    carole = access.find(world.account("carole"), world.record("alice").uid)
    access.Access.update(revoked_at=clock.now()).where(access.Access.id == carole.id).execute()
    told = acts(written)
    assert ask(written, who="carole", **again).status_code == 403
    assert ask(written, who="carole", Range="bytes=9-").status_code == 403
    assert acts(written) == told


def test_a_tag_tells_nothing_of_the_bytes_nor_of_their_place(ask, world):
    """Nobody can try a guess of what a document says; the same bytes elsewhere are another."""
    one = world.paper("Un", text="Résultat fictif : négatif.")
    other = world.paper("Un", text="Résultat fictif : négatif.", of="carole")
    tags = {vault.tag(Document.get_by_id(each.id).content) for each in (one, other)}
    assert len(tags) == 2 and ask(one).headers["ETag"].strip('"') in tags
    for each in (one, other):
        row = Document.get_by_id(each.id)
        assert not tags & {row.content, row.sha256, row.sha256[:32]}


def test_head_says_how_much_there_is_and_sends_none(ask, written):
    got = ask(written, method="head", Range="bytes=9-")
    assert (got.status_code, got.data) == (200, b"")
    assert int(got.headers["Content-Length"]) == SIZE
    assert got.headers["Accept-Ranges"] == "bytes" and got.headers["ETag"]


def test_a_piece_of_what_was_damaged_is_not_sent_as_if_it_were_whole(ask, written):
    path, _key = vault.place(Document.get_by_id(written.id).content)
    whole = bytearray(path.read_bytes())
    whole[-9] ^= 1
    path.write_bytes(whole)
    got = ask(written, Range="bytes=70000-")
    assert got.status_code != 206 and acts(written) == ["deposited"]


def test_parts_and_links_do_as_much(visit, world, made):  # noqa: F811
    alice, record = visit("alice"), world.record("alice").uid
    holding = world.paper("Avec une image")
    part = parts.add(holding, content=b"0123456789" * 9)
    path = f"/espaces/{record}/documents/{holding.uid}/parties/{part.uid}"
    assert alice.client.get(path, headers={"Range": "bytes=88-"}).data == b"89"
    anyone = visit()
    opened(anyone, made)
    whole = anyone.client.get("/partage/contenu")
    held = {"Range": "bytes=9-19", "If-Range": whole.headers["ETag"]}
    got = anyone.client.get("/partage/contenu", headers=held)
    assert (got.status_code, got.data) == (206, whole.data[9:20])
    known = {"If-None-Match": whole.headers["ETag"]}
    assert anyone.client.get("/partage/contenu", headers=known).status_code == 304

"""What is read in Carnet's own processes: it recognises, splits lines, reads JSON and people's
forms, and gives no parser written in C anything of a stranger but those of Python itself."""

import base64
import io
import json
from contextlib import suppress
from datetime import date
from functools import cache

from models import bounce, enrolment, headings, manifest_reading, phone, proof, search, traits
from models import wrapping as wraps
from models.days import day_of, short_year
from models.deposit import file_name, proposed_title
from models.formats import glyphs as signs
from models.formats import hl7, keys, kinds, lots, naming, plain, qr, reading
from models.formats.table import Table
from models.header import Person
from models.ins import valid
from models.reference import types
from models.refusal import Refusal
from models.words import fold, tidy, tidy_lines, words

from . import of_children, seeds
from .drawing import environment


def recogniser(data):
    name = data[-12:].decode("latin-1")
    media_type = kinds.recognise(data, name)
    assert media_type in {None, kinds.ZIP, kinds.XML, kinds.JSON, *kinds.KINDS}
    assert kinds.label(kinds.describe(data, name)) is None
    if media_type == kinds.TEXT:
        assert not kinds.ACTIVE_START.match(plain.opening(data))
        reading.read([data], name)
    lots.recognise(data, [data])


def table(data):
    if not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        _rows(list(Table([data[:5], data[5:]])))


def _rows(rows):
    from models import roll_reading

    titles, below = roll_reading._headings(rows[:10])
    columns = headings.guessed(titles, [row.cells for row in below])
    for row in rows[:50]:
        cells = [roll_reading._cell(*one) for one in zip(columns, row.cells, strict=False)]
        told = headings.told(columns, cells)
        try:
            enrolment.understood(told)
        except enrolment.Refusal as refusal:
            refusal.sentence.encode()


def glyphs(data):
    told = signs.printable({"a": [data.decode("utf-8", "surrogatepass")]})
    assert signs.printable({"a": told["a"]}) == {"a": told["a"], "lost": ""}


def mail_back(data):
    bounce.understood(data)


def manifest(data):
    told = json.loads(data)
    # Its shape is checked by the child (moving_zip.py).
    if isinstance(told, dict) and isinstance(told.get("documents"), list):
        manifest_reading.person(manifest_reading.about(told))
        for one in told["documents"]:
            if isinstance(one, dict) and isinstance(one.get("path"), str):
                json.dumps(manifest_reading.document(one)).encode()


def journal(data):
    from views.journal import sentence

    text = data.decode("utf-8-sig", "replace")
    proof.verify(io.StringIO(text, newline=""), sentence)


def codes(data):
    text = data.decode("utf-8", "replace")
    types.find(text), types.category_of(text), naming.ins_of([(naming.INS_NIR, text)])
    found = (naming.hl7_day(text), naming.iso_day(text), hl7.day(text), hl7.plain_day(text))
    for one in found:
        assert one is None or naming.in_words(one)
    hl7.name(text)
    hl7.person(text.split("\n"), text.split("\n"))
    naming.plain(text), naming.capitalised(text), valid(text)


def passkey(data):
    """What a browser says that a key answered: a key that is not one of ours, whatever it says."""
    public = _public(SITE)
    for asked in (lambda answer: keys.made(answer, SITE), lambda a: keys.judge(a, SITE, public)):
        with suppress(Refusal):
            asked(keys.read(data.decode("utf-8", "replace")))


@cache
def _public(site):
    return keys.made(keys.read(seeds.passkeys()[0].decode()), site).public


SITE = keys.Site("Carnet", "localhost", "http://localhost")


def forms(data):
    fields = [*data.decode("utf-8", "replace").split("\n"), *[""] * 8]
    people = [_person(fields), _person(fields[::-1])]
    for trait in ("birth_name", "birth_given_names", "birthplace_code"):
        traits.same(*people, trait)
    list(traits.faults(*people))
    for text in fields[:20]:
        assert tidy(tidy(text)) == tidy(text)
        fold(text), words(text), tidy_lines(text), day_of(text), short_year(text)
        file_name(text), proposed_title(text), search.highlighted(text, text[::-1])
        assert "".join(piece for piece, _ in search.highlighted(text, text[:9]).pieces) == text
    for text in fields[:20]:
        _phone(text)
    qr.path(fields[0])


def _person(fields):
    born = day_of(fields[2])
    return Person(fields[0], fields[3], fields[1], "", born, fields[3], fields[4], fields[6])


def _phone(text):
    try:
        kept = phone.understood(text)
    except Refusal:
        return
    if kept:
        phone.shown(kept), phone.dialled(kept)
        assert phone.understood(phone.shown(kept)) or kept


def wrapping(data):
    """What Carnet puts in a CDA, Carnet reads out of it."""
    fields = [tidy(one)[:200] for one in data.decode("utf-8", "replace").split("\n")] + [""] * 6
    title, author, place, birth, given, used = (_written(one) for one in fields[:6])
    one = wraps.Envelope(
        *("2.25.1", "2.25.2", 1, types.of_category("CPT_REND"), title or "Titre", "20260302"),
        *("20260301", author, place, ""),
    )
    number = wraps.Identifier("1.2.3", fields[0])
    person = wraps.Patient([number], birth or "A", used, given or "B", given or "B", "F", *DAY)
    draw = environment().get_template("exchange/cda.xml").render
    told = draw(one=one, person=person, custodian=place, media_type=kinds.TEXT, content=wraps.MARK)
    before, _mark, after = told.rpartition(wraps.MARK)
    made = b"".join(wraps._pieces(before, [data[:50], data[50:]], after))
    kept = []
    found = reading._dissected(kinds.XML, [made], of_children._keeping(kept)).header
    assert (found.title, found.person.birth_date) == ((title or "Titre"), date(1951, 3, 14))
    assert found.person.birth_name == (birth or "A")
    assert not data or [bytes(content) for _, content in kept] == [data]
    assert base64.b64encode(data) in made.replace(b"\n", b"") or len(data) > 50


DAY = ("19510314", "75056", "Paris")


def _written(text):
    """As XML, which a form lets in only what it can hold."""
    return "".join(c for c in text if ord(c) < 0xFFFE)

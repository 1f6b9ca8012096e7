"""The blocks of a document, drawn (templates/document/narrative.html)."""

import pytest
from flask import render_template_string
from lxml import html

from models.formats import narrative

PAGE = (
    "{% from 'document/narrative.html' import narrative %}"
    "<div>{{ narrative(blocks, part_url) }}</div>"
)
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def draw(app):
    def drawn(*blocks, parts=None):
        with app.test_request_context():
            told = render_template_string(
                PAGE, blocks=list(blocks), part_url=lambda name: (parts or {}).get(name, "")
            )
        return html.fragment_fromstring(told)

    return drawn


def cell(words, scope="", **spans):
    return {"blocks": [narrative.paragraph(words)], "scope": scope} | spans


def table(**told):
    head = [[cell("Analyse", "col"), cell("Résultat", "col", colspan=2)]]
    body = [[cell("Fer", "row", rowspan=2), cell("12")]]
    usual = {"kind": "table", "caption": [], "label": "Sang", "head": head, "body": body}
    return usual | told


def test_headings_follow_the_title_of_the_page(draw):
    page = draw(*[narrative.heading(f"N{level}", level) for level in range(1, 9)])
    assert [one.tag for one in page] == ["h2", "h3", "h4", "h5", "h6", "h6", "h6", "h6"]


def test_a_table_has_a_name_and_scrolls_by_keyboard(draw):
    page = draw(table())
    region = page.find("div")
    assert dict(region.attrib) == {
        "class": "wide-table",
        "role": "region",
        "tabindex": "0",
        "aria-label": "Sang",
    }
    assert region.findtext("table/caption") == "Sang"
    heads = region.findall(".//th")
    assert [(one.get("scope"), one.text) for one in heads] == [
        ("col", "Analyse"),
        ("col", "Résultat"),
        ("row", "Fer"),
    ]
    assert (heads[1].get("colspan"), heads[2].get("rowspan")) == ("2", "2")
    assert region.findtext(".//td") == "12"


def test_a_caption_that_is_told_is_seen(draw):
    caption = draw(table(caption=["Le sang"])).find(".//caption")
    assert (caption.text, caption.get("class")) == ("Le sang", None)


def test_marks_breaks_and_notes(draw):
    line = narrative.paragraph(
        "CO", {"text": "2", "marks": ["sub"]}, {}, {"text": "gras", "marks": ["strong", "em"]}
    )
    line["runs"].append({"note": 3, "first": True})
    notes = {"kind": "notes", "notes": [{"number": 3, "blocks": [narrative.paragraph("Dit.")]}]}
    page = draw(line, notes)
    assert page.text_content().split() == [*("CO2gras[note", "3]", "Dit."), *BACK]
    assert page.findtext("p/strong/em") == "gras"
    assert page.find("p/br") is not None
    assert (page.find("p/a").get("href"), page.find("p/a").get("id")) == ("#note-3", "appel-3")
    assert (page.find("ol/li").get("id"), page.find("ol/li/a").get("href")) == (
        "note-3",
        "#appel-3",
    )


BACK = ["Revenir", "au", "texte", "de", "la", "note", "3"]


def test_parts(draw):
    image, file = narrative.part("A", "Vue", True), narrative.part("B", "Lettre", False)
    line = narrative.paragraph({"text": "la lettre", "part": "B"})
    page = draw(image, file, line, parts={"A": "/a", "B": "/b"})
    assert [(one.get("src"), one.get("alt")) for one in page.iter("img")] == [("/a", "Vue")]
    assert [(one.get("href"), one.text) for one in page.iter("a")] == [
        ("/b", "Lettre"),
        ("/b", "la lettre"),
    ]
    page = draw(image, file, line)
    assert not list(page.iter("img", "a"))
    assert "Lettre\N{NO-BREAK SPACE}: ce fichier ne s'ouvre pas ici" in page.text_content()


def test_lists_in_lists(draw):
    inner = narrative.bullets(["Deux", "Trois"]) | {"ordered": True}
    outer = narrative.bullets(["Un"]) | {"caption": ["À faire"]}
    outer["items"].append([narrative.paragraph("Ensuite"), inner])
    page = draw(outer)
    assert page.findtext("p") == "À faire"
    assert [one.text for one in page.findall("ul/li/ol/li")] == ["Deux", "Trois"]


def test_nothing_that_is_told_is_run(draw):
    page = draw(
        narrative.heading(EVIL),
        *narrative.facts([(EVIL, EVIL)]),
        narrative.paragraph(EVIL, {"text": EVIL, "marks": ["strong", EVIL]}),
        narrative.bullets([EVIL]),
        table(caption=[EVIL], label=f'"{EVIL}'),
        narrative.part(EVIL, EVIL, True),
        {"kind": EVIL},
        parts={EVIL: '"><script>'},
    )
    assert not list(page.iter("script"))
    assert page.text_content().count(EVIL) == 7

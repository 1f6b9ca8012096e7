"""The text of a section becomes blocks: nothing lost, nothing run."""

import pytest
from lxml import etree

from models.formats import narrative
from models.formats.markup import Drawing

MEDIA = {"M": narrative.part("Pièce jointe 1", "Pièce jointe 1", True)}


def blocks(text, title="Titre", drawing=None):
    deep = etree.XMLParser(huge_tree=True)
    element = etree.fromstring(f'<text xmlns="urn:hl7-org:v3">{text}</text>', deep)
    return (drawing or Drawing(MEDIA)).draw(element, title)


def runs(text):
    (block,) = blocks(text)
    assert block["kind"] == "paragraph"
    return block["runs"]


def test_white_space_is_worth_one_space():
    assert runs("\n  Bonjour\n\n  <content>tout</content>  <content>le</content> monde ") == [
        "Bonjour tout le monde"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a<br/><br/> b<br/>", ["a", {}, "b"]),
        ('<content styleCode="Bold">a</content>', [{"text": "a", "marks": ["strong"]}]),
        ("CO<sub>2</sub>", ["CO", {"text": "2", "marks": ["sub"]}]),
        (
            '<content styleCode="Italics">a <content styleCode="bold">b</content></content>',
            [{"text": "a", "marks": ["em"]}, {"text": " b", "marks": ["strong", "em"]}],
        ),
        ("<b>a</b><i>b</i>", [{"text": "a", "marks": ["strong"]}, {"text": "b", "marks": ["em"]}]),
        ("<inconnu>a <autre>b</autre></inconnu> c", ["a b c"]),
        ("a<script>alert(1)</script><style>b</style>c", ["ac"]),
        ('<content revised="delete">ancien</content>', ["[texte retiré : ancien]"]),
        ('<img alt="Un cœur" src="javascript:alert(1)"/>', ["[image : Un cœur]"]),
    ],
)
def test_one_line(text, told):
    assert runs(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<linkHtml href="https://a.invalid/x">ici</linkHtml>', ["ici (https://a.invalid/x)"]),
        ('<a href="http://a.invalid">http://a.invalid</a>', ["http://a.invalid"]),
        ('<linkHtml href="javascript:alert(1)">ici</linkHtml>', ["ici"]),
        ('<linkHtml href="data:text/html,x">ici</linkHtml>', ["ici"]),
        ('<linkHtml href="http://[">ici</linkHtml>', ["ici"]),
        ('<linkHtml href="#ailleurs">ici</linkHtml>', ["ici"]),
        ('<linkHtml href="#M">ici</linkHtml>', [{"text": "ici", "part": "Pièce jointe 1"}]),
    ],
)
def test_links_lead_nowhere_but_to_a_part(text, told):
    assert runs(text) == told


def test_paragraphs_and_what_is_between_them():
    told = blocks("Avant<paragraph>Un</paragraph>entre<div>Deux<p>Trois</p></div>après")
    assert [one["runs"] for one in told] == [
        [word] for word in ("Avant", "Un", "entre", "Deux", "Trois", "après")
    ]


def test_lists_in_lists():
    text = (
        '<list listType="ordered"><caption>À faire</caption><item>Un</item>'
        "<item>Deux<ul><li>Trois</li><li/></ul></item></list>"
    )
    (told,) = blocks(text)
    assert (told["ordered"], told["caption"]) == (True, ["À faire"])
    inner = told["items"][1][1]
    assert (inner["ordered"], inner["items"]) == (False, [[narrative.paragraph("Trois")]])


def table(text, title="Titre"):
    (told,) = blocks(f"<table>{text}</table>", title)
    return told


def cells(row):
    return [
        (narrative.text(cell["blocks"]), cell["scope"], cell.get("colspan"), cell.get("rowspan"))
        for cell in row
    ]


def test_a_table():
    told = table(
        "<caption>Sang</caption><tfoot><tr><td>Fin</td></tr></tfoot>"
        '<thead><tr><th colspan="2">A</th><th/></tr></thead>'
        '<tbody><tr><th rowspan="2">B</th><td>1<br/>2</td></tr></tbody>'
    )
    assert (told["caption"], told["label"]) == (["Sang"], "Sang")
    assert [cells(row) for row in told["head"]] == [
        [("A", "colgroup", 2, None), ("", "", None, None)]
    ]
    assert [cells(row) for row in told["body"]] == [
        [("B", "rowgroup", None, 2), ("1\n2", "", None, None)],
        [("Fin", "", None, None)],
    ]


def test_tables_of_one_page_have_names_of_their_own():
    drawing = Drawing()
    rows = "<table><tr><td>a</td><td>b</td></tr></table>"
    told = blocks(rows * 2, "Sang", drawing) + blocks(rows, "Sang", drawing)
    assert [one["label"] for one in told] == ["Sang", "Sang (2)", "Sang (3)"]


@pytest.mark.parametrize("span", ["0", "-1", "99999999999999999999", "50.5", "x", "10001"])
def test_spans_are_bounded(span):
    told = table(f'<tr><td colspan="{span}">a</td><td>b</td></tr>')
    assert told["body"][0][0].get("colspan", 1) <= 50


def test_rows_that_only_leave_room_and_tables_of_one_cell_are_no_tables():
    assert blocks("<table><tr><td>seul</td></tr></table>") == [narrative.paragraph("seul")]
    told = table("<tr><td>a</td><td>b</td></tr><tr><td>.</td><td/></tr><tr><td>-</td><td/></tr>")
    assert len(told["body"]) == 2
    assert blocks("<table><tr><td/></tr></table>") == []


def test_a_head_alone_is_the_body():
    told = table("<thead><tr><th>a</th><th>b</th></tr></thead>")
    assert (told["head"], cells(told["body"][0])[0]) == ([], ("a", "col", None, None))


def test_a_title_drawn_as_a_header_is_the_caption():
    lines = '<tr><th colspan="2">Sang</th></tr><tr><th colspan="2">à jeun</th></tr>'
    rest = "<tr><td>Fer</td><td>12</td></tr>"
    for text in (f"<thead>{lines}</thead><tbody>{rest}</tbody>", f"<tbody>{lines}{rest}</tbody>"):
        told = table(text)
        assert (told["caption"], told["head"]) == (["Sang", {}, "à jeun"], [])
        assert [cells(row)[0][0] for row in told["body"]] == ["Fer"]
    alone = f"{lines}<tr><td colspan='2'>Fer</td></tr><tr><td colspan='2'>Or</td></tr>"
    assert cells(table(alone)["body"][0]) == [("Fer", "", None, None)]
    told = table("<thead><tr><th>Sang</th></tr></thead><tr><td>Fer</td></tr><tr><td>Or</td></tr>")
    assert (told["caption"], len(told["head"])) == ([], 1)


def test_where_a_column_has_no_header_the_first_cell_heads_its_row():
    told = table(
        "<thead><tr><th/><th>Dose</th></tr></thead>"
        '<tr><td rowspan="2">A</td><td>1</td></tr><tr><td>2</td><td>3</td></tr>'
        "<tr><td>B</td><td>4</td></tr><tr><td>seul</td></tr>"
    )
    scopes = [[cell["scope"] for cell in row] for row in told["body"]]
    assert scopes == [["rowgroup", ""], ["", ""], ["row", ""], [""]]
    whole = table("<thead><tr><th>A</th><th>B</th></tr></thead><tr><td>1</td><td>2</td></tr>")
    assert [cell["scope"] for cell in whole["body"][0]] == ["", ""]


def test_a_table_in_a_cell_is_there_once():
    told = blocks(
        "<table><tr><td>a</td><td><table><tr><td>b</td><td>c</td></tr></table></td></tr></table>"
    )
    assert narrative.text(told).split() == ["a", "b", "c"]


def test_notes_are_numbered_and_come_last():
    drawing = Drawing()
    text = 'Ici<footnoteRef IDREF="n"/>, là<footnote ID="n">Une <b>note</b></footnote>.'
    line, notes = blocks(text, drawing=drawing)
    assert line["runs"] == [
        "Ici",
        {"note": 1, "first": False},
        ", là",
        {"note": 1, "first": True},
        ".",
    ]
    assert narrative.text(notes["notes"][0]["blocks"]) == "Une note"
    assert blocks("<footnote>b</footnote>", drawing=drawing)[1]["notes"][0]["number"] == 2


def test_media_is_drawn_where_it_is_called():
    told = blocks(
        '<renderMultiMedia referencedObject="M X"><caption>Vu</caption></renderMultiMedia>'
    )
    assert told == [MEDIA["M"], narrative.paragraph("Vu")]


def test_what_is_too_deep_keeps_its_words():
    for tags in (("<list><item>", "</item></list>"), ("<paragraph>", "</paragraph>")):
        told = blocks(f"{tags[0] * 400}Le <b>mot</b>{tags[1] * 400} et la suite")
        assert narrative.text(told).split() == ["Le", "mot", "et", "la", "suite"]


def test_a_page_is_full_at_last(monkeypatch):
    monkeypatch.setattr(narrative, "MOST_BLOCKS", 20)
    drawing = Drawing()
    (told,) = blocks("<table>" + "<tr><td>a</td><td>b</td></tr>" * 50 + "</table>", "T", drawing)
    assert drawing.full
    assert 8 < len(told["body"]) < 12
    lists = [narrative.heading("T"), narrative.bullets("abc"), narrative.bullets("x" * 50)]
    kept, whole = narrative.cut(lists)
    assert (len(kept[2]["items"]), whole) == (17, False)


def test_all_words_are_found():
    told = [
        *narrative.facts([("Personne", "Alice Exemple"), ("Vide", "")]),
        narrative.heading("Titre"),
        *blocks(
            "<list><caption>C</caption><item>I</item></list>"
            "<table><caption>T</caption><tr><td>a</td><td>b</td></tr></table>"
        ),
        MEDIA["M"],
    ]
    assert narrative.text(told).split("\n") == [
        "Personne : Alice Exemple",
        *("Titre", "C", "I", "T", "a b", "Pièce jointe 1"),
    ]

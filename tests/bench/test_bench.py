"""What `make bench` writes, without measuring: a page of Markdown, what was missed said first."""

from . import hour, load, pdfs, report, rivals
from .load import Load
from .server import LIST


def test_what_was_missed_is_said_first_and_each_row_tells_its_budget():
    rows = [report.at_most("weight", 4, 3, "MB"), report.at_least("speed", 5, 3, "", "5 ÷ 1")]
    group = report.Group("Pages", rows, "A note.", figures={"weight": 4})
    assert report.Group.from_dict(group.as_dict()) == group
    said = report.verdict([group])
    assert "1 of 2 budgets kept, 1 missed" in said and "- Missed: weight: 4 MB, for ≤ 3 MB." in said
    lines = report.markdown(group).splitlines()
    assert [len(line) for line in lines[-4:]] == [len(lines[-1])] * 4
    assert "**missed**" in lines[-2] and "5 (5 ÷ 1)" in lines[-1]


def test_a_rival_is_ahead_behind_or_not_compared():
    beside, targets = rivals.groups({LIST: 7.0, "/list": 1.0, "rss": 100})
    said = {line[0]: line[3:] for line in beside.lines}
    assert said["list: CPU, in floors"][:2] == ["7 ×", "**behind**"]
    assert said["memory at rest, resident"][1] == "ahead"
    assert said["search, alone"][0] == "not measured"
    assert {row.kept for row in targets.rows} == {True, None}


def test_the_hour_is_read_from_what_the_load_prints(tmp_path):
    file = tmp_path / "hour.txt"
    file.write_text(
        "  0.0 min: 71.2 MB resident, 41.8 PSS; at first\n"
        "  5.0 min: 88.6 MB resident, 65.5 PSS; 5.6% of a processor\n"
        "living: 12 answers; wrong: {}; told to come back (503): 0\n"
    )
    (group,) = hour.groups(file)
    assert group.figures == {"hour rss": 88.6, "hour pss": 65.5}
    assert len(group.lines) == 2 and "12 answers" in group.note


def test_each_deposit_of_the_load_is_new():
    assert len(pdfs.pdf(5_000)) == 5_000
    sent = load._requests(Load(1, "/depot", 1, forms=[{"masked": "non"}], file=5_000))
    first, second = sent(), sent()
    assert first != second and first.count(b"%PDF-1.4") == 1
    assert int(first.partition(b"Content-Length: ")[2].split()[0]) == len(
        first.partition(b"\r\n\r\n")[2]
    )

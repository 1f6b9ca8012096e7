"""The lock, the licences and the audit: that what is wrong with them is seen."""

import json
import shutil
from importlib.metadata import PathDistribution

import pytest

from . import audit, licences, lock

HASH = "--hash=sha256:" + "a" * 64


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of what the lock answers for, to be spoilt."""
    for name in (lock.RUN, lock.TEST, "pyproject.toml"):
        shutil.copy(lock.ROOT / name, tmp_path)
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    return tmp_path


def spoil(file, before, after):
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def unlike(*answers):
    """The faults of the files, whatever is installed here."""
    return [line for made in answers for line in made]


def test_each_line_is_one_version_and_its_hashes(folder):
    assert not unlike(lock._unpinned(lock.RUN), lock._unpinned(lock.TEST))
    for text in ("flask==3.1.3\n", "flask>=3\n", "--index-url https://x.invalid\n", "-r x\n"):
        (folder / lock.RUN).write_text(f"{text}peewee==1 \\\n    {HASH}\n")
        assert unlike(lock._unpinned(lock.RUN)) == [
            f"{lock.RUN}: « {text.strip()} » is not pinned with its hashes"
        ]


def test_it_has_all_that_is_asked_for_in_a_version_that_is(folder):
    assert not unlike(lock._unanswered(lock.RUN), lock._unanswered(lock.TEST))
    spoil(folder / "pyproject.toml", '"peewee>=4.5,<5"', '"peewee>=5"')
    spoil(folder / "pyproject.toml", '"flask-wtf', '"nothing-of-that-name", "flask-wtf')
    found = unlike(lock._unanswered(lock.RUN))
    assert len(found) == 2
    assert "« peewee>=5 »" in found[1] and "nothing-of-that-name" in found[0]


def test_it_is_compared_with_what_is_installed(folder):
    there = lock.installed()
    before = set(lock._unlike(there))
    version = there["flask"].version
    spoil(folder / lock.TEST, f"\nflask=={version}", "\nflask==0.1")
    spoil(folder / lock.TEST, "\npeewee==", "\nother==")
    new = {line.partition(":")[0] for line in set(lock._unlike(there)) - before}
    assert f"flask 0.1 is in the lock, {version} is installed" in new
    assert "peewee is installed and not in the lock" in new
    assert any(line.startswith("other ") for line in new)


def test_what_nothing_needs_is_not_in_it(folder):
    there = lock.installed()
    assert not list(lock._unasked(there))
    spoil(folder / "pyproject.toml", '    "segno>=1.6.6,<2",\n', "")
    assert list(lock._unasked(there)) == [f"{lock.TEST}: nothing needs segno"]


def test_a_file_that_was_changed_since_it_was_installed_is_named(tmp_path):
    real = lock.installed()["segno"]
    site = real.locate_file("")
    for name in ("segno", real._path.name):
        shutil.copytree(site / name, tmp_path / name)
    copied = PathDistribution(tmp_path / real._path.name)
    of_site = {str(file) for file in copied.files if ".." in str(file)}
    assert set(lock.changed(copied)) <= of_site
    with (tmp_path / "segno/encoder.py").open("a") as file:
        file.write("\n# changed\n")
    (tmp_path / "segno/consts.py").unlink()
    assert set(lock.changed(copied)) - of_site == {"segno/encoder.py", "segno/consts.py"}


@pytest.mark.parametrize(
    "licence, good",
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("(MIT AND PSF-2.0)", True),
        ("GPL-2.0-only OR MPL-2.0", True),
        ("MIT AND Proprietary", False),
        ("GPL-2.0-only", False),
        ("", False),
        (licences.UNKNOWN, False),
    ],
)
def test_which_licences_go_with_ours(licence, good):
    assert licences.is_free(licence, licences.WITH_OURS) is good


def test_one_that_is_not_installed_and_not_read_is_unknown():
    assert licences.licence("a-package-unknown", None) == licences.UNKNOWN


def test_the_list_of_licences_is_compared(tmp_path, monkeypatch):
    monkeypatch.setattr(licences, "FILE", tmp_path / "LICENCES.md")
    assert any("not up to date" in line for line in licences.faults())
    licences.FILE.write_text(licences.drawn(licences.all_of()))
    assert not list(licences.faults())


def told(*packages):
    return json.dumps({"dependencies": list(packages), "fixes": []})


FLASK = {"name": "flask", "version": "0.12"}
HOLE = {"id": "PYSEC-2018-66", "fix_versions": ["0.12.3"]}


def test_what_pip_audit_found_is_told():
    assert audit.understood(told(FLASK | {"vulns": []})) == []
    line = "flask 0.12: PYSEC-2018-66, mended in 0.12.3"
    assert audit.understood(told(FLASK | {"vulns": [HOLE]})) == [line]
    asked = audit.understood(told(FLASK | {"vulns": []}, {"name": "x", "skip_reason": "unknown"}))
    assert asked == ["x: unknown"]


@pytest.mark.parametrize("answer", ["", "no network", told({"name": "x", "skip_reason": "y"})])
def test_where_nobody_could_be_asked_it_is_not_said_that_all_is_well(answer, monkeypatch, capsys):
    with pytest.raises(audit.NoData):
        audit.understood(answer)
    monkeypatch.setattr(audit, "holes", lambda _asked: audit.understood(answer))
    audit.main()
    assert capsys.readouterr().out.strip() == audit.NO_DATA


def test_where_a_known_hole_is_not_known_nobody_answers(monkeypatch):
    monkeypatch.setattr(audit, "holes", lambda _asked: [])
    with pytest.raises(audit.NoData):
        audit.faults()

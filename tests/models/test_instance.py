"""An instance: its key, its database brought up to date once, and what is said when they differ."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from playhouse.migrations import Runner

from models import database, draft, instance
from models.account import Account
from models.document import Document
from models.instance import Mark
from models.settings import Settings, WrongSetting

from ..earlier import OLD_ROWS

ROOT = Path(__file__).resolve().parents[2]
OPEN = """
import sys
from pathlib import Path
from models import database, instance
from models.settings import Settings

applied = []
migrate = database.migrate
database.migrate = lambda path: applied.extend(migrate(path))
print("ready", flush=True)
sys.stdin.readline()
instance.open_instance(Settings(instance=Path(sys.argv[1])))
print(len(applied), flush=True)
"""


@pytest.fixture
def new(tmp_path):
    settings = Settings(instance=tmp_path / "nouvelle")
    instance.create(settings)
    return settings


def why_not(settings):
    with pytest.raises(WrongSetting) as wrong:
        instance.open_instance(settings)
    return str(wrong.value)


def test_a_new_instance_has_a_key_of_its_own_that_its_owner_alone_reads(new, tmp_path):
    key = new.instance / "key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert new.instance.stat().st_mode & 0o777 == 0o700
    assert len(bytes.fromhex(key.read_text().strip())) == 32
    other = Settings(instance=tmp_path / "autre")
    instance.create(other)
    assert (other.instance / "key").read_text() != key.read_text()


def test_creating_again_changes_nothing(new):
    before = (new.instance / "key").read_text()
    instance.create(new)
    assert (new.instance / "key").read_text() == before


def test_a_key_given_as_a_setting_is_written_nowhere(tmp_path):
    settings = Settings(instance=tmp_path / "nouvelle", key="0f" * 32)
    instance.create(settings)
    instance.open_instance(settings)
    written = b"".join(f.read_bytes() for f in settings.instance.rglob("*") if f.is_file())
    assert b"0f0f0f" not in written and b"\x0f" * 32 not in written


def test_another_key_is_said_to_be_another_s(settings):
    assert "La clé n'est pas celle de" in why_not(replace(settings, key="0f" * 32))
    (settings.instance / "key").write_text("1e" * 32)
    assert "La clé n'est pas celle de" in why_not(settings)


def test_a_key_that_is_lost_or_garbled_is_said_to_be_so(settings):
    key = settings.instance / "key"
    key.write_bytes(b"\xff pas une cl\xe9")
    assert "n'est pas une clé" in why_not(settings)
    key.unlink()
    assert "La clé manque" in why_not(settings)


def test_where_there_is_no_instance_yet_one_is_told_how_to_make_one(tmp_path):
    settings = Settings(instance=tmp_path / "rien")
    assert not instance.exists(settings)
    assert "lancez « flask init »" in why_not(settings)


def test_the_database_says_nothing_without_the_key(world, settings):
    content = (settings.instance / "carnet.db").read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert b"alice" not in content


def test_each_purpose_has_its_own_key(settings):
    opened = instance.open_instance(settings)
    purposes = ("carnet-database", "carnet-vault", "carnet-cookies")
    keys = {opened.derived(purpose) for purpose in purposes}
    assert len(keys | {opened.key}) == 4
    assert opened.derived("carnet-vault") == opened.derived("carnet-vault")


def test_processes_that_open_a_new_instance_at_once_migrate_it_once(new):
    command = [sys.executable, "-c", OPEN, str(new.instance)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    opening = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(4)]
    assert [one.stdout.readline() for one in opening] == ["ready\n"] * len(opening)
    for one in opening:
        one.stdin.write("\n")
        one.stdin.flush()
    told = [one.communicate() for one in opening]
    assert {fault for _, fault in told} == {""}
    migrations = len(list(database.MIGRATIONS.glob("0*.py")))
    assert sorted(int(number) for number, _ in told) == [0, 0, 0, migrations]


def test_a_database_of_the_first_schema_with_data_in_it_opens(new):
    """Its rows are those of the first release: never change them, nor 0001, from then on."""
    key = instance.Instance(new.instance, bytes.fromhex((new.instance / "key").read_text()))
    database.connect(new.instance / "carnet.db", key.derived("carnet-database"))
    Runner(database.database, str(database.MIGRATIONS)).up("0001_initial")
    for statement in OLD_ROWS.strip().split(";\n"):
        database.database.execute_sql(statement)
    instance.open_instance(new)
    assert database.integrity() == []
    document = Document.get()
    assert (document.title, document.record.name) == ("Bilan", "Alice Exemple")
    alice = Account.named("alice@exemple.invalid")
    assert alice.accesses[0].documents().count() == 1
    assert draft.keep(alice, "/page", "/page", {"title": ["Bilan"]})


def test_a_demonstration_says_so_for_ever(settings):
    assert not instance.open_instance(settings).demonstration
    instance.mark_as_demonstration()
    assert instance.open_instance(settings).demonstration
    assert Mark.select().count() == 1

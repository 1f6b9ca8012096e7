"""What the commands that keep say, and how they end."""

import os
import shutil

import pytest

from app import create_app
from models import in_use, vault
from models.database import database
from models.instance import REKEYING, RESTORING
from models.settings import Settings


@pytest.fixture
def run(app):
    """A command: what it says, once its exit code is the one expected."""

    def invoke(*words, code=0, on=app):
        with on.app_context():
            done = on.test_cli_runner().invoke(args=[str(word) for word in words])
        assert done.exit_code == code, done.output
        return done.output

    return invoke


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sauvegardes"


def test_a_backup_tells_what_it_holds_and_that_the_key_is_not_in_it(run, world, folder):
    world.paper()
    told = run("backup", folder)
    assert "1 fichier, dont 1 nouveau (" in told and "Relus, tout est là." in told
    assert "La clé n'y est pas" in told and "en deux endroits" in told
    told = run("backup", folder, "--keep", 1)
    assert "dont 0 nouveau (" in told and "Ôté : 1 sauvegarde plus ancienne." in told
    assert "Tout est en ordre" in run("check", folder)
    assert (folder / "LISEZ-MOI.txt").read_text().count("CLÉ N'EST PAS ICI") == 1


def test_what_the_instance_lost_is_told_and_the_exit_code_says_so(run, world, folder):
    lost = world.paper().content
    vault.erase(lost)
    assert f"fichier {lost} : l'instance l'a perdu" in run("backup", folder, code=3)
    assert lost in run("check", folder, code=1)
    assert "son contenu manque" in run("check", code=1)


def test_a_place_that_cannot_be_is_one_sentence(run, settings, folder, tmp_path):
    assert "est dans l'instance" in run("backup", settings.instance / "ici", code=1)
    assert "n'existe pas" in run("backup", tmp_path / "non" / "plus", code=1)
    assert "n'est pas un dossier" in run("check", folder, code=1)
    folder.mkdir()
    assert "Il n'y a pas de sauvegarde dans" in run("check", folder, code=1)
    assert "Il y a déjà une instance" in run("restore", folder, code=1)


def test_the_key_among_the_backups_is_told(run, world, settings, folder):
    run("backup", folder)
    shutil.copy2(settings.instance / "key", folder / "key")
    assert "Attention : la clé est dans" in run("backup", folder)
    assert "la clé est avec les sauvegardes" in run("check", folder, code=1)


def test_backups_are_verified_with_the_key_alone(run, world, opened, folder, tmp_path):
    world.paper()
    run("backup", folder)
    database.close_all()
    elsewhere = Settings(instance=tmp_path / "rien", key=opened.key.hex())
    assert "Tout est en ordre" in run("check", folder, on=create_app(elsewhere))
    without = create_app(Settings(instance=tmp_path / "rien"))
    assert "flask init" in run("check", folder, code=1, on=without)
    assert not (tmp_path / "rien").exists()


def test_a_key_that_others_read_is_a_fault(run, settings):
    (settings.instance / "key").chmod(0o644)
    assert "chmod 600" in run("check", code=1)


def test_what_nothing_names_is_told_and_is_no_fault(run, world, settings):
    left = settings.instance / "vault" / "ab" / "cdef"
    left.parent.mkdir()
    left.touch()
    assert "abcdef" not in run("check"), "it may be of a deposit that is about to end"
    os.utime(left, (0, 0))
    told = run("check")
    assert "fichier abcdef du coffre : plus rien ne le nomme" in told and "en ordre" in told


def test_another_key_and_what_it_means_is_told(run, world, settings):
    world.paper()
    told = run("rekey")
    assert "(1 fichier)" in told and f"Copiez {settings.instance / 'key'} ailleurs" in told
    assert "Gardez l'ancienne clé" in told and "se connecter de nouveau" in told
    assert (settings.instance / "key").read_text().strip() not in told


def test_a_key_that_is_a_setting_is_given_as_one(run, opened, settings, monkeypatch):
    key = opened.key.hex()
    (settings.instance / "key").unlink()
    given = create_app(Settings(instance=settings.instance, key=key))
    assert "Écrivez la nouvelle clé dans CARNET_NEW_KEY" in run("rekey", code=1, on=given)
    monkeypatch.setenv("CARNET_NEW_KEY", "5a" * 32)
    told = run("rekey", on=given)
    assert "dans CARNET_KEY avant de redémarrer" in told and "5a5a" not in told and key not in told


@pytest.mark.parametrize(
    ("mark", "words"), [(REKEYING, "relancez « flask rekey »"), (RESTORING, "« flask restore »")]
)
def test_what_was_begun_says_which_command_ends_it(run, settings, opened, mark, words):
    database.close_all()
    in_use.let_go()
    if mark == RESTORING:
        (settings.instance / "carnet.db").unlink()
    (settings.instance / mark).mkdir()
    closed = create_app(Settings(instance=settings.instance))
    for command in (("work",), ("check",), ("backup", "x")):
        assert words in run(*command, code=1, on=closed)
    if mark == RESTORING:
        assert words in run("init", "--email", "a@exemple.invalid", code=1, on=closed)
        assert words in run("rekey", code=1, on=closed)
    assert words in run("demo", code=1, on=closed)

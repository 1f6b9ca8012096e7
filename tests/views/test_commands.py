"""The commands, run as a person runs them: real processes on a real folder."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from models.settings import Settings

from .. import demonstration

ROOT = Path(__file__).parents[2]
FLASK = Path(sys.executable).parent / "flask"
HEADINGS = (
    "member_number;birth_name;used_name;birth_given_names;birth_date;sex;birthplace_code;"
    "email;postal_address"
)
LIST = f"""\ufeff{HEADINGS}
1;D'Exemple;;Zoé Anne;14/03/1951;F;35238;zoe@exemple.invalid;1 rue Fictive
2;Fictif-Łukasz;Imaginaire;Jean;1960-01-31;M;2A004;;
3;Fictive;;Nadia;31/02/1980;F;75056;;
1;D'Exemple;;Zoé Anne;14/03/1951;F;35238;;
"""


def in_folder(folder):
    def command(*words, code=0, **environment):
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        given = {"CARNET_INSTANCE": str(folder)} | environment
        done = subprocess.run(
            [FLASK, *words], cwd=ROOT, env=kept | given, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        return done

    return command


def in_process(folder):
    """The same here, where the process is not what is tried: half a second less for each."""

    def command(*words, code=0):
        app = create_app(Settings(instance=folder))
        with app.app_context():
            done = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert done.exit_code == code, done.output
        return done

    return command


@pytest.fixture
def run(tmp_path):
    return in_folder(tmp_path / "i")


@pytest.fixture
def here(made, tmp_path):
    """In this process, on an instance of the test's own."""
    shutil.copytree(made, tmp_path / "i")
    return in_process(tmp_path / "i")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """By `flask init`, once: each command takes more than half a second to start."""
    folder = tmp_path_factory.mktemp("made") / "i"
    secret = {"CARNET_ADMIN_PASSWORD": "horloge-sapin-verveine-83"}
    words = ("init", "--email", "bureau@exemple.invalid", "--name", "Bureau Fictif")
    in_folder(folder)(*words, **secret)
    return folder


@pytest.fixture
def instance(run, made, tmp_path):
    shutil.copytree(made, tmp_path / "i")
    return run


def test_init_makes_a_key_only_its_owner_reads_and_never_twice(instance, tmp_path):
    key = tmp_path / "i/key"
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_text()
    assert "déjà une instance" in instance("init", code=1).stderr
    instance("init", "--if-needed")
    assert key.read_text() == before


def test_init_refuses_a_weak_password(run, tmp_path):
    words = (
        "init",
        "--email",
        "a@exemple.invalid",
        "--name",
        "A",
    )
    assert "trop court" in run(*words, code=1, CARNET_ADMIN_PASSWORD="court").stderr
    assert not (tmp_path / "i").exists()


def test_without_an_instance_each_command_says_what_to_do(run, tmp_path):
    assert "flask init" in run("work", code=1).stderr
    for words in (("work",), ("check",), ("enrol", "x.csv"), ("import", "x", "--record", "y")):
        assert "flask init" in in_process(tmp_path / "i")(*words, code=1).output


def test_enrol_then_import_before_activation(instance, tmp_path):
    (tmp_path / "members.csv").write_text(LIST)
    done = instance("enrol", str(tmp_path / "members.csv"), code=1)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert [(row[0], row[1]) for row in rows] == [("1", "Zoé D'Exemple"), ("2", "Jean Imaginaire")]
    assert all(len(row[3]) == 12 for row in rows)
    assert "ligne 4 : La date de naissance « 31/02/1980 » n'existe pas." in done.stderr
    assert "ligne 5 : Comme la ligne 2" in done.stderr
    assert "2 espaces créés, 1 lignes refusées, 1 déjà connues." in done.stderr
    (tmp_path / "bon.txt").write_text("Bonjour")
    (tmp_path / "mauvais.html").write_text("<html>")
    done = instance(
        *("import", str(tmp_path / "bon.txt"), str(tmp_path / "mauvais.html"), "--record", "1"),
        *("--category", "BIOLOGIE", "--dated", "12/03/2024"),
        code=1,
    )
    taken, refused = done.stdout.splitlines()
    assert taken.split("\t")[0] == "taken" and taken.endswith("Résultats de biologie")
    assert refused.split("\t")[0] == "refused" and "une page HTML" in refused
    assert "Tout est en ordre" in instance("check").stdout


def test_enrol_says_what_is_wrong_with_the_file(here, tmp_path):
    assert "ne peut pas être lu" in here("enrol", "/nulle-part.csv", code=1).output
    (tmp_path / "a.csv").write_text("nom;prénom\nA;B\n")
    assert "Il manque une colonne" in here("enrol", str(tmp_path / "a.csv"), code=1).output


def test_enrol_twice_makes_nobody_twice(here, tmp_path):
    (tmp_path / "m.csv").write_bytes(LIST.partition("3;")[0].encode("utf-16"))
    assert len(here("enrol", str(tmp_path / "m.csv")).stdout.splitlines()) == 2
    done = here("enrol", str(tmp_path / "m.csv"))
    assert done.stdout == "" and "0 espaces créés, 0 lignes refusées, 2 déjà" in done.stderr


def test_check_finds_what_is_damaged(here, tmp_path):
    (tmp_path / "m.csv").write_text(LIST.partition("2;")[0])
    here("enrol", str(tmp_path / "m.csv"))
    (tmp_path / "a.txt").write_text("Bonjour")
    here("import", str(tmp_path / "a.txt"), "--record", "1")
    (file,) = (tmp_path / "i/vault").glob("??/*")
    damaged = bytearray(file.read_bytes())
    damaged[-1] ^= 1
    file.write_bytes(damaged)
    assert "son contenu manque, ou a été abîmé" in here("check", code=1).stdout


def test_work_sends_what_waits(here, tmp_path):
    (tmp_path / "m.csv").write_text(LIST.partition("2;")[0])
    here("enrol", str(tmp_path / "m.csv"))
    assert "1 avis envoyés" in here("work").stdout
    (letter,) = (tmp_path / "i/mail").glob("*.eml")
    assert b"zoe@exemple.invalid" in letter.read_bytes()
    assert here("work").stdout == ""


def test_demo_fills_an_empty_instance_and_no_other(run, instance):
    run("demo", code=1)


def test_demo_json(run, tmp_path, tmp_path_factory):
    made = demonstration.copied(demonstration.shared(tmp_path_factory), tmp_path / "i")
    assert {one["role"] for one in made["accounts"]} >= {"holder", "member", "office"}
    assert set(made["accounts"][0]) == {"role", "email", "password", "name", "totp"}
    strong = {one["role"] for one in made["accounts"] if one["totp"]}
    assert strong == {"office", "doctor", "pharmacist", "emergency"}
    assert set(made["activation"]) == {"member", "birth_date", "code"}
    assert "Tout est en ordre" in run("check").stdout


@pytest.mark.parametrize(
    "setting, value, said",
    [
        ("CARNET_PORT", "huit", "CARNET_PORT doit être un nombre entier"),
        ("CARNET_MAIL", "ftp://x", "CARNET_MAIL doit être file:"),
        ("CARNET_KEY", "abc", "CARNET_KEY doit être une clé de 64 chiffres"),
        ("CARNET_INS", "oui", "CARNET_INS doit être"),
    ],
)
def test_a_wrong_setting_stops_with_one_sentence(run, setting, value, said):
    done = run("check", code=1, **{setting: value})
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_another_instance_s_key_is_said(instance):
    done = instance("check", code=1, CARNET_KEY="00" * 32)
    assert "La clé n'est pas celle de" in done.stderr and "Traceback" not in done.stderr


def test_a_source_s_token_is_printed_and_nothing_else(instance, run, tmp_path):
    made = run("source", "Clinique Fictive", "--kind", "establishment", "--per-day", "4")
    assert re.fullmatch(r"carnet_[\w-]{43}\n", made.stdout)
    here = in_process(tmp_path / "i")
    assert "déjà dans la liste" in here("source", "Clinique Fictive", code=1).output
    assert "n'existe pas" in here("source", "Autre", "--until", "31/02/2099", code=1).output

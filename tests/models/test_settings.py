"""Settings: what is wrong stops the start with one sentence that says what to write."""

from pathlib import Path

import pytest

from models.settings import Settings, WrongSetting

KEY = "0f" * 32


def read(**told):
    return Settings.from_environment({f"CARNET_{name}": text for name, text in told.items()})


def test_nothing_is_needed():
    assert read() == Settings()
    assert read().address == "http://127.0.0.1:8000"


def test_each_setting_is_read():
    settings = read(
        HOST="0.0.0.0",
        PORT="8443",
        WORKERS="4",
        INSTANCE="/srv/carnet",
        KEY=KEY,
        SITE_NAME="Carnet des Fictifs",
        BASE_URL="https://carnet.exemple.fr/",
        PROXIES="1",
        MAIL="smtps://nom:secret@courrier.exemple.fr:465",
        MAX_DOCUMENT_MB="50",
        MAX_RECORD_MB="2000",
        IDLE_MINUTES="15",
        INS="off",
    )
    assert (settings.port, settings.workers, settings.proxies) == (8443, 4, 1)
    assert settings.instance == Path("/srv/carnet")
    assert settings.address == "https://carnet.exemple.fr"
    assert settings.secure
    assert (settings.max_document, settings.max_record) == (50_000_000, 2_000_000_000)
    assert (settings.idle_minutes, settings.ins, settings.key) == (15, False, KEY)


def test_an_empty_setting_is_as_if_it_were_not_there():
    assert read(PORT="", MAIL="  ", KEY="") == Settings()


@pytest.mark.parametrize(
    "name, text, sentence",
    [
        ("PORT", "abc", "CARNET_PORT doit être un nombre entier."),
        ("PORT", "8000.5", "CARNET_PORT doit être un nombre entier."),
        ("PORT", "0", "CARNET_PORT doit être un nombre entre 1 et 65535."),
        ("PORT", "65536", "CARNET_PORT doit être un nombre entre 1 et 65535."),
        ("WORKERS", "0", "CARNET_WORKERS doit être un nombre entier, de 1 à"),
        ("WORKERS", "-1", "CARNET_WORKERS doit être un nombre entier."),
        ("MAX_DOCUMENT_MB", "0", "CARNET_MAX_DOCUMENT_MB doit être un nombre entier, de 1 à"),
        ("MAX_RECORD_MB", "0", "CARNET_MAX_RECORD_MB doit être un nombre entier, de 1 à"),
        ("BOUNCES", "/nowhere/at/all", "CARNET_BOUNCES doit être un dossier qui existe"),
        ("OBJECTION_DAYS", "0", "CARNET_OBJECTION_DAYS doit être un nombre entier, de 1 à"),
        ("CODE_DAYS", "0", "CARNET_CODE_DAYS doit être un nombre entier, de 1 à"),
        ("IDLE_MINUTES", "0", "CARNET_IDLE_MINUTES doit être un nombre entier, de 1 à"),
        ("PROXIES", "oui", "CARNET_PROXIES doit être un nombre entier."),
        ("BASE_URL", "carnet.exemple.fr", "CARNET_BASE_URL doit être une adresse"),
        ("BASE_URL", "ftp://carnet.exemple.fr", "CARNET_BASE_URL doit être une adresse"),
        ("BASE_URL", "https://", "CARNET_BASE_URL doit être une adresse"),
        ("BASE_URL", "https://[", "CARNET_BASE_URL doit être une adresse"),
        ("BASE_URL", "https://exemple.fr:abc", "CARNET_BASE_URL doit être une adresse"),
        ("MAIL", "courrier.exemple.fr", "CARNET_MAIL doit être file: ou smtp://serveur:25"),
        ("MAIL", "smtp:", "CARNET_MAIL doit être file: ou smtp://serveur:25"),
        ("MAIL", "smtp://", "CARNET_MAIL doit être file: ou smtp://serveur:25"),
        ("MAIL", "smtp://exemple.fr:vingt-cinq", "CARNET_MAIL doit être file: ou smtp://"),
        ("MAIL", "smtp://[", "CARNET_MAIL doit être file: ou smtp://serveur:25"),
        ("KEY", "secret", "CARNET_KEY doit être une clé de 64 chiffres hexadécimaux"),
        ("KEY", KEY[:-2], "CARNET_KEY doit être une clé de 64 chiffres hexadécimaux"),
        ("KEY", "zz" * 32, "CARNET_KEY doit être une clé de 64 chiffres hexadécimaux"),
        ("INS", "oui", "CARNET_INS doit être « on » ou « off »."),
        ("MAIL_DOMAIN", "depots@exemple.fr", "CARNET_MAIL_DOMAIN doit être un nom de domaine"),
        ("DATABASE", "postgresql://x", "CARNET_DATABASE ne se règle pas encore"),
    ],
)
def test_a_wrong_setting_says_what_to_write(name, text, sentence):
    with pytest.raises(WrongSetting) as wrong:
        read(**{name: text})
    assert str(wrong.value).startswith(sentence)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    "contact, address",
    [
        ("01 99 00 00 00, aide@exemple.fr", "aide@exemple.fr"),
        ("Écrivez à <aide.carnet@mon-exemple.fr>.", "aide.carnet@mon-exemple.fr"),
        ("01 99 00 00 00", ""),
        ("", ""),
        ("@ ou a@b", ""),
    ],
)
def test_an_answer_to_a_letter_goes_where_the_contact_says(contact, address):
    assert read(CONTACT=contact).reply_to == address

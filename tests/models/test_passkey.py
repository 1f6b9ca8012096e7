"""Passkeys: what answers for someone, and all that does not."""

import json
from datetime import timedelta

import pytest

from models import alert, challenge, clock, factor, ledger, means, passkey, session
from models.attempt import TooMany
from models.challenge import Challenge
from models.factor import Kind
from models.formats.keys import UNREAD, Site
from models.notice import Notice
from models.refusal import Refusal
from models.settings import Settings

from ..authenticator import PRESENT, Authenticator

IDLE = timedelta(minutes=30)
SITE = Site("Carnet", "carnet.exemple.invalid", "https://carnet.exemple.invalid")
ADDRESS = "192.0.2.1"


@pytest.fixture
def alice(world):
    return opened(world.account("alice"))


def opened(account):
    return session.find(session.start(account, "Navigateur fictif"), IDLE)


def half(account):
    """A session that waits for its second factor, and its token."""
    token = session.begin(account, "Navigateur fictif")
    return session.half(token, IDLE), token


def device(**told):
    return Authenticator(SITE.origin, **told)


def added(one, name="Téléphone fictif", key=None):
    key = key or device()
    passkey.add(one, SITE, name, key.make(passkey.to_add(one, SITE)))
    return key


def sign_in(text, address=ADDRESS):
    return session.find(passkey.sign_in(SITE, text, "Téléphone sur Android", address), IDLE)


def refusal(act, *told):
    with pytest.raises(Refusal) as refused:
        act(*told)
    return refused.value.sentence


def letters():
    return [one.subject for one in Notice.select().order_by(Notice.id)]


def test_a_key_is_the_whole_sign_in(alice):
    key = added(alice)
    one = sign_in(key.answer(passkey.to_sign_in(SITE)))
    assert one.account == alice.account and one.whole and one.sure
    assert one.device == "Téléphone sur Android"
    kept = passkey.of(alice.account)[0]
    assert kept.used_at and kept.counter == 2


def test_it_is_told_and_is_from_then_on_what_confirms(alice):
    assert factor.kinds(alice.account) == {Kind.MAIL}
    added(alice)
    assert factor.kinds(alice.account) == {Kind.PASSKEY}
    assert letters()[-1] == "Une façon de confirmer vos connexions a été ajoutée"


def test_a_key_is_a_second_factor(alice):
    key = added(alice)
    one, token = half(alice.account)
    renewed = passkey.give(one, SITE, key.answer(passkey.to_give(one, SITE)))
    assert renewed != token and session.find(token, IDLE) is None
    assert session.find(renewed, IDLE).uid == one.uid


def test_a_key_makes_sure_again(alice):
    key = added(alice)
    with clock.moved(timedelta(minutes=20)):
        assert not alice.sure
        renewed = passkey.give(alice, SITE, key.answer(passkey.to_give(alice, SITE)))
        assert session.find(renewed, IDLE).sure


def test_telephones_count_nothing_and_serve_again(alice):
    key = added(alice, key=device(counts=False))
    for _ in range(3):
        assert sign_in(key.answer(passkey.to_sign_in(SITE)))


def test_a_counter_that_goes_backwards_opens_nothing_and_is_told(alice):
    key = added(alice)
    assert sign_in(key.answer(passkey.to_sign_in(SITE)))
    for counter in (2, 1, 0):  # the last one was 2
        text = key.answer(passkey.to_sign_in(SITE), counter=counter)
        assert refusal(sign_in, text) == passkey.BACKWARD
    assert letters().count("Une clé d'accès a été refusée") == 3
    assert sign_in(key.answer(passkey.to_sign_in(SITE), counter=9))
    assert passkey.of(alice.account)[0].counter == 9


WRONG = {
    "another site's page": {"origin": "https://carnet.exemple.invalide.example"},
    "the same host, without TLS": {"origin": "http://carnet.exemple.invalid"},
    "another port": {"origin": "https://carnet.exemple.invalid:8443"},
    "a key of another site": {"host": "exemple.invalid"},
    "nobody recognised": {"flags": PRESENT},
    "nobody there": {"flags": 0},
    "inside another site's page": {"crossOrigin": True},
    "the other ceremony": {"type": "webauthn.payment"},
}
ANSWERS = WRONG | {"a signature of nobody": {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"}}


@pytest.mark.parametrize("wrong", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_wrong_opens_nothing(alice, wrong):
    key = added(alice)
    assert refusal(sign_in, key.answer(passkey.to_sign_in(SITE), **wrong)) == UNREAD
    one, _ = half(alice.account)
    text = key.answer(passkey.to_give(one, SITE), **wrong)
    assert refusal(passkey.give, one, SITE, text) == UNREAD
    assert not session.half(_, IDLE).whole


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_new_key_that_is_wrong_is_not_kept(alice, wrong):
    text = device().make(passkey.to_add(alice, SITE), **wrong)
    assert refusal(passkey.add, alice, SITE, "Clé fictive", text) == UNREAD
    assert passkey.of(alice.account) == []


def test_an_answer_serves_once(alice):
    key = added(alice)
    text = key.answer(passkey.to_sign_in(SITE))
    assert sign_in(text)
    assert refusal(sign_in, text) == passkey.OLD
    one, _ = half(alice.account)
    text = key.answer(passkey.to_give(one, SITE))
    passkey.give(one, SITE, text)
    assert refusal(passkey.give, one, SITE, text) == passkey.OLD


def test_even_a_wrong_one_spends_what_was_asked(alice):
    key = added(alice)
    asked = passkey.to_sign_in(SITE)
    assert refusal(sign_in, key.answer(asked, flags=PRESENT)) == UNREAD
    assert refusal(sign_in, key.answer(asked)) == passkey.OLD


def test_an_answer_serves_for_five_minutes(alice):
    key = added(alice)
    asked = passkey.to_sign_in(SITE)
    with clock.moved(challenge.GOOD_FOR + timedelta(seconds=1)):
        assert refusal(sign_in, key.answer(asked)) == passkey.OLD
    asked = passkey.to_sign_in(SITE)
    with clock.moved(challenge.GOOD_FOR - timedelta(seconds=1)):
        assert sign_in(key.answer(asked))


def test_an_answer_serves_for_what_it_was_asked(alice, world):
    """Not that of a new key, of another session, of a step, nor one that was never asked for."""
    key, (one, _) = added(alice), half(alice.account)
    asked = {
        "new": passkey.to_add(alice, SITE),
        "step": passkey.to_give(one, SITE),
        "other": passkey.to_give(alice, SITE),
        "whole": passkey.to_sign_in(SITE),
    }
    text = key.answer({"rpId": SITE.host, "challenge": asked["new"]["challenge"]})
    assert refusal(sign_in, text) == passkey.OLD
    assert refusal(sign_in, key.answer(asked["step"])) == passkey.OLD
    assert refusal(passkey.give, one, SITE, key.answer(asked["other"])) == passkey.OLD
    assert refusal(passkey.give, one, SITE, key.answer(asked["whole"])) == passkey.OLD
    text = key.answer({"rpId": SITE.host, "challenge": "AAAA"})
    assert refusal(sign_in, text) == passkey.OLD
    carole = opened(world.account("carole"))
    text = device().make(passkey.to_add(alice, SITE))
    assert refusal(passkey.add, carole, SITE, "", text) == passkey.OLD


def test_another_s_key_answers_for_its_owner_alone(alice, world):
    carole = added(opened(world.account("carole")))
    mine = added(alice)
    one, _ = half(alice.account)
    text = carole.answer(passkey.to_give(one, SITE))
    assert refusal(passkey.give, one, SITE, text) == passkey.UNKNOWN
    text = carole.answer(passkey.to_give(one, SITE), handle=mine.handle)
    assert refusal(passkey.give, one, SITE, text) == passkey.UNKNOWN
    text = carole.answer(passkey.to_sign_in(SITE), handle=mine.handle)
    assert refusal(sign_in, text) == passkey.UNKNOWN
    text = carole.answer(passkey.to_sign_in(SITE), id=mine.id)
    assert refusal(sign_in, text) == passkey.UNKNOWN
    text = carole.answer(passkey.to_sign_in(SITE), id=mine.id, handle=mine.handle)
    assert refusal(sign_in, text) == UNREAD  # her name, but not her signature


def test_whose_it_is_must_be_said_where_nobody_typed_it(alice):
    key = added(alice)
    text = key.answer(passkey.to_sign_in(SITE), handle=b"")
    assert refusal(sign_in, text) == passkey.UNKNOWN
    one, _ = half(alice.account)  # a security key that keeps nothing may leave it out here
    assert passkey.give(one, SITE, key.answer(passkey.to_give(one, SITE), handle=b""))


def test_a_key_that_was_removed_or_never_was_known_opens_nothing(alice):
    key = added(alice)
    assert factor.remove(alice.account, passkey.of(alice.account)[0].uid).name == "Téléphone fictif"
    text = key.answer(passkey.to_sign_in(SITE))
    assert refusal(sign_in, text) == passkey.UNKNOWN
    assert letters()[-1] == "Une façon de confirmer vos connexions a été retirée"
    stranger = device()
    stranger.handle = key.handle
    assert refusal(sign_in, stranger.answer(passkey.to_sign_in(SITE))) == passkey.UNKNOWN


def test_a_key_removed_while_it_answers_opens_nothing(alice, monkeypatch):
    key = added(alice)
    text, judge = key.answer(passkey.to_sign_in(SITE)), passkey.keys.judge

    def slowly(*told):
        counter = judge(*told)
        means.forget(alice.account)
        return counter

    monkeypatch.setattr(passkey.keys, "judge", slowly)
    assert refusal(sign_in, text) == passkey.UNKNOWN


def garbage(text):
    """What is left of an answer, cut, bent or never one."""
    whole = json.loads(text)
    yield from ("", "{", "[]", "null", "0", '"x"', "{}", "\udc80", "é" * 10, "x" * 20_001)
    yield from (text[: len(text) * part // 7] for part in range(1, 7))
    yield "[" * 19_000
    for name in ("id", "rawId", "type", "response"):
        for value in (None, 3, [], {}, "", "é", "*", "A" * 9_000):
            yield json.dumps(whole | {name: value})
    for name in whole["response"]:
        for value in (None, 3, [], {}, "", "é", "*", "A", "AAAA", "bnVsbA", "e30", "W10"):
            yield json.dumps(whole | {"response": whole["response"] | {name: value}})


def test_garbage_is_refused_whatever_it_is(alice):
    """The challenge is given back each time, for what comes after it to be read."""
    key, tried = added(alice), 0
    asked = passkey.to_sign_in(SITE)
    kept = Challenge.get()
    for text in garbage(key.answer(asked)):
        Challenge.delete().execute()
        Challenge.create(value=kept.value)
        with pytest.raises(Refusal):
            passkey.sign_in(SITE, text, "Navigateur fictif", f"192.0.2.{tried}")
        tried += 1
    asked = passkey.to_add(alice, SITE)
    kept = Challenge.select().order_by(Challenge.id.desc()).get()
    for text in garbage(device().make(asked)):
        Challenge.delete().execute()
        Challenge.create(value=kept.value)
        with pytest.raises(Refusal):
            passkey.add(alice, SITE, "Clé fictive", text)
        tried += 1
    assert tried > 150 and len(passkey.of(alice.account)) == 1


def test_wrong_answers_are_counted(alice):
    key = added(alice)
    one, _ = half(alice.account)
    for _number in range(10):
        text = key.answer(passkey.to_give(one, SITE), flags=PRESENT)
        assert refusal(passkey.give, one, SITE, text) == UNREAD
    with pytest.raises(TooMany):
        passkey.give(one, SITE, key.answer(passkey.to_give(one, SITE)))
    for _number in range(50):
        refusal(passkey.sign_in, SITE, "", "Navigateur fictif", ADDRESS)
    with pytest.raises(TooMany):
        sign_in(key.answer(passkey.to_sign_in(SITE)))
    assert sign_in(key.answer(passkey.to_sign_in(SITE)), "192.0.2.2")


def test_several_keys_each_with_its_name(alice):
    first, second = added(alice, "  Mon\u200bTéléphone "), added(alice, "Mon Téléphone")
    added(alice, ""), added(alice, "x" * 99)
    names = [one.name for one in passkey.of(alice.account)]
    assert names == ["Mon Téléphone", "Mon Téléphone (2)", "Clé d'accès", "x" * 40]
    assert first.handle == second.handle  # or a telephone would show two accounts
    assert sign_in(first.answer(passkey.to_sign_in(SITE)))
    assert sign_in(second.answer(passkey.to_sign_in(SITE)))


def test_ten_keys_at_most_and_each_in_one_account(alice, world):
    key = added(alice)
    carole = opened(world.account("carole"))
    text = key.make(passkey.to_add(carole, SITE))
    assert refusal(passkey.add, carole, SITE, "", text) == passkey.KNOWN
    for _ in range(9):
        added(alice)
    text = device().make(passkey.to_add(alice, SITE))
    assert refusal(passkey.add, alice, SITE, "", text) == passkey.TOO_MANY


def test_what_the_browser_is_told(alice):
    key = added(alice)
    told = passkey.to_add(alice, SITE)
    assert told["rp"] == {"name": "Carnet", "id": "carnet.exemple.invalid"}
    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert told["attestation"] == "none" and told["timeout"] == 300_000
    named = [one["id"] for one in told["excludeCredentials"]]
    assert named == [json.loads(key.make(told))["id"]]
    assert "alice" not in told["user"]["id"].lower() and told["user"]["id"] != ""
    asked = passkey.to_sign_in(SITE)
    assert asked["allowCredentials"] == [] and asked["userVerification"] == "required"
    assert [one["id"] for one in passkey.to_give(alice, SITE)["allowCredentials"]] == named


def test_the_office_signs_in_with_a_key_and_it_is_written(world):
    diane = opened(world.account("diane"))
    key = added(diane)
    sign_in(key.answer(passkey.to_sign_in(SITE)))
    line = ledger.Line.select().order_by(ledger.Line.id.desc()).get()
    assert (line.name, line.act) == ("Diane Modèle", ledger.Act.SIGNED_IN)
    assert line.details["device"] == "Téléphone sur Android"


def test_the_last_strong_one_of_the_office_stays(world):
    diane = opened(world.account("diane"))
    added(diane, "Première"), added(diane, "Seconde")
    first, second = passkey.of(diane.account)
    assert factor.remove(diane.account, first.uid)
    assert refusal(factor.remove, diane.account, second.uid) == factor.LAST
    assert passkey.of(diane.account) == [second]


def test_nobody_removes_another_s(alice, world):
    added(alice)
    uid = passkey.of(alice.account)[0].uid
    assert factor.remove(world.account("carole"), uid) is None
    assert len(passkey.of(alice.account)) == 1


def test_what_is_asked_is_kept_for_five_minutes_and_no_longer(alice):
    for _ in range(15):
        passkey.to_sign_in(SITE)
    with clock.moved(challenge.GOOD_FOR):
        for left in (6, 2, 3):  # ten go each time, as long as there are any
            passkey.to_sign_in(SITE)
            assert Challenge.select().count() == left
        assert challenge.forget_old() == 0
    with clock.moved(2 * challenge.GOOD_FOR):
        assert challenge.forget_old() == 3


def site(address):
    return Site.of(Settings(base_url=address))


def test_where_keys_serve():
    assert site("https://Carnet.Exemple.invalid/").origin == SITE.origin
    assert site("https://carnet.exemple.invalid:443").origin == SITE.origin
    assert site("https://carnet.exemple.invalid:8443").origin == f"{SITE.origin}:8443"
    assert site("http://localhost:8000").origin == "http://localhost:8000"
    assert site("https://santé.exemple").host == "xn--sant-epa.exemple"
    for none in (
        "http://127.0.0.1:8000",
        "https://192.0.2.1",
        "https://[::1]",
        "http://exemple.fr",
    ):
        assert site(none) is None, none


def test_a_refused_key_s_letter_names_it(alice):
    alert.refused_passkey(alice.account, "Téléphone fictif")
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert "« Téléphone fictif » a donné une réponse déjà dépassée" in letter.body
    assert letter.recipient == "alice@exemple.invalid"

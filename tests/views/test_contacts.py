"""The people around the holder, entered, corrected and put in order."""

from datetime import date

import pytest

from models import contact
from models.access import Role
from models.contact import Contact

GIVEN = {"given_name": "Paule", "family_name": "Imaginaire", "link": "daughter"}


@pytest.fixture
def alice(visit, world):
    visitor = visit("alice")
    visitor.get(f"{world.section()}/personnes/ajout")
    return visitor


def add(alice, status=200, **answers):
    return alice.submit("Ajouter à ma liste", status, **GIVEN | answers)


def people(world):
    return contact.all_of(world.access("alice"))


def test_someone_to_call_is_added_and_her_number_may_be_called(alice, world):
    page = add(alice, phone="+32470123456", called="oui", carer="oui")
    assert page.notices == ["Paule Imaginaire est dans votre liste."]
    assert page.link("+32 470 12 34 56") == "tel:+32-470-12-34-56"
    assert "Fille · aide chaque jour" in page.text
    (one,) = people(world)
    assert (one.called, one.carer, one.parent) == (True, True, False)


def test_the_first_role_is_ticked_because_most_people_come_for_it(alice):
    assert alice.page.soup.select_one("#called").has_attr("checked")
    assert not alice.page.soup.select_one("#carer").has_attr("checked")


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("given_name", "", "Écrivez son prénom"),
        ("family_name", "", "Écrivez son nom"),
        ("family_name", "I" * 101, "100 lettres au plus"),
        ("link", "", "Choisissez votre lien"),
        ("phone", "06 39", "n'est pas un numéro complet"),
        ("phone", "zéro six", "n'est pas un numéro complet"),
        ("phone", "", "il faut son téléphone"),
        ("other_phone", "<b>", "n'est pas un numéro complet"),
        ("email", "paule@", "n'est pas complète"),
        ("postal_address", "x" * 501, "500 lettres au plus"),
        ("birth_date", "31/02/1980", "ne se lit pas"),
        ("birth_date", "hier", "ne se lit pas"),
        ("birth_date", "01/01/2999", "dans le futur"),
    ],
)
def test_a_wrong_answer_is_said_at_its_field_and_all_that_was_typed_stays(
    alice, field, typed, said
):
    answers = {"phone": "06 39 98 00 12", "email": "p@exemple.fr", "postal_address": "1 rue A\nB"}
    answers |= {"birth_date": "01/02/1980", "called": "oui", "parent": "oui", field: typed}
    page = add(alice, 422, **answers)
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    assert page.soup.select_one(f".fault a[href='#{field}']")
    for name, value in (GIVEN | answers).items():
        shown = page.soup.select_one(f"#{name}")
        if shown.name == "textarea":
            assert shown.get_text().removeprefix("\n") == value
        elif shown.name == "select":
            assert (shown.select_one("[selected]") or {"value": ""})["value"] == value
        elif shown["type"] == "checkbox":
            assert shown.has_attr("checked")
        else:
            assert shown["value"] == value
    assert Contact.select().count() == 0


def test_a_link_in_ones_own_words(alice):
    page = add(alice, 422, link="other", phone="06 39 98 00 12")
    assert "avec vos mots" in page.soup.select_one("#link_words-fault").get_text()
    page = alice.submit("Ajouter à ma liste", link_words="ma marraine")
    assert "ma marraine" in page.text


@pytest.mark.parametrize(
    "given, family",
    [("Zoë 🌻", "O'Fictif"), ("محمد", "الخيالي"), ("שרה", "דמיונית"), ("P" * 100, "I" * 100)],
)
def test_any_name_is_shown_as_it_was_typed(alice, given, family):
    page = add(alice, given_name=given, family_name=family, phone="06 39 98 00 12")
    assert page.notices == [f"{given} {family} est dans votre liste."]
    alice.follow(f"{given} {family}")
    assert alice.page.soup.h1.get_text() == f"{given} {family}"
    assert alice.page.soup.select_one("#given_name")["value"] == given


def test_a_name_with_markup_is_never_markup(alice, world):
    name = '<img src=x onerror="alert(1)">'
    page = add(alice, given_name=name, family_name="{{ 7*7 }}", phone="06 39 98 00 12")
    record = world.record("alice").uid
    one = people(world)[0].uid
    for address in ("", "/personnes", f"/personnes/{one}", "/pour-ceux-qui-me-soignent", "/carte"):
        page = alice.get(world.section() + address)
        assert not page.soup.select("img"), address
        assert "{{ 7*7 }}" in page.soup.get_text(), address
    assert not alice.get(f"/espaces/{record}/activite").soup.select("img")


def test_someone_twice_is_refused_and_a_namesake_with_another_link_is_not(alice, world):
    add(alice, phone="06 39 98 00 12")
    alice.get(f"{world.section()}/personnes/ajout")
    page = add(alice, 422, given_name="PAULE", phone="06 39 98 00 12")
    assert "Paule Imaginaire est déjà dans votre liste" in page.text
    alice.submit("Ajouter à ma liste", link="niece")
    assert len(people(world)) == 2


def test_a_sixth_person_to_call_is_refused_and_may_be_added_without(alice, world):
    for name in "ABCDE":
        world.contact(name, called=True)
    page = add(alice, 422, phone="06 39 98 00 12", called="oui")
    assert "5 personnes à prévenir suffisent" in page.soup.select_one("#called-fault").get_text()
    unticked = dict(alice.page.soup.select_one("#called").attrs)
    assert "checked" in unticked
    world.contact("Paule")
    assert [one.called for one in people(world)] == [True] * 5 + [False]


def test_a_form_shows_a_french_number_as_french_people_write_it(alice, world):
    one = world.contact(phone="+33639980012", other_phone="+32470123456")
    page = alice.get(f"{world.section()}/personnes/{one.uid}")
    assert page.soup.select_one("#phone")["value"] == "06\u00a039\u00a098\u00a000\u00a012"
    assert page.soup.select_one("#other_phone")["value"] == "+32\u00a0470\u00a012\u00a034\u00a056"


def test_correcting_changes_only_what_was_changed(alice, world):
    one = world.contact(
        called=True, postal_address="1 rue A\nB", birth_date=date(1980, 2, 1), email="p@exemple.fr"
    )
    before = {**Contact.get().__data__}
    alice.get(f"{world.section()}/personnes/{one.uid}")
    page = alice.submit("Enregistrer", given_name="Pauline")
    assert page.notices == ["La fiche de Pauline Imaginaire est à jour."]
    assert Contact.get().__data__ == before | {"given_name": "Pauline"}


def test_removing_is_undone_with_one_button(alice, world):
    world.contact("Zoé", called=True)
    world.contact("Anne", called=True)
    alice.get(f"{world.section()}/personnes")
    page = alice.submit("Retirer Zoé Imaginaire")
    assert "n'est plus dans votre liste" in page.notices[0]
    assert [one.given_name for one in people(world)] == ["Anne"]
    alice.submit("Annuler")
    assert [one.given_name for one in people(world)] == ["Anne", "Zoé"]


def test_the_trusted_person_is_kept_with_a_sentence(alice, world):
    one = world.designation(signed_on=date(2025, 3, 1))
    alice.get(f"{world.section()}/personnes")
    page = alice.submit(f"Retirer {one.contact.name}")
    assert "Révoquez ou abandonnez d'abord cette désignation" in page.notices[0]
    assert len(people(world)) == 1


def test_anyone_may_be_called_earlier(alice, world):
    world.contact("Zoé", called=True)
    world.contact("Anne", called=True)
    page = alice.get(f"{world.section()}/personnes")
    assert not any("Zoé avant" in words for words in page.buttons())
    page = alice.submit("Faire passer Anne avant")
    assert page.text.index("1. Anne") < page.text.index("2. Zoé")


def test_whoever_was_asked_to_add_someone_for_trust_goes_back_to_choosing(alice, world):
    world.designation()
    alice.get(f"{world.section()}/personnes/ajout?pour=confiance")
    assert not alice.page.soup.select_one("#called").has_attr("checked")
    page = add(alice, 422, link="")
    page = add(alice, birth_date="01/02/1980")
    assert "/personne-de-confiance/choix" in page.address
    chosen = page.soup.select_one("[name=person][checked]")
    assert chosen["value"] == next(one.uid for one in people(world) if one.given_name == "Paule")


def test_a_representative_changes_the_list(visit, world):
    world.let_in("bruno", Role.REPRESENTATIVE)
    bruno = visit("bruno")
    bruno.get(f"{world.section()}/personnes/ajout")
    add(bruno, phone="06 39 98 00 12", called="oui")
    bruno.submit("Retirer Paule Imaginaire")
    assert people(world) == []


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMERGENCY])
def test_a_professional_reads_whom_to_call_and_not_the_whole_list(visit, world, role):
    world.contact("Zoé", called=True)
    world.contact("Anne")
    world.let_in("bruno", role)
    bruno = visit("bruno")
    for end in ("", f"/{people(world)[0].uid}", "/ajout"):
        assert "Zoé" not in bruno.get(f"{world.section()}/personnes{end}", 403).text
    page = bruno.get(world.section())
    assert "Zoé Imaginaire" in page.text and "Anne" not in page.text


def test_another_s_person_is_nowhere_in_ones_own_record(visit, world):
    hers, carole = world.contact(), visit("carole")
    for end in ("", "/retrait", "/ordre", "/retour"):
        address = f"{world.section('carole')}/personnes/{hers.uid}{end}"
        if not end:
            carole.get(address, 404)
        carole.get(f"{world.section('carole')}/personnes/ajout")
        token = carole.page.soup.select_one("[name=csrf_token]")["value"]
        assert carole.client.post(address, data={"csrf_token": token}).status_code == 404
    assert Contact.get() == hers and Contact.get().removed_at is None


def test_a_number_with_an_extension_or_of_another_department_is_shown_again(alice, world):
    add(alice, phone="01 99 00 12 34 poste 4", other_phone="0692 12 34 56")
    one = people(world)[0]
    page = alice.get(f"{world.section()}/personnes/{one.uid}")
    shown = [page.soup.select_one(f"#{name}")["value"] for name in ("phone", "other_phone")]
    assert [one.replace("\u00a0", " ") for one in shown] == [
        "01 99 00 12 34 ext. 4",
        "0692 12 34 56",
    ]
    alice.submit("Enregistrer", given_name="Pauline")
    assert (people(world)[0].phone, people(world)[0].other_phone) == (one.phone, one.other_phone)


def test_someone_entered_again_is_not_brought_back_by_the_button(alice, world):
    world.contact("Zoé")
    alice.get(f"{world.section()}/personnes")
    alice.submit("Retirer Zoé Imaginaire")
    world.contact("Zoé")
    page = alice.submit("Annuler")
    assert "déjà dans votre liste" in page.notices[0] and len(people(world)) == 1


def test_a_card_corrected_on_the_way_to_a_designation_leads_back_to_it(alice, world):
    one = world.designation()
    alice.get(f"{world.section()}/personne-de-confiance/{one.uid}/preparation")
    alice.follow("Corriger ou compléter sa fiche")
    page = alice.submit("Enregistrer", email="p@exemple.fr")
    assert "/personne-de-confiance/choix" in page.address
    assert page.soup.select_one("[name=person][checked]")["value"] == one.contact.uid


def test_the_identity_that_was_signed_is_said_to_stay(alice, world):
    one = world.designation(signed_on=date(2025, 3, 1))
    alice.get(f"{world.section()}/personnes/{one.contact.uid}")
    page = alice.submit("Enregistrer", 422, family_name="Autre")
    assert "papier signé" in page.soup.select_one("#family_name-fault").get_text()
    assert people(world)[0].family_name == "Imaginaire"


def test_a_representative_is_told_that_a_trusted_person_is_not_hers_to_change(visit, world):
    one = world.designation(signed_on=date(2025, 3, 1))
    world.let_in("bruno", Role.REPRESENTATIVE)
    bruno = visit("bruno")
    bruno.get(f"{world.section()}/personnes/{one.contact.uid}")
    page = bruno.submit("Enregistrer", 422, phone="06 11 22 33 44", given_name="Bruno")
    assert "ne se change pas ici" in page.text
    assert people(world)[0].phone == "+33 6 39 98 00 12"

"""Closing one's record, and changing one's mind."""

from playwright.sync_api import expect

from .members import PASSWORD
from .moves import come_in


def test_closing_then_changing_ones_mind(page, site, member):
    come_in(page, site, member)
    page.goto(f"/espaces/{member.uid}/")
    page.get_by_role("link", name="Fermer cet espace").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Vous pouvez changer d'avis d'un geste")
    page.get_by_label("L'archiver dix ans").check()
    page.get_by_label("Mon mot de passe").fill("ce-n-est-pas-lui")
    page.get_by_role("button", name="Demander la fermeture").click()
    expect(page.get_by_label("Mon mot de passe")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("L'archiver dix ans")).to_be_checked()
    page.get_by_label("Mon mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Demander la fermeture").click()
    expect(main).to_contain_text("Cet espace ferme")
    page.get_by_role("button", name="Annuler la fermeture").click()
    expect(main).to_contain_text("La fermeture est annulée. Tout est comme avant.")
    expect(main).not_to_contain_text("Cet espace ferme")

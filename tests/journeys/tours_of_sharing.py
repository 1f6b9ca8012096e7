"""Tours of one document shared with someone outside, by a link and a code."""

import re

from .members import BLOOD
from .moves import come_in, follow, press
from .tours_of_wishes import LONG, opened


def sharing(page, site):
    member = site.member()
    come_in(page, site, member)
    opened(page, f"/espaces/{member.uid}/partages")
    yield "shares, none"
    opened(page, f"/espaces/{member.uid}/documents")
    follow(page, BLOOD)
    follow(page, "Partager ce document par un lien")
    press(page, "Créer le lien et le code")
    yield "sharing, nothing typed"
    page.get_by_label("Pour qui ?").fill(LONG[:90])
    press(page, "Créer le lien et le code")
    yield "a share, its link and its code"
    main = page.get_by_role("main")
    link = main.get_by_text(re.compile("^http.*/partage/")).inner_text()
    code = main.get_by_role("strong").inner_text()
    follow(page, "Revenir à mes partages")
    yield "shares, one"
    page.context.clear_cookies()
    opened(page, link[link.index("/partage/") :])
    yield "a shared document, its code asked"
    page.get_by_label("Le code").fill(code)
    press(page, "Ouvrir le document")
    yield "a shared document, open"
    page.context.clear_cookies()
    opened(page, "/partage")
    yield "a shared document, over"


ALL = (sharing,)

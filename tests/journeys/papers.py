"""Files to deposit, made as those of the demonstration: each says that it is fictional."""

from datetime import date

from models.demonstration import pages, pictures, writings


def _sheet(title, *lines):
    return pages.Sheet(title, "Dr Alix Fictif", "Cabinet des Exemples", date(2025, 3, 12), lines)


def pdf(title="Compte rendu fictif", *lines):
    content = pages.pdf(_sheet(title, *(lines or ("Le fond d'œil est normal.",))))
    return _file("compte_rendu-fictif.pdf", "application/pdf", content)


def photo(number=1):
    sheet = _sheet(f"Ordonnance fictive, page {number}", "Marcher chaque jour.")
    return _file(f"IMG_{number}.jpg", "image/jpeg", pictures.card(sheet))


def note(title, *lines):
    return _file(f"{title}.txt", "text/plain", writings.text(_sheet(title, *lines)))


def program():
    """What Carnet refuses."""
    return _file("photo.exe", "application/octet-stream", b"MZ" + bytes(range(256)) * 8)


def _file(name, media_type, content):
    return {"name": name, "mimeType": media_type, "buffer": content}

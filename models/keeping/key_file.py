"""Where the key lies: whoever reads it reads everything, and without it nothing can be read."""

from collections.abc import Iterator

from ..settings import Settings

OTHERS = 0o077


def faults(settings: Settings) -> Iterator[str]:
    """A sentence for each."""
    folder = settings.instance
    for file in (folder / "key", folder / "key.next", folder / "key.old"):
        if file.exists() and file.stat().st_mode & OTHERS:
            yield (
                f"{file} peut être lu par d'autres (mode {file.stat().st_mode & 0o777:o}) : qui a "
                f"la clé peut tout lire. Écrivez « chmod 600 {file} »."
            )
    if settings.key and (folder / "key").exists():
        yield f"{folder / 'key'} ne sert pas, puisque CARNET_KEY donne la clé : ôtez ce fichier."

"""What the vault must keep: all that a row names."""

from .. import document, letters, moving, part, stray


def names() -> set[str]:
    return (
        document.contents()
        | part.contents()
        | letters.contents()
        | stray.contents()
        | moving.contents()
    )

"""A paper to print: what it says and in which order, whatever draws it (a page or a PDF)."""

from dataclasses import dataclass

from .phone import shown

NO_NUMBER = "Pas de téléphone"


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Its line breaks are kept."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Labels, each with its value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Calls:
    """Whom to call: who, and her numbers as they are kept (phone.py)."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def facts(self) -> Facts:
        """On paper, where no number is a link."""
        return Facts(
            tuple(
                (who, " ou ".join(map(shown, numbers)) or NO_NUMBER) for who, numbers in self.rows
            )
        )


@dataclass(frozen=True)
class Scan:
    """Labels, each with its value; beside them, a QR code holds the address `link`."""

    rows: tuple[tuple[str, str], ...]
    link: str


@dataclass(frozen=True)
class Points:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A remark in a frame."""

    text: str


@dataclass(frozen=True)
class Signature:
    """A frame to fill in by hand; the last of `asks` is given the room to sign."""

    who: str
    asks: tuple[str, ...] = ("Date", "Signature")


Block = Heading | Paragraph | Facts | Calls | Scan | Points | Box | Signature


@dataclass(frozen=True)
class Sheet:
    """`about` is the line under the title: whom the sheet concerns.

    `one_page`: printed in smaller letters rather than on a second page, within reason.
    """

    title: str
    blocks: tuple[Block, ...]
    about: str = ""
    one_page: bool = False


@dataclass(frozen=True)
class Letter:
    """A sheet for an envelope with a window: `to` are the lines of the address."""

    to: tuple[str, ...]
    sheet: Sheet


@dataclass(frozen=True)
class Card:
    """For a wallet; `code` is the text that its QR code holds."""

    title: str
    lines: tuple[str, ...]
    code: str

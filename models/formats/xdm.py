"""IHE XDM: a ZIP of documents, and METADATA.XML that says what each is. Upper case and short
names, says the norm; software is not always of that mind."""

import hashlib
import re
from pathlib import PurePosixPath

from models.formats import archives, kinds, xds
from models.formats.dissection import SINGLE, Refused
from models.formats.speech import send, send_part
from models.header import Header, as_json

METADATA = re.compile(r"METADATA\.XML\Z", re.IGNORECASE)
FOLDER = "ihe_xdm/"
WANTED = re.compile(r"\.XML\Z|IHE_XDM[/\\]", re.IGNORECASE)
MAX_METADATA = 4 * 1024 * 1024
MOST_DOCUMENTS = 100
# What goes with documents, and is none: the list of what the ZIP holds, how to show it.
BESIDE = re.compile(r"(?:README|INDEX)\b.*|.*\.(?:XSLT?|CSS|DTD|XSD|JS)|\..*", re.IGNORECASE)
SIGNATURE = "application/xml"


def take_apart(data: bytes) -> None:
    """Each document, with what is said of it. Raises Refused, SINGLE where this is no XDM."""
    with archives.unpacked(data, WANTED) as archive:
        _give(archive, _found(archive))


def _found(archive):
    described = [name for name in archive.names if METADATA.search(name)]
    if described:
        found = [one for name in described for one in _described(archive, name)]
    else:
        found = _undescribed(archive)
    if len(found) > MOST_DOCUMENTS:
        raise Refused("too_large", archives.TOO_MUCH)
    return found


def _described(archive, name):
    """The entries of METADATA.XML, each with the file that it names."""
    if archive.size(name) > MAX_METADATA:
        raise Refused("too_large", archives.TOO_MUCH)
    entries = xds.read(archive.read(name))
    return [(one, _file(archive, METADATA.sub("", name), one.uri)) for one in entries]


def _file(archive, folder, uri):
    """« DOC00001.XML » beside METADATA.XML; or from one folder above."""
    wanted = uri.replace("\\", "/").removeprefix("./").lower()
    known = {name.replace("\\", "/").lower(): name for name in archive.names}
    folder = folder.replace("\\", "/").lower()
    above = f"{PurePosixPath(folder).parent}/" if "/" in folder.rstrip("/") else ""
    for name in (folder + wanted, above + wanted, wanted):
        if wanted and name in known:
            return known[name]
    told = _short(uri)
    raise Refused("missing", f"il manque le fichier « {told} », que METADATA.XML annonce.")


def _undescribed(archive):
    """What a ZIP holds without METADATA.XML: documents that say themselves what they are."""
    inside = [name for name in archive.names if FOLDER in name.replace("\\", "/").lower()]
    names = [name for name in inside or archive.names if not BESIDE.fullmatch(_short(name))]
    if len(names) > MOST_DOCUMENTS:
        raise Refused(SINGLE)
    told = [kinds.recognise(archive.head(name, kinds.HEAD_BYTES), name) for name in names]
    enough = any if inside else all
    if not names or not enough(kind == kinds.XML for kind in told):
        raise Refused(SINGLE)
    return [(xds.Entry(), name) for name in names]


def _give(archive, found):
    documents = [(one, name) for one, name in found if not one.signature]
    signatures = [(one, name) for one, name in found if one.signature]
    if not documents:
        raise Refused("empty", "une archive sans document")
    # One that replaces another of the same lot comes after it.
    documents.sort(key=lambda each: bool(each[0].header.replaces))
    keys = [one.id for one, _name in documents]
    for one, name in documents:
        _give_document(one.header, _short(one.uri or name), archive.read(name))
        for signature, its_name in signatures:
            if _signed(signature, keys) == one.id:
                _give_signature(signature.header, its_name, archive.read(its_name))


def _short(name):
    return PurePosixPath(name.replace("\\", "/")).name[:100]


def _signed(signature, keys):
    """The document that it signs; the first, where it signs them all or does not say."""
    return next((key for key in signature.signs if key in keys), keys[0])


def _give_document(header: Header, name: str, data: bytes) -> None:
    send(item={"name": name, "header": as_json(header)})
    send_part(data, role="item")


def _give_signature(header, name, data):
    wrong = header.size is not None and header.size != len(data)
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    if wrong or (header.sha1 and header.sha1.lower() != digest):
        told = _short(name)
        raise Refused(
            "mismatch", f"la signature « {told} » n'est pas arrivée telle qu'elle est partie."
        )
    send_part(data, role="signature", name=_short(name), media_type=SIGNATURE)

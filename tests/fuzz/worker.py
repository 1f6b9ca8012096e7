"""One fuzzer, until its time is over: `python -m tests.fuzz.worker NAME FOLDER OPTIONS`, those of
libFuzzer.

Atheris must instrument the modules as they are imported: nothing of Carnet is imported before."""

import random
import resource
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

import atheris

ROOT = str(Path(__file__).resolve().parents[2])
# Seconds of processor of one file, a tracer slowing it three times or more; and bytes of addresses.
SLOW, MOST_MEMORY = 6, 3 << 30

PROGRAMS = (
    *("models.formats.images", "models.formats.containers", "models.formats.binding"),
    *("models.formats.moving_zip", "models.formats.workbook", "models.formats.cda"),
    *("models.formats.fhir_document", "models.formats.fhir_lot", "models.formats.mail"),
)
PILLOW = (
    *("PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.TiffImagePlugin"),
    *("PIL.WebPImagePlugin", "PIL.MpoImagePlugin"),
)
# Written in Python: their branches guide it too.
LIBRARIES = {
    "photo": PILLOW,
    "container": ("docx", "odfdo", "defusedxml.ElementTree", "zipfile"),
    "rtf": ("striprtf.striprtf",),
    "recogniser": ("puremagic",),
    "passkey": ("webauthn",),
    "binding": (*PILLOW, "img2pdf"),
    **dict.fromkeys(("xdm", "archive", "moving", "workbook"), ("zipfile",)),
    **dict.fromkeys(("mail", "mail_back"), ("email.parser", "email.policy")),
}


class Notes:
    """Each way to fail once, with the smallest file that does."""

    def __init__(self, folder: Path):
        self._folder, self._known = folder, {}

    def note(self, fault: str, told: str, data: bytes) -> None:
        name = "".join(c if c.isalnum() else "-" for c in fault)[:120]
        if len(data) < self._known.get(name, 1 << 40):
            self._known[name] = len(data)
            (self._folder / f"{name}.bin").write_bytes(data)
            (self._folder / f"{name}.txt").write_text(told)


def main(name: str, folder: Path, *options: str) -> None:
    libraries = LIBRARIES.get(name, ())
    with atheris.instrument_imports(include=["models", *(one.split(".")[0] for one in libraries)]):
        from .here import children_here
        from .targets import TARGETS

        # What the programs import once they know what they are given.
        for one in (*PROGRAMS, *libraries):
            import_module(one)
    target, notes = TARGETS[name], Notes(folder / "findings")
    for number, seed in enumerate(target.seeds()):
        (folder / "seeds" / f"{number:03}").write_bytes(seed[: target.longest])

    def one(data: bytes) -> None:
        start = time.process_time()
        try:
            target.run(data)
        except target.allowed:
            pass
        except Exception as fault:
            notes.note(_where(fault), traceback.format_exc(), data)
        if time.process_time() - start > SLOW:
            notes.note("slow", f"{time.process_time() - start} s", data)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        changed = target.mutate(data, random.Random(seed), lambda part: _changed(part, most))
        return changed if len(changed) <= most else changed[:most]

    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, limits[1]))
    arguments = [sys.argv[0], *options, f"-max_len={target.longest}"]
    with children_here():
        atheris.Setup(arguments, one, custom_mutator=mutate)
        atheris.Fuzz()


def _changed(part, most):
    return atheris.Mutate(part, max(1, min(most, len(part) + 200)))


def _where(fault):
    """The exception, and the last line of ours that it went through."""
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [one for one in frames if "/models/" in one.filename] or frames
    last = frames[-1]
    return (
        f"{type(fault).__name__} {Path(ours[-1].filename).stem} {ours[-1].lineno} "
        f"{Path(last.filename).stem} {last.lineno}"
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])

"""`make check`, beside ruff: who may import whom, the templates, the dependencies."""

import ast
import re
import sys
import tomllib
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from . import licences, lock

ROOT = Path(__file__).parent.parent
FORBIDDEN = {
    "models": {"flask", "werkzeug", "wtforms", "flask_wtf", "flask_login", "views", "app"},
    "views": {"peewee", "playhouse", "sqlcipher3"},
}
LOGGING = {"logging", "traceback", "warnings"}
# What only a query says: views ask the models instead.
QUERIES = {"select", "where", "get_or_none", "get_by_id", "execute", "execute_sql", "order_by"}
# The one text that is put in a page as it is: our own style sheet.
TRUSTED = {"layout.html": {"style"}, "crowd.html": {"style"}}
HTMX = re.compile(r"\s(?<!data-)hx-[a-z]")
JINJA = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
INLINE = re.compile(r"\s(style|on[a-z]+)=|javascript:", re.IGNORECASE)


def imports():
    for package, forbidden in FORBIDDEN.items():
        for file in sorted((ROOT / package).rglob("*.py")):
            for name in imported(ast.parse(file.read_text())):
                if name.partition(".")[0] in forbidden:
                    yield f"{file.relative_to(ROOT)} imports {name}"


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def logs():
    """What is logged goes through models/log.py, which leaves out what it tells of people."""
    for package in FORBIDDEN:
        for file in sorted((ROOT / package).rglob("*.py")):
            named = LOGGING.intersection(imported(ast.parse(file.read_text())))
            if file != ROOT / "models/log.py" and named:
                yield f"{file.relative_to(ROOT)} imports {', '.join(named)}: use models.log"


def queries():
    for file in sorted((ROOT / "views").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in QUERIES:
                yield f"{file.relative_to(ROOT)}:{node.lineno} writes a query (.{node.attr})"


def templates():
    environment = Environment()
    for file in sorted((ROOT / "templates").rglob("*.html")):
        name, text = str(file.relative_to(ROOT / "templates")), file.read_text()
        try:
            tree = environment.parse(text)
        except TemplateSyntaxError as error:
            yield f"{name}:{error.lineno} {error.message}"
            continue
        yield from (f"{name} {fault}" for fault in template_faults(name, text, tree))


def template_faults(name, text, tree):
    if HTMX.search(text):
        yield "has hx- attributes: write data-hx-"
    if INLINE.search(JINJA.sub("", text)):
        yield "has an inline style or script"
    for node in tree.find_all(nodes.Filter):
        if node.name == "safe" and getattr(node.node, "name", "") not in TRUSTED.get(name, ()):
            yield "puts a text in the page unescaped (|safe)"
    for node in tree.find_all(nodes.Block):
        if not node.name.isidentifier():
            yield f"has a block that is no name: {node.name}"


def dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = project["dependencies"] + project["optional-dependencies"]["test"]
    known = {re.match(r"[\w.-]+", line)[0] for line in declared}
    told = set(re.findall(r"^\| ([\w.-]+) \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    told -= {"package", "setting", "command"}  # the headings of the tables
    yield from (f"README.md does not explain the dependency {name}" for name in known - told)
    yield from (f"README.md explains {name}, which is no dependency" for name in told - known)


def main():
    faults = [*imports(), *logs(), *queries(), *templates(), *dependencies()]
    faults += [*lock.faults(), *licences.faults()]
    print("\n".join(faults) or "imports, templates and dependencies: nothing to say")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()

"""What the code must never do, read in the code itself: run what is given to it, speak to the
network, hash or draw lots badly. What is excepted is named here, and why."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [ROOT / "app.py", *sorted((ROOT / "models").rglob("*.py"))]
FILES += sorted((ROOT / "views").rglob("*.py"))
# What runs or loads code, or makes objects out of bytes.
RUNNING = {"eval", "exec", "compile", "__import__", "system", "popen", "pickle", "marshal"}
RUNNING |= {"shelve", "dill", "yaml", "render_template_string", "from_string"}
PROGRAMS = {"subprocess", "multiprocessing", "pty"}
NETWORK = {"socket", "smtplib", "ssl", "asyncio", "aiosmtpd", "http", "urllib.request", "ftplib"}
NETWORK |= {"requests", "httpx", "urllib3", "aiohttp", "socketserver", "xmlrpc", "authlib"}
WEAK_HASHES = {"md5", "md4"}
# What for.
SPEAKS = {
    "models/mailer.py": "sends letters",
    "views/openid.py": "asks the one provider of identities that the settings name, if they do",
    "views/lmtp.py": "takes letters in",
    "models/formats/program.py": "asks the nursery of our programs, by a pair of sockets of theirs",
    "models/formats/nursery.py": "is asked by it",
    "views/commands_exchange.py": "starts the server that takes letters in",
}
STARTS = {"models/formats/program.py": "our own programs, by a list of words and no shell"}
# What is drawn there is no secret: pictures of a demonstration, the seconds that a crowd waits.
DRAWS = {"models/demonstration/pages.py", "models/demonstration/pictures.py", "views/crowd.py"}
# What a standard names a file by, or an archive made elsewhere is locked by.
SHA_1 = {
    "models/export.py": "FHIR: DocumentReference.content.attachment.hash",
    "models/incoming.py": "FHIR: the same, on the way in",
    "models/formats/fhir_bundle.py": "FHIR: the same",
    "models/formats/xdm.py": "IHE XDS: the hash of a document entry",
    "models/formats/sealed_entry.py": "WinZip AE-2: what other people's archives are locked by",
}


class Code:
    """One file: what it calls, imports, and holds as text."""

    def __init__(self, tree):
        nodes = list(ast.walk(tree))
        self.calls = [node for node in nodes if isinstance(node, ast.Call)]
        self.used = {called(node) for node in self.calls if not _of_ours(node)}
        self.texts = {one.value for one in nodes if isinstance(one, ast.Constant)}
        self.imported = {name for node in nodes for name in imported(node)}

    def imports(self, modules):
        """One of them, or something of it."""
        return any(
            name == one or name.startswith(one + ".") for name in self.imported for one in modules
        )


def called(node):
    return getattr(node.func, "attr", None) or getattr(node.func, "id", None)


def imported(node):
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _of_ours(node):
    """`re.compile`, and the typesetter's, of our own templates (typesetter.py)."""
    of = getattr(getattr(node.func, "value", None), "id", "")
    return called(node) == "compile" and of in ("re", "compiler")


@pytest.fixture(scope="module")
def files():
    return {str(one.relative_to(ROOT)): Code(ast.parse(one.read_text())) for one in FILES}


@pytest.fixture
def importing(files):
    return lambda modules: {name for name, code in files.items() if code.imports(modules)}


def test_nothing_given_is_run_or_unpickled(files):
    for name, code in files.items():
        modules = {one.partition(".")[0] for one in code.imported}
        assert not (code.used | modules) & RUNNING, name


def test_only_one_file_starts_programs_and_never_by_a_shell(files, importing):
    assert importing(PROGRAMS) == set(STARTS)
    for name, code in files.items():
        assert not [one for node in code.calls for one in node.keywords if one.arg == "shell"], name


def test_only_these_files_speak_to_the_network(importing):
    """Nothing that people write is an address that the server calls."""
    assert importing(NETWORK) == set(SPEAKS)


def test_secrets_are_drawn_by_the_system(importing):
    assert importing({"random", "numpy"}) == DRAWS


def test_no_weak_hash_but_where_a_standard_asks_for_it(files):
    for name, code in files.items():
        assert not code.used & WEAK_HASHES and not code.texts & {"md5", "MD5"}, name
        if "sha1" in code.used | code.texts and code.imports({"hashlib", "hmac"}):
            assert name in SHA_1, name


def test_what_sha_1_is_for_is_said_to_be_no_security(files):
    for name in set(SHA_1) - {"models/formats/sealed_entry.py"}:
        drawn = [node for node in files[name].calls if ast.unparse(node.func) == "hashlib.sha1"]
        assert drawn, name
        for node in drawn:
            said = {one.arg: getattr(one.value, "value", None) for one in node.keywords}
            assert said.get("usedforsecurity") is False, name


def test_ciphers_are_those_of_libsodium_and_sqlcipher_but_for_archives_of_elsewhere(importing):
    assert "models/vault.py" in importing({"nacl"})
    assert importing({"cryptography"}) == set()
    assert importing({"Crypto"}) == {"models/formats/sealed_entry.py"}


def test_the_text_of_a_query_holds_names_of_ours_only(files):
    """Each place where a query's text is put together, read one by one: a name of a table, of a
    column, a condition written in the code. What people write is always a value apart."""
    found = {
        (name, ast.unparse(part.value))
        for name, code in files.items()
        if not name.startswith("models/migrations/")
        for node in code.calls
        if called(node) in ("execute_sql", "SQL") and node.args
        for part in ast.walk(node.args[0])
        if isinstance(part, ast.FormattedValue)
    }
    assert found == {
        ("models/database.py", "pragma"),
        ("models/erasure.py", "column"),
        ("models/erasure.py", "here"),
        ("models/erasure.py", "table"),
        ("models/farewell.py", "table"),
        ("models/means.py", "asked"),
        ("models/member_list.py", "STANDING"),
        ("models/search.py", "table"),
    }

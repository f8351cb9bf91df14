"""Reads the source of a tree like ours with `ast` and lists where it breaks the rules of the architecture.

Each rule is a function from modules to complaints, empty when the rule is kept; tests/test_architecture.py runs
them over directory/ and over small bad trees.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_MODULE_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_TEMPLATE_LINES = 120

#: room → the rooms it may import from; "" is create_app in directory/__init__.py.
MAY_IMPORT = {
    "domain": {"domain"},
    "models": {"models", "extensions", "domain"},
    "queries": {"queries", "models", "domain"},
    "services": {"services", "queries", "models", "extensions", "config", "logs", "domain"},
    "cli": {"cli", "services", "extensions", "config", "logs", "domain"},
    "web": {"web", "services", "extensions", "config", "logs", "domain"},
    "config": {"domain"},
    "logs": {"domain"},
    "extensions": {"models", "config", "domain"},
    "": {"web", "cli", "services", "models", "extensions", "config", "logs", "domain"},
}
FOLDERS = {"", "cli", "domain", "models", "queries", "services", "services/exchange", "web", "web/api"}
FILES = {"__init__.py", "config.py", "extensions.py", "logs.py"}
NAMELESS = {"utils", "util", "helpers", "helper", "manager", "managers", "data", "info", "handle", "common", "misc"}

#: Services in the order in which they stand on each other; those of one line do not import each other.
SERVICE_ORDER = (
    {"audit", "outbox", "access"},
    {"clinics", "abuse", "leased", "suggested", "letters", "listing_acts"},
    {"scores", "listing_letters"},
    {"moderation"},
    {"rulings", "holds", "claims", "handed_in", "voids", "wishes", "lapses"},
    {"reviews", "notices", "queue_lines"},
    {"review_forms", "queue", "own_reviews", "signs"},
    {"drafts"},
    {"search", "geocoding", "accounts", "exchange", "demo"},
    {"facts"},
    {"duplicates", "own_revisions"},
    {"revisions", "listing_decisions", "opened_revisions"},
)
#: Parts of the standard library that know the time, the machine or chance.
IMPURE = {
    "asyncio", "getpass", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "platform", "random",
    "secrets", "shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "uuid",
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today", "read_text", "write_text"}
RUNNING = {"execute", "scalar", "scalars", "commit", "flush", "rollback", "get_one"}
EDGE_NAMES = {"request", "current_user", "current_app"}
CLI_NAMES = {"current_app"}


@dataclass(frozen=True)
class Module:
    """One Python file: `path` below directory/, its dotted name, its text and its tree."""

    path: str
    name: str
    text: str
    tree: ast.Module

    @property
    def room(self):
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    def nodes(self, *kinds):
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def complain(self, line, sentence):
        return f"{self.path}:{line} {sentence}"


def read(root):
    """Return the modules of root/directory by path."""
    return [_module(path, root) for path in sorted((root / "directory").rglob("*.py"))]


def _module(path, root):
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Module(path.relative_to(root / "directory").as_posix(), name, text, ast.parse(text))


def imports(module) -> Iterator[tuple[int, str]]:
    """Yield line and dotted target of every import, wherever it stands; `from a import b` yields a.b."""
    for node in module.nodes(ast.Import, ast.ImportFrom):
        for alias in node.names:
            if isinstance(node, ast.Import):
                yield node.lineno, alias.name
            else:
                yield node.lineno, f"{'.' * node.level}{node.module or ''}.{alias.name}"


def own_imports(module, modules):
    """Yield line and target of the imports from inside the tree, the target being the name of a module."""
    known = {each.name for each in modules}
    for line, target in imports(module):
        if target in known:
            yield line, target
        elif target.split(".")[0] == "directory":
            yield line, target.rpartition(".")[0]


def wrong_layers(modules):
    for module in modules:
        for line, target in own_imports(module, modules):
            room = [*target.split("."), ""][1]
            if room not in MAY_IMPORT.get(module.room, set()):
                yield module.complain(line, f"imports {target}")
        for line, target in imports(module):
            if target.startswith("."):
                yield module.complain(line, "imports by a relative name")


def wrong_services(modules):
    order = {name: place for place, names in enumerate(SERVICE_ORDER) for name in names}
    for module in modules:
        mine = _service(module.name)
        for line, target in own_imports(module, modules):
            other = _service(target)
            if mine in order and other in order and mine != other and order[other] > order[mine]:
                yield module.complain(line, f"imports {target}, which stands above it")


def _service(name):
    parts = name.split(".")
    return parts[2] if parts[:2] == ["directory", "services"] and len(parts) > 2 else None


def impure_domain(modules):
    for module in (each for each in modules if each.room == "domain"):
        for line, target in imports(module):
            top = target.split(".")[0]
            if top != "directory" and (top not in sys.stdlib_module_names or top in IMPURE):
                yield module.complain(line, f"imports {target}")
        for line, name in _calls(module):
            if name in IMPURE_CALLS:
                yield module.complain(line, f"calls {name}()")


def running_queries(modules):
    for module in (each for each in modules if each.room == "queries"):
        for line, name in _calls(module):
            if name in RUNNING:
                yield module.complain(line, f"calls {name}()")


def _calls(module):
    for node in module.nodes(ast.Call):
        if isinstance(node.func, ast.Attribute | ast.Name):
            yield node.lineno, node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id


def edge_below_web(modules):
    for module in (each for each in modules if each.room != "web"):
        banned = EDGE_NAMES - (CLI_NAMES if module.room == "cli" else set())
        for node in module.nodes(ast.Name, ast.alias):
            name = node.id if isinstance(node, ast.Name) else node.name
            if name in banned:
                yield module.complain(node.lineno, f"says {name}")


def joined_blueprints(modules):
    """A package's own __init__ may hold the blueprint that its modules share."""
    holders = {each.name for each in modules if any(name == "Blueprint" for _, name in _calls(each))}
    for module in (each for each in modules if each.name in holders):
        for line, target in own_imports(module, modules):
            if target in holders and target != module.name:
                yield module.complain(line, f"a blueprint imports another, {target}")


def circles(modules):
    """Imports inside of functions count too: they hide a circle, they do not open it."""
    edges = {each.name: {target for _, target in own_imports(each, modules)} - {each.name} for each in modules}
    for module in modules:
        if module.name in _reached(edges, edges[module.name]):
            yield module.complain(1, "imports itself by way of others")


def _reached(edges, start):
    seen, waiting = set(), list(start)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += edges.get(name, ())
    return seen


def too_long(modules):
    for module in modules:
        lines = len(module.text.splitlines())
        if lines > MOST_MODULE_LINES:
            yield module.complain(lines, f"has {lines} lines")
        for node in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
            if (length := node.end_lineno - node.lineno + 1) > MOST_FUNCTION_LINES:
                yield module.complain(node.lineno, f"{node.name}() has {length} lines")


def empty_files(modules):
    return (module.complain(1, "is empty") for module in modules if not module.tree.body)


def unknown_rooms(modules):
    for module in modules:
        path = Path(module.path)
        folder = "" if path.parent == Path() else path.parent.as_posix()
        if folder not in FOLDERS or (not folder and path.name not in FILES):
            yield module.complain(1, "stands in no room of the architecture")
        if path.stem in NAMELESS:
            yield module.complain(1, "has a name that says nothing")


def long_templates(root):
    """The one rule over templates/: returns its complaints."""
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in (root / "templates").rglob("*.html")
    }
    return [f"{path.name} has {lines} lines" for path, lines in lengths.items() if lines > MOST_TEMPLATE_LINES]


RULES = (
    wrong_layers, wrong_services, impure_domain, running_queries, edge_below_web, joined_blueprints, circles, too_long,
    empty_files, unknown_rooms,
)  # fmt: skip

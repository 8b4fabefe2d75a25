"""What each function of the desk may come to, read from its source: writing a row, recording an act.

A name counts as called wherever it stands, and a method by its name alone, whatever it is called on. So a
function may be said to reach more than it does.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
LOGS = ("DESK", "VAULT")
_MAKES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "create_user"}


@dataclass(slots=True)
class Function:
    """A function by its dotted `name`: what it refers to, whether it is a transaction, writes, or records."""

    name: str
    refers: set[str] = field(default_factory=set)
    atomic: bool = False
    writes: bool = False
    records: bool = False

    @property
    def public(self) -> bool:
        """Whether somebody else may call it."""
        return not any(part.startswith("_") for part in self.name.split("."))


class Desk:
    """Every function of the desk and of its commands."""

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}
        self._methods: defaultdict[str, set[str]] = defaultdict(set)
        self._imports: dict[str, dict[str, str]] = {}
        for room in ("desk", "cli"):
            for path in sorted((SOURCE / "luwte" / room).rglob("*.py")):
                if "migrations" not in path.parts:
                    self._read(path)

    def writes(self, name: str) -> bool:
        """Return whether a function may come to write a row."""
        return any(one.writes for one in self._reached(name))

    def records(self, name: str) -> bool:
        """Return whether a function may come to record an act."""
        return any(one.records for one in self._reached(name))

    def transactions(self) -> list[str]:
        """Return the public functions that are, or hold, a transaction of their own."""
        return [name for name, one in self.functions.items() if one.public and one.atomic]

    def _read(self, path: Path) -> None:
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = _imports(tree.body)
        known |= {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, _DEFINED)}
        self._imports[module] = known
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                self._add(f"{module}.{node.name}", node, known)
            elif isinstance(node, ast.ClassDef):
                for one in node.body:
                    if isinstance(one, ast.FunctionDef):
                        name = f"{module}.{node.name}.{one.name}"
                        self._methods[one.name].add(name)
                        self._add(name, one, known | {"self": f"{module}.{node.name}"})

    def _add(self, name: str, node: ast.FunctionDef, known: dict[str, str]) -> None:
        here = known | _imports(ast.walk(node))
        found = self.functions[name] = Function(name)
        for one in ast.walk(node):
            if isinstance(one, ast.Call):
                found.writes |= _writes(one)
                found.records |= _records(one)
            if isinstance(one, ast.Name | ast.Attribute):
                text = ast.unparse(one)
                found.atomic |= text == "transaction.atomic"
                first, _, rest = text.partition(".")
                if first in here:
                    found.refers.add(f"{here[first]}.{rest}".rstrip("."))
                elif isinstance(one, ast.Attribute):
                    found.refers.add(f"*.{one.attr}")

    def _reached(self, name: str) -> Iterator[Function]:
        seen, waiting = set[str](), [name]
        while waiting:
            for one in self._meant(waiting.pop()):
                if one not in seen:
                    seen.add(one)
                    yield self.functions[one]
                    waiting += self.functions[one].refers

    def _meant(self, name: str) -> set[str]:
        """Return the functions that a name may mean, through whatever modules pass it on."""
        if name.startswith("*."):
            return self._methods[name[2:]]
        if name in self.functions:
            return {name}
        if name in self._imports:  # a module, which does nothing by itself
            return set()
        module, _, last = name.rpartition(".")
        passed = self._imports.get(module, {}).get(last, name)
        return self._meant(passed) if passed != name else self._methods[last]


_DEFINED = (ast.FunctionDef, ast.ClassDef)


def _imports(nodes: Iterator[ast.AST] | list[ast.stmt]) -> dict[str, str]:
    return {
        one.asname or one.name: f"{node.module}.{one.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }


def _writes(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    attribute, bare = call.func.attr, not call.args
    return attribute in _MAKES or (
        bare and (attribute in ("save", "delete") or (attribute == "update" and bool(call.keywords)))
    )


def _records(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and ast.unparse(call.func) in {
        f"{log}.{way}" for log in LOGS for way in ("record", "record_all")
    }

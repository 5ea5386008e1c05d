"""The code of this project as the tests about it read it: files, imports, functions."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("telemetry_site", "meters", "events", "alarms", "pollsters")


def files(*folders: str) -> list[Path]:
    """Every Python file of these folders but migrations, which Django writes."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def module(path: Path) -> str:
    """The dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text())


@cache
def exists(name: str) -> bool:
    """Whether a dotted name is a module of ours."""
    place = ROOT.joinpath(*name.split("."))
    return place.with_suffix(".py").exists() or place.is_dir()


def imported(path: Path) -> list[str]:
    """The dotted name of each module imported by a file, wherever in it the import stands."""
    return [name for node in ast.walk(tree(path)) for name in _names(node)]


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if exists(inner) else str(node.module)


def ours(path: Path) -> list[str]:
    """The imports of a file that are modules of this project."""
    return [name for name in imported(path) if name.split(".")[0] in PACKAGES]


def inside(name: str, rooms: tuple[str, ...]) -> bool:
    """Whether a module is one of these or lies within one."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(tree(path)) if isinstance(node, kinds)]


def late_imports(path: Path) -> list[str]:
    """What is imported inside functions."""
    inner = [node for function in functions(path) for node in ast.walk(function)]
    return [name for node in inner for name in _names(node)]


def calls(path: Path) -> list[str]:
    """The dotted text of everything called in a file, such as `datetime.now`."""
    nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [ast.unparse(node.func) for node in nodes]

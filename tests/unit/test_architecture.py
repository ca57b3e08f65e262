"""What import-linter cannot say about the house."""

import ast
import importlib.util
from pathlib import Path

import yanku

SOURCE = Path(yanku.__file__).parent
PARSING_LIBRARIES = {
    "pypdfium2": 4,  # a page's words, what is drawn on it, what a file would do, its lock
    "docx": 1,
    "openpyxl": 1,
    "python_calamine": 1,
    "rapidocr": 1,
    "charset_normalizer": 1,
    "docvortex": 1,
    "cv2": 10,  # a picture: lines on it, its sheet, seals, rulings, the paper it was taken of
}
"""Each with the number of files that may name it."""


def modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in SOURCE.rglob("*.py")}


def imports(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_only_access_makes_a_scope() -> None:
    makers = {
        path.relative_to(SOURCE).parts[0]
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Scope"
    }
    assert makers <= {"access", "testing"}


def test_a_parsing_library_is_named_where_it_is_wrapped_and_nowhere_else() -> None:
    users: dict[str, set[str]] = {library: set() for library in PARSING_LIBRARIES}
    for path, tree in modules().items():
        if "testing" in path.relative_to(SOURCE).parts:
            continue
        for name in imports(tree):
            if name.split(".")[0] in users:
                users[name.split(".")[0]].add(str(path.relative_to(SOURCE)))
    allowed = PARSING_LIBRARIES
    assert {name: files for name, files in users.items() if len(files) > allowed[name]} == {}


def test_nothing_evaluates_unpickles_or_renders_templates() -> None:
    forbidden = {"pickle", "marshal", "shelve", "dill", "jinja2", "torch"}
    for path, tree in modules().items():
        used = {name.split(".")[0] for name in imports(tree)} & forbidden
        assert not used, f"{path} imports {used}"
        calls = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not calls & {"eval", "exec"}, f"{path} evaluates text"


def test_the_nouns_need_only_the_standard_library() -> None:
    for path, tree in modules().items():
        if path.parent.name == "model":
            outside = {
                name
                for name in imports(tree)
                if name.split(".")[0] in {"pydantic", "numpy", "psycopg", "httpx"}
                or (name.startswith("yanku.") and not name.startswith("yanku.model"))
            }
            assert not outside, f"{path} imports {outside}"


def test_no_telemetry_is_installed() -> None:
    # OpenVINO reports its own import to an outside address wherever it finds this package.
    assert importlib.util.find_spec("openvino_telemetry") is None, "run make setup"


def test_every_module_opens_with_a_sentence() -> None:
    for path, tree in modules().items():
        assert ast.get_docstring(tree), path

"""The shape of the house: short files, short functions, nothing forbidden."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
FILES = [ROOT / name for name in TRACKED if re.search(r"\.(py|js|css)$", name) and "/migrations/" not in name] or [
    path for kind in ("py", "js", "css") for path in ROOT.glob(f"[!.v]*/**/*.{kind}") if "migrations" not in path.parts
]
PYTHON = [path for path in FILES if path.suffix == ".py" and path.exists()]


def of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [path for path in FILES if path.exists()], ids=of)
def test_files_stay_under_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 300


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", [path for path in PYTHON if "tests" not in path.parts], ids=of)
def test_functions_stay_under_30_lines(path: Path) -> None:
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = [node for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [(node.name, length(node)) for node in functions if length(node) >= 30] == []


BANNED = {
    "Celery's eta and countdown strand work (a due row instead)": re.compile(r"\b(eta|countdown)="),
    "no model signals": re.compile(r"from django\.db\.models import signals|django\.db\.models\.signals"),
    "no NOTIFY on the write path": re.compile(r"\b(pg_notify|NOTIFY )"),
    "no registry address": re.compile(r"--(extra-)?index-url|https?://[a-z0-9.-]*(pypi|npmjs)\."),
}


@pytest.mark.parametrize("why", BANNED)
def test_what_the_house_does_without(why: str) -> None:
    here = Path(__file__).resolve()
    guilty = [
        of(path) for path in FILES if path.exists() and path != here and BANNED[why].search(path.read_text("utf-8"))
    ]
    assert guilty == []


SCRIPTS = [path for path in FILES if path.suffix == ".js" and path.exists()]
NAMED = re.compile(r'import \{([^}]*)\} from "(\.[^"]+)"')


def exported(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    plain = set(re.findall(r"export (?:async )?(?:function\*?|class|const|let) ([\w$]+)", text))
    lists = [name for names in re.findall(r"export \{([^}]*)\}", text) for name in names.split(",")]
    return plain | {name.split(" as ")[-1].strip() for name in lists}


@pytest.mark.parametrize("path", SCRIPTS, ids=of)
def test_every_import_of_a_script_leads_somewhere_once(path: Path) -> None:
    """A browser stops at the first that does not, and the page's script with it."""
    taken: list[str] = []
    for names, other in NAMED.findall(path.read_text(encoding="utf-8")):
        home = (path.parent / other).resolve()
        assert home.exists(), other
        wanted = [name.split(" as ")[0].strip() for name in names.split(",") if name.strip()]
        assert set(wanted) <= exported(home), (other, set(wanted) - exported(home))
        taken += [name.split(" as ")[-1].strip() for name in names.split(",") if name.strip()]
    assert len(taken) == len(set(taken)), "imported twice"

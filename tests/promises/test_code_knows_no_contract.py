"""
The code knows no source, column, feature, landmark or outcome of any contract that is shipped.

It must be so because another authority's extracts are to need another contract and no code: a name in the code is a
special case that nobody declared, and that no contract can change.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.contract import Contract
from models.contract_reading import parse_contract

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "training", "fairness", "service")
# Whoever invents an authority must know what its extracts hold, by which contract they are read: the one exception.
INVENTORS = ("training/synthetic/", "training/synth_commands.py")
# Where a shipped contract's name is also a word that the code has of its own, and why.
OWN_WORDS = {
    **{
        ("models/source.py", word): "a characteristic the law protects, which a contract may only declare as audited"
        for word in ("sex", "ethnicity", "language", "disability", "sen")
    },
    ("*", "register"): "what DuckDB and Splink call giving them a table",
    ("*", "pseudonym"): "the word of this house for a child's key",
    ("*", "asked"): "an ordinary verb of this code; as a column's name it is looked for in literals only",
}


def _shipped() -> list[Path]:
    return [*sorted(ROOT.glob("examples/*/contract.toml")), *sorted(ROOT.glob("models/contracts/*.toml"))]


def _names(contract: Contract) -> set[str]:
    """Return every name that a contract declares."""
    asked = (contract.sources, contract.landmarks, contract.features, contract.outcomes)
    parts = (*asked, contract.rules, contract.audit)
    names = {item.name for part in parts for item in part}
    for source in contract.sources:
        names |= {column.name for column in source.columns} | {derived.name for derived in source.derived}
        names |= {source.child, source.file} | {t.file_column for t in (source.happened, source.known) if t.file_column}
    return names


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Every name of every shipped contract."""
    return set.union(*(_names(parse_contract(path.read_text(encoding="utf-8"))) for path in _shipped()))


def _code() -> list[Path]:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in [*files, ROOT / "earlyid.py"] if not _place(path).startswith(INVENTORS)]


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _found(place: str, text: str, names: set[str]) -> set[str]:
    """Return the names that a module knows, each with its line."""
    own = {word for where, word in OWN_WORDS if where in {place, "*"}}
    looked_for = names - own
    # A name that is no word of any language can mean one thing only, in a comment or a docstring too.
    unmistakable = {name for name in names if not name.isalpha()}
    found = {f"{line}: {word}" for line, word in _literals(text) if _known(word, looked_for)}
    found |= {f"{line}: {word}" for line, word in _identifiers(text) if word in looked_for}
    for number, line in enumerate(text.splitlines(), start=1):
        words = {*re.findall(r"\w+", line), *re.findall(r"\w+\.\w+", line)}
        found |= {f"{number}: {word}" for word in words & unmistakable}
    return found


def _known(literal: str, names: set[str]) -> bool:
    """Whether a string is a name, or is code of another language (SQL, a path) with a name in quotes or after a dot."""
    return literal.strip() in names or bool(set(re.findall(r"""["'`./](\w+)["'`]?""", literal)) & names)


def _literals(text: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(text)
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in spoken:
            yield node.lineno, node.value if isinstance(node.value, str) else node.value.decode("latin-1")


def _identifiers(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word):
                yield node.lineno, word
            case ast.arg(arg=word) | ast.keyword(arg=str(word)) | ast.alias(name=word):
                yield node.lineno, word
            case ast.FunctionDef(name=word) | ast.AsyncFunctionDef(name=word) | ast.ClassDef(name=word):
                yield node.lineno, word
            case ast.MatchAs(name=str(word)):
                yield node.lineno, word


def test_there_is_something_to_know(names: set[str]) -> None:
    """The shipped contracts have names to look for, of each kind, and there is code to look in."""
    assert {"births", "visits", "sex", "preterm", "day_400", "three_not_passed", "communication_0_100"} <= names
    assert {"eyfsp", "domains_below", "new_birth", "not_psed", "most_deprived_fifth", "term_of_birth"} <= names
    assert len(names) > 250
    assert len(_code()) > 60


@pytest.mark.parametrize("path", _code(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_code_knows_no_contract(path: Path, names: set[str]) -> None:
    """No literal, identifier, comment or docstring of a module knows a name of a shipped contract."""
    assert _found(_place(path), path.read_text(encoding="utf-8"), names) == set()


@pytest.mark.parametrize(
    "planted",
    [
        'source = "visits"',
        'if name == "preterm": pass',
        "rows = record.visits",
        "preterm = True",
        "score(preterm=1)",
        "def gestation_days(): pass",
        "class Visits: preterm = 0",
        "lambda preterm: 1",
        "from models import preterm",
        'con.execute("SELECT gestation_days FROM rows")',
        "con.execute('SELECT child FROM \"visits\"')",
        "con.execute(f'SELECT v.sex FROM {table} AS v')",
        'f"{folder}/visits"',
        'names = b"visits"',
        "# true of communication_0_100 only",
        "# true of f.communication_0_100 only",
        '"""For three_not_passed."""',
        'path = folder / "visits.csv"',
        'columns = ["ddicmm029"]',
        'match part:\n    case "births": pass',
        "{'sex': 1}",
        'row["age_days"]',
        "match row:\n    case preterm: pass",
        'asked = {"asked": 1} if preterm else 0',
    ],
)
def test_a_planted_name_is_found(planted: str, names: set[str]) -> None:
    """The search would find a name planted in any of these ways."""
    assert _found("training/planted.py", planted, names)


@pytest.mark.parametrize(
    "honest",
    [
        '"""Asked of visits to births, by sex or preterm."""',
        "asked = {feature.column}",
        'raise ValueError("nobody visits twice")',
        "# births come first",
        'f"asked AS ({children})"',
    ],
)
def test_ordinary_words_are_free(honest: str, names: set[str]) -> None:
    """Ordinary English in prose, and this code's own verb, are not taken for a contract's names."""
    assert _found("training/honest.py", honest, names) == set()


@pytest.mark.parametrize("place", INVENTORS)
def test_inventors_are_needed(names: set[str], place: str) -> None:
    """Whoever is let off does know a shipped name: otherwise it need not be let off."""
    files = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
    assert any(_found(_place(path), path.read_text(encoding="utf-8"), names) for path in files)


def test_own_words_are_needed(names: set[str]) -> None:
    """Every exception is still needed: its word is a shipped name, and stands where it is said to."""
    assert {word for _, word in OWN_WORDS} <= names
    for place, word in OWN_WORDS:
        texts = [path.read_text(encoding="utf-8") for path in _code() if place in {"*", _place(path)}]
        assert any(word == found for text in texts for _, found in [*_literals(text), *_identifiers(text)])

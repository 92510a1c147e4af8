"""A compiled rule counts no references, so it makes no array; what makes one is marked as a maker."""

import ast
from collections.abc import Iterator
from pathlib import Path

RULES = {"rule", "copied"}
SCALARS = {"uint64", "int64", "float64", "sqrt", "exp", "log"}
"""What a rule may call of numpy: functions that turn a number into a number."""
METHODS_THAT_COPY = {"copy", "astype", "repeat", "take", "tolist", "flatten", "cumsum", "argsort", "reshape"}
WRONG = """
@rule
def a(x: int) -> int:
    return np.arange(x).size + other(x) + np.sqrt(x)

@maker
def b(x: int) -> int:
    return np.arange(x).size

@copied
def c(x: Rows) -> int:
    return x.copy().size
"""


def makes(tree: ast.Module) -> Iterator[str]:
    """Name the rules of a module that call what makes an array, and what they call."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and RULES & {ast.unparse(one) for one in function.decorator_list}:
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                    owner, name = ast.unparse(call.func.value), call.func.attr
                    if (owner == "np" and name not in SCALARS) or name in METHODS_THAT_COPY:
                        yield f"{function.name}: {name}"


def test_no_rule_makes_an_array(repository: Path) -> None:
    found = {
        str(path): names
        for part in ("sim", "benchmarks")
        for path in (repository / part).rglob("*.py")
        if (names := list(makes(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {}


def test_a_rule_that_makes_an_array_would_be_seen() -> None:
    assert list(makes(ast.parse(WRONG))) == ["a: arange", "c: copy"]

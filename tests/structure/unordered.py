"""Find what makes a result depend on unkeyed luck: global generators, hash(), the order of a set."""

import ast
from collections.abc import Iterator

from tests.structure.sources import Source, imported

KEYED_GENERATORS = {"Generator", "Philox", "PCG64", "SeedSequence", "default_rng"}
ORDER_FREE = {"all", "any", "frozenset", "len", "max", "min", "set", "sorted"}
SET_METHODS = {"difference", "intersection", "symmetric_difference", "union"}
ITERATES = {"dict", "enumerate", "iter", "list", "map", "next", "sum", "tuple", "zip"}
SET_OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)
Comprehension = ast.ListComp | ast.DictComp | ast.GeneratorExp


def unkeyed_luck(source: Source) -> list[str]:
    """Report numpy's global generator, generators without a seed, the random module and hash()."""
    found = [(line, name) for line, name in imported(source) if name.split(".")[0] in {"random", "secrets"}]
    found += [
        (line, name)
        for line, name in imported(source)
        if name.startswith("numpy.random.") and name.split(".")[2] not in KEYED_GENERATORS
    ]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"np.random", "numpy.random"}:
            if node.attr not in KEYED_GENERATORS:
                found.append((node.lineno, ast.unparse(node)))
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            unseeded = called.endswith("default_rng") and not node.args and not node.keywords
            if called == "hash" or unseeded:
                found.append((node.lineno, f"{called}()"))
    return [f"{source.path}:{line} uses {name}" for line, name in found]


def iterated_sets(source: Source) -> list[str]:
    """Report loops over a set, as far as its being one can be read off the same function."""
    scopes = [node for node in ast.walk(source.tree) if isinstance(node, ast.Module | ast.FunctionDef)]
    lines = {node.lineno for scope in scopes for node in _iterations_over_sets(scope)}
    return [f"{source.path}:{line} iterates a set" for line in sorted(lines)]


def _iterations_over_sets(scope: ast.Module | ast.FunctionDef) -> Iterator[ast.expr]:
    names = _names_of_sets(scope)
    harmless = {
        id(argument)
        for node in _within(scope)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ORDER_FREE
        for argument in node.args
    }
    harmless |= {id(part) for node in _within(scope) if isinstance(node, ast.Set) for part in node.elts}
    for node in _within(scope):
        for iterable in _iterables(node, harmless):
            if _is_set(iterable, names):
                yield iterable


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk a scope without the functions defined inside it, which are scopes of their own."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from _within(child)


def _iterables(node: ast.AST, harmless: set[int]) -> list[ast.expr]:
    """Return what a node walks through in order; what is sorted or merely counted is not among it."""
    if isinstance(node, ast.For):
        return [node.iter]
    if isinstance(node, Comprehension) and id(node) not in harmless:
        return [generator.iter for generator in node.generators]
    if isinstance(node, ast.Starred) and id(node) not in harmless:
        return [node.value]
    if isinstance(node, ast.Call):
        joins = isinstance(node.func, ast.Attribute) and node.func.attr == "join"
        return list(node.args) if joins or ast.unparse(node.func) in ITERATES else []
    return []


def _names_of_sets(scope: ast.Module | ast.FunctionDef) -> set[str]:
    names: set[str] = set()
    if isinstance(scope, ast.FunctionDef):
        arguments = [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
        names |= {argument.arg for argument in arguments if _says_set(argument.annotation)}
    for node in _within(scope):
        if isinstance(node, ast.AnnAssign) and _says_set(node.annotation):
            names.add(ast.unparse(node.target))
        elif isinstance(node, ast.Assign) and _is_set(node.value, names):
            names |= {ast.unparse(target) for target in node.targets}
    return names


def _says_set(annotation: ast.expr | None) -> bool:
    words = ast.unparse(annotation).split("[")[0] if annotation else ""
    return words in {"set", "frozenset", "AbstractSet", "Set"}


def _is_set(node: ast.expr, names: set[str]) -> bool:
    if isinstance(node, ast.Set | ast.SetComp):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, SET_OPERATORS):
        return _is_set(node.left, names) or _is_set(node.right, names)
    if isinstance(node, ast.Call):
        method = isinstance(node.func, ast.Attribute) and node.func.attr in SET_METHODS
        return method or ast.unparse(node.func) in {"set", "frozenset"}
    return ast.unparse(node) in names

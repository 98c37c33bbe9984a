"""Which strings does the product show? Reads them from Python and templates, without GNU xgettext.

Python: calls of gettext and its kin with a literal first argument, under any of their usual names.
Templates: what Django's own `templatize` finds (`translate`, `blocktranslate`, `_("…")` in tags and filters).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

PLAIN = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "msgid"})
PLURAL = frozenset({"ngettext", "ngettext_lazy"})
CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
CALLS = PLAIN | PLURAL | CONTEXT

_LITERAL = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_TEMPLATE_CALL = re.compile(rf"\b(?:n?p?gettext|_)\((?:{_LITERAL}|[^()'\"])*\)", re.DOTALL)


@dataclass(frozen=True, order=True)
class Shown:
    """One string that is shown: its context (mostly empty), itself, and the first place that shows it."""

    context: str
    text: str
    place: str


def shown_strings(root: Path) -> list[Shown]:
    """Find every translatable string under `root`, each once, sorted; raises SyntaxError for a broken file."""
    found: dict[tuple[str, str], Shown] = {}
    for path in sorted([*root.rglob("*.py"), *root.rglob("templates/**/*.html"), *root.rglob("templates/**/*.txt")]):
        source = path.read_text(encoding="utf-8")
        read = in_python(source) if path.suffix == ".py" else in_template(source)
        for context, text, line in read:
            found.setdefault((context, text), Shown(context, text, f"{path.relative_to(root.parent)}:{line}"))
    return sorted(found.values())


def in_python(source: str) -> Iterator[tuple[str, str, int]]:
    """Yield (context, string, line) of every gettext call with literal arguments."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        literals = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        words = [each for each in literals if isinstance(each, str)]
        if name in CONTEXT and len(words) >= 2:
            yield words[0], words[1], node.lineno
        elif name in PLAIN | PLURAL and words:
            yield "", words[0], node.lineno


def in_template(source: str) -> Iterator[tuple[str, str, int]]:
    """Yield (context, string, line) of everything a template translates."""
    readable = templatize(source)
    for match in _TEMPLATE_CALL.finditer(readable):
        line = readable.count("\n", 0, match.start()) + 1
        for context, text, _line in in_python(match[0].replace("npgettext(", "pgettext(", 1)):
            yield context, text, line

"""Jinja2's immutable sandbox with the helpers that chat templates expect, and with a budget.

Templates see private copies of the conversation; they reach no attribute, file or module.
"""

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import BuiltinMethodType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from engine.base.catalogue import Words
from engine.text.template_budget import TemplateBudget, check_count, check_width

FILTERS_LEFT_OUT = ("pprint", "random", "urlize", "wordwrap", "xmlattr", "filesizeformat")
FILTERS_THAT_COUNT = ("do_batch", "do_slice", "sync_do_slice", "do_truncate", "do_round")
LIST_METHODS = ("append", "pop")  # change only the template's own copies; some rely on them
METHODS_REFUSED = ("translate", "to_bytes", "format_map", "maketrans")
# Of these types a template may take these methods without being looked at: they read only, and
# what they give is never larger than what they are called on.
READING: dict[type, frozenset[str]] = {
    dict: frozenset(("get", "items", "keys", "values")),
    str: frozenset(
        ("startswith", "endswith", "find", "rfind", "index", "count", "lower", "upper", "title")
        + ("strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "partition", "rpartition")
        + ("isdigit", "isspace", "isalpha", "removeprefix", "removesuffix", "capitalize")
    ),
}
NOTHING: frozenset[str] = frozenset()
# Filters that make a text of whatever comes first.
FILTERS_OF_TEXT = (
    *("capitalize", "center", "e", "escape", "forceescape", "format", "indent", "lower"),
    *("replace", "safe", "string", "striptags", "title", "trim", "truncate", "upper"),
    *("urlencode", "wordcount"),
)
PLAIN = (str, bytes, int, float, bool, type(None), jinja2.Undefined)
CHARACTERS_PER_STEP = 4096
MAX_INDENT = 16
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class Refusal(TemplateRuntimeError):
    """A template called raise_exception: it does not want this conversation."""


class GenerationTag(Extension):
    """`{% generation %}` marks what training looks at; here it only wraps its body."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one template; `compile_template` weaves the budget into its code."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self._output,
            extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do", GenerationTag],
        )
        self.budget = TemplateBudget()
        own = {"tojson": self._tojson, "replace": self._replace, "join": self._join}
        own |= {"indent": self._indent, "center": self._center, "format": self._format}
        kept = {name: f for name, f in self.filters.items() if name not in FILTERS_LEFT_OUT}
        self.filters = {name: self._counted(name, f) for name, f in (kept | own).items()}
        self.globals.pop("lipsum")
        self.globals["raise_exception"] = _raise_exception
        self.globals["strftime_now"] = _strftime_now

    def compile_template(self, source: str) -> jinja2.Template:
        tree = _Weaver(self).visit(self.parse(source))
        return self.template_class.from_code(self, self.compile(tree), self.make_globals(None))

    # What the woven code calls; attributes of the environment cannot be shadowed by a template.

    def step(self, output: int = 0) -> bool:
        return self.budget.step(output)

    def join_text(self, *parts: Any) -> str:
        """The operator `~`."""
        texts = [self._text(part) for part in parts]
        self.budget.made(sum(len(text) for text in texts))
        return "".join(texts)

    def _text(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        text = str(self.budget.check(value))
        return text if _is_data(value) else without_addresses(text)

    def _shown(self, value: Any) -> Any:
        """A value as a text may be made of it: what is no data has no address in it."""
        if isinstance(value, tuple):
            return tuple(self._shown(each) for each in value)
        return value if _is_data(value) else self._text(value)

    def checked(self, value: Any) -> Any:
        return self.budget.check(value)

    def _output(self, value: Any) -> Any:
        text = self._text(value)
        self.budget.made(len(text))
        return text

    # The sandbox's own hooks.

    def getattr(self, obj: Any, attribute: str) -> Any:
        # Nearly all that templates ask for; the sandbox's own way takes ten times as long.
        kind = type(obj)
        if attribute in READING.get(kind, NOTHING):
            return getattr(obj, attribute)
        if kind is dict and attribute in obj and not hasattr(dict, attribute):
            return obj[attribute]
        if kind is Namespace and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "%" and isinstance(left, str):
            right = self._shown(right)
        self.budget.operator(operator, left, right)
        return self.budget.check(super().call_binop(context, operator, left, right))

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        owner = getattr(__obj, "__self__", None)
        if owner is __self:  # what was woven in; a template reaches nothing of it
            return __obj(*args)
        __self.budget.step()
        if type(__obj) is BuiltinMethodType and __obj.__name__ in READING.get(type(owner), NOTHING):
            for own in ("_loop_vars", "_block_vars"):  # what compiled templates pass along
                kwargs.pop(own, None)
            return __self.budget.check(__obj(*args, **kwargs))
        if isinstance(owner, str | bytes):
            __self.budget.method(owner, __obj.__name__, args)
        elif isinstance(owner, list):
            __self.budget.check(list(args))
        return __self.budget.check(super().call(__context, __obj, *args, **kwargs))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if attr in METHODS_REFUSED:
            return False
        if isinstance(obj, list) and attr in LIST_METHODS:
            return True
        return super().is_safe_attribute(obj, attr, value)

    def unsafe_undefined(self, obj: Any, attribute: str) -> jinja2.Undefined:
        raise SecurityError(
            Words(
                "it reaches for {attribute!r} of a {kind}",
                attribute=attribute,
                kind=type(obj).__name__,
            )
        )

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        form = value.__self__
        check_width(form)

        def formatted(*args: Any, **kwargs: Any) -> str:
            self.budget.method(form, "format", (*args, *kwargs.values()))
            shown = {name: self._shown(each) for name, each in kwargs.items()}
            return wrapped(*self._shown(args), **shown)

        return formatted

    # Filters.

    def _counted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        first = 1 if hasattr(function, "jinja_pass_arg") else 0  # behind context or environment

        @functools.wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.budget.step()
            if function.__name__ in FILTERS_THAT_COUNT:
                for count in (*args, *kwargs.values()):
                    check_count(count)
            if name in FILTERS_OF_TEXT and len(args) > first and not _is_data(args[first]):
                args = (*args[:first], self._text(args[first]), *args[first + 1 :])
            return self.budget.check(function(*args, **kwargs))

        return counted

    def _tojson(
        self,
        value: Any,
        ensure_ascii: bool = False,
        indent: int | None = None,
        separators: tuple[str, str] | None = None,
        sort_keys: bool = False,
    ) -> str:
        """As transformers has it: nothing escaped for HTML, letters left as they are."""
        if indent is not None and (not isinstance(indent, int) or indent > MAX_INDENT):
            raise SecurityError(Words("its JSON is indented too far"))
        if separators is not None and sum(map(len, separators)) > MAX_INDENT:
            raise SecurityError(Words("its JSON is indented too far"))
        self.budget.check(value)
        return json.dumps(
            value,
            ensure_ascii=ensure_ascii,
            indent=indent,
            separators=separators,
            sort_keys=sort_keys,
        )

    def _replace(self, text: Any, old: str, new: str, count: int | None = None) -> str:
        whole = str(text)
        self.budget.method(whole, "replace", (str(old), str(new)))
        return whole.replace(str(old), str(new), -1 if count is None else count)

    def _join(self, value: Iterable[Any], d: str = "", attribute: Any = None) -> str:
        if attribute is not None:
            value = map(jinja2.filters.make_attrgetter(self, attribute), value)
        texts = [self._text(part) for part in value]
        self.budget.method(str(d), "join", (texts,))
        return str(d).join(texts)

    def _indent(self, text: str, width: int = 4, first: bool = False, blank: bool = False) -> str:
        size = width if isinstance(width, int) else len(width)
        check_count(size)
        self.budget.fits(len(text) + size * (text.count("\n") + 1))
        return jinja2.filters.do_indent(text, width, first, blank)

    def _center(self, value: str, width: int = 80) -> str:
        self.budget.method(str(value), "center", (width,))
        return str(value).center(width)

    def _format(self, value: str, *args: Any, **kwargs: Any) -> str:
        check_width(str(value))
        args, kwargs = self._shown(args), {name: self._shown(v) for name, v in kwargs.items()}
        self.budget.operator("%", str(value), (*args, *kwargs.values()))
        return jinja2.filters.do_format(value, *args, **kwargs)


class _Weaver(NodeTransformer):
    """Puts a step into every loop and macro, and checks into whatever makes texts and lists."""

    def __init__(self, environment: Sandbox) -> None:
        self._environment = environment

    def _call(self, name: str, arguments: list[nodes.Expr], at: nodes.Node) -> nodes.Call:
        function = nodes.EnvironmentAttribute(name, lineno=at.lineno)
        call = nodes.Call(function, arguments, [], None, None, lineno=at.lineno)
        return call.set_environment(self._environment)  # type: ignore[return-value]

    def _step(self, node: nodes.Node, body: list[nodes.Node]) -> nodes.Call:
        fixed = sum(len(data.data) for part in body for data in _fixed_texts(part))
        return self._call("step", [nodes.Const(fixed, lineno=node.lineno)], node)

    def visit_For(self, node: nodes.For) -> nodes.Node:
        step = self._step(node, node.body)
        self.generic_visit(node)
        if node.test is not None:
            node.test = nodes.And(step, node.test, lineno=node.lineno)
        node.body.insert(0, nodes.ExprStmt(step, lineno=node.lineno))
        return node

    def _with_step(self, node: nodes.Macro | nodes.CallBlock) -> nodes.Node:
        step = self._step(node, node.body)
        self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(step, lineno=node.lineno))
        return node

    visit_Macro = visit_CallBlock = _with_step

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return self._call("join_text", node.nodes, node)

    def _checked(self, node: nodes.List | nodes.Tuple | nodes.Dict) -> nodes.Node:
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load" or _is_constant(node):
            return node
        return self._call("checked", [node], node)

    visit_List = visit_Tuple = visit_Dict = _checked


def _fixed_texts(node: nodes.Node) -> list[nodes.TemplateData]:
    own = [node] if isinstance(node, nodes.TemplateData) else []
    return own + list(node.find_all(nodes.TemplateData))


def _is_constant(node: nodes.Node) -> bool:
    return not any(
        isinstance(found, nodes.Name | nodes.Call) for found in node.find_all(nodes.Expr)
    )


def _raise_exception(message: str) -> None:
    raise Refusal(str(message))


def _is_data(value: Any) -> bool:
    """Whether a value holds nothing but data: no function, no object of the program."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, PLAIN):
            continue
        if isinstance(found, dict):
            waiting.extend(found)
            waiting.extend(found.values())
        elif isinstance(found, list | tuple | set):
            waiting.extend(found)
        else:
            return False
    return True


def without_addresses(text: str) -> str:
    """What Python prints of its own objects, without where they lie."""
    return ADDRESS.sub("", text)


def _strftime_now(format: str) -> str:
    check_width(format)
    return datetime.now().strftime(format)


def render_bounded(
    template: jinja2.Template, values: Mapping[str, Any], budget: TemplateBudget
) -> str:
    """The whole text, or SecurityError when the template wants more than it may have."""
    parts, fixed = [], 0
    for part in template.generate(values):
        fixed += len(part)
        if fixed > CHARACTERS_PER_STEP:
            budget.step()
            fixed = 0
        parts.append(part)
    return "".join(parts)

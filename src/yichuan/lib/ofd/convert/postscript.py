"""The PostScript calculator of PDF functions (ISO 32000-1, 7.10.5): a program without loops, run on a small stack."""

import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..errors import OfdError

_TOKEN = re.compile(rb"%[^\r\n]*|[{}]|[^\s{}%]+")
_DEEPEST = 32
_MOST_TOKENS = 20_000
_MOST_VALUES = 200

Program = list[Any]
Stack = list[Any]


def compile_calculator(source: bytes) -> Callable[[Sequence[float]], tuple[float, ...]]:
    """The function of a program. Raises OfdError `unsupported_function` for what is no calculator program."""
    tokens = [token for token in _TOKEN.findall(source) if not token.startswith(b"%")]
    if len(tokens) > _MOST_TOKENS or not tokens or tokens[0] != b"{":
        raise OfdError("unsupported_function", "A PostScript function is too long or does not begin with a brace.")
    program = _block(iter(tokens[1:]), 0)

    def function(values: Sequence[float]) -> tuple[float, ...]:
        stack: Stack = list(values)
        try:
            _run(program, stack)
        except (IndexError, ValueError, TypeError, ArithmeticError) as error:
            raise OfdError("unsupported_function", f"A PostScript function fails: {error!r}.") from error
        return tuple(float(value) for value in stack)

    return function


def _block(tokens: Iterator[bytes], depth: int) -> Program:
    if depth > _DEEPEST:
        raise OfdError("unsupported_function", f"A PostScript function is nested more than {_DEEPEST} deep.")
    program: Program = []
    for token in tokens:
        if token == b"}":
            return program
        program.append(_block(tokens, depth + 1) if token == b"{" else _word(token))
    raise OfdError("unsupported_function", "A PostScript function has no end.")


def _word(token: bytes) -> Any:
    name = token.decode("latin-1")
    if name in _OPERATORS or name in ("if", "ifelse"):
        return name
    if name in ("true", "false"):
        return name == "true"
    try:
        return int(name) if name.lstrip("+-").isdigit() else float(name)
    except ValueError as error:
        raise OfdError("unsupported_function", f"A PostScript function has the word {name!r}.") from error


def _run(program: Program, stack: Stack) -> None:
    for position, word in enumerate(program):
        if isinstance(word, list):
            continue  # run by the if or ifelse behind it
        if not isinstance(word, str):
            stack.append(word)
        elif word == "if":
            if stack.pop():
                _run(program[position - 1], stack)
        elif word == "ifelse":
            _run(program[position - 2] if stack.pop() else program[position - 1], stack)
        else:
            _OPERATORS[word](stack)
        if len(stack) > _MOST_VALUES:
            raise ValueError(f"more than {_MOST_VALUES} values on the stack")


def _one(function: Callable[[Any], Any]) -> Callable[[Stack], None]:
    def apply(stack: Stack) -> None:
        stack.append(function(stack.pop()))

    return apply


def _two(function: Callable[[Any, Any], Any]) -> Callable[[Stack], None]:
    def apply(stack: Stack) -> None:
        second, first = stack.pop(), stack.pop()
        stack.append(function(first, second))

    return apply


def _copy(stack: Stack) -> None:
    count = int(stack.pop())
    if not 0 <= count <= len(stack):
        raise ValueError("copy beyond the stack")
    stack += stack[len(stack) - count :]


def _index(stack: Stack) -> None:
    place = int(stack.pop())
    if place < 0:
        raise ValueError("index below nought")
    stack.append(stack[-1 - place])


def _roll(stack: Stack) -> None:
    shift, count = int(stack.pop()), int(stack.pop())
    if not 0 <= count <= len(stack):
        raise ValueError("roll beyond the stack")
    if count:
        top = stack[-count:]
        shift %= count
        stack[-count:] = top[count - shift :] + top[: count - shift]


def _shift(value: int, by: int) -> int:
    by = max(-64, min(64, by))
    return value << by if by >= 0 else value >> -by


_OPERATORS: dict[str, Callable[[Stack], None]] = {
    "abs": _one(abs),
    "add": _two(operator.add),
    "atan": _two(lambda a, b: math.degrees(math.atan2(a, b)) % 360),
    "ceiling": _one(math.ceil),
    "cos": _one(lambda a: math.cos(math.radians(a))),
    "cvi": _one(int),
    "cvr": _one(float),
    "div": _two(operator.truediv),
    "exp": _two(lambda a, b: float(a) ** b),
    "floor": _one(math.floor),
    "idiv": _two(lambda a, b: int(a / b)),
    "ln": _one(math.log),
    "log": _one(math.log10),
    "mod": _two(lambda a, b: int(math.fmod(a, b))),
    "mul": _two(operator.mul),
    "neg": _one(operator.neg),
    "round": _one(lambda a: math.floor(a + 0.5)),
    "sin": _one(lambda a: math.sin(math.radians(a))),
    "sqrt": _one(math.sqrt),
    "sub": _two(operator.sub),
    "truncate": _one(math.trunc),
    "and": _two(operator.and_),
    "bitshift": _two(_shift),
    "eq": _two(operator.eq),
    "ge": _two(operator.ge),
    "gt": _two(operator.gt),
    "le": _two(operator.le),
    "lt": _two(operator.lt),
    "ne": _two(operator.ne),
    "not": _one(lambda a: not a if isinstance(a, bool) else ~a),
    "or": _two(operator.or_),
    "xor": _two(operator.xor),
    "copy": _copy,
    "dup": lambda stack: stack.append(stack[-1]),
    "exch": lambda stack: stack.append(stack.pop(-2)),
    "index": _index,
    "pop": lambda stack: stack.__delitem__(-1),
    "roll": _roll,
}

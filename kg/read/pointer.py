"""JSON Pointers (RFC 6901) from the paths that the JSON decoder names."""

import re

import msgspec

_PATH = re.compile(r"(.*) - at `\$(.*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


def split_validation_error(err: msgspec.ValidationError) -> tuple[str, str]:
    """Return the JSON Pointer of the value and what is wrong with it.

    >>> split_validation_error(msgspec.ValidationError("Expected `int`, got `str` - at `$.arms[2].count`"))
    ('/arms/2/count', 'expected `int`, got `str`')
    """
    found = _PATH.fullmatch(str(err))
    if not found:
        return "", _lower_first(str(err))
    steps = (name or index for name, index in _STEP.findall(found.group(2)))
    return "".join(f"/{step}" for step in steps), _lower_first(found.group(1))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]

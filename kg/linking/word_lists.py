"""Lists of words as they are written in the modules that hold them: words, or pairs, between white space."""


def listed(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


def paired(text: str) -> dict[str, str]:
    """Return the pairs of a list, each written ``word:meaning``.

    >>> paired("renal:kidney hepatic:liver")
    {'renal': 'kidney', 'hepatic': 'liver'}
    """
    return dict(pair.split(":") for pair in text.split())

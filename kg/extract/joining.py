"""Join the leaves of a criterion to a tree by the words between them.

"with" binds closest, then "or" and lists, then "and": "ER and/or PR positive and HER2 negative" is an `AllOf` of an
`AnyOf` and a leaf; "IHC 1+ or 2+ with non-amplified ISH" an `AnyOf` of a leaf and an `AllOf`.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

from kg.extract.searching import Guarded
from kg.extract.states import says_absent
from kg.extract.values import Leaf
from kg.models import Condition, ConditionType, Group, Operator, Polarity

_SENTENCE_END = re.compile(r"[.;]\s")
_WITH = re.compile(r"\bwith\b|\bplus\b|\bin combination\b", re.IGNORECASE)
_BUT = re.compile(r"\bbut\s+(?:not|no|without|never)\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b|and\s*/\s*or|/", re.IGNORECASE)
_ALTERNATIVES = Guarded(
    r"(?:at least )?(?:one|any|either)(?: or more)? of(?: the)?(?: following)?|either\b|any of\b", re.IGNORECASE
)
# An example is one of what it is an example of: "PDE5 inhibitors such as sildenafil".
_INCLUDING = re.compile(r"\b(?:includ(?:ing|es?)|such as|for example|like)\b|\be\.?g\b", re.IGNORECASE)
_ALTERED = frozenset({"mutated", "fusion", "amplified", "deleted", "methylated", "loss"})
_VARIANT = re.compile(r"\b(?:[A-Z]\d+[A-Z*]|exon \d+|del\(|t\(|inv\()")  # "KRAS G12C", "EGFR exon 20 insertion"
_LISTED = re.compile(r"[,;]|\band\b|&")  # in a list of what rules out, each one does
_OR_OTHERS = re.compile(r"[\s,]*(?:and\s?/\s?)?or\s+(?:any\s+|an\s?)?others?\b", re.IGNORECASE)


def join(text: str, start: int, end: int, leaves: Sequence[Leaf], polarity: Polarity) -> Condition | Group:
    """Join the leaves: first what "with" binds, then "or", then "and"."""
    leaves = list(_with_exceptions(leaves))
    if len(leaves) == 1:
        return leaves[0].node
    pairs = list(pairwise(leaves))
    words = [_word(left, right, text[left.end : right.start], polarity) for left, right in pairs]
    if words and words[-1] == "," and _OR_OTHERS.match(text, leaves[-1].end, end):
        words[-1] = "or"
    for place in range(len(words) - 2, -1, -1):
        if words[place] == ",":
            words[place] = words[place + 1].removesuffix(" but")
    words = _before_lists(leaves, words)
    words = ["and" if word == "," else word for word in words]
    if _ALTERNATIVES.search(text, start, leaves[0].start):
        words = [
            "or" if word == "and" and not (is_negation(left.node) and is_negation(right.node)) else word
            for word, (left, right) in zip(words, pairs, strict=True)
        ]
    words = ["and" if word.endswith("but") else word for word in words]
    nodes = [leaf.node for leaf in leaves]
    for word, operator in (("with", Operator.ALL_OF), ("or", Operator.ANY_OF), ("and", Operator.ALL_OF)):
        nodes, words = _reduce(nodes, words, word, operator)
    return nodes[0]


def _with_exceptions(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Put exceptions into the denial that they are exceptions of: "no cancer except melanoma" denies other cancers."""
    denial: Leaf | None = None
    for leaf in leaves:
        if denial is not None and leaf.excepted and isinstance(denial.node, Group):
            but = Group(operator=Operator.ALL_OF, operands=(*_parts(denial.node.operands[0]), leaf.node))
            denial = Leaf(denial.start, leaf.end, negated(but))
            continue
        if denial is not None:
            yield denial
        denial = leaf if is_negation(leaf.node) and not leaf.excepted else None
        if denial is None:
            yield leaf
    if denial is not None:
        yield denial


def _parts(node: Condition | Group) -> tuple[Condition | Group, ...]:
    is_all = isinstance(node, Group) and node.operator is Operator.ALL_OF
    return node.operands if is_all and isinstance(node, Group) else (node,)


def _before_lists(leaves: Sequence[Leaf], words: list[str]) -> list[str]:
    """Let the "with" between a disease and a list of markers bind all of it: "myeloma with del(17p) or t(4;14)"."""
    found = list(words)
    for place, (word, following) in enumerate(pairwise(words)):
        markers = all(is_marker(leaf.node) for leaf in leaves[place + 1 : place + 3])
        alone = place == 0 or words[place - 1] != "or"
        if word == "with" and following == "or" and markers and alone and not is_marker(leaves[place].node):
            found[place] = "and"
    return found


def _word(left: Leaf, right: Leaf, gap: str, polarity: Polarity) -> str:
    """Return what joins two leaves; the slash of "HR+/HER2-" joins two states that hold at once."""
    if is_negation(right.node) and _BUT.search(gap):
        return "or but" if _OR.search(gap) else "but"  # "either A or B but not C", "A, B or others but not C"
    listed = _word_of_list(left, right, gap, polarity)
    if listed:
        return listed
    if gap == "/" and isinstance(left.node, Condition) and isinstance(right.node, Condition):
        if _are_alternatives(left.node, right.node):
            return "or"
        if left.node.state is not None and right.node.state is not None:
            return "and"
    gap = _SENTENCE_END.split(gap)[-1]
    if _WITH.search(gap):
        return "with"
    if _OR.search(gap):
        return "or"
    return "," if gap.strip() == "," else "and"


def _word_of_list(left: Leaf, right: Leaf, gap: str, polarity: Polarity) -> str:
    """Return what joins two leaves of a list: denials, examples, or what is ruled out; empty for others."""
    excludes = polarity is Polarity.EXCLUSION
    if excludes and _SENTENCE_END.search(gap):
        return "or"
    if all(is_negation(it.node) or _is_absent(it.node) for it in (left, right)):
        return "with" if excludes and right.excepted else "and"  # "no A, B or C", "A, B or C not detected"
    if is_negation(right.node):
        return "with" if excludes and right.excepted else ""  # "A, B (except C)"; but "A or B without C"
    if is_marker(left.node) or is_marker(right.node):
        altered = _is_alteration(left.node) and _is_alteration(right.node)
        return "or" if excludes and altered and _LISTED.search(gap) and not _WITH.search(gap) else ""
    ruled_out = excludes and _LISTED.search(gap) and not _WITH.search(gap)
    return "or" if ruled_out or _INCLUDING.search(gap) else ""


def _is_alteration(node: Condition | Group) -> bool:
    """Tell whether a leaf asks for a change of a gene: each of several rules out, unlike in "ER and PR negative"."""
    return isinstance(node, Condition) and (
        node.state in _ALTERED or (node.concept is not None and _VARIANT.search(node.concept.pref_label) is not None)
    )


def is_negation(node: Condition | Group) -> bool:
    """Tell whether a node denies another."""
    return isinstance(node, Group) and node.operator is Operator.NOT


def _is_absent(node: Condition | Group) -> bool:
    """Tell whether words behind a marker's alteration say that it is not there: "KRAS mutation not detected"."""
    return isinstance(node, Condition) and node.state is not None and says_absent(node.span.quote)


def _are_alternatives(left: Condition, right: Condition) -> bool:
    """Tell whether a slash joins what one of is enough: "ALK/ROS1 fusion", and the two tests of mismatch repair."""
    if left.state == right.state and left.state in _ALTERED:
        return True
    names = {it.concept.notation if it.concept else None for it in (left, right)}
    return names == {"msi", "mmr"}


def _reduce(
    nodes: list[Condition | Group], words: list[str], word: str, operator: Operator
) -> tuple[list[Condition | Group], list[str]]:
    grouped: list[list[Condition | Group]] = [[nodes[0]]]
    left: list[str] = []
    for joined, node in zip(words, nodes[1:], strict=True):
        if joined == word:
            grouped[-1].append(node)
        else:
            grouped.append([node])
            left.append(joined)
    return [merged(found, operator) for found in grouped], left


def merged(nodes: list[Condition | Group], operator: Operator) -> Condition | Group:
    """Return a group of nodes, without those that say again what another said: "erectile dysfunction (ED)"."""
    if len(nodes) == 1:
        return nodes[0]
    apart = list({_meaning(node): node for node in reversed(nodes)}.values())[::-1]
    return apart[0] if len(apart) == 1 else Group(operator=operator, operands=tuple(apart))


def _meaning(node: Condition | Group) -> Hashable:
    """Return what a node says, wherever it says it."""
    if isinstance(node, Group):
        return node.operator, tuple(map(_meaning, node.operands))
    concept, assay = (it.iri if it else None for it in (node.concept, node.assay))
    limit = node.comparator, node.value, node.unit, node.within
    return node.condition_type, concept, node.state, assay, node.analyte, *limit


def is_marker(node: Condition | Group) -> bool:
    """Tell whether a node, or its first part, is a condition on a marker."""
    leaf = node.operands[0] if isinstance(node, Group) else node
    return leaf.condition_type is ConditionType.MARKER if isinstance(leaf, Condition) else is_marker(leaf)


def negated(node: Condition | Group) -> Group:
    """Return the denial of a node."""
    return Group(operator=Operator.NOT, operands=(node,))

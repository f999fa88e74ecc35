"""A criterion with its line breaks and indentation as single spaces, and the way back to the text's offsets."""

import re
from typing import Final

from kg.extract.biomarkers.grammar import Phrase

_SPACES: Final = re.compile(r"\s+")
_NEW_ITEM: Final = re.compile(r"\s*\n\s*(?=(?:\\?[-*•·▪○–]|\(?(?:\d{1,2}|[a-z])\\?[.)])\s)")


class Flat:
    """The text of a criterion on one line a list item; `moved` takes a phrase's offsets back."""

    def __init__(self, text: str, start: int, end: int) -> None:
        pieces: list[str] = []
        self._places: list[int] = []  # where each code point of the flat text stands in the text
        place = start
        for match in [*_SPACES.finditer(text, start, end), None]:
            stop = match.start() if match else end
            pieces.append(text[place:stop])
            self._places += range(place, stop)
            if match:
                pieces.append("\n" if _NEW_ITEM.match(text, match.start(), end) else " ")
                self._places.append(match.start())
                place = match.end()
        self.text = "".join(pieces)

    def moved(self, phrase: Phrase) -> Phrase:
        """Return the phrase at its place in the text."""
        return phrase._replace(start=self._places[phrase.start], end=self._places[phrase.end - 1] + 1)

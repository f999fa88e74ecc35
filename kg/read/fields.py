"""What the readers of structured records share: cleaning texts, checking values, collecting text fields."""

from collections.abc import Callable, Iterable
from hashlib import sha256

from kg.errors import ReadError
from kg.models import Age, Document, FieldKind, RawRecord, TextField
from kg.read.codes import CodeReader
from kg.read.contacts import Blotter, blot, has_contact
from kg.read.dates import parse_age


class BadValueError(ValueError):
    """A value that makes its record unusable: where it stands, and what is wrong with it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason

    def located(self, raw: RawRecord) -> ReadError:
        """Return the error that names the file and the place in it as well."""
        return ReadError(raw.file, raw.position, self.field, self.reason)


class FieldReader:
    """Reads the values of one record: texts without contact data, codes, ages; and keeps its text fields.

    Args:
        raw: The record.
        contacts: Names, phone numbers and e-mail addresses to blot out; None to leave all contact data in.
    """

    def __init__(self, raw: RawRecord, contacts: Iterable[str] | None) -> None:
        self._raw = raw
        self._blot = None if contacts is None else Blotter(contacts)
        self.sha256 = sha256(raw.payload).hexdigest()
        self.codes = CodeReader()
        self.texts: list[TextField] = []

    def clean(self, text: str) -> str:
        """Return the text without contact data, at the same length."""
        return text if self._blot is None else self._blot(text)

    def literal(self, text: str | None) -> str | None:
        """Return a value without contact data and surrounding blanks; None where nothing is left to read."""
        stripped = text.strip() if text else ""
        cleaned = self.clean(stripped)
        if cleaned is not stripped and not any(char.isalnum() for char in cleaned):
            return None
        return cleaned or None

    def citation(self, text: str | None) -> str | None:
        """Return a publication's citation: its authors stay, their e-mail addresses do not."""
        stripped = text.strip() if text else ""
        return (stripped if self._blot is None else blot(stripped, ())) or None

    @staticmethod
    def plain(text: str | None) -> str | None:
        """Return a value that has no room for contact data, such as a city; None where nothing is left."""
        return (text.strip() or None) if text else None

    def field(self, kind: FieldKind, text: str | None, locator: str, index: int = 0) -> str | None:
        """Keep a free text as it stands in the source, and return its cleaned value; None for an empty one."""
        if text is None or not text.strip():
            return None
        cleaned = self.clean(text)
        self.texts.append(TextField.of_source(self.sha256, locator, kind, cleaned, index))
        return cleaned.strip()

    def required(self, kind: FieldKind, text: str | None, locator: str, index: int) -> str:
        """Keep and return a name that its owner cannot be without.

        Raises:
            BadValueError: There is none.
        """
        value = self.field(kind, text, locator, index)
        if value is None:
            raise BadValueError(locator, f"the {kind.value} is missing or empty")
        return value

    def is_private(self, url: str) -> bool:
        """Tell whether a link leads to a person and is to be left out."""
        return self._blot is not None and (url.lower().startswith("mailto:") or has_contact(url))

    def official_name(self, name: str | None) -> str | None:
        """Return a person's name where contact data was asked for."""
        return name.strip() or None if name and self._blot is None else None

    def document(self, version_date: str | None) -> Document:
        """Return the record's document."""
        raw = self._raw
        return Document(
            sha256=self.sha256, format=raw.format, file=raw.file, position=raw.position, version_date=version_date
        )


def checked_date(parse: Callable[[str], str], text: str | None, locator: str) -> str | None:
    """Return a date as ISO 8601; None for an empty one.

    Raises:
        BadValueError: It is malformed.
    """
    if text is None or not text.strip():
        return None
    try:
        return parse(text)
    except ValueError as err:
        raise BadValueError(locator, str(err)) from err


def checked_age(text: str | None, locator: str) -> Age | None:
    """Return an age limit; None where there is none.

    Raises:
        BadValueError: It is malformed.
    """
    if text is None or not text.strip():
        return None
    try:
        return parse_age(text)
    except ValueError as err:
        raise BadValueError(locator, str(err)) from err


def checked_enrollment(count: int | None, locator: str) -> int | None:
    """Return the number of participants; 0 is a number.

    Raises:
        BadValueError: It is negative.
    """
    if count is not None and count < 0:
        raise BadValueError(locator, f"the enrolment is negative: {count}")
    return count


def checked_pmid(text: str | None, locator: str) -> str | None:
    """Return a PubMed number; None for an empty one.

    Raises:
        BadValueError: It is not a number.
    """
    number = text.strip() if text else ""
    if number and not (number.isascii() and number.isdigit()):
        raise BadValueError(locator, f"{number!r} is not a PubMed number")
    return number or None

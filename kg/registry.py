"""Records from the registry's API (ClinicalTrials.gov API v2, ``GET /studies``) into a file of JSON lines.

Pages are appended to ``FILE.part`` one by one, and ``FILE.part.json`` says where the next one begins: a fetch that was
stopped goes on there. The file appears under its own name when all pages are in.
"""

import gzip
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from kg.client import Client
from kg.directory import not_written
from kg.errors import RemoteError, UsageError
from kg.models import Record

REGISTRY_API: Final = "https://clinicaltrials.gov/api/v2"
_PAGE: Final = 200  # studies; with results one may weigh megabytes, and the API gives 1,000 at the most
_GONE: Final = frozenset({400, 404, 410})  # answers to a page token that is no longer known

Progress = Callable[[str, int, int | None], None]


class Selection(Record, frozen=True, kw_only=True):
    """Which studies are wanted; all of the registry's where nothing is said.

    Attributes:
        condition: The registry's search in conditions (``query.cond``), with its operators.
        intervention: The same in interventions (``query.intr``).
        term: The same in all fields (``query.term``).
        since: Only studies whose last update was posted on this day or later, ``YYYY-MM-DD``.
    """

    condition: str | None = None
    intervention: str | None = None
    term: str | None = None
    since: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no day.

        Raises:
            UsageError: ``since`` is not of the form ``YYYY-MM-DD``.
        """
        if self.since is not None:
            try:
                date.fromisoformat(self.since)
            except ValueError as err:
                raise UsageError(f"{self.since!r} is no day of the form YYYY-MM-DD.") from err

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the API that select these studies."""
        wanted = {"query.cond": self.condition, "query.intr": self.intervention, "query.term": self.term}
        if self.since:
            wanted["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{self.since},MAX]"
        return {name: value for name, value in wanted.items() if value}


class Fetched(Record, frozen=True, kw_only=True):
    """What a fetch brought. ``promised`` is the number of studies that the registry named, before the first page."""

    file: Path
    records: int
    promised: int | None
    pages: int
    data_timestamp: str | None  # of the registry's data, as the API's ``/version`` says it, at the start
    moved_on: bool  # whether the registry's data changed meanwhile: pages may then overlap or miss a study

    @property
    def complete(self) -> bool:
        """Whether as many studies came as were promised."""
        return self.promised is None or self.records == self.promised


class _Version(msgspec.Struct):
    dataTimestamp: str | None = None  # noqa: N815 - the API's name


class _Page(msgspec.Struct):
    studies: list[msgspec.Raw]
    nextPageToken: str | None = None  # noqa: N815 - the API's name
    totalCount: int | None = None  # noqa: N815 - the API's name


class _Place(msgspec.Struct):
    """How far a fetch has come: the content of ``FILE.part.json``."""

    asked: dict[str, str]
    data_timestamp: str | None
    token: str | None = None
    bytes: int = 0
    records: int = 0
    pages: int = 0
    promised: int | None = None


def fetch_studies(
    out: Path, selection: Selection, client: Client, *, api: str = REGISTRY_API, progress: Progress | None = None
) -> Fetched:
    """Write the selected studies to ``out``, a line each; compressed if its name ends with ``.gz``.

    Args:
        out: The file; it appears whole, or a ``.part`` beside it from which the next call goes on.
        selection: Which studies.
        client: Sends the requests; it waits where the API asks for it.
        api: The API's address.
        progress: Called with "fetch", the number of studies and, where known, of how many.

    Raises:
        RemoteError: The API cannot be reached, refuses, or answers something else than a page of studies.
        ExportError: The file cannot be written.
    """
    part = _Part(out)
    version = _version(client, api)
    place = part.resume(selection.parameters(), version)
    try:
        while place.pages == 0 or place.token is not None:
            page = _page(client, api, place)
            # A token that has expired while the fetch was stopped leads back to the start.
            place = part.restart(place) if page is None else part.append(page, place)
            if progress is not None:
                progress("fetch", place.records, place.promised)
        part.finish()
    except OSError as err:
        raise not_written(out, err) from err
    return Fetched(
        file=out,
        records=place.records,
        promised=place.promised,
        pages=place.pages,
        data_timestamp=place.data_timestamp,
        moved_on=_version(client, api) != place.data_timestamp,
    )


def _version(client: Client, api: str) -> str | None:
    """Return when the registry's data were processed; None from an API that does not say."""
    response = client.send("GET", f"{api}/version", accept=_GONE)
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(response.content, type=_Version).dataTimestamp
    return None


def _page(client: Client, api: str, place: _Place) -> _Page | None:
    """Return the next page; None if the API no longer knows the token of a fetch that was stopped."""
    url = f"{api}/studies"
    asked = {**place.asked, "format": "json", "pageSize": str(_PAGE)}
    asked |= {"pageToken": place.token} if place.token else {"countTotal": "true"}
    response = client.send("GET", url, params=asked, accept=_GONE if place.token else frozenset())
    if response.is_error:
        return None
    try:
        return msgspec.json.decode(response.content, type=_Page)
    except msgspec.DecodeError as err:
        raise RemoteError(url, f"page {place.pages + 1} is no page of studies: {err}") from err


class _Part:
    """The unfinished file and the note of how far it has come; the note is written last and decides."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._data = out.with_name(f"{out.name}.part")
        self._note = out.with_name(f"{out.name}.part.json")
        self._compressed = out.suffix == ".gz"

    def resume(self, asked: dict[str, str], data_timestamp: str | None) -> _Place:
        """Return where to go on: behind the last whole page of the same question, else at the start."""
        fresh = _Place(asked=asked, data_timestamp=data_timestamp)
        try:
            place = msgspec.json.decode(self._note.read_bytes(), type=_Place)
            size = self._data.stat().st_size
        except (OSError, msgspec.DecodeError):
            return fresh
        return place if place.asked == asked and size >= place.bytes else fresh

    def restart(self, place: _Place) -> _Place:
        """Forget what is there."""
        self._note.unlink(missing_ok=True)
        return _Place(asked=place.asked, data_timestamp=place.data_timestamp)

    def append(self, page: _Page, place: _Place) -> _Place:
        """Write a page behind the last one and return where the next begins."""
        lines = b"".join(msgspec.json.format(bytes(study), indent=-1) + b"\n" for study in page.studies)
        content = gzip.compress(lines, 6, mtime=0) if self._compressed else lines
        self._data.touch()
        with self._data.open("r+b") as file:
            file.seek(place.bytes)
            file.write(content)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        after = _Place(
            asked=place.asked,
            data_timestamp=place.data_timestamp,
            token=page.nextPageToken,
            bytes=place.bytes + len(content),
            records=place.records + len(page.studies),
            pages=place.pages + 1,
            promised=place.promised if page.totalCount is None else page.totalCount,
        )
        staging = self._note.with_suffix(".tmp")
        staging.write_bytes(msgspec.json.encode(after))
        staging.replace(self._note)
        return after

    def finish(self) -> None:
        """Give the file its name."""
        self._data.replace(self._out)
        self._note.unlink(missing_ok=True)

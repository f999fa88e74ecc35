"""Every exception that trialkg raises on purpose.

KgError
├── UsageError            the call is wrong: an unknown option, name or format
├── SourceError           a file cannot be opened or is not what it says it is
│   └── ReadError         one record of a readable file cannot be used
├── TerminologyError      a concept file contradicts itself
├── BuildError            a build directory is missing, unfinished or in use
├── ReasonerError         HermiT cannot be run
├── QueryError            a query does not parse, bind or run
├── ExportError           a graph cannot be written in the format asked for
├── RemoteError           another server cannot be reached, refuses, or answers nonsense
└── ClusterError          Spark cannot be run, does not answer, or gives up

Expected outcomes (text without a match, a graph that does not conform) are values, not exceptions.
"""


class KgError(Exception):
    """The root of the tree; its text is a complete sentence for the user."""


class UsageError(KgError):
    """The caller asked for something that does not exist."""


class SourceError(KgError):
    """A source as a whole cannot be read.

    Args:
        file: The path as the user gave it, with the archive member after ``!`` where there is one.
        reason: What is wrong, and what to do.
    """

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[str, ...]]:
        return type(self), (self.file, self.reason)


class ReadError(SourceError):
    """One record cannot be used; the others of its file can.

    Args:
        file: The path as the user gave it, with the archive member after ``!`` where there is one.
        position: Where in the file: ``line 12``, ``record 3`` or an empty string for the whole file.
        field: JSON Pointer, XPath or section name of the offending value; empty for the whole record.
        reason: What is wrong.
    """

    def __init__(self, file: str, position: str, field: str, reason: str) -> None:
        where = ", ".join(part for part in (position, field) if part)
        super().__init__(file, f"{where}: {reason}" if where else reason)
        self.position = position
        self.field = field
        self.why = reason

    def __reduce__(self) -> tuple[type, tuple[str, ...]]:
        return type(self), (self.file, self.position, self.field, self.why)


class TerminologyError(KgError):
    """A concept file contradicts itself or another one."""


class BuildError(KgError):
    """A build directory is missing, unfinished or in use."""


class ReasonerError(KgError):
    """HermiT cannot be run, or does not take what it is given."""


class QueryError(KgError):
    """A query does not parse, bind or run."""


class ExportError(KgError):
    """A graph cannot be written in the format asked for."""


class RemoteError(KgError):
    """A server cannot be reached, refuses, or answers what it should not.

    Args:
        url: What was asked.
        reason: What happened, and what to do.
        status: The HTTP status, where there was an answer.
    """

    def __init__(self, url: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.status = status


class ClusterError(KgError):
    """Spark cannot be run, its master does not answer, or a job is given up."""

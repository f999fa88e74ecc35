"""How much a source may ask of us, and the errors that say that it asked for more."""

from typing import Final

from kg.models import Record

MIB: Final = 1 << 20


class Limits(Record, frozen=True, kw_only=True):
    """Bounds on what is read. Each is named in the text of the rejection that it causes.

    They protect against broken and hostile input; a source of any length within them is read with the same memory.
    """

    max_record_bytes: int = 64 * MIB  # one trial record, uncompressed
    max_depth: int = 100  # objects and arrays within one another
    max_archive_members: int = 2_000_000
    max_ratio: int = 200  # uncompressed to compressed size, once a record's worth has come out
    max_uncompressed_bytes: int = 1 << 40  # all that comes out of one compressed file or archive


class Fault(Exception):  # noqa: N818 - not an error of the call: it becomes a Rejection
    """The rest of a source cannot be read; its text says why and what to do.

    Args:
        reason: The text.
        untrusted: What came before may be wrong too: a checksum does not fit.
    """

    def __init__(self, reason: str, *, untrusted: bool = False) -> None:
        super().__init__(reason)
        self.untrusted = untrusted


class Meter:
    """Counts what comes out of compressed data, and stops it when that looks like a bomb."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.taken_in = 0
        self._given_out = 0

    def give(self, size: int) -> None:
        """Count ``size`` more uncompressed bytes.

        Raises:
            Fault: There are more of them than the limits allow.
        """
        self._given_out += size
        limits = self._limits
        if self._given_out > limits.max_uncompressed_bytes:
            raise Fault(f"expands to more than {limits.max_uncompressed_bytes:,} bytes (limit max_uncompressed_bytes)")
        if self._given_out > limits.max_record_bytes and self._given_out > self.taken_in * limits.max_ratio:
            raise Fault(f"expands to more than {limits.max_ratio} times its size (limit max_ratio)")

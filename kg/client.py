"""HTTP with patience: requests that may be sent again are, as long as the server asks for time.

Credentials come from the environment or a netrc file, never from a command line, which others can read.
"""

import email.utils
import netrc
import random
import threading
import time
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

import httpx

from kg import __version__
from kg.errors import RemoteError

TOKEN, USER, PASSWORD = "KG_STORE_TOKEN", "KG_STORE_USER", "KG_STORE_PASSWORD"

_ATTEMPTS: Final = 8
_FIRST_ATTEMPTS: Final = 4  # seven seconds: where nothing has answered yet, the address is wrong rather than busy
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 300.0  # seconds
_BUSY: Final = frozenset({408, 425, 429, 502, 503, 504})
_UNAUTHORIZED: Final = 401
_SHOWN: Final = 300  # characters of a server's answer that an error repeats


class Client:
    """Sends requests, waits where the server is busy, and raises a `RemoteError` that says what to do.

    Only requests that may be repeated without harm (RFC 9110, section 9.2.2) go through here. Threads may share one.

    Args:
        auth: How to sign requests; see `credentials`.
        timeout: Seconds without a byte after which a request is given up and sent again.
        sleep: Waits for a number of seconds.
    """

    def __init__(
        self, auth: httpx.Auth | None = None, *, timeout: float = 120.0, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._http = httpx.Client(
            auth=auth, timeout=timeout, follow_redirects=True, headers={"User-Agent": f"trialkg/{__version__}"}
        )
        self._sleep = sleep
        self._answered = False
        self._chance = random.Random()  # noqa: S311 - spreads waits, hides nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> httpx.Response:
        """Return the answer of the server, whole.

        Args:
            method: GET, PUT, DELETE, or a POST that changes nothing more when it is sent twice.
            url: Absolute.
            params: Added to the URL's own query.
            content: The body.
            headers: Besides those that every request has.
            accept: Statuses from 400 on that are answers here, not errors.

        Raises:
            RemoteError: The server cannot be reached or refuses, also after several attempts.
        """
        target = httpx.URL(url).copy_merge_params(dict(params or {}))
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                response = self._http.request(method, target, content=content, headers=dict(headers or {}))
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as err:
                raise RemoteError(url, f"is no address to send requests to: {err}") from err
            except httpx.TransportError as err:
                unknown = isinstance(err, httpx.ConnectError) and not self._answered
                if attempt == (_FIRST_ATTEMPTS if unknown else _ATTEMPTS):
                    why = f"cannot be reached ({type(err).__name__}: {err}); is the address right, does the server run?"
                    raise RemoteError(url, why) from err
                self._sleep(self._wait(attempt))
                continue
            self._answered = True
            if response.is_success or response.status_code in accept:
                return response
            if response.status_code not in _BUSY or attempt == _ATTEMPTS:
                raise RemoteError(url, _refusal(method, response), status=response.status_code)
            self._sleep(_asked_for(response) or self._wait(attempt))
        raise AssertionError("the loop returns or raises")

    def _wait(self, attempt: int) -> float:
        """Return a wait that doubles with each attempt, spread so that many clients do not come back at once."""
        longest = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1))
        return self._chance.uniform(longest / 2, longest)


def _asked_for(response: httpx.Response) -> float | None:
    """Return the seconds that ``Retry-After`` asks for (RFC 9110, section 10.2.3: a number or a date)."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return min(float(value), _LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def _refusal(method: str, response: httpx.Response) -> str:
    said = " ".join(response.text.split())[:_SHOWN]
    hint = (
        f" Set {USER} and {PASSWORD}, or {TOKEN}, or add the host to ~/.netrc." if response.status_code == 401 else ""
    )
    return f"{method} was answered with {response.status_code} {response.reason_phrase}: {said or 'nothing'}.{hint}"


def credentials(environment: Mapping[str, str]) -> httpx.Auth | None:
    """Return how to sign requests to a store, or None where nothing is known.

    ``KG_STORE_TOKEN`` is a bearer token (RFC 6750); ``KG_STORE_USER`` and ``KG_STORE_PASSWORD`` go with the scheme that
    the server asks for, basic or digest (RFC 7617, RFC 7616). Otherwise the file that ``NETRC`` names, or ``~/.netrc``.
    """
    if token := environment.get(TOKEN):
        return _Bearer(token)
    if user := environment.get(USER):
        return Challenged(user, environment.get(PASSWORD, ""))
    return _from_netrc(environment.get("NETRC"))


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request


class Challenged(httpx.Auth):
    """Signs with basic or digest authentication, whichever the server asks for; a password is not sent unasked.

    Each thread has a digest session of its own, for its requests are numbered.
    """

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password
        self._session = threading.local()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request, and again with a signature if the server wants one."""
        chosen: httpx.Auth | None = getattr(self._session, "chosen", None)
        if chosen is None:
            response = yield request
            challenge = response.headers.get("WWW-Authenticate", "").lower()
            if response.status_code != _UNAUTHORIZED or not challenge:
                return
            scheme = httpx.DigestAuth if "digest" in challenge else httpx.BasicAuth
            chosen = self._session.chosen = scheme(self._user, self._password)
        yield from chosen.auth_flow(request)


def _from_netrc(path: str | None) -> httpx.Auth | None:
    try:
        return _Netrc(netrc.netrc(path))
    except FileNotFoundError:
        return None
    except (netrc.NetrcParseError, OSError) as err:
        raise RemoteError(path or "~/.netrc", f"cannot be read: {err}") from err


class _Netrc(httpx.Auth):
    """A netrc file's login for the request's host, with the scheme that the server asks for."""

    def __init__(self, known: netrc.netrc) -> None:
        self._known = known
        self._by_host: dict[str, Challenged | None] = {}

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        host = request.url.host
        if host not in self._by_host:
            found = self._known.authenticators(host)
            self._by_host[host] = Challenged(found[0], found[2]) if found and found[2] else None
        signed = self._by_host[host]
        if signed is None:
            yield request
        else:
            yield from signed.auth_flow(request)

"""A stand-in for the registry's API, on the loopback interface, gone when its block ends."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class StandIn(ThreadingHTTPServer):
    """A stand-in for the registry's API v2, which cannot be had in tests: its pages, page tokens, limits and errors.

    ``studies`` are what it holds, ``failures`` answers that it gives first: (status, headers) in order. ``asked``
    keeps the queries that it got.
    """

    daemon_threads = True

    def __init__(self, studies: list[dict[str, object]]) -> None:
        super().__init__(("127.0.0.1", 0), _RegistryHandler)
        self.studies = studies
        self.failures: list[tuple[int, dict[str, str]]] = []
        self.asked: list[dict[str, str]] = []
        self.timestamps = ["2026-11-24T09:00:00"]
        self.garbage: bytes | None = None

    @property
    def api(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.server_port}/api/v2"


class _RegistryHandler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer like the API."""
        path = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(path.query).items()}
        if path.path == "/api/v2/version":
            stamps = self.server.timestamps
            self._json({"apiVersion": "2.0.5", "dataTimestamp": stamps.pop(0) if len(stamps) > 1 else stamps[0]})
        elif self.server.failures:
            status, headers = self.server.failures.pop(0)
            self._send(status, b"too busy", headers)
        elif self.server.garbage is not None:
            self._send(200, self.server.garbage, {})
        else:
            self._studies(query)

    def _studies(self, query: dict[str, str]) -> None:
        self.server.asked.append(query)
        token = query.get("pageToken", "t0")
        if not re.fullmatch(r"t\d+", token):
            self._send(400, b"`pageToken` parameter is invalid", {})
            return
        start, size = int(token[1:]), min(int(query.get("pageSize", "10")), 1000)
        page: dict[str, object] = {"studies": self.server.studies[start : start + size]}
        if query.get("countTotal") == "true":
            page["totalCount"] = len(self.server.studies)
        if start + size < len(self.server.studies):
            page["nextPageToken"] = f"t{start + size}"
        self._json(page)

    def _json(self, content: object) -> None:
        self._send(200, json.dumps(content, indent=1).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status, HTTPStatus(status).phrase)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def registry(studies: list[dict[str, object]]) -> Iterator[StandIn]:
    """Run the stand-in for the registry and yield it."""
    server = StandIn(studies)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Real servers for tests, on the loopback interface, each gone when its block ends."""

import json
import os
import re
import shutil
import socket
import subprocess
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

OXIGRAPH = shutil.which("oxigraph", path=sysconfig.get_path("scripts"))
_LISTENING = re.compile(r"Listening")


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """Run Oxigraph's own server over an empty store and yield its address."""
    assert OXIGRAPH is not None
    port = _free_port()
    command = [OXIGRAPH, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if _LISTENING.search(line):
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate()


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


VIRTUOSO = os.environ.get("KG_TEST_VIRTUOSO")  # a folder into which Debian's packages of Virtuoso 7 were unpacked
_VIRTUOSO_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = {folder}
NumberOfBuffers = 20000
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 10000
"""


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Run Virtuoso over an empty database and yield its address; its user and password are both ``dba``."""
    assert VIRTUOSO is not None
    usr = Path(VIRTUOSO, "usr")
    http_port, sql_port = _free_port(), _free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO_INI.format(folder=folder, http_port=http_port, sql_port=sql_port), "utf-8")
    libraries = ":".join(str(path) for path in (usr / "lib/x86_64-linux-gnu", Path(VIRTUOSO, "lib/x86_64-linux-gnu")))
    server = subprocess.Popen(
        [str(usr / "bin/virtuoso-t"), "-f", "-c", str(ini)],
        env={**os.environ, "LD_LIBRARY_PATH": libraries}, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        _wait_for(server, http_port)
        yield f"http://127.0.0.1:{http_port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server takes connections; it says so nowhere that could be read at once."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        with suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"the server ended with {server.wait(0.1)}")
    raise AssertionError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port

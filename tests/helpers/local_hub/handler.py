"""One request to the local hub or to its CDN: finds who answers, with the hub's own refusals."""

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from helpers.local_hub import answers
from helpers.local_hub.faults import PORTAL, Fault
from helpers.local_hub.repositories import HubFile, Repository
from helpers.local_hub.requests_log import Request
from helpers.local_hub.sending import CutOff, send_file, write

ID = r"(?P<id>[^/]+/[^/]+)"
REVISION = r"(?P<revision>[^/]+)"
Match = re.Match[str]


class Refused(Exception):
    """An answer other than the one that was asked for."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Handler(BaseHTTPRequestHandler):
    """`hub` and `door` are set by the server that makes the class."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    hub: Any
    door: str

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error: the hub keeps a log of its own."""

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.request_log = Request(self.door, self.command, parts.path, parts.query, headers)
        self.hub.log.requests.append(self.request_log)
        self.fault = self.hub.faults.for_request(self.door, self.command, parts.path)
        self.form = self.rfile.read(int(headers.get("content-length", "0")))
        try:
            self.close_connection |= self.fault.wrong_length is not None
            if not self._struck(self.fault):
                self._route(parts.path, parse_qs(parts.query))
        except Refused as no:
            self._refuse(no)
        except (CutOff, ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as error:  # a fault of the hub's own: the test must hear of it
            self.hub.errors.append(error)
            raise

    def _struck(self, fault: Fault) -> bool:
        """Whether a fault has answered already."""
        if fault.silent:
            self.hub.closing.wait()
        if fault.silent or fault.reset:
            raise CutOff
        if fault.html:
            kind = {"Content-Type": "text/html; charset=utf-8", **fault.headers}
            self._send(fault.status or 200, fault.body or PORTAL, kind)
        elif fault.status is not None:
            self._send(fault.status, fault.body or b'{"error":"fault"}', fault.headers)
        return fault.html or fault.status is not None

    def _route(self, path: str, query: answers.Query) -> None:
        for pattern, answer in HUB if self.door == "hub" else CDN:
            if match := re.fullmatch(pattern, path):
                answer(self, match, query)
                return
        raise Refused(404, "", "Sorry, we can't find the page you are looking for.")

    # -- the interface ---------------------------------------------------------------------------

    def search(self, match: Match, query: answers.Query) -> None:
        seen = [r for r in self.hub.repositories.values() if self._sees(r)]
        rows, following = answers.page(seen, query, self.hub.page_size)
        link = f'<{self.hub.url}/api/models?{following}>; rel="next"' if following else ""
        self._json(rows, {"Link": link} if link else {})

    def info(self, match: Match, query: answers.Query) -> None:
        repository, sha, files = self._repository(match)
        told = answers.whole(repository, sha, files, blobs="blobs" in query)
        if wanted := query.get("expand"):
            told = {name: told[name] for name in (*answers.ALWAYS, *wanted) if name in told}
        self._json(told)

    def tree(self, match: Match, query: answers.Query) -> None:
        repository, _, files = self._repository(match)
        deep = answers.first(query, "recursive", "").lower() in ("true", "1")
        self._json(answers.tree(repository, files, match["path"] or "", deep))

    def paths_info(self, match: Match, query: answers.Query) -> None:
        repository, _, files = self._repository(match)
        self._json(answers.paths_info(repository, files, self.form))

    def harnesses(self, match: Match, query: answers.Query) -> None:
        """What the client asks of its own accord; a test sees it in the log."""
        self._json({"standardEnvVars": [], "harnesses": {}})

    # -- files -----------------------------------------------------------------------------------

    def resolve(self, match: Match, query: answers.Query) -> None:
        repository, sha, files = self._repository(match)
        path = unquote(match["path"])
        self._check_gate(repository)
        if path not in files:
            raise Refused(404, "EntryNotFound", "Entry not found")
        file, commit = files[path], {"X-Repo-Commit": sha}
        if not repository.is_lfs(path, file):
            where = f"/api/resolve-cache/models/{repository.id}/{sha}/{quote(path)}"
            length = {"X-Linked-Size": str(answers.told_size(file)), "ETag": f'"{file.blob_id}"'}
            self._send(307, b"", {"Location": where, **length, **commit})
            return
        etag = self.fault.etag or file.sha256
        where = f"{self.hub.cdn_url}/cdn/{repository.id}/{sha}/{quote(path)}?sig={self.hub.sign()}"
        linked = {"X-Linked-Etag": f'"{etag}"', "X-Linked-Size": str(answers.told_size(file))}
        self._send(302, b"", {"Location": where, "Accept-Ranges": "bytes", **linked, **commit})

    def resolve_cache(self, match: Match, query: answers.Query) -> None:
        """Where the hub itself keeps small files."""
        repository, sha, files = self._repository(match)
        self._check_gate(repository)
        file = files[unquote(match["path"])]
        self._file(file, file.blob_id, {"X-Repo-Commit": sha})

    def cdn(self, match: Match, query: answers.Query) -> None:
        if not self.hub.is_signed(answers.first(query, "sig", "")):
            raise Refused(403, "", "Request has expired")
        repository = self.hub.repositories[match["id"]]
        file: HubFile = repository.commits[match["revision"]][unquote(match["path"])]
        self._file(file, file.sha256, {})

    def _file(self, file: HubFile, etag: str, headers: dict[str, str]) -> None:
        closing = self.hub.closing
        send_file(self, self.request_log, file, etag, self.fault, closing, headers)

    # -- who may see what ------------------------------------------------------------------------

    def _repository(self, match: Match) -> tuple[Repository, str, dict[str, HubFile]]:
        token = self._token()
        repository = self.hub.repositories.get(unquote(match["id"]))
        if repository is None or not self._sees(repository):
            if token is None:
                raise Refused(401, "RepoNotFound", "Invalid username or password.")
            raise Refused(404, "RepoNotFound", "Repository not found")
        revision = unquote(match.groupdict().get("revision") or "main")
        at = repository.at(revision)
        if at is None:
            raise Refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return repository, *at

    def _token(self) -> str | None:
        told = self.request_log.headers.get("authorization", "")
        if not told:
            return None
        token = told.removeprefix("Bearer ")
        if token not in self.hub.tokens:
            raise Refused(401, "", "Invalid credentials in Authorization header")
        return token

    def _sees(self, repository: Repository) -> bool:
        return not repository.private or self._token() in repository.allowed

    def _check_gate(self, repository: Repository) -> None:
        token = self._token()
        if repository.gated and token not in repository.allowed:
            words = f"Access to model {repository.id} is restricted"
            raise Refused(401 if token is None else 403, "GatedRepo", words)

    # -- answers ---------------------------------------------------------------------------------

    def _refuse(self, no: Refused) -> None:
        headers = {"X-Error-Message": str(no)} | ({"X-Error-Code": no.code} if no.code else {})
        self._send(no.status, json.dumps({"error": str(no)}).encode(), headers)

    def _json(self, told: object, headers: dict[str, str] | None = None) -> None:
        kind = {"Content-Type": "application/json; charset=utf-8"}
        self._send(200, json.dumps(told).encode(), kind | (headers or {}))

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.request_log.status = status
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        length = self.fault.wrong_length
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            cut = self.fault.cut_after
            write(self, self.request_log, body if cut is None else body[:cut])
            if cut is not None and cut < len(body):
                raise CutOff


Answer = Callable[[Handler, Match, answers.Query], None]
HUB: tuple[tuple[str, Answer], ...] = (
    (r"/api/models", Handler.search),
    (r"/api/agent-harnesses", Handler.harnesses),
    (rf"/api/models/{ID}", Handler.info),
    (rf"/api/models/{ID}/revision/{REVISION}", Handler.info),
    (rf"/api/models/{ID}/tree/{REVISION}(/(?P<path>.*))?", Handler.tree),
    (rf"/api/models/{ID}/paths-info/{REVISION}", Handler.paths_info),
    (rf"/api/resolve-cache/models/{ID}/{REVISION}/(?P<path>.+)", Handler.resolve_cache),
    (rf"/{ID}/resolve/{REVISION}/(?P<path>.+)", Handler.resolve),
)
CDN: tuple[tuple[str, Answer], ...] = ((rf"/cdn/{ID}/{REVISION}/(?P<path>.+)", Handler.cdn),)

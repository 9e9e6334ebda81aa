"""A stand-in for a hub's HTTP interface: repositories in memory, and what was asked."""

import base64
import hashlib
import http.server
import json
import threading
from urllib.parse import unquote, urlsplit


class Hub(http.server.ThreadingHTTPServer):
    """Serves what `huggingface_hub` needs to make a repository, commit files, list and fetch them.

    `repositories`: dict of `user/name` to dict of path to bytes; `asked`: list of `(method, path)`.
    """

    def __init__(self, token="hf_secret"):
        super().__init__(("127.0.0.1", 0), Handler)
        self.repositories, self.asked, self.token, self.made = {}, [], token, {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def revision(self, name):
        """Hash of what a repository holds."""
        files = self.repositories[name]
        return hashlib.sha1(repr(sorted(files.items())).encode()).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_any(self):
        path = unquote(urlsplit(self.path).path)
        self.server.asked.append((self.command, path))
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self.chunks()
        if self.command == "POST" and self.headers.get("Authorization") != f"Bearer {self.server.token}":
            return self.answer(401, {"error": "Invalid credentials"}, X_Error_Message="Invalid credentials")
        return self.route(path, body)

    do_GET = do_HEAD = do_POST = handle_any

    def chunks(self):
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def route(self, path, body):
        parts, hub = path.strip("/").split("/"), self.server
        if path == "/api/repos/create":
            asked = json.loads(body)
            name = f"{asked.get('organization') or 'ada'}/{asked['name'].split('/')[-1]}"
            hub.made[name] = asked
            hub.repositories.setdefault(name, {})
            return self.answer(200, {"url": f"{hub.address}/{name}", "name": name})
        if path == "/api/validate-yaml":
            return self.answer(200, {"errors": [], "warnings": []})
        if parts[:2] == ["api", "models"] and len(parts) >= 4:
            name = "/".join(parts[2:4])
            if name not in hub.repositories:
                return self.answer(404, {"error": "Repository not found"}, X_Error_Code="RepoNotFound")
            return self.model(name, parts[4:], body)
        if len(parts) >= 5 and parts[2] == "resolve":
            return self.file("/".join(parts[:2]), "/".join(parts[4:]))
        return self.answer(404, {"error": path})

    def model(self, name, rest, body):
        hub = self.server
        files = hub.repositories[name]
        if rest[:1] == ["preupload"]:
            asked = json.loads(body)["files"]
            found = [
                {"path": one["path"], "uploadMode": "regular", "shouldIgnore": False, "oid": None}
                for one in asked
            ]
            return self.answer(200, {"files": found})
        if rest[:1] == ["commit"]:
            for line in map(json.loads, body.splitlines()):
                if line["key"] == "file":
                    files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
            sha = hub.revision(name)
            return self.answer(
                200, {"commitUrl": f"{hub.address}/{name}/commit/{sha}", "commitOid": sha, "success": True}
            )
        if rest[:1] == ["tree"]:
            found = [
                {"type": "file", "path": path, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
                for path, content in sorted(files.items())
            ]
            return self.answer(200, found)
        listed = [{"rfilename": path, "size": len(content)} for path, content in sorted(files.items())]
        return self.answer(200, {"id": name, "modelId": name, "sha": hub.revision(name), "siblings": listed})

    def file(self, name, path):
        content = self.server.repositories.get(name, {}).get(path)
        if content is None:
            return self.answer(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")
        etag = hashlib.sha1(content).hexdigest()
        return self.answer(200, content, ETag=f'"{etag}"', X_Repo_Commit=self.server.revision(name))

"""The four places to publish to, as real as they can be on one machine."""

from __future__ import annotations

import functools
import io
import os
import shutil
import socket
import subprocess
import tarfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.project import Project
from tests.conftest import edit


class Place:
    """A place to publish to; while it is entered, it is there."""

    base_url = "https://blog.test/sub/"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "place"
        self.folder.mkdir()

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def configure(self, project: Project) -> None:
        """Write into config.yaml what has to be written there."""

    def files(self) -> dict[str, bytes]:
        """What is published, by its name."""
        found = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    def names(self) -> set[str]:
        """The names of what is published."""
        return set(self.files())

    def put(self, name: str, data: bytes) -> None:
        """Let somebody else put a file there."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(data)

    def state(self) -> object:
        """Something that is another as soon as anything is sent, be it what was there before."""
        return {path: path.stat().st_mtime_ns for path in self.folder.rglob("*")}

    def break_(self) -> None:
        """Let the next delivery fail, in its midst where that is possible."""

    def mend(self) -> None:
        """Undo `break_`."""


class Branch(Place):
    """The branch gh-pages of a bare repository, with the CNAME that the host wrote into it."""

    def configure(self, project: Project) -> None:
        self._git("init", "--bare", "--quiet")
        repository = ["git", "-C", str(project.root)]
        subprocess.run([*repository, "remote", "add", "origin", self.folder], check=True)
        edit(project.config, "target: #", "target: pages #")

    def files(self) -> dict[str, bytes]:
        with tarfile.open(fileobj=io.BytesIO(self._git("archive", "gh-pages"))) as packed:
            files = {one.name: packed.extractfile(one).read() for one in packed if one.isfile()}
        return {name: data for name, data in files.items() if name != ".nojekyll"}

    def put(self, name: str, data: bytes) -> None:
        there = self._git("for-each-ref", "--format=%(objectname)", "refs/heads/gh-pages")
        parent = ["-p", there.decode().strip()] if there else []
        made = self._git("hash-object", "-w", "--stdin", given=data).decode().strip()
        self._git("read-tree", *(parent[1:] or ["--empty"]))
        self._git("update-index", "--add", "--cacheinfo", f"100644,{made},{name}")
        tree = self._git("write-tree").decode().strip()
        user = ("-c", "user.name=Somebody", "-c", "user.email=s@s")
        new = self._git(*user, "commit-tree", "-m", f"Put {name}", *parent, tree)
        self._git("update-ref", "refs/heads/gh-pages", new.decode().strip())

    def state(self) -> object:
        return self._git("for-each-ref")

    def break_(self) -> None:
        hook = self.folder / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nprintf '\033[2Jthe disk is full' >&2\nexit 1\n")
        hook.chmod(0o755)

    def mend(self) -> None:
        (self.folder / "hooks" / "pre-receive").unlink()

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        command = ["git", "-C", self.folder, *arguments]
        return subprocess.run(command, check=True, capture_output=True, input=given).stdout


class Folder(Place):
    """A folder by file://."""

    def configure(self, project: Project) -> None:
        deploy(project, f"file://{self.folder}?metadata=skip&no_tmp_dir=true")

    def break_(self) -> None:
        (self.folder / "posts/old/index.html").mkdir(parents=True)

    def mend(self) -> None:
        shutil.rmtree(self.folder / "posts/old")


class Bucket(Place):
    """A bucket that everyone may read, on an S3 server of this machine."""

    def __enter__(self) -> Bucket:
        self._server, self._client = s3_server()
        self._set = pytest.MonkeyPatch()
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            self._set.setenv(name, "a-test")
        self._host = f"http://127.0.0.1:{self._server._server.port}"
        self.base_url = f"{self._host}/blog/"
        self._client.create_bucket(Bucket="blog")
        rule = '"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"'
        policy = '{"Version": "2012-10-17", "Statement": [{%s, "Resource": "arn:aws:s3:::blog/*"}]}'
        self._client.put_bucket_policy(Bucket="blog", Policy=policy % rule)
        return self

    def __exit__(self, *_: object) -> None:
        urllib.request.urlopen(f"{self._host}/moto-api/reset", b"").close()
        self._set.undo()

    def configure(self, project: Project) -> None:
        endpoint = f"region=us-east-1&endpoint={self._host}&use_path_style=true"
        deploy(project, f"s3://blog?{endpoint}")
        edit(project.config, Place.base_url, self.base_url)

    def files(self) -> dict[str, bytes]:
        import gzip

        found = {}
        for name in self.names():
            with urllib.request.urlopen(self.base_url + name) as answer:
                packed, data = answer.headers["Content-Encoding"] == "gzip", answer.read()
                found[name] = gzip.decompress(data) if packed else data
        return found

    def names(self) -> set[str]:
        return {thing["Key"] for thing in self._listed()}

    def put(self, name: str, data: bytes) -> None:
        self._client.put_object(Bucket="blog", Key=name, Body=data)

    def state(self) -> object:
        return [(thing["Key"], thing["LastModified"]) for thing in self._listed()]

    def headers(self, name: str) -> dict[str, str]:
        """What the server says of a file: its type, packing and how long it may be kept."""
        with urllib.request.urlopen(self.base_url + name) as answer:
            names = ("Content-Type", "Content-Encoding", "Cache-Control")
            return {name: answer.headers[name] for name in names if answer.headers[name]}

    def break_(self) -> None:
        """After two files the server takes no more."""
        self._app, left = self._server._server.app, iter(range(2))

        def refusing(request: dict, start: Callable) -> object:
            if request["REQUEST_METHOD"] == "PUT" and next(left, None) is None:
                start("403 Forbidden", [])
                return [b""]
            return self._app(request, start)

        self._server._server.app = refusing

    def mend(self) -> None:
        self._server._server.app = self._app

    def _listed(self) -> list[dict]:
        return self._client.list_objects_v2(Bucket="blog").get("Contents", [])


class Server(Place):
    """A folder behind an SSH server of this machine, with a key of its own."""

    def __enter__(self) -> Server:
        sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
        if not sshd or not shutil.which("rsync"):
            pytest.skip("no sshd or no rsync here (apt-get install openssh-server rsync)")
        keys = self.folder.with_name("keys")
        keys.mkdir()
        for name in ("host", "user"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys / name]
            subprocess.run(command, check=True)
        Path("/run/sshd").mkdir(exist_ok=True) if os.geteuid() == 0 else None
        port = free_port()
        options = {
            "ListenAddress": "127.0.0.1",
            "Port": port,
            "HostKey": keys / "host",
            "AuthorizedKeysFile": keys / "user.pub",
            "StrictModes": "no",
            "PidFile": "none",
            "SetEnv": f"HOME={keys}",  # what the user's own shell would start with is slow
        }
        settings = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        self._sshd = subprocess.Popen([sshd, "-D", "-f", "/dev/null", *settings])
        wait_for(port)
        self._allowed = keys / "user.pub"
        known = "-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR"
        cheap = "-o KexAlgorithms=curve25519-sha256"  # the usual one computes for 0.1 s
        # In place of ~/.ssh/config, which is the user's own and no variable names another one.
        tools = self.folder.with_name("tools")
        tools.mkdir()
        login = f"{shutil.which('ssh')} -F none -p {port} -i {keys / 'user'} {known} {cheap}"
        (tools / "ssh").write_text(f'#!/bin/sh\nexec {login} "$@"\n')
        (tools / "ssh").chmod(0o755)
        self._set = pytest.MonkeyPatch()
        self._set.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
        self._set.setenv("RSYNC_RSH", "false")  # what the shell holds for other uses of rsync
        return self

    def __exit__(self, *_: object) -> None:
        self._sshd.terminate()
        self._sshd.wait()
        self._set.undo()

    def configure(self, project: Project) -> None:
        edit(project.config, "target: #", "target: rsync #")
        edit(project.config, "rsync: #", f"rsync: 127.0.0.1:{self.folder} #")

    def files(self) -> dict[str, bytes]:
        # What a delivery that was cut off had sent waits in such folders; no page links to it.
        return {name: data for name, data in super().files().items() if ".~tmp~" not in name}

    def break_(self) -> None:
        """The server refuses files above 20 kB, and its rsync dies of the first of these."""
        line = f'command="ulimit -f 40; eval $SSH_ORIGINAL_COMMAND" {self._allowed.read_text()}'
        self._allowed.write_text(line)

    def mend(self) -> None:
        self._allowed.write_text(self._allowed.read_text().partition('COMMAND" ')[2])


@functools.cache
def s3_server() -> tuple:
    """The one S3 server of this process, on a port of its own, and a client of it."""
    server = pytest.importorskip("moto.server", reason="no moto: there is no S3 server")
    import boto3

    started = server.ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    started.start()
    keys = {"aws_access_key_id": "a-test", "aws_secret_access_key": "a-test"}
    where = {"endpoint_url": f"http://127.0.0.1:{started._server.port}", "region_name": "us-east-1"}
    return started, boto3.client("s3", **where, **keys)


KINDS = {"pages": Branch, "folder": Folder, "s3": Bucket, "rsync": Server}


def deploy(project: Project, url: str) -> None:
    """Let `hugo deploy` deliver to `url`."""
    edit(project.config, "target: #", "target: deploy #")
    edit(project.config, "targets: [] #", f"targets: [{{name: place, url: '{url}'}}] #")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    """Wait until somebody listens at the port."""
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)

"""A redis-server started as deploy/redis/start.sh does it: TLS alone, and one user."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
import trustme

from tests.support.redis_server import free_port

DEPLOY = Path(__file__).parents[3] / "deploy"
PASSWORD = "correct-horse-battery-staple"
_PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class SecuredRedis:
    """Where it is, and what tells that it is the right one."""

    port: int
    authority: Path  # its certificate was signed by this

    def url(self, password: str = PASSWORD) -> str:
        """As an operator writes it."""
        return (
            f"rediss://captionbot:{password}@127.0.0.1:{self.port}/0?ssl_ca_certs={self.authority}"
        )


@contextmanager
def secured_redis(folder: Path, *more: str) -> Iterator[SecuredRedis]:
    """Runs with the product's own redis.conf, tls.conf and users.acl, and more configurations."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    (folder / "tls.conf").write_text(
        (DEPLOY / "redis" / "tls.conf")
        .read_text()
        .replace("/etc/captionbot/redis/", f"{folder}/")
        .replace("bind * -::*", "bind 127.0.0.1")
    )
    secured = SecuredRedis(free_port(), folder / "ca.pem")
    (folder / "password").write_text(PASSWORD + "\n")
    process = subprocess.Popen(
        [
            DEPLOY / "redis" / "start.sh",
            DEPLOY / "redis" / "redis.conf",
            *(part for name in more for part in ("--include", DEPLOY / "redis" / name)),
            *("--include", folder / "tls.conf", "--tls-port", str(secured.port)),
            *("--dir", folder, "--logfile", folder / "redis.log"),
        ],
        env={
            "PATH": os.environ["PATH"],
            "REDIS_PASSWORD_FILE": str(folder / "password"),
            "REDIS_RUN_DIR": str(folder),
        },
    )
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _answers(secured):
            log = folder / "redis.log"
            assert process.poll() is None, log.read_text() if log.exists() else "no log"
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)
        yield secured
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _answers(secured: SecuredRedis) -> bool:
    with redis.Redis.from_url(secured.url()) as client:
        try:
            return bool(client.ping())
        except (redis.exceptions.ConnectionError, OSError):
            return False

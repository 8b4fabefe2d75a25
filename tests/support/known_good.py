"""Lists of known files in the forms that NIST gives them out in (RDS version 3)."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

MINIMAL = """
CREATE TABLE FILE (
  sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, crc32 VARCHAR NOT NULL,
  file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL,
  PRIMARY KEY (sha256, sha1, md5, file_name, file_size, package_id)
)
"""
UNINDEXED = "CREATE TABLE FILE (sha256, sha1, md5, crc32, file_name, file_size, package_id)"
FULL = """
CREATE TABLE METADATA (sha256, sha1, md5, crc32, file_name, bytes, object_id);
CREATE INDEX by_sha1 ON METADATA(sha1);
CREATE VIEW FILE AS SELECT sha256, sha1, md5, file_name, bytes AS file_size FROM METADATA
"""


def rds(path: Path, contents: Iterable[bytes], schema: str = MINIMAL) -> Path:
    """Write a list of files with `contents` to `path`, in upper case as NIST does; return `path`."""
    table = "METADATA" if "METADATA" in schema else "FILE"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(schema)
        for content in contents:
            digests = [hashlib.new(name, content).hexdigest().upper() for name in ("sha256", "sha1", "md5")]
            row = (*digests, "0" * 8, "logo.jpg", len(content), 1)
            database.execute(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return path

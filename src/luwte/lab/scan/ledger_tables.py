"""The tables of a ledger: what the carriers are, what is done and lent out of each, and what was found.

`reported` holds the reports that were made: of those of the fast pass the last one is not outdated, and one
that has `ended` set is the last of its scan, which leaves nothing to be done. `deep`, `wanted`,
`looked`, `deepened` and `set_aside` are of the deep pass: see `deep_ledger`. `held` in `clustered` is the id
that the cluster had, or would have, by that file: see `ClusterFinding`.
"""

from __future__ import annotations

from typing import Final

LAYOUT: Final = 4
"""Changes with these tables: a ledger of another layout is begun anew."""

# The columns of a key come first: the check of SQLite 3.40 takes a sound table for damaged otherwise.
TABLES: Final = """
CREATE TABLE carrier (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER, identity TEXT NOT NULL,
  roots INTEGER, space INTEGER NOT NULL DEFAULT 0, checked INTEGER NOT NULL DEFAULT 0, verified INTEGER,
  whole INTEGER NOT NULL DEFAULT 0, broke INTEGER NOT NULL DEFAULT 0, systems TEXT NOT NULL
) STRICT;
CREATE TABLE done (
  carrier INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, first_mark TEXT, last_mark TEXT,
  PRIMARY KEY (carrier, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE lease (
  carrier INTEGER NOT NULL, part TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER, holder TEXT NOT NULL,
  since REAL NOT NULL, PRIMARY KEY (carrier, part, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE file (
  carrier INTEGER NOT NULL, root INTEGER NOT NULL, place INTEGER NOT NULL, path TEXT NOT NULL,
  state TEXT NOT NULL, size INTEGER, kind TEXT NOT NULL, md5 BLOB, sha1 BLOB, sha256 BLOB,
  width INTEGER, height INTEGER, pdq BLOB, pdq_quality INTEGER, verdict TEXT NOT NULL, error TEXT,
  counted_as TEXT NOT NULL, PRIMARY KEY (carrier, root, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE match (
  carrier INTEGER NOT NULL, root INTEGER NOT NULL, place INTEGER NOT NULL, rank INTEGER NOT NULL,
  verdict TEXT NOT NULL, distance INTEGER, entry TEXT NOT NULL, series TEXT NOT NULL, likelihood INTEGER,
  whole INTEGER NOT NULL, remembered TEXT NOT NULL, itself INTEGER,
  PRIMARY KEY (carrier, root, place, rank)
) STRICT, WITHOUT ROWID;
CREATE TABLE reported (
  report TEXT NOT NULL, outdated INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE deep (key TEXT NOT NULL) STRICT;
CREATE TABLE wanted (
  carrier INTEGER NOT NULL, root INTEGER NOT NULL, size INTEGER NOT NULL, sha256 BLOB NOT NULL,
  PRIMARY KEY (carrier, root, size, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE looked (
  size INTEGER NOT NULL, sha256 BLOB NOT NULL, error TEXT, pdq BLOB, pdq_quality INTEGER,
  matches TEXT NOT NULL, PRIMARY KEY (size, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE deepened (
  carrier INTEGER NOT NULL, root INTEGER NOT NULL, place INTEGER NOT NULL, verdict TEXT NOT NULL,
  counted_as TEXT NOT NULL, pdq BLOB, pdq_quality INTEGER, PRIMARY KEY (carrier, root, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE set_aside (
  carrier INTEGER NOT NULL, root INTEGER NOT NULL, place INTEGER NOT NULL, rank INTEGER NOT NULL,
  verdict TEXT NOT NULL, distance INTEGER, entry TEXT NOT NULL, series TEXT NOT NULL, likelihood INTEGER,
  whole INTEGER NOT NULL, remembered TEXT NOT NULL, itself INTEGER,
  PRIMARY KEY (carrier, root, place, rank)
) STRICT, WITHOUT ROWID;
CREATE TABLE clustered (
  carrier INTEGER NOT NULL, root INTEGER NOT NULL, place INTEGER NOT NULL, rank INTEGER NOT NULL,
  cluster TEXT NOT NULL, held TEXT, PRIMARY KEY (carrier, root, place, rank)
) STRICT, WITHOUT ROWID;
CREATE TABLE problem (
  carrier INTEGER NOT NULL, root INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (carrier, root, reason)
) STRICT, WITHOUT ROWID;
"""

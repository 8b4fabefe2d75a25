"""How passwords of the staff are kept: Argon2id with the second recommended choice of RFC 9106, section 4."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """64 MiB, three passes, four lanes."""

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4

"""Every act that the record knows; docs/audit.md says what each is about, and a test holds it so."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What was done: the room, and what happened there."""

    TAKEN_IN = "findings.report-taken-in"
    DECIDED = "telling.decided"
    HANDED_OVER = "telling.handed-over"
    OUTCOME_UNKNOWN = "telling.outcome-unknown"
    PERSON_ADDED = "vault.person-added"
    PERSON_CHANGED = "vault.person-changed"
    ADDRESS_CHANGED = "vault.address-changed"
    ADDRESS_REMOVED = "vault.address-removed"
    ACTING_ADDED = "vault.acting-added"
    ACTING_CHANGED = "vault.acting-changed"
    LOOKED_UP = "vault.looked-up"
    LINK_MADE = "vault.link-made"
    LINK_USED = "vault.link-used"
    ERASED = "vault.erased"
    GLASS_ASKED = "vault.glass-asked"
    GLASS_APPROVED = "vault.glass-approved"
    GLASS_OPENED = "vault.glass-opened"
    KEYS_ROTATED = "vault.keys-rotated"
    KEYS_RETIRED = "vault.keys-retired"
    COVERAGE_STATED = "telling.coverage-stated"

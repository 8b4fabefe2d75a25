"""What a test of the vault does in a process of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def add(name: str) -> str:
    """Add a person with an address and return the id."""
    from luwte.desk.vault import services
    from luwte.desk.vault.rules import Identity, Reach

    return services.add_person(Identity(name), Reach("email", f"{name}@example.org"), now=_now())


def change(person: str, email: str) -> None:
    """Give a person another address."""
    from luwte.desk.vault import services
    from luwte.desk.vault.rules import Reach

    services.change_address(person, Reach("email", email), now=_now())


def erase(person: str) -> bool:
    """Erase a person and return whether no backup can be read any more."""
    from luwte.desk.vault import erased, services

    services.erase(person, now=_now())
    return erased.reached(person)


def leave(person: str) -> None:
    """Ask in a person's name to be erased, so long ago that it is due."""
    from luwte.desk.telling import leaving
    from luwte.desk.telling.subjects import subject_of

    leaving.ask(subject_of(person), _now() - leaving.DAYS)


def erase_due() -> int:
    """Erase who asked for it, and return how many."""
    from luwte.desk.telling import leaving

    return leaving.erase_due(_now())


def applied() -> list[int]:
    """Erase again whom a backup brought back, and return what was done."""
    from luwte.desk.vault import erased

    done = erased.apply(_now())
    return [done.destroyed, done.reached, done.waiting]


def keep_keys(person: str) -> dict[str, str]:
    """Return what a backup of the database holds of a person's key."""
    from luwte.desk.vault.models import PersonKey

    stored = PersonKey.objects.get(pk=person)
    return {"wrapped": bytes(stored.wrapped).hex(), "version": stored.version}


def opens(person: str, backup: dict[str, str]) -> bool:
    """Return whether the ring opens a person's key from a backup."""
    from luwte.crypto.envelope import EnvelopeBroken
    from luwte.desk.vault import sealing

    try:
        sealing.key_ring().unwrap(bytes.fromhex(backup["wrapped"]), sealing.key_place(person))
    except EnvelopeBroken:
        return False
    return True


def rotate(step: int) -> dict[str, Any]:
    """Rotate the ring in steps of so many people."""
    from luwte.desk.vault import rotation

    done = rotation.rotate(_now(), step=step)
    return {"new": done.new, "people": done.people, "current": done.current}


def retire() -> list[str]:
    """Drop the old keys, hours later."""
    from luwte.desk.vault import rotation

    return rotation.retire(_now() + timedelta(hours=3))


def vault_now() -> dict[str, Any]:
    """Return what the vault holds, read through its keys, and what its record says."""
    from luwte.desk.audit.acts import Act
    from luwte.desk.audit.checking import verify
    from luwte.desk.audit.checkpoints import signer
    from luwte.desk.vault import erased, look_ups, sealing, services
    from luwte.desk.vault.log import VAULT
    from luwte.desk.vault.models import Erasure, Leaf, Person, PersonKey
    from luwte.exchange.home import Home

    people = services.people()
    mails = {one.id: one.address("email") or "" for one in people}
    ring = sealing.key_ring()
    return {
        "people": mails,
        "found": all(
            one in look_ups.find(by="test", now=_now(), email=mail) for one, mail in mails.items() if mail
        ),
        "waiting": PersonKey.objects.exclude(version=ring.current).count(),
        "keys": len(ring.names),
        "rows": Person.objects.count(),
        "erased": sorted(Erasure.objects.values_list("pk", flat=True)),
        "listed": sorted(erased.listed_ids()),
        "acts": {
            act: Leaf.objects.filter(act=act).count()
            for act in (Act.PERSON_ADDED, Act.ADDRESS_CHANGED, Act.ERASED)
        },
        "problems": list(verify(VAULT, signer(Home.open().identity, VAULT).verifier).problems),
    }


def _now() -> datetime:
    from tests.support.desk import NOON

    return NOON


ACTS = {
    "vault-add": add,
    "vault-change": change,
    "vault-erase": erase,
    "leave": leave,
    "erase-due": erase_due,
    "vault-applied": applied,
    "vault-keys": keep_keys,
    "vault-opens": opens,
    "vault-rotate": rotate,
    "vault-retire": retire,
    "vault-now": vault_now,
}

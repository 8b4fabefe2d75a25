"""Certificates for two servers on this machine, and the authority that signed them, made for one test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


def chain(*names: str) -> dict[str, str]:
    """Return files as deploy/container names them: `database-ca.pem`, and NAME.pem and NAME.key for each."""
    authority = ec.generate_private_key(ec.SECP256R1())
    signed = _certificate("the authority of the trial", authority, authority, "the authority of the trial")
    found = {"database-ca.pem": signed}
    for name in names:
        key = ec.generate_private_key(ec.SECP256R1())
        found[f"{name}.pem"] = _certificate(name, key, authority, "the authority of the trial")
        found[f"{name}.key"] = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
    return found


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey, issuer: str
) -> str:
    now = datetime.now(UTC)
    alone = key is by
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.BasicConstraints(ca=alone, path_length=None), critical=True)
    )
    if not alone:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return made.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

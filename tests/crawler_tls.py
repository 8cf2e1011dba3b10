"""An authority of our own and the certificates it gives, for the portals of the tests (no tests in here).

A crawl trusts it by `SSL_CERT_FILE`, the environment's name for the roots that OpenSSL takes.
"""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from samples.portals import PortalFault

FROM, OVER, UNTIL = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2021, 2040))


def certificate(
    file: Path,
    addresses: Iterable[str] = (),
    *,
    host: str = "portal.example",
    until: datetime = UNTIL,
    signer: tuple[x509.Certificate, EllipticCurvePrivateKey] | None = None,
    root: bool = False,
) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    """A key and a certificate of `host` and the IP `addresses`, written into one file; without a `signer` it signs
    itself. `root`: one that may sign others.
    """
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    by, by_key = signer or (None, key)
    names = [x509.DNSName(host), *(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses)]
    usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                           "encipher_only", "decipher_only"), False)  # fmt: skip
    made = (
        x509.CertificateBuilder(by.subject if by else name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=root, crl_sign=root, **usage), critical=True
        )
        .sign(by_key, hashes.SHA256())
    )
    file.write_bytes(
        made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return made, key


def certificates(folder: Path, addresses: Iterable[str]) -> tuple[Path, Mapping[PortalFault | None, ssl.SSLContext]]:
    """The file of the authority to be trusted, and what `PortalServer` shows on its secure port at these addresses."""
    hosts = tuple(addresses)
    authority = certificate(folder / "authority.pem", host="authority.example", root=True)
    certificate(folder / "sound.pem", hosts, signer=authority)
    certificate(folder / "tls_expired.pem", hosts, signer=authority, until=OVER)
    certificate(folder / "tls_wrong_host.pem", host="elsewhere.example", signer=authority)
    certificate(folder / "tls_self_signed.pem", hosts)
    shown: dict[PortalFault | None, ssl.SSLContext] = {}
    for fault in (None, PortalFault.TLS_EXPIRED, PortalFault.TLS_WRONG_HOST, PortalFault.TLS_SELF_SIGNED):
        shown[fault] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        shown[fault].load_cert_chain(folder / f"{fault or 'sound'}.pem")
    return folder / "authority.pem", shown

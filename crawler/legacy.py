"""Hosts that speak old TLS only: what OpenSSL 3 refuses by default, allowed for columns marked `legacy_tls` alone.

Scrapy's settings reach the lowest protocol, not the security level, and TLS 1.0 and 1.1 need level 0; so this hangs on
two classes of Scrapy 2.19 that are not documented.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.contextfactory import _ScrapyCertificateOptions, _ScrapyClientContextFactory

CIPHERS = b"DEFAULT:@SECLEVEL=0"


class LegacyContextFactory(_ScrapyClientContextFactory):  # type: ignore[misc]  # Scrapy is untyped
    """Scrapy's contexts with OpenSSL's security level 0."""

    def _get_cert_options(self) -> Any:
        return _LegacyOptions(**self._get_cert_options_kwargs())


class _LegacyOptions(_ScrapyCertificateOptions):  # type: ignore[misc]  # Scrapy is untyped
    def _makeContext(self, skipCiphers: bool = False) -> Any:  # noqa: N802, N803 (Twisted's names)
        context = super()._makeContext(skipCiphers)
        context.set_cipher_list(CIPHERS)
        return context

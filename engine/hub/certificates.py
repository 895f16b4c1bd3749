"""A file of certificates that the user wants to be trusted: looked at when it is chosen, not when a
connection fails."""

import re
import ssl

from engine.base.catalogue import Words
from engine.base.errors import UsageError
from engine.base.paths import user_path
from engine.base.reading import read_file
from engine.base.words import shown

MOST = 16 << 20  # bytes; a bundle with all of the world's authorities has 0.3 MB
_BEGINS = re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----")
_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_BINARY = b"\x30\x82"  # how a certificate begins that is not written out as text


def check_certificates(named: str) -> int:
    """How many certificates the file holds. Raises UsageError where there is none that can be
    used."""
    path = user_path(named)
    if not path.is_file():
        raise UsageError("there is no file {named} with certificates; choose another", named=named)
    data, name = read_file(path, MOST, UsageError), shown(path.name, 100)
    count = len(_BEGINS.findall(data))
    if not count:
        if _KEY.search(data):
            what = Words("{name} holds no certificate but a private key", name=name)
        else:
            what = Words("{name} holds no certificate in text form (PEM)", name=name)
        raise UsageError("{what}; {advice}", what=what, advice=_advice(data))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except (OSError, ValueError):  # ssl.SSLError among them
        raise UsageError(
            "{name} holds a certificate that is damaged; get the file again, or choose another",
            name=name,
        ) from None
    return count


def _advice(data: bytes) -> str:
    if data.startswith(_BINARY):
        return Words(
            "it is in binary form (DER), so have it exported anew as PEM, also called Base-64"
        )
    return Words("choose the one that your company or proxy calls its CA certificate")

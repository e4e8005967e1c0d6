"""The only door to PKCS#11: a CPx card through the official Cryptolib or OpenSC.

The library lets other threads run during its calls, so a card that thinks never freezes the window. Calls belong to the
cards lane; the one exception is a TLS handshake, which asks for a signature from the network lane: a lock keeps the two
apart. The PIN is given to the module once and kept nowhere.
"""

from __future__ import annotations

import hashlib
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pkcs11
from pkcs11 import Attribute, Mechanism, ObjectClass, TokenFlag

from dmp_desktop.cards.cps_certificate import CardCertificate, read_certificate
from dmp_desktop.cards.labels import profession_label, speciality_label
from dmp_desktop.cards.pkcs11_modules import find_module
from dmp_desktop.cards.tls_key import install_key
from dmp_desktop.cards.tlv import first, walk
from dmp_desktop.domain.identifiers import BadIdentifier, PsId, Secret, StructureId
from dmp_desktop.domain.professional import PROOF_PREFIX, Professional, Signer, Situation
from dmp_desktop.domain.readers import (
    CardRemoved,
    ModuleMissing,
    NoCard,
    PinBlocked,
    UnknownCard,
    UnreadableCard,
    WrongPin,
)
from dmp_desktop.errors import FlowError, ServiceUnavailable
from dmp_desktop.log import LOGGER

SIGNATURE_ID: Final = 0x10
AUTHENTICATION_ID: Final = 0x20
# Last byte of CKA_ID: 10 and 20 by the official module; a CPS3 dumped through OpenSC (its issue 2267) shows 01 and 02.
_SUFFIXES: Final = {0x10: SIGNATURE_ID, 0x01: SIGNATURE_ID, 0x20: AUTHENTICATION_ID, 0x02: AUTHENTICATION_ID}
MAX_TRIES: Final = 3
# CPS_ACTIVITY_nn_PS as the external specification of the Cryptolib names them; numbers may have holes.
_ACTIVITY: Final = re.compile(r"CPS_ACTIVITY_\d\d_PS")
_PIN: Final = re.compile(r"\d{4}")
# DER of AlgorithmIdentifier SHA-256 in a DigestInfo (RFC 8017, 9.2), for modules that only know CKM_RSA_PKCS.
_SHA256_DIGEST_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")
# A card that left says so in many ways, by module and by moment: measured 0x32 and 0x05 OpenSC, 0xB3 Cryptolib, 0x82
# others. A card that fails in one of these ways while still there is no more use than one that left.
_GONE: Final = (
    pkcs11.GeneralError,
    pkcs11.FunctionFailed,
    pkcs11.DeviceRemoved,
    pkcs11.DeviceError,
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.ObjectHandleInvalid,
    pkcs11.KeyHandleInvalid,
    pkcs11.TokenNotPresent,
    pkcs11.SlotIDInvalid,
)


class ModuleCannotSign(ServiceUnavailable):
    """The module reads this card but cannot use its signature key.

    So does OpenSC built with OpenSSL 3 with a CPS3, whose signature key wants the last block of the hash done by the
    card: the official Cryptolib is needed.
    """

    code = "pkcs11-cannot-sign"


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the module's errors into ours; their text is not kept, a module may put anything into it."""
    try:
        yield
    except _GONE as error:
        raise CardRemoved(f"PKCS#11 {type(error).__name__}") from None
    except pkcs11.TokenNotRecognised:
        raise UnknownCard("PKCS#11 does not know this card") from None
    except pkcs11.UserNotLoggedIn:
        raise FlowError("the PIN has not been presented") from None
    except pkcs11.FunctionNotSupported:
        raise ModuleCannotSign("PKCS#11 FunctionNotSupported") from None
    except pkcs11.PKCS11Error as error:
        raise UnreadableCard(f"PKCS#11 {type(error).__name__}") from None


def open_card(
    setting: Path | None, reader: str, tries: int | None, present: Callable[[], bool], *, afresh: bool
) -> CpsCard:
    """Open the professional card of ``reader`` with the module of the settings or of the usual places.

    :param tries: the tries left as the card itself told, ``None`` when it did not.
    :param present: whether that very card is still in the reader; a module answers from its memory after a removal.
    :param afresh: the card service was restarted since the last opening: the module must forget what it saw, or it may
        give the card that was there before. Every session of the module ends.
    :raises ModuleMissing: no module, or one that cannot be loaded.
    :raises NoCard: no card that the module knows in this reader.
    """
    path = find_module(setting)
    try:
        module = pkcs11.lib(str(path))
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise ModuleMissing(f"PKCS#11 module: {type(error).__name__}") from None
    with _translated():
        if afresh:
            module.reinitialize()
        slot = _slot_of(module, reader)
        if slot is None:
            raise NoCard("no professional card known to the module in this reader")
        return CpsCard(slot, tries, present)


def _slot_of(module: Any, reader: str) -> Any:
    """The slot of a reader that holds a card the module knows, or ``None``.

    Slots bear the names of the readers, cut at 64 bytes. A module that names them otherwise must hold one card only:
    taking the card of another reader would be worse than taking none.
    """
    wanted = reader.encode()[:64].decode(errors="ignore").strip()
    filled = module.get_slots(token_present=True)
    named = [slot for slot in filled if slot.slot_description.strip() == wanted]
    if named:
        return named[0]
    if any(slot.slot_description.strip() == wanted for slot in module.get_slots()):
        return None
    return filled[0] if len(filled) == 1 else None


class CpsCard:
    """A card in its reader (:class:`dmp_desktop.domain.professional.ProfessionalCard`), for one stay there.

    After a removal every method raises :class:`CardRemoved`; the card put back is another :class:`CpsCard`, and its PIN
    is asked again.
    """

    def __init__(self, slot: Any, tries: int | None, present: Callable[[], bool]) -> None:
        self._slot = slot
        self._tries = tries
        self._present = present
        self._lock = threading.RLock()
        self._public = slot.get_token().open()
        self._user: Any = None
        self._certificates = self._read_certificates()

    def holder(self) -> Professional:
        """Who the card belongs to.

        :raises UnreadableCard: no certificate of a professional on the card.
        """
        self._there()
        der = self._certificates.get(SIGNATURE_ID) or self._certificates.get(AUTHENTICATION_ID)
        if der is None:
            raise UnreadableCard("no certificate on the card")
        return _professional(read_certificate(der))

    def tries_left(self) -> int | None:
        """PIN tries left: the flags of the token where it sets them, else what the card told at the opening."""
        self._there()
        with self._lock, _translated():
            flags = self._slot.get_token().flags
        if flags & TokenFlag.USER_PIN_LOCKED:
            return 0
        if flags & TokenFlag.USER_PIN_FINAL_TRY:
            return 1
        if flags & TokenFlag.USER_PIN_COUNT_LOW:
            return MAX_TRIES - 1
        return self._tries

    def login(self, pin: Secret) -> None:
        """Present the PIN once. One that cannot be a PIN (four digits) is refused without costing a try.

        :raises WrongPin: with the tries left, ``None`` when unknown. :raises PinBlocked: none left.
        """
        self._there()
        if not _PIN.fullmatch(pin.reveal()):
            raise WrongPin(self.tries_left())
        with self._lock:
            self._logout()
            try:
                with _translated():
                    self._user = self._open_user(pin)
            except WrongPin:
                # Only the count just told by the token is true now.
                self._tries = None
                left = self.tries_left()
                if left == 0:
                    raise PinBlocked("no try left on the card") from None
                raise WrongPin(left) from None
            self._tries = MAX_TRIES

    def situations(self) -> tuple[Situation, ...]:
        """Practice situations (``EE{84 name, 85 Struct_IdNat, 86 sector}``).

        :raises FlowError: before the PIN. :raises UnreadableCard: a situation is there and none can be read.
        """
        found: dict[str, bytes] = {}
        with self._lock, _translated():
            for item in _objects(self._logged(), ObjectClass.DATA):
                label = str(item[Attribute.LABEL])
                if _ACTIVITY.fullmatch(label):
                    found[label] = bytes(item[Attribute.VALUE])
        read = [_situation(found[label]) for label in sorted(found)]
        kept = tuple(situation for situation in read if situation is not None)
        if found and not kept:
            raise UnreadableCard("no practice situation could be read", situations=len(found))
        if len(kept) < len(read):
            LOGGER.warning("professional card: %d of %d situations could be read", len(kept), len(read))
        return kept

    def signature(self) -> Signer:
        """The signature key (CKA_ID …10)."""
        with self._lock, _translated():
            self._logged()
            return _KeySigner(self._certificate(SIGNATURE_ID), self._sign_sha256)

    def install_tls_key(self, context: ssl.SSLContext) -> None:
        """Give ``context`` the authentication certificate and key (CKA_ID …20); TLS 1.2 only.

        :raises dmp_desktop.cards.tls_key.TlsKeyUnusable: this Python or its OpenSSL does not allow it.
        """
        with self._lock, _translated():
            self._logged()
        install_key(context, self._certificate(AUTHENTICATION_ID), self._sign_digest_info)

    def prove(self, challenge: bytes) -> bytes:
        """The authentication key signs the challenge behind its prefix; the hash is made here, as for TLS."""
        info = _SHA256_DIGEST_INFO + hashlib.sha256(PROOF_PREFIX + challenge).digest()
        self._there()
        return self._sign_digest_info(info)

    def close(self) -> None:
        """Log out and close; a card already gone is let go in silence."""
        with self._lock:
            self._logout()
            session, self._public = self._public, None
            _close(session)

    # -- inside -------------------------------------------------------------------------------------------------------
    def _open_user(self, pin: Secret) -> Any:
        try:
            return self._slot.get_token().open(user_pin=pin.reveal())
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
            raise WrongPin(None) from None
        except pkcs11.PinLocked:
            raise PinBlocked("no try left on the card") from None

    def _there(self) -> None:
        if not self._present():
            raise CardRemoved("the professional card left its reader")

    def _logged(self) -> Any:
        self._there()
        if self._user is None:
            raise FlowError("the PIN has not been presented")
        return self._user

    def _logout(self) -> None:
        session, self._user = self._user, None
        _close(session)

    def _read_certificates(self) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        for item in _objects(self._public, ObjectClass.CERTIFICATE):
            role = _role(item)
            if role is not None:
                found[role] = bytes(item[Attribute.VALUE])
        return found

    def _certificate(self, suffix: int) -> bytes:
        try:
            return self._certificates[suffix]
        except KeyError:
            raise UnreadableCard(f"no certificate …{suffix:02x} on the card") from None

    def _key(self, suffix: int) -> Any:
        for key in _objects(self._logged(), ObjectClass.PRIVATE_KEY):
            if _role(key) == suffix:
                return key
        raise UnreadableCard(f"no private key …{suffix:02x} on the card")

    def _sign_sha256(self, data: bytes) -> bytes:
        with self._lock, _translated():
            key = self._key(SIGNATURE_ID)
            try:
                return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
            except pkcs11.MechanismInvalid:
                # What a module lists for a card, it may refuse for this key: the same signature, hashed here.
                info = _SHA256_DIGEST_INFO + hashlib.sha256(data).digest()
                return bytes(key.sign(info, mechanism=Mechanism.RSA_PKCS))

    def _sign_digest_info(self, digest_info: bytes) -> bytes:
        with self._lock, _translated():
            return bytes(self._key(AUTHENTICATION_ID).sign(digest_info, mechanism=Mechanism.RSA_PKCS))


class _KeySigner:
    def __init__(self, certificate: bytes, sign: Callable[[bytes], bytes]) -> None:
        self._certificate = certificate
        self._sign = sign

    @property
    def certificate(self) -> bytes:
        return self._certificate

    def sign_sha256(self, data: bytes) -> bytes:
        return self._sign(data)


def _objects(session: Any, kind: ObjectClass) -> list[Any]:
    """Taken to the end: a search left half-way is ended by the garbage collector, on a session that may be dead."""
    return list(session.get_objects({Attribute.CLASS: kind}))


def _role(item: Any) -> int | None:
    """Which key a certificate or a private key belongs to; ``None`` for the others of the card."""
    identifier = bytes(item[Attribute.ID])
    return _SUFFIXES.get(identifier[-1]) if identifier else None


def _close(session: Any) -> None:
    if session is None:
        return
    try:
        session.close()
    except pkcs11.PKCS11Error as error:
        LOGGER.debug("professional card: closing a session gave %s", type(error).__name__)


def _professional(certificate: CardCertificate) -> Professional:
    """A card that names nobody shows its organisation and its number instead (PDT-INF-617)."""
    try:
        identifier = PsId(certificate.common_name)
    except BadIdentifier:
        raise UnreadableCard("the identifier of the professional is of no known form") from None
    family, given = certificate.names
    return Professional(
        identifier,
        family,
        given,
        certificate.kind,
        certificate.nature,
        certificate.profession,
        profession_label(certificate.profession),
        certificate.speciality,
        speciality_label(certificate.speciality),
        certificate.serial,
    )


def _situation(value: bytes) -> Situation | None:
    try:
        objects = tuple(walk(value))
        name, structure, sector = (_text(first(objects, tag) or b"") for tag in (0x84, 0x85, 0x86))
        return Situation(StructureId(structure), name, sector)
    except (UnreadableCard, BadIdentifier):
        return None


def _text(value: bytes) -> str:
    """No public source gives the character set: UTF-8 as in the certificates where it is, else Latin-1."""
    value = value.rstrip(b"\0 ")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")

"""Primitives, derivation and parsing helpers (FORMAT.md: Conventions … Key hierarchy)."""

import hashlib
import hmac
import string
import struct
from importlib import resources

import nacl.bindings
import unicodedata2
from argon2 import low_level
from argon2.exceptions import HashingError
from nacl.exceptions import CryptoError

VERSION = 1
ID_SIZE = 16
HASH_SIZE = 32
KEY_SIZE = 32
TAG_SIZE = 16
NONCE_SIZE = 24
ZERO_ID = bytes(ID_SIZE)
ZERO_HASH = bytes(HASH_SIZE)
PREFIX = b"confidant/v1/"
PASSPHRASE_MAX = 1024
SPARE_KEY_WORDS = 24
BITS_PER_WORD = 11
# Only of ASCII: `str.lower` would also make words of the list out of signs like the Kelvin's.
LOWER_CASE = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

ARGON2_MEMORY = range(65_536, 2_097_152 + 1)
ARGON2_TIME = range(3, 16 + 1)
ARGON2_LANES = range(1, 16 + 1)
ARGON2_WORK_MAX = 8_388_608


class VaultError(Exception):
    """One clear sentence about why a vault, or a part of it, cannot be read."""


class NewerVersion(VaultError):
    """Written by a newer program, as only a header can say: not to be read at all."""


class NotOpened(VaultError):
    """A sealed text that does not open under the key given."""


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def same(left: bytes, right: bytes) -> bool:
    return hmac.compare_digest(left, right)


def hkdf(ikm: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869 with one block of output."""
    return mac(mac(salt, ikm), info + b"\x01")


class Vault:
    """Derivations and places of one vault: both hold its id."""

    def __init__(self, vault_id: bytes):
        self.id = vault_id

    def derive(self, secret: bytes, label: str, context: bytes = b"") -> bytes:
        """K(s, label, context)"""
        return hkdf(secret, self.id, PREFIX + label.encode() + b"\x00" + context)

    def place(self, label: str, rest: bytes) -> bytes:
        """P(label, rest)"""
        return PREFIX + label.encode() + b"\x00" + self.id + rest

    def commitment(self, key: bytes) -> bytes:
        return self.derive(key, "commit")


def unseal(key: bytes, nonce: bytes, aad: bytes, sealed: bytes) -> bytes:
    if len(sealed) < TAG_SIZE:
        raise NotOpened("A sealed text is shorter than its tag.")
    try:
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, aad, nonce, key)
    except CryptoError:
        raise NotOpened("A sealed text does not open under this key.") from None


def argon2id(password: bytes, salt: bytes, memory: int, time: int, lanes: int) -> bytes:
    """Refuses costs out of bounds before memory is asked for."""
    if not within_bounds(memory, time, lanes):
        raise VaultError("The costs of Argon2 are out of bounds.")
    try:
        return low_level.hash_secret_raw(
            password, salt, time, memory, lanes, KEY_SIZE, low_level.Type.ID, version=0x13
        )
    except HashingError:
        raise VaultError("This machine cannot give the memory that Argon2 asks for.") from None


def within_bounds(memory: int, time: int, lanes: int) -> bool:
    each = memory in ARGON2_MEMORY and time in ARGON2_TIME and lanes in ARGON2_LANES
    return each and memory * time <= ARGON2_WORK_MAX


def passphrase_bytes(text: str) -> bytes:
    """The characters are looked at as typed, the length only after normalisation."""
    if any(unicodedata2.category(c) in ("Cc", "Cn", "Cs") for c in text):
        raise VaultError("The passphrase has a control character or an unassigned one.")
    encoded = unicodedata2.normalize("NFC", text).encode()
    if not 1 <= len(encoded) <= PASSPHRASE_MAX:
        raise VaultError("A passphrase has 1 to 1,024 bytes.")
    return encoded


def spare_key_bytes(text: str) -> bytes:
    """24 words of the BIP-39 English list, whose last 8 bits are a check."""
    listed = resources.files("mnemonic").joinpath("wordlist/english.txt").read_text("utf-8")
    index = {word: place for place, word in enumerate(listed.split())}
    words = text.translate(LOWER_CASE).split()
    if len(words) != SPARE_KEY_WORDS:
        raise VaultError("A spare key has 24 words.")
    bits = 0
    for word in words:
        if word not in index:
            raise VaultError("A word of the spare key is not in the list.")
        bits = bits << BITS_PER_WORD | index[word]
    key, check = (bits >> 8).to_bytes(KEY_SIZE, "big"), bits & 0xFF
    if sha256(key)[0] != check:
        raise VaultError("The spare key has a wrong or misplaced word.")
    return key


class Cursor:
    """Reads fields one after another and says what was cut short."""

    def __init__(self, data: bytes, what: str):
        self.data = data
        self.what = what
        self.at = 0

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise VaultError(f"{self.what} is cut short.")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def number(self, code: str) -> int:
        layout = "<" + code
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def u8(self) -> int:
        return self.number("B")

    def u16(self) -> int:
        return self.number("H")

    def u32(self) -> int:
        return self.number("I")

    def u64(self) -> int:
        return self.number("Q")

    def i64(self) -> int:
        return self.number("q")

    def zeros(self, size: int) -> None:
        if any(self.take(size)):
            raise VaultError(f"{self.what} has reserved bytes that are not zero.")

    def rest_zeros(self) -> None:
        self.zeros(len(self.data) - self.at)

    def magic(self, magic: bytes) -> None:
        if self.take(len(magic)) != magic:
            raise VaultError(f"{self.what} does not begin as it should.")

    def version(self) -> None:
        if self.u16() != VERSION:
            raise VaultError(f"{self.what} has a version that only damage explains.")

    def expect(self, found: int, wanted: int, name: str) -> None:
        if found != wanted:
            raise VaultError(f"{self.what} has a wrong {name}.")

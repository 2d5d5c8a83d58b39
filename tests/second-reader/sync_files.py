"""Header, slots, epoch file and keyring (FORMAT.md: Header … Keyring)."""

import struct
from dataclasses import dataclass, field
from pathlib import Path

from primitives import (
    HASH_SIZE,
    ID_SIZE,
    KEY_SIZE,
    NONCE_SIZE,
    TAG_SIZE,
    VERSION,
    Cursor,
    NewerVersion,
    Vault,
    VaultError,
    argon2id,
    mac,
    same,
    sha256,
    unseal,
    within_bounds,
)

HEADER_SIZE = 4096
HEADER_MAC_AT = 4032
HEADER_HASH_AT = 4064
SLOTS_MAX = 8
# A passphrase is stretched no more often than that, however many copies there are.
STRETCHES_MAX = 4
SLOT_SIZE = 160
SLOT_PASSPHRASE = 1
SLOT_SPARE_KEY = 2
DERIVATION_ARGON2ID = 1
DERIVATION_HKDF = 2
WRAPPED_SIZE = KEY_SIZE + TAG_SIZE
EPOCH_SIZE = 128
EPOCH_HASH_AT = 96
KEYRING_UNIT = 4096
KEYRING_HEAD = 136
ENTRY_SIZE = 288
ALIAS_SIZE = 64
SECOND_PASSPHRASE = 1
PENDING_FORGETTING = 1
PENDING_KEYS = 2
PENDING_MAX = PENDING_KEYS


@dataclass(frozen=True)
class Slot:
    sort: int
    derivation: int
    memory: int
    time: int
    lanes: int
    id: bytes
    salt: bytes
    nonce: bytes
    wrapped: bytes
    commitment: bytes
    reserved: bytes
    raw: bytes

    @property
    def is_usable(self) -> bool:
        """Whether it is as a slot of its type has to be; any other is skipped."""
        costs = (self.memory, self.time, self.lanes)
        if any(self.reserved):
            return False
        if self.sort == SLOT_PASSPHRASE:
            return self.derivation == DERIVATION_ARGON2ID and within_bounds(*costs)
        return self.derivation == DERIVATION_HKDF and not any(costs)

    def open(self, vault: Vault, secret: bytes, label: str) -> bytes:
        """The root key; `secret` is the spare key or what Argon2id made of the passphrase."""
        wrapping = vault.derive(secret, label, self.id + self.salt)
        bound = struct.pack("<H", 1) + self.raw[:72] + self.raw[120:]
        root = unseal(wrapping, self.nonce, vault.place("slot", bound), self.wrapped)
        if not same(vault.commitment(root), self.commitment):
            raise VaultError("A slot's root key does not fit its commitment.")
        return root


@dataclass(frozen=True)
class Header:
    name: str
    vault_id: bytes
    lineage: bytes
    revision: int
    device: bytes
    previous_hash: bytes
    epoch_number: int
    epoch_id: bytes
    epoch_proof: bytes
    keyring_revision: int
    keyring_hash: bytes
    floor_sequence: int
    floor_chain: bytes
    pending: int
    slots: list[Slot]
    raw: bytes = field(repr=False)

    def slots_to_try(self, sort: int) -> list[Slot]:
        """A passphrase is tried on the first slot only, for each try costs time and memory."""
        usable = [slot for slot in self.slots if slot.sort == sort and slot.is_usable]
        return usable[:1] if sort == SLOT_PASSPHRASE else usable

    def is_genuine(self, vault: Vault, root: bytes) -> bool:
        key = vault.derive(root, "header")
        return self.vault_id == vault.id and same(
            mac(key, self.raw[:HEADER_MAC_AT]), self.raw[HEADER_MAC_AT:HEADER_HASH_AT]
        )


@dataclass(frozen=True)
class Entry:
    compartment: bytes
    generation: int
    second: bool
    alias: str | None
    memory: int
    time: int
    lanes: int
    salt: bytes
    nonce: bytes
    wrapped: bytes
    commitment: bytes
    raw: bytes = field(repr=False)

    def open_plain(self, vault: Vault) -> bytes:
        """The key of a compartment without a second passphrase."""
        key = self.wrapped[:KEY_SIZE]
        if any(self.wrapped[KEY_SIZE:]):
            raise VaultError(f"Compartment {self.compartment.hex()} has bytes after its key.")
        return self._committed(vault, key)

    def open_second(self, vault: Vault, passphrase: bytes) -> bytes:
        """The key of a compartment with a second passphrase; `NotOpened` for a wrong one."""
        secret = argon2id(passphrase, self.salt, self.memory, self.time, self.lanes)
        wrapping = vault.derive(secret, "second-passphrase", self.compartment + self.salt)
        bound = self.raw[:22] + self.raw[144:172] + self.raw[244:276]
        key = unseal(wrapping, self.nonce, vault.place("inner-wrap", bound), self.wrapped)
        return self._committed(vault, key)

    def _committed(self, vault: Vault, key: bytes) -> bytes:
        if not same(vault.commitment(key), self.commitment):
            name = self.compartment.hex()
            raise VaultError(f"The key of compartment {name} does not fit its commitment.")
        return key


@dataclass(frozen=True)
class Keyring:
    entries: list[Entry]
    forgotten: dict[bytes, int]


def read_headers(sync: Path, problems: list[str]) -> list[Header]:
    """All intact copies; a newer one stops everything."""
    headers = []
    for path in candidates(sync, "header."):
        raw = path.read_bytes()
        try:
            headers.append(parse_header(path.name, raw))
        except NewerVersion:
            raise
        except VaultError as error:
            problems.append(str(error))
    if not headers:
        raise VaultError("No copy of the header is intact, so the vault cannot be opened.")
    return headers


def candidates(sync: Path, prefix: str) -> list[Path]:
    """In the order of file names, but `header.a` and `header.b` before all others."""
    found = (p for p in sync.iterdir() if p.is_file() and p.name.startswith(prefix))
    return sorted(found, key=lambda p: (p.name not in ("header.a", "header.b"), p.name))


def parse_header(name: str, raw: bytes) -> Header:
    what = f"The header copy {name}"
    at = Cursor(raw, what)
    at.magic(b"CFDNTHDR")
    if not same(sha256(raw[:-HASH_SIZE]), raw[-HASH_SIZE:]):
        raise VaultError(f"{what} is damaged: its hash is wrong.")
    version = at.u16()
    if version > VERSION:
        raise NewerVersion(f"{what} was made by a newer Confidant.")
    at.expect(version, VERSION, "version")
    if at.u16() > VERSION:
        raise NewerVersion(f"{what} asks for a newer Confidant.")
    if at.u32() != HEADER_SIZE or len(raw) != HEADER_SIZE:
        raise VaultError(f"{what} has a wrong length.")
    if at.u32():
        raise NewerVersion(f"{what} has a critical flag of a newer Confidant.")
    at.u32()
    fields = {
        "vault_id": at.take(ID_SIZE),
        "lineage": at.take(ID_SIZE),
        "revision": at.u64(),
        "device": at.take(ID_SIZE),
        "previous_hash": at.take(HASH_SIZE),
        "epoch_number": at.u64(),
        "epoch_id": at.take(ID_SIZE),
        "epoch_proof": at.take(HASH_SIZE),
        "keyring_revision": at.u64(),
        "keyring_hash": at.take(HASH_SIZE),
        "floor_sequence": at.u64(),
        "floor_chain": at.take(HASH_SIZE),
        "pending": at.u8(),
    }
    slots, extensions = at.u8(), at.u16()
    at.zeros(4)
    if slots > SLOTS_MAX or fields["pending"] > PENDING_MAX:
        raise VaultError(f"{what} has a value that version 1 does not know.")
    parsed = [parse_slot(at.take(SLOT_SIZE), what) for _ in range(slots)]
    at.take(extensions)
    if at.at > HEADER_MAC_AT:
        raise VaultError(f"{what} has extensions that are too long.")
    at.zeros(HEADER_MAC_AT - at.at)
    if not fields["revision"] or not fields["epoch_number"]:
        raise VaultError(f"{what} counts from zero where it should from one.")
    return Header(name=name, slots=parsed, raw=raw, **fields)


def parse_slot(raw: bytes, what: str) -> Slot:
    at = Cursor(raw, f"A slot of {what[0].lower()}{what[1:]}")
    return Slot(
        sort=at.u16(),
        derivation=at.u16(),
        memory=at.u32(),
        time=at.u32(),
        lanes=at.u32(),
        id=at.take(ID_SIZE),
        salt=at.take(ID_SIZE),
        nonce=at.take(NONCE_SIZE),
        wrapped=at.take(WRAPPED_SIZE),
        commitment=at.take(HASH_SIZE),
        reserved=at.take(8),
        raw=raw,
    )


def open_root(
    headers: list[Header], passphrase: bytes | None, spare_key: bytes | None
) -> tuple[Vault, bytes]:
    """The vault and its root key, from whichever slot of whichever copy opens."""
    if (passphrase is None) == (spare_key is None):
        raise VaultError("Give either the passphrase or the spare key.")
    sort = SLOT_PASSPHRASE if spare_key is None else SLOT_SPARE_KEY
    # Equal slots of equal copies once, for each try of a passphrase takes its time.
    slots = {
        (header.vault_id, slot.raw): slot
        for header in headers
        for slot in header.slots_to_try(sort)
    }
    stretched: dict[tuple, bytes] = {}
    for (vault_id, _), slot in slots.items():
        vault = Vault(vault_id)
        try:
            if spare_key is None:
                how = (slot.salt, slot.memory, slot.time, slot.lanes)
                if how not in stretched and len(stretched) == STRETCHES_MAX:
                    continue
                if how not in stretched:
                    stretched[how] = argon2id(passphrase, *how)
                return vault, slot.open(vault, stretched[how], "passphrase")
            return vault, slot.open(vault, spare_key, "spare-key")
        except VaultError:
            # Whatever is wrong with this slot, another copy may have a good one.
            continue
    name = "passphrase" if spare_key is None else "spare key"
    raise VaultError(f"The {name} is wrong: it opens no slot of this vault.")


def header_in_force(
    vault: Vault, headers: list[Header], root: bytes, problems: list[str], notes: list[str]
) -> Header:
    genuine = []
    for header in headers:
        if header.is_genuine(vault, root):
            genuine.append(header)
        else:
            problems.append(f"The header copy {header.name} is forged: its seal does not verify.")
    if not genuine:
        raise VaultError("No copy of the header is genuine.")
    # Of equals the first; nothing more is asked of the others.
    newest = max(genuine, key=lambda h: h.revision)
    for header in genuine:
        if header.revision < newest.revision:
            notes.append(f"The header copy {header.name} is older; {newest.name} is in force.")
        elif header.raw != newest.raw:
            notes.append(f"The header copy {header.name} differs from {newest.name}, in force.")
    return newest


def read_epoch(
    sync: Path, vault: Vault, header: Header, problems: list[str], notes: list[str]
) -> bytes:
    """The epoch secret that the header's proof fits; other files are left alone."""
    proof_input = struct.pack("<Q", header.epoch_number) + header.epoch_id
    found = None
    for path in candidates(sync, "epoch."):
        try:
            vault_id, number, epoch_id, secret = parse_epoch(path)
        except VaultError as error:
            problems.append(str(error))
            continue
        if (vault_id, number, epoch_id) != (vault.id, header.epoch_number, header.epoch_id):
            notes.append(f"{path.name} is of another vault or epoch and is left alone.")
        elif same(mac(secret, vault.place("epoch", proof_input)), header.epoch_proof):
            found = secret
        else:
            notes.append(f"{path.name} does not fit the header's epoch proof and is left alone.")
    if found is None:
        raise VaultError("No epoch file fits the header, so the keyring cannot be opened.")
    return found


def parse_epoch(path: Path) -> tuple[bytes, int, bytes, bytes]:
    raw = path.read_bytes()
    at = Cursor(raw, f"The epoch file {path.name}")
    at.magic(b"CFDNTEPO")
    if not same(sha256(raw[:-HASH_SIZE]), raw[-HASH_SIZE:]):
        raise VaultError(f"{at.what} is damaged: its hash is wrong.")
    at.version()
    at.zeros(2)
    if at.u32() != EPOCH_SIZE or len(raw) != EPOCH_SIZE:
        raise VaultError(f"{at.what} has a wrong length.")
    vault_id, number, epoch_id = at.take(ID_SIZE), at.u64(), at.take(ID_SIZE)
    secret = at.take(KEY_SIZE)
    at.zeros(8)
    return vault_id, number, epoch_id, secret


def read_keyring(
    sync: Path, vault: Vault, header: Header, root: bytes, epoch_secret: bytes
) -> Keyring:
    """The keyring whose hash the header names, whatever its file is called."""
    for path in candidates(sync, "keyring."):
        raw = path.read_bytes()
        if same(sha256(raw), header.keyring_hash):
            return parse_keyring(raw, vault, header, root, epoch_secret)
    raise VaultError("The keyring that the header names is missing or damaged.")


def parse_keyring(
    raw: bytes, vault: Vault, header: Header, root: bytes, epoch_secret: bytes
) -> Keyring:
    at = Cursor(raw, "The keyring")
    at.magic(b"CFDNTKRG")
    at.version()
    at.zeros(2)
    if at.u32() != len(raw) or len(raw) % KEYRING_UNIT or not raw:
        raise VaultError("The keyring has a wrong length.")
    named = (at.take(ID_SIZE), at.take(ID_SIZE), at.u64(), at.take(ID_SIZE), at.u64())
    wanted = (
        vault.id,
        header.lineage,
        header.epoch_number,
        header.epoch_id,
        header.keyring_revision,
    )
    if named != wanted:
        raise VaultError("The keyring belongs to another vault, lineage, epoch or revision.")
    nonce, commitment = at.take(NONCE_SIZE), at.take(HASH_SIZE)
    if not same(sha256(raw[:-HASH_SIZE]), raw[-HASH_SIZE:]):
        raise VaultError("The keyring is damaged: its hash is wrong.")
    key = vault.derive(root + epoch_secret, "keyring")
    if not same(vault.commitment(key), commitment):
        raise VaultError("The keyring key does not fit its commitment.")
    place = vault.place("keyring", raw[:KEYRING_HEAD])
    plain = unseal(key, nonce, place, raw[KEYRING_HEAD:-HASH_SIZE])
    return parse_keyring_plain(plain)


def parse_keyring_plain(plain: bytes) -> Keyring:
    at = Cursor(plain, "The keyring's content")
    entries, forgotten, used, extensions = (at.u32() for _ in range(4))
    parsed = [parse_entry(at.take(ENTRY_SIZE)) for _ in range(entries)]
    gone = {}
    for _ in range(forgotten):
        compartment, number = at.take(ID_SIZE), at.u64()
        at.i64()
        at.take(ID_SIZE)
        gone[compartment] = number
    at.take(extensions)
    at.expect(at.at, used, "length of what is used")
    at.rest_zeros()
    ids = [entry.compartment for entry in parsed]
    if len(set(ids)) != len(ids) or set(ids) & set(gone):
        raise VaultError("The keyring names a compartment twice.")
    return Keyring(parsed, gone)


def parse_entry(raw: bytes) -> Entry:
    at = Cursor(raw, "An entry of the keyring")
    compartment, generation, flags = at.take(ID_SIZE), at.u32(), at.u16()
    alias_size, alias = at.u16(), at.take(ALIAS_SIZE)
    if flags & ~SECOND_PASSPHRASE:
        raise VaultError("An entry of the keyring has a flag that version 1 does not know.")
    if not generation or alias_size > ALIAS_SIZE or any(alias[alias_size:]):
        raise VaultError("An entry of the keyring is malformed.")
    try:
        name = alias[:alias_size].decode() or None
    except UnicodeDecodeError:
        raise VaultError("An entry of the keyring has an alias that is not UTF-8.") from None
    at.take(24 + KEY_SIZE)
    entry = Entry(
        compartment=compartment,
        generation=generation,
        second=bool(flags & SECOND_PASSPHRASE),
        alias=name,
        memory=at.u32(),
        time=at.u32(),
        lanes=at.u32(),
        salt=at.take(ID_SIZE),
        nonce=at.take(NONCE_SIZE),
        wrapped=at.take(WRAPPED_SIZE),
        commitment=at.take(HASH_SIZE),
        raw=raw,
    )
    at.take(4)
    at.zeros(8)
    if not entry.second and any(raw[144:196]):
        raise VaultError("An entry without a second passphrase has costs, salt or nonce.")
    return entry

"""A backup in one file, read and verified (FORMAT.md: Backups)."""

import struct
from dataclasses import dataclass
from pathlib import Path

from primitives import (
    HASH_SIZE,
    ID_SIZE,
    KEY_SIZE,
    NONCE_SIZE,
    TAG_SIZE,
    VERSION,
    ZERO_ID,
    Cursor,
    NewerVersion,
    NotOpened,
    Vault,
    VaultError,
    mac,
    same,
    sha256,
    unseal,
)
from segments import CONTAINER, Checkpoint, Covered, SegmentFile
from sync_files import HEADER_SIZE, KEYRING_UNIT, Header, open_root, parse_header, parse_keyring
from vault import OpenVault, Routes, check_sums, compartment_keys, read_compartment, state_of

PREFACE_SIZE = 256
PREFACE_BOUND = 80
PREFACE_HASH_AT = 224
KEYRING_MAX = 268_435_456


@dataclass(frozen=True)
class Preface:
    id: bytes
    vault_id: bytes
    lineage: bytes
    keyring_length: int
    container_length: int
    nonce: bytes
    sealed: bytes
    bound: bytes

    def epoch_secret(self, vault: Vault, root: bytes) -> bytes:
        key = vault.derive(root, "backup-epoch", self.id)
        try:
            return unseal(key, self.nonce, vault.place("backup-epoch", self.bound), self.sealed)
        except NotOpened:
            raise VaultError("The preface of the backup is forged.") from None


def read_backup(
    path: Path,
    *,
    passphrase: bytes | None = None,
    spare_key: bytes | None = None,
    second_passphrases: tuple[bytes, ...] = (),
) -> OpenVault:
    """Everything in it, or a `VaultError`: one wrong bit, and nothing counts."""
    raw = path.read_bytes()
    preface = parse_preface(raw[:PREFACE_SIZE])
    keyring_at = PREFACE_SIZE + HEADER_SIZE
    container_at = keyring_at + preface.keyring_length
    if len(raw) != container_at + preface.container_length:
        raise VaultError("The backup is cut short, or something follows it.")
    header = parse_header("of the backup", raw[PREFACE_SIZE:keyring_at])
    keyring_raw = raw[keyring_at:container_at]
    if (header.vault_id, header.lineage) != (preface.vault_id, preface.lineage):
        raise VaultError("Preface and header of the backup belong to different vaults.")
    if not same(sha256(keyring_raw), header.keyring_hash):
        raise VaultError("The keyring of the backup is damaged.")

    vault, root = open_root([header], passphrase, spare_key)
    if not header.is_genuine(vault, root):
        raise VaultError("The header of the backup is forged: its seal does not verify.")
    secret = preface.epoch_secret(vault, root)
    proof_input = struct.pack("<Q", header.epoch_number) + header.epoch_id
    if not same(mac(secret, vault.place("epoch", proof_input)), header.epoch_proof):
        raise VaultError("The epoch secret of the backup does not fit its header.")
    keyring = parse_keyring(keyring_raw, vault, header, root, secret)
    container = read_container(path.name, raw, container_at, preface, header, vault, root)

    problems: list[str] = []
    keys = compartment_keys(vault, keyring, second_passphrases, problems)
    routes = Routes(vault, root, keyring)
    state = state_of(vault.derive(root, "sum"), container)
    check_sums(state, container.end, routes, problems)
    compartments = [
        read_compartment(vault, root, entry, keys.get(entry.compartment), state, routes, problems)
        for entry in keyring.entries
    ]
    return OpenVault(
        id=vault.id,
        header=header,
        compartments=compartments,
        forgotten=list(keyring.forgotten),
        saves=0,
        last=dict(container.end.frontier),
        problems=list(dict.fromkeys(problems)),
        notes=[],
    )


def parse_preface(raw: bytes) -> Preface:
    at = Cursor(raw, "The preface of the backup")
    at.magic(b"CFDNTBAK")
    if len(raw) != PREFACE_SIZE or not same(sha256(raw[:PREFACE_HASH_AT]), raw[PREFACE_HASH_AT:]):
        raise VaultError(f"{at.what} is damaged: its hash is wrong.")
    version = at.u16()
    if version > VERSION:
        raise NewerVersion("The backup was made by a newer Confidant.")
    at.expect(version, VERSION, "version")
    at.zeros(2)
    at.expect(at.u32(), PREFACE_SIZE, "length")
    preface = Preface(
        id=at.take(ID_SIZE),
        vault_id=at.take(ID_SIZE),
        lineage=at.take(ID_SIZE),
        keyring_length=at.u64(),
        container_length=at.u64(),
        nonce=at.take(NONCE_SIZE),
        sealed=at.take(KEY_SIZE + TAG_SIZE),
        bound=raw[:PREFACE_BOUND],
    )
    at.zeros(PREFACE_HASH_AT - at.at)
    at.take(HASH_SIZE)
    if preface.keyring_length % KEYRING_UNIT or preface.keyring_length > KEYRING_MAX:
        raise VaultError(f"{at.what} has a length of the keyring that cannot be.")
    return preface


def read_container(
    name: str,
    raw: bytes,
    start: int,
    preface: Preface,
    header: Header,
    vault: Vault,
    root: bytes,
) -> Checkpoint:
    file = SegmentFile.inside(name, raw, start, vault, root, CONTAINER)
    head = file.head
    told = (
        head.lineage,
        head.device,
        head.file_id,
        head.number,
        (head.sequence, head.chain),
        (head.previous, head.previous_length),
        head.header_revision,
        head.epoch_id,
    )
    wanted = (
        header.lineage,
        header.device,
        preface.id,
        1,
        (header.floor_sequence, header.floor_chain),
        (ZERO_ID, 0),
        header.revision,
        header.epoch_id,
    )
    if told != wanted:
        raise VaultError("The container belongs to another backup.")
    container = Checkpoint(file)
    point = (header.floor_sequence, header.floor_chain)
    covered = Covered(
        point, header.revision, header.keyring_revision, header.epoch_id, header.keyring_hash
    )
    if container.end.covered != covered:
        raise VaultError("The container was made with another header or keyring.")
    return container

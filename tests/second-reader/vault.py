"""A vault put together and verified (FORMAT.md: Rows … Reading a vault, step by step)."""

import struct
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from primitives import (
    HASH_SIZE,
    ID_SIZE,
    NONCE_SIZE,
    TAG_SIZE,
    VERSION,
    ZERO_HASH,
    ZERO_ID,
    Cursor,
    NotOpened,
    Vault,
    VaultError,
    mac,
    same,
    sha256,
    unseal,
)
from segments import (
    CHECKPOINT,
    PUT,
    Branch,
    Checkpoint,
    Dot,
    Frame,
    Journal,
    Point,
    Save,
    SegmentFile,
    Sum,
    read_dot,
    read_journal,
)
from sync_files import (
    PENDING_FORGETTING,
    PENDING_KEYS,
    Entry,
    Header,
    Keyring,
    header_in_force,
    open_root,
    read_epoch,
    read_headers,
    read_keyring,
)

SUM_MODULUS = 1 << 256
EMPTY: Sum = (0, 0)
ROUTE_SIZE = 16
ROW_UNIT = 512
ROW_MAX = 32_768
ROW_HEAD = 32
ROW_PLAIN_HEAD = 96
PAYLOAD_MAX = ROW_MAX - ROW_HEAD - TAG_SIZE - ROW_PLAIN_HEAD
CURRENT_SIZE = 256
CURRENT_MAC_AT = 224
LOCAL_FILE_HEAD = 56
ANCHOR_TIME_AT = 160

Rows = dict[bytes, bytes]


@dataclass(frozen=True)
class Record:
    kind: int
    id: bytes
    schema: int
    payload: bytes
    chunks: int


@dataclass(frozen=True)
class Compartment:
    id: bytes
    alias: str | None
    second: bool
    locked: bool
    rows: int
    records: list[Record]


@dataclass(frozen=True)
class OpenVault:
    """What was read. Problems are damage; notes are what a healthy vault may have too."""

    id: bytes
    header: Header
    compartments: list[Compartment]
    forgotten: list[bytes]
    saves: int
    last: dict[bytes, Point]
    problems: list[str]
    notes: list[str]


@dataclass(frozen=True)
class Row:
    key: bytes
    schema: int
    kind: int
    record: bytes
    chunk: int
    chunks: int
    dot: Dot
    total: int
    digest: bytes
    payload: bytes


@dataclass
class State:
    """Rows with their sums, kept up to date at every change, without those of forgotten routes."""

    sum_key: bytes
    forgotten: frozenset[bytes] = frozenset()
    rows: Rows = field(default_factory=dict)
    sums: dict[bytes, Sum] = field(default_factory=dict)
    total: Sum = EMPTY
    lamport: int = 0
    dots: dict[bytes, Dot] = field(default_factory=dict)

    def put(self, key: bytes, value: bytes) -> None:
        self.delete(key)
        if key[:ROUTE_SIZE] not in self.forgotten:
            self.rows[key] = value
            self._count(key, value, 1)

    def delete(self, key: bytes) -> None:
        self.dots.pop(key, None)
        value = self.rows.pop(key, None)
        if value is not None:
            self._count(key, value, -1)

    def apply(self, save: Save) -> None:
        self.lamport = max(self.lamport, save.last.lamport)
        for done in save.operations():
            if done.action == PUT:
                self.put(done.key, done.value)
                self.dots[done.key] = done.dot
            else:
                self.delete(done.key)

    def differences(self, frame: Frame) -> list[str]:
        """What does not agree with the states and the total that a frame tells."""
        told = dict(frame.states)
        total = frame.total
        for route in self.forgotten & told.keys():
            count, amount = told.pop(route)
            total = (total[0] - count, (total[1] - amount) % SUM_MODULUS)
        wrong = [
            f"rows of route {route.hex()}"
            for route in sorted(self.sums.keys() | told.keys())
            if self.sums.get(route, EMPTY) != told.get(route, EMPTY)
        ]
        return wrong + (["all rows together"] if self.total != total else [])

    def _count(self, key: bytes, value: bytes, step: int) -> None:
        term = int.from_bytes(mac(self.sum_key, key + sha256(value)), "little")
        route = key[:ROUTE_SIZE]
        self.sums[route] = add(self.sums.get(route, EMPTY), step, term)
        self.total = add(self.total, step, term)


def add(number: Sum, step: int, term: int) -> Sum:
    return (number[0] + step, (number[1] + step * term) % SUM_MODULUS)


def read_vault(
    folder: Path,
    *,
    passphrase: bytes | None = None,
    spare_key: bytes | None = None,
    second_passphrases: tuple[bytes, ...] = (),
    device_folder: Path | None = None,
) -> OpenVault:
    """Reads and verifies everything; raises `VaultError` where nothing can be read."""
    sync, local = folder / "sync", folder / "local"
    if not sync.is_dir():
        raise VaultError("This is not a vault: it has no folder named sync.")
    problems: list[str] = []
    notes: list[str] = []
    headers = read_headers(sync, problems)
    vault, root = open_root(headers, passphrase, spare_key)
    header = header_in_force(vault, headers, root, problems, notes)
    if header.pending:
        notes.append("The header says that a forgetting or a rekey was interrupted.")
    epoch_secret = read_epoch(sync, vault, header, problems, notes)
    keyring = read_keyring(sync, vault, header, root, epoch_secret)
    keys = compartment_keys(vault, keyring, second_passphrases, problems)
    routes = Routes(vault, root, keyring)

    checkpoints = read_checkpoints(local / "checkpoints", vault, root, header, problems, notes)
    journals = []
    if header.pending != PENDING_KEYS:
        journals = read_journals(
            sync / "journal", vault, root, header, checkpoints, problems, notes
        )
    state, last, saves = rebuild(vault, root, routes, checkpoints, journals, problems)
    check_floor(header, journals, last, problems)
    check_local(local, vault, root, header, notes)
    if device_folder is not None:
        check_anchor(device_folder, vault, root, header, journals, last, state, problems)

    compartments = [
        read_compartment(vault, root, entry, keys.get(entry.compartment), state, routes, problems)
        for entry in keyring.entries
    ]
    return OpenVault(
        id=vault.id,
        header=header,
        compartments=compartments,
        forgotten=list(keyring.forgotten),
        saves=saves,
        last=last,
        problems=list(dict.fromkeys(problems)),
        notes=list(dict.fromkeys(notes)),
    )


class Routes:
    def __init__(self, vault: Vault, root: bytes, keyring: Keyring):
        self.key = vault.derive(root, "route")
        self.kept = {self.of(entry.compartment) for entry in keyring.entries}
        self.forgotten = frozenset(self.of(compartment) for compartment in keyring.forgotten)

    def of(self, compartment: bytes) -> bytes:
        return mac(self.key, compartment)[:ROUTE_SIZE]


def compartment_keys(
    vault: Vault,
    keyring: Keyring,
    second_passphrases: tuple[bytes, ...],
    problems: list[str],
) -> dict[bytes, bytes]:
    """The key of each compartment that opens; one that cannot be tried stays shut."""
    keys = {e.compartment: e.open_plain(vault) for e in keyring.entries if not e.second}
    for passphrase in second_passphrases:
        fits = False
        for entry in (e for e in keyring.entries if e.second):
            try:
                keys[entry.compartment] = entry.open_second(vault, passphrase)
            except NotOpened:
                continue
            except VaultError as error:
                problems.append(f"{error} Compartment {entry.compartment.hex()} stays shut.")
            # Also one that could not be tried: nothing then says that the passphrase is wrong.
            fits = True
        if not fits:
            raise VaultError("The second passphrase is wrong: it opens no compartment.")
    return keys


def read_checkpoints(
    folder: Path,
    vault: Vault,
    root: bytes,
    header: Header,
    problems: list[str],
    notes: list[str],
) -> list[Checkpoint]:
    """The valid ones of the header's lineage and epoch, newest first."""
    found = []
    sum_key = vault.derive(root, "sum")
    branch, unfinished = branch_of(header), header.pending == PENDING_KEYS
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        # New keys leave theirs unnamed until the header counts.
        if path.name.startswith("tmp.") and not unfinished:
            continue
        try:
            file = SegmentFile(path, vault, root, CHECKPOINT)
            if not branch.holds(file.head):
                notes.append(f"{file.what} is of an abandoned lineage or epoch and is left out.")
                continue
            checkpoint = Checkpoint(file)
            state = state_of(sum_key, checkpoint)
            if wrong := state.differences(checkpoint.end):
                raise VaultError(f"{file.what} does not agree with its sums of {wrong[0]}.")
            found.append(checkpoint)
        except VaultError as error:
            # Beside it lie those of before, under keys that open nothing any more.
            (notes if unfinished else problems).append(f"{error} It is not used.")
    if unfinished and not found:
        raise VaultError("New keys were interrupted, and the checkpoint under them is not whole.")
    found.sort(key=lambda c: c.head.number, reverse=True)
    for newer, older in pairwise(found):
        if newer.head.previous not in (older.head.file_id, ZERO_ID):
            notes.append(f"Between {newer.file.name} and {older.file.name} a checkpoint is gone.")
    return found


def branch_of(header: Header) -> Branch:
    """What segments have to be of to count."""
    during = header.pending == PENDING_FORGETTING
    return Branch(header.lineage, None if during else header.epoch_id)


def state_of(
    sum_key: bytes, checkpoint: Checkpoint | None, forgotten: frozenset[bytes] = frozenset()
) -> State:
    state = State(sum_key, forgotten)
    for key, value in checkpoint.rows.items() if checkpoint else ():
        state.put(key, value)
    state.lamport = checkpoint.end.lamport if checkpoint else 0
    return state


def read_journals(
    folder: Path,
    vault: Vault,
    root: bytes,
    header: Header,
    checkpoints: list[Checkpoint],
    problems: list[str],
    notes: list[str],
) -> list[Journal]:
    journals = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if not path.is_dir() or path.name.startswith("tmp."):
            continue
        try:
            usual = bytes.fromhex(path.name).hex() == path.name and len(path.name) == 2 * ID_SIZE
        except ValueError:
            usual = False
        if not usual:
            problems.append("A folder of the journal is not named like a device.")
            continue
        device = bytes.fromhex(path.name)
        frontiers = (checkpoint.end.frontier for checkpoint in checkpoints)
        covered = [frontier[device] for frontier in frontiers if device in frontier]
        branch = branch_of(header)
        journals.append(read_journal(path, vault, root, branch, covered, problems, notes))
    return journals


def rebuild(
    vault: Vault,
    root: bytes,
    routes: Routes,
    checkpoints: list[Checkpoint],
    journals: list[Journal],
    problems: list[str],
) -> tuple[State, dict[bytes, Point], int]:
    """Rows from the newest checkpoint and the journal; older checkpoints must lead to the same."""
    sum_key = vault.derive(root, "sum")
    newest = checkpoints[0] if checkpoints else None
    state, last, saves = replay(sum_key, newest, journals, routes, problems)
    for older in checkpoints[1:]:
        other, _, _ = replay(sum_key, older, journals, routes, problems)
        if other.rows != state.rows:
            problems.append(f"{older.file.what} and the journal do not lead to the same rows.")
    return state, last, saves


def replay(
    sum_key: bytes,
    checkpoint: Checkpoint | None,
    journals: list[Journal],
    routes: Routes,
    problems: list[str],
) -> tuple[State, dict[bytes, Point], int]:
    frontier = checkpoint.end.frontier if checkpoint else {}
    state = state_of(sum_key, checkpoint, routes.forgotten)
    saves = []
    for journal in journals:
        check_continues(journal, frontier.get(journal.device, (0, ZERO_HASH)), problems)
        above = frontier.get(journal.device, (0, ZERO_HASH))[0]
        saves += [save for save in journal.saves if save.last.sequence > above]
    saves.sort(key=lambda save: save.order)
    check_frontiers(frontier, saves, problems)
    # What one device saw of others' saves is in its frontier; with one device it is everything.
    alone = len(journals) == 1
    newest = checkpoint.end if checkpoint else None
    for save in saves:
        state.apply(save)
        newest = save.last
        if alone and state.differences(newest):
            problems.append(f"The rows after save {newest.sequence} do not agree with its sums.")
    check_sums(state, newest, routes, problems)
    last = dict(frontier)
    for save in saves:
        last[save.device] = (save.last.sequence, save.last.chain)
    return state, last, len(saves)


def check_frontiers(frontier: dict[bytes, Point], saves: list[Save], problems: list[str]) -> None:
    """What a save knew of other devices must have been taken in before it."""
    reached = dict(frontier)
    for save in saves:
        for device, (sequence, chain) in save.last.frontier.items():
            known = reached.get(device, (0, ZERO_HASH))
            if device != save.device and sequence >= known[0] and chain != known[1]:
                problems.append(
                    f"Saves are missing: save {save.last.sequence} of a device knew of save "
                    f"{sequence} of another."
                )
        reached[save.device] = (save.last.sequence, save.last.chain)


def check_continues(journal: Journal, point: Point, problems: list[str]) -> None:
    """The journal must go on exactly where the checkpoint ends."""
    sequence, chain = point
    known = journal.chain_after(sequence)
    following = next((f for f in journal.frames if f.sequence > sequence), None)
    missing = None
    if known is not None:
        if known != chain:
            problems.append("Checkpoint and journal have parted: their chain values differ.")
    elif journal.start and journal.start[0] > sequence:
        if journal.start[1] != chain:
            missing = journal.start[0] + 1
    elif following and following.before != chain and not journal.skips(sequence):
        missing = following.sequence
    if missing is not None:
        problems.append(
            f"Saves are missing between checkpoint and journal, before frame {missing}."
        )


def check_sums(state: State, newest: Frame | None, routes: Routes, problems: list[str]) -> None:
    """Completeness for every compartment, also the locked ones, and for all rows together."""
    for wrong in state.differences(newest) if newest else []:
        problems.append(f"The vault is not complete: count or sum of {wrong} does not agree.")
    if newest is None and state.rows:
        problems.append("The vault has rows, but no save that vouches for them.")
    strangers = {key[:ROUTE_SIZE] for key in state.rows} - routes.kept
    if strangers:
        problems.append("There are rows of a compartment that the keyring does not name.")


def check_floor(
    header: Header, journals: list[Journal], last: dict[bytes, Point], problems: list[str]
) -> None:
    floor = (header.floor_sequence, header.floor_chain)
    check_reaches("the header", header.device, floor, journals, last, problems)


def check_reaches(
    who: str,
    device: bytes,
    point: Point,
    journals: list[Journal],
    last: dict[bytes, Point],
    problems: list[str],
) -> None:
    """The saves must reach what someone has already seen, on the same chain."""
    sequence, chain = point
    reached = last.get(device, (0, ZERO_HASH))
    if sequence > reached[0]:
        problems.append(f"Saves are missing: {who} knows of save {sequence}.")
        return
    known = reached[1] if sequence == reached[0] else None
    for journal in journals:
        if journal.device == device and known is None:
            known = journal.chain_after(sequence)
    if known is not None and known != chain:
        problems.append(f"The journal has parted from what {who} knows of it.")


def check_local(local: Path, vault: Vault, root: bytes, header: Header, notes: list[str]) -> None:
    lock = local / "vault.lock"
    if lock.is_file() and lock.read_bytes() == b"open\n":
        notes.append("The vault was not locked in good order.")
    current = local / "CURRENT"
    if not current.is_file():
        notes.append("There is no file CURRENT; it is only a hint.")
        return
    raw = current.read_bytes()
    wanted = mac(vault.derive(root, "current"), raw[:CURRENT_MAC_AT])
    intact = len(raw) == CURRENT_SIZE and raw[:10] == b"CFDNTCUR" + struct.pack("<H", VERSION)
    if not intact or raw[16:32] != vault.id or not same(wanted, raw[CURRENT_MAC_AT:]):
        notes.append("The file CURRENT is damaged; it is only a hint.")
    elif raw[32:48] != header.lineage:
        notes.append("The file CURRENT is of another lineage; it is only a hint.")
    elif raw[152:168] != header.epoch_id and header.pending != PENDING_FORGETTING:
        notes.append("The file CURRENT is of another epoch; it is only a hint.")


def check_anchor(
    folder: Path,
    vault: Vault,
    root: bytes,
    header: Header,
    journals: list[Journal],
    last: dict[bytes, Point],
    state: State,
    problems: list[str],
) -> None:
    """What the machine remembers of the vault, to notice that it was rolled back or forked."""
    stem = pair_in_use(folder, vault, root, header)
    device = read_local_file(folder / f"{stem}.device", vault, root, "device", b"CFDNTDEV", 128)
    device_id = device.take(ID_SIZE)
    device.rest_zeros()
    at = read_local_file(folder / f"{stem}.anchor", vault, root, "anchor", b"CFDNTANC", 256)
    if at.take(ID_SIZE) != device_id:
        problems.append("Anchor and device file name different devices.")
    if at.take(ID_SIZE) != header.lineage:
        problems.append("The vault is of another lineage than the anchor knows: it is a fork.")
    for name, now in (
        ("header", header.revision),
        ("keyring", header.keyring_revision),
        ("epoch", header.epoch_number),
    ):
        known = at.u64()
        if known > now:
            problems.append(f"The vault was rolled back: the anchor knows a newer {name}.")
    # The number that was read last is that of the epoch.
    of_this_number = known == header.epoch_number
    if at.take(ID_SIZE) != header.epoch_id and of_this_number:
        problems.append("The anchor knows another epoch of this number: it is a fork.")
    point = (at.u64(), at.take(HASH_SIZE))
    total = (at.u64(), int.from_bytes(at.take(HASH_SIZE), "little"))
    # This device's own saves tell of themselves; by this one knows that it has seen those of others.
    if at.u64() > state.lamport:
        problems.append("The vault was rolled back: the anchor knows of a later save.")
    at.i64()
    at.rest_zeros()
    check_reaches("the anchor", device_id, point, journals, last, problems)
    if last.get(device_id) == point and len(last) == 1 and total != state.total:
        problems.append("The total does not agree with the anchor's.")


def pair_in_use(folder: Path, vault: Vault, root: bytes, header: Header) -> str:
    """The names of device and anchor file without their endings."""
    plain = f"vault.{vault.id.hex()}"
    seen: dict[str, int] = {}
    for path in sorted(folder.glob(f"{plain}*.anchor")):
        try:
            at = read_local_file(path, vault, root, "anchor", b"CFDNTANC", 256)
        except VaultError:
            continue
        stem = path.name.removesuffix(".anchor")
        at.take(ID_SIZE)
        if at.take(ID_SIZE) == header.lineage:
            return stem
        at.take(ANCHOR_TIME_AT - at.at)
        seen[stem] = at.i64()
    # That of the first lineage may be sealed under a root key of before.
    if plain in seen or not seen:
        return plain
    return max(seen, key=lambda stem: seen[stem])


def read_local_file(
    path: Path, vault: Vault, root: bytes, label: str, magic: bytes, size: int
) -> Cursor:
    raw = path.read_bytes()
    at = Cursor(raw, f"The {label} file")
    at.magic(magic)
    at.version()
    at.zeros(2)
    at.expect(at.u32(), size, "length")
    at.expect(len(raw), size, "length")
    if at.take(ID_SIZE) != vault.id:
        raise VaultError(f"{at.what} belongs to another vault.")
    nonce = at.take(NONCE_SIZE)
    try:
        place = vault.place(label, raw[:32])
        plain = unseal(vault.derive(root, label), nonce, place, raw[LOCAL_FILE_HEAD:])
    except NotOpened:
        raise VaultError(f"{at.what} is damaged: its seal does not open.") from None
    return Cursor(plain, at.what)


def read_compartment(
    vault: Vault,
    root: bytes,
    entry: Entry,
    key: bytes | None,
    state: State,
    routes: Routes,
    problems: list[str],
) -> Compartment:
    route = routes.of(entry.compartment)
    mine = {k: v for k, v in sorted(state.rows.items()) if k[:ROUTE_SIZE] == route}
    records = []
    if key is not None:
        opener = RowOpener(vault, root, entry, route, key)
        records = opener.records(mine, state.dots, problems)
    return Compartment(
        id=entry.compartment,
        alias=entry.alias,
        second=entry.second,
        locked=key is None,
        rows=len(mine),
        records=records,
    )


class RowOpener:
    """Opens the rows of one compartment and joins their chunks."""

    def __init__(self, vault: Vault, root: bytes, entry: Entry, route: bytes, key: bytes):
        self.vault = vault
        self.entry = entry
        self.route = route
        self.name_key = vault.derive(root, "name")
        context = entry.compartment + struct.pack("<I", entry.generation)
        self.row_key = vault.derive(key, "row", context)

    def records(self, rows: Rows, dots: dict[bytes, Dot], problems: list[str]) -> list[Record]:
        chunks: dict[tuple[int, bytes], list[Row]] = {}
        for key, value in rows.items():
            try:
                row = self._open(key, value)
                if dots.get(key, row.dot) != row.dot:
                    raise VaultError(f"The row {key.hex()} names another write than its frame.")
            except VaultError as error:
                problems.append(str(error))
            else:
                chunks.setdefault((row.kind, row.record), []).append(row)
        records = []
        for _, group in sorted(chunks.items()):
            try:
                records.append(join(sorted(group, key=lambda row: row.chunk)))
            except VaultError as error:
                problems.append(str(error))
        return records

    def _open(self, key: bytes, value: bytes) -> Row:
        what = f"The row {key.hex()}"
        if not is_row_length(len(value)):
            raise VaultError(f"{what} has a wrong length.")
        head = Cursor(value, what)
        if head.u8() != VERSION:
            raise VaultError(f"{what} was made by a newer Confidant.")
        head.zeros(3)
        head.expect(head.u32(), self.entry.generation, "key generation")
        nonce = head.take(NONCE_SIZE)
        place = self.vault.place("row", self.entry.compartment + key + value[:8])
        try:
            plain = unseal(self.row_key, nonce, place, value[ROW_HEAD:])
        except NotOpened:
            raise VaultError(f"{what} is damaged: its seal does not open.") from None
        row = parse_row(key, plain, what)
        named = struct.pack("<H", row.kind) + row.record + struct.pack("<I", row.chunk)
        if self.route + mac(self.name_key, named)[:16] != key:
            raise VaultError(f"{what} lies under the name of another row.")
        return row


def is_row_length(size: int) -> bool:
    return ROW_UNIT <= size <= ROW_MAX and size & (size - 1) == 0


def parse_row(key: bytes, plain: bytes, what: str) -> Row:
    at = Cursor(plain, what)
    schema, kind, record = at.u16(), at.u16(), at.take(ID_SIZE)
    chunk, chunks, dot, total, size = at.u32(), at.u32(), read_dot(at), at.u64(), at.u32()
    digest, payload = at.take(HASH_SIZE), at.take(size)
    at.rest_zeros()
    if not kind or chunk >= chunks:
        raise VaultError(f"{what} has no kind, or a chunk number out of range.")
    return Row(key, schema, kind, record, chunk, chunks, dot, total, digest, payload)


def join(rows: list[Row]) -> Record:
    first = rows[0]
    what = f"The record {first.record.hex()} of kind {first.kind}"
    if [row.chunk for row in rows] != list(range(first.chunks)):
        raise VaultError(f"{what} has lost a chunk.")
    shared = {(r.schema, r.chunks, r.dot, r.total, r.digest) for r in rows}
    if len(shared) != 1:
        raise VaultError(f"{what} has chunks of different writes.")
    if any(len(row.payload) != PAYLOAD_MAX for row in rows[:-1]):
        raise VaultError(f"{what} has a chunk before the last that is not full.")
    payload = b"".join(row.payload for row in rows)
    if len(payload) != first.total or not same(sha256(payload), first.digest):
        raise VaultError(f"{what} does not have the length or the hash that its rows tell.")
    return Record(first.kind, first.record, first.schema, payload, first.chunks)

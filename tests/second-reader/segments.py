"""Segments, frames, checkpoints and the journal's order (FORMAT.md: Segments … Checkpoints)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from primitives import (
    HASH_SIZE,
    ID_SIZE,
    VERSION,
    ZERO_HASH,
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

SEGMENT_HEAD = 256
SEGMENT_MAC_AT = 224
JOURNAL, CHECKPOINT = 1, 2
FRAME_MAGIC = b"CFRM"
FRAME_HEAD = 80
FRAME_CHECK_AT = 72
BODY_MIN, BODY_STEP, BODY_MAX = 1_024, 65_536, 16_777_216
BATCH, END, PART = 1, 2, 3
PUT, DELETE, TOMBSTONE = 1, 2, 3
FOOTER_SIZE = 128
FOOTER_MAC_AT = 96
ROW_KEY = 32
FRAMES_PER_DOT = 65_536

Dot = tuple[bytes, int]
Point = tuple[int, bytes]
Sum = tuple[int, int]


@dataclass(frozen=True)
class SegmentHead:
    version: int
    sort: int
    flags: int
    vault_id: bytes
    lineage: bytes
    device: bytes
    file_id: bytes
    number: int
    sequence: int
    previous: bytes
    previous_length: int
    chain: bytes
    header_revision: int
    epoch_id: bytes
    reserved: bool


@dataclass(frozen=True)
class Operation:
    action: int
    key: bytes
    dot: Dot
    parents: list[Dot]
    value: bytes


@dataclass(frozen=True)
class Covered:
    """What only an end frame says."""

    point: Point
    header_revision: int
    keyring_revision: int
    epoch_id: bytes
    keyring_hash: bytes


@dataclass(frozen=True)
class Frame:
    start: int
    end: int
    sequence: int
    before: bytes
    chain: bytes
    kind: int
    time: int
    lamport: int
    frontier: dict[bytes, Point]
    states: dict[bytes, Sum]
    total: Sum
    covered: Covered | None
    operations: list[Operation] = field(repr=False)


@dataclass(frozen=True)
class Save:
    device: bytes
    frames: list[Frame]

    @property
    def last(self) -> Frame:
        return self.frames[-1]

    @property
    def order(self) -> tuple[int, bytes, int]:
        return (self.last.lamport, self.device, self.last.sequence)

    def operations(self) -> Iterator[Operation]:
        for frame in self.frames:
            yield from frame.operations


class SegmentFile:
    """One segment whose head has been verified."""

    def __init__(self, path: Path, vault: Vault, root: bytes, sort: int):
        self.name = path.name
        self.data = path.read_bytes()
        self.vault = vault
        kind = "journal segment" if sort == JOURNAL else "checkpoint"
        self.what = f"The {kind} {path.name}"
        head = self.head = parse_head(self.data[:SEGMENT_HEAD], self.what)
        context = struct.pack("<H", sort) + head.lineage + head.device + head.file_id
        base = vault.derive(root, "file", context)
        self.seal_key = vault.derive(base, "file-seal")
        self.chain_key = vault.derive(base, "file-chain")
        wanted = mac(vault.derive(base, "file-head"), self.data[:SEGMENT_MAC_AT])
        if not same(wanted, self.data[SEGMENT_MAC_AT:SEGMENT_HEAD]):
            raise VaultError(f"{self.what} has a damaged head: its seal does not verify.")
        # Only now: a flipped byte of a version 1 must not pass for a newer version.
        if head.version != VERSION or head.flags:
            raise NewerVersion(f"{self.what} was made by a newer Confidant.")
        if head.reserved or head.sort != sort or head.vault_id != vault.id:
            raise VaultError(f"{self.what} is of another sort or vault, or malformed.")
        if self.name != f"{head.number:010d}-{head.file_id.hex()}":
            raise VaultError(f"{self.what} is not what its name says.")

    def frames(self, limit: int, tail_may_tear: bool) -> tuple[list[Frame], list[str], list[str]]:
        """Frames of the first `limit` bytes with what is damaged (problems) or torn (notes)."""
        frames, problems, notes = [], [], []
        at = SEGMENT_HEAD
        while at < limit:
            if tail_may_tear and self._is_torn(at, limit):
                notes.append(f"{self.what} ends in a torn frame, which never counted.")
                break
            try:
                frame = self._frame(at, limit)
            except NewerVersion:
                raise
            except VaultError as error:
                problems.append(str(error))
                at = self._next_frame(at + 1, limit)
                continue
            self._check_link(frames, frame, problems)
            frames.append(frame)
            at = frame.end
        return frames, problems, notes

    def _check_link(self, frames: list[Frame], frame: Frame, problems: list[str]) -> None:
        """The first frame continues the head, each other one the frame before it."""
        if frames:
            wanted = (frames[-1].sequence + 1, frames[-1].chain)
        elif self.head.sort == JOURNAL:
            wanted = (self.head.sequence, self.head.chain)
        else:
            wanted = (1, self.head.chain)
        if (frame.sequence, frame.before) != wanted:
            problems.append(
                f"{self.what} has a break in its chain before frame {frame.sequence}: "
                f"frame {wanted[0]} should have followed."
            )

    def _is_torn(self, at: int, limit: int) -> bool:
        left = self.data[at:limit]
        if len(left) < FRAME_HEAD:
            return left[:4] == FRAME_MAGIC[: len(left)]
        return self._has_frame_head(at) and at + self._frame_length(at) > limit

    def _has_frame_head(self, at: int) -> bool:
        head = self.data[at : at + FRAME_HEAD]
        check = sha256(head[:FRAME_CHECK_AT])[:8]
        return head[:4] == FRAME_MAGIC and head[FRAME_CHECK_AT:] == check

    def _frame_length(self, at: int) -> int:
        (size,) = struct.unpack_from("<I", self.data, at + 4)
        return FRAME_HEAD + size + HASH_SIZE

    def _next_frame(self, at: int, limit: int) -> int:
        while (found := self.data.find(FRAME_MAGIC, at, limit)) != -1:
            if self._has_frame_head(found):
                return found
            at = found + 1
        return limit

    def _frame(self, at: int, limit: int) -> Frame:
        where = f"{self.what} has a damaged frame at byte {at}"
        if not self._has_frame_head(at):
            raise VaultError(f"{where}: its head does not verify.")
        end = at + self._frame_length(at)
        if not is_body_length(end - at - FRAME_HEAD - HASH_SIZE) or end > limit:
            raise VaultError(f"{where}: its length is wrong.")
        raw = self.data[at : end - HASH_SIZE]
        chain = self.data[end - HASH_SIZE : end]
        if not same(mac(self.chain_key, raw), chain):
            raise VaultError(f"{where}: its chain value does not verify.")
        place = self.vault.place("frame", raw[:FRAME_HEAD])
        try:
            plain = unseal(self.seal_key, raw[48:72], place, raw[FRAME_HEAD:])
        except NotOpened:
            raise VaultError(f"{where}: its seal does not open.") from None
        (sequence,) = struct.unpack_from("<Q", raw, 8)
        return parse_body(plain, f"The frame {sequence} of {self.name}", at, end, raw, chain)


def is_body_length(size: int) -> bool:
    if size > BODY_STEP:
        return size % BODY_STEP == 0 and size <= BODY_MAX
    return size >= BODY_MIN and size & (size - 1) == 0


def parse_head(raw: bytes, what: str) -> SegmentHead:
    at = Cursor(raw, f"{what}, in its head,")
    at.magic(b"CFDNTSEG")
    head = SegmentHead(
        version=at.u16(),
        sort=at.u16(),
        flags=at.u32(),
        vault_id=at.take(ID_SIZE),
        lineage=at.take(ID_SIZE),
        device=at.take(ID_SIZE),
        file_id=at.take(ID_SIZE),
        number=at.u64(),
        sequence=at.u64(),
        previous=at.take(ID_SIZE),
        previous_length=at.u64(),
        chain=at.take(HASH_SIZE),
        header_revision=at.u64(),
        epoch_id=at.take(ID_SIZE),
        reserved=any(at.take(48)),
    )
    at.take(HASH_SIZE)
    return head


def parse_body(plain: bytes, what: str, start: int, end: int, raw: bytes, chain: bytes) -> Frame:
    at = Cursor(plain, what)
    at.version()
    kind, operations, used = at.u16(), at.u32(), at.u32()
    time, lamport = at.i64(), at.u64()
    if kind not in (BATCH, END, PART):
        raise NewerVersion(f"{what} is of a type of a newer Confidant.")
    frontier = {}
    for _ in range(at.u16()):
        device = at.take(ID_SIZE)
        frontier[device] = (at.u64(), at.take(HASH_SIZE))
    states = {}
    count = at.u16()
    for _ in range(count):
        route = at.take(ID_SIZE)
        states[route] = read_sum(at)
    if list(states) != sorted(states) or len(states) != count:
        raise VaultError(f"{what} has states out of order.")
    total = read_sum(at)
    covered = None
    if kind == END:
        point = (at.u64(), at.take(HASH_SIZE))
        covered = Covered(point, at.u64(), at.u64(), at.take(ID_SIZE), at.take(HASH_SIZE))
    done = [read_operation(at) for _ in range(operations)]
    at.expect(at.at, used, "length of what is used")
    at.rest_zeros()
    (sequence,) = struct.unpack_from("<Q", raw, 8)
    return Frame(
        start=start,
        end=end,
        sequence=sequence,
        before=raw[16:48],
        chain=chain,
        kind=kind,
        time=time,
        lamport=lamport,
        frontier=frontier,
        states=states,
        total=total,
        covered=covered,
        operations=done,
    )


def read_sum(at: Cursor) -> Sum:
    return (at.u64(), int.from_bytes(at.take(HASH_SIZE), "little"))


def read_dot(at: Cursor) -> Dot:
    return (at.take(ID_SIZE), at.u64())


def read_operation(at: Cursor) -> Operation:
    action, key, dot = at.u8(), at.take(ROW_KEY), read_dot(at)
    parents = [read_dot(at) for _ in range(at.u8())]
    value = at.take(at.u32())
    if action not in (PUT, DELETE, TOMBSTONE) or (action != PUT and value):
        raise VaultError(f"{at.what} has an operation that version 1 does not know.")
    return Operation(action, key, dot, parents, value)


class Checkpoint:
    """A checkpoint of which frames, chain and footer have been verified, and its rows."""

    def __init__(self, file: SegmentFile):
        self.file = file
        self.head = file.head
        self._check_footer()
        limit = len(file.data) - FOOTER_SIZE
        frames, problems, _ = file.frames(limit, tail_may_tear=False)
        if problems:
            raise VaultError(problems[0])
        kinds = [frame.kind for frame in frames]
        if not kinds or kinds[-1] != END or any(kind != BATCH for kind in kinds[:-1]):
            raise VaultError(f"{file.what} does not close with one end frame.")
        if len(frames) != self.frame_count:
            raise VaultError(f"{file.what} has another number of frames than its footer says.")
        self.end = frames[-1]
        self.rows = self._rows(frames[:-1])
        self._check_end()

    def _check_footer(self) -> None:
        data, what = self.file.data, self.file.what
        body, raw = data[:-FOOTER_SIZE], data[-FOOTER_SIZE:]
        at = Cursor(raw, f"{what}, in its footer,")
        at.magic(b"CFDNTEND")
        length, self.frame_count = at.u64(), at.u64()
        at.zeros(8)
        digest = at.take(HASH_SIZE)
        at.zeros(32)
        if not same(mac(self.file.chain_key, raw[:FOOTER_MAC_AT]), raw[FOOTER_MAC_AT:]):
            raise VaultError(f"{what} has a damaged footer: its seal does not verify.")
        if length != len(body) or not same(sha256(body), digest):
            raise VaultError(f"{what} is damaged: its hash is wrong.")

    def _rows(self, frames: list[Frame]) -> dict[bytes, bytes]:
        rows, what = {}, self.file.what
        for frame in frames:
            if frame.frontier or frame.states or frame.total != (0, 0):
                raise VaultError(f"{what} has a frontier or states outside its end frame.")
            for done in frame.operations:
                plain_put = done.action == PUT and done.dot == (ZERO_ID, 0) and not done.parents
                if not plain_put or done.key in rows:
                    raise VaultError(f"{what} has a row that is not a plain, single put.")
                rows[done.key] = done.value
        return rows

    def _check_end(self) -> None:
        what, head, covered = self.file.what, self.head, self.end.covered
        if self.end.operations or covered.point != (head.sequence, head.chain):
            raise VaultError(f"{what} has an end frame that does not fit its head.")
        if covered.point[0] and self.end.frontier.get(head.device) != covered.point:
            raise VaultError(f"{what} covers another point than its frontier says.")


class Journal:
    """What counts of the segments of one device, in order."""

    def __init__(self, device: bytes):
        self.device = device
        self.segments: list[SegmentFile] = []
        self.frames: list[Frame] = []
        self.saves: list[Save] = []

    @property
    def last_sequence(self) -> int:
        return self.frames[-1].sequence if self.frames else 0

    def chain_after(self, sequence: int) -> bytes | None:
        """The chain value after that sequence; `None` where the journal does not say."""
        if self.segments and sequence == self.segments[0].head.sequence - 1:
            return self.segments[0].head.chain
        return next((f.chain for f in self.frames if f.sequence == sequence), None)

    def skips(self, sequence: int) -> bool:
        """Whether the number was skipped between two segments."""
        heads = {file.head.sequence for file in self.segments}
        after = next((f for f in self.frames if f.sequence > sequence), None)
        before = any(f.sequence < sequence for f in self.frames)
        return before and after is not None and after.sequence in heads


def read_journal(
    folder: Path, vault: Vault, root: bytes, lineage: bytes, problems: list[str], notes: list[str]
) -> Journal:
    journal = Journal(bytes.fromhex(folder.name))
    files = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("tmp."):
            continue
        try:
            file = SegmentFile(path, vault, root, JOURNAL)
        except NewerVersion:
            raise
        except VaultError as error:
            problems.append(str(error))
            continue
        if file.head.device != journal.device:
            problems.append(f"{file.what} lies in the folder of another device.")
        elif file.head.lineage != lineage:
            notes.append(f"{file.what} is of an abandoned lineage and is left out.")
        else:
            files[file.head.file_id] = file
    if not files:
        return journal
    for file in linked(files, problems):
        journal.segments.insert(0, file)
    for file in files.values():
        if file not in journal.segments:
            notes.append(f"{file.what} is on no link and is left out.")
    read_segments(journal, problems, notes)
    return journal


def linked(files: dict[bytes, SegmentFile], problems: list[str]) -> Iterator[SegmentFile]:
    """Newest first."""
    file = max(files.values(), key=lambda f: f.head.number)
    while True:
        yield file
        before = files.get(file.head.previous)
        if before is None:
            return
        if before.head.number >= file.head.number:
            problems.append(f"{file.what} names a previous segment that is not older.")
            return
        file = before


def read_segments(journal: Journal, problems: list[str], notes: list[str]) -> None:
    following = [*journal.segments[1:], None]
    for file, after in zip(journal.segments, following, strict=True):
        limit = len(file.data) if after is None else after.head.previous_length
        if limit > len(file.data) or limit < SEGMENT_HEAD:
            problems.append(f"{file.what} is shorter than its follower says.")
            limit = len(file.data)
        frames, broken, torn = file.frames(limit, tail_may_tear=after is None)
        problems += broken
        notes += torn
        if after is not None:
            check_join(file, frames, after, problems)
        journal.saves += saves_of(file, frames, problems)
        journal.frames += frames
    oldest = journal.segments[0].head
    if oldest.previous == ZERO_ID and oldest.chain != ZERO_HASH:
        problems.append(f"{journal.segments[0].what} is the first, but its chain is not new.")


def check_join(
    file: SegmentFile, frames: list[Frame], after: SegmentFile, problems: list[str]
) -> None:
    chain = frames[-1].chain if frames else file.head.chain
    last = frames[-1].sequence if frames else file.head.sequence - 1
    if after.head.chain != chain or after.head.sequence <= last:
        problems.append(f"{after.what} does not continue the segment before it.")


def saves_of(file: SegmentFile, frames: list[Frame], problems: list[str]) -> Iterator[Save]:
    """Whole saves only: parts without their batch frame, or a batch without a part, count not."""
    parts = []
    for frame in frames:
        if parts and frame.sequence != parts[-1].sequence + 1:
            problems.append(f"{file.what} has a save without its end; it is left out.")
            parts = []
        parts.append(frame)
        if frame.kind == END:
            problems.append(f"{file.what} has an end frame, which only a checkpoint may have.")
            parts = []
        elif frame.kind == BATCH:
            save, parts = Save(file.head.device, parts), []
            if check_dots(file, save, problems):
                yield save
    if parts:
        problems.append(f"{file.what} has a save without its end; it is left out.")


def check_dots(file: SegmentFile, save: Save, problems: list[str]) -> bool:
    first = save.frames[0].sequence
    dots = [operation.dot for operation in save.operations()]
    where = f"{file.what} has at frame {first} a save"
    if not dots:
        problems.append(f"{where} without operations.")
        return False
    if any(device != save.device for device, _ in dots):
        problems.append(f"{where} with the dot of another device; it is left out.")
        return False
    if {counter // FRAMES_PER_DOT for _, counter in dots} != {first}:
        problems.append(f"{where} that has lost a part; it is left out.")
        return False
    return True

"""Segments, frames, checkpoints and the journal's order (FORMAT.md: Segments … Checkpoints)."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from primitives import (
    HASH_SIZE,
    ID_SIZE,
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

SEGMENT_HEAD = 256
SEGMENT_MAC_AT = 224
JOURNAL, CHECKPOINT, CONTAINER = 1, 2, 3
SORTS = {JOURNAL: "journal segment", CHECKPOINT: "checkpoint", CONTAINER: "backup"}
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
NUMBER_MAX = 1 << 47
SEGMENT_NAME = re.compile(r"([0-9]{10,})-([0-9a-f]{32})")

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
    """One segment whose head has been verified; it is known by that, not by its name."""

    has_head = True

    def __init__(self, path: Path, vault: Vault, root: bytes, sort: int):
        self._load(path, vault, sort)
        self._open(root, sort)

    @classmethod
    def inside(
        cls, name: str, raw: bytes, start: int, vault: Vault, root: bytes, sort: int
    ) -> "SegmentFile":
        """One that begins in the midst of a file; its footer covers what is before it, too."""
        file = cls.__new__(cls)
        file._take(name, raw[start:], vault, sort, before=raw[:start])
        file._open(root, sort)
        return file

    def _open(self, root: bytes, sort: int) -> None:
        vault = self.vault
        head = self.head = parse_head(self.data[:SEGMENT_HEAD], self.what)
        self._take_keys(root, sort)
        wanted = mac(self.head_key, self.data[:SEGMENT_MAC_AT])
        if not same(wanted, self.data[SEGMENT_MAC_AT:SEGMENT_HEAD]):
            raise VaultError(f"{self.what} has a damaged head: its seal does not verify.")
        if head.version != VERSION or head.flags or head.reserved:
            raise VaultError(f"{self.what} has a damaged head: version 1 does not write it so.")
        if head.sort != sort or head.vault_id != vault.id:
            raise VaultError(f"{self.what} is of another sort or vault.")

    def _load(self, path: Path, vault: Vault, sort: int) -> None:
        self._take(path.name, path.read_bytes(), vault, sort)

    def _take(self, name: str, data: bytes, vault: Vault, sort: int, before: bytes = b"") -> None:
        self.name = name
        self.data = data
        self.before = before
        self.vault = vault
        self.what = f"The {SORTS[sort]} {name}"

    def _take_keys(self, root: bytes, sort: int) -> None:
        head, vault = self.head, self.vault
        context = struct.pack("<H", sort) + head.lineage + head.device + head.file_id
        base = vault.derive(root, "file", context)
        self.head_key = vault.derive(base, "file-head")
        self.seal_key = vault.derive(base, "file-seal")
        self.chain_key = vault.derive(base, "file-chain")

    @property
    def start(self) -> Point | None:
        """The point before the first frame; `None` where nothing tells it."""
        return (self.head.sequence - 1, self.head.chain) if self.head.sequence else None

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
            except VaultError as error:
                problems.append(str(error))
                at = self._next_frame(at + 1, limit)
                continue
            self._check_link(frames, frame, problems)
            if not frames or follows(frames[-1], frame):
                frames.append(frame)
            at = frame.end
        if tail_may_tear and frames and frames[-1].end == at:
            self._drop_unfinished(frames, notes)
        return frames, problems, notes

    def _drop_unfinished(self, frames: list[Frame], notes: list[str]) -> None:
        """Parts at the very end that no batch frame completes are of the torn tail."""
        if frames[-1].kind == PART:
            notes.append(f"{self.what} ends in parts of a save, which never counted.")
        while frames and frames[-1].kind == PART:
            frames.pop()

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
        """Whether what stands at the end was being written when the session ended."""
        if limit - at < FRAME_HEAD:
            return True
        runs_past = self._has_frame_head(at) and at + self._frame_length(at) > limit
        return runs_past and self._next_frame(at + 1, limit) == limit

    def _has_frame_head(self, at: int) -> bool:
        head = self.data[at : at + FRAME_HEAD]
        check = sha256(head[:FRAME_CHECK_AT])[:8]
        if head[:4] != FRAME_MAGIC or head[FRAME_CHECK_AT:] != check:
            return False
        return is_body_length(self._frame_length(at) - FRAME_HEAD - HASH_SIZE)

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
        if end > limit:
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


class HeadlessSegment(SegmentFile):
    """A journal segment with a damaged head: its name and its frames tell what the head did."""

    has_head = False

    def __init__(
        self,
        path: Path,
        vault: Vault,
        root: bytes,
        branch: "Branch",
        device: bytes,
        newest: int,
        heads: dict[bytes, SegmentHead],
    ):
        self._load(path, vault, JOURNAL)
        elsewhere = self._says_elsewhere(branch, device)
        named = SEGMENT_NAME.fullmatch(path.name)
        if not named:
            raise VaultError(f"{self.what} has a damaged head and a name that does not help.")
        of_copy = heads.get(bytes.fromhex(named[2]))
        if of_copy:
            self.head, self.has_head = of_copy, True
            self._take_keys(root, JOURNAL)
            return
        number = int(named[1])
        self.head = SegmentHead(
            version=VERSION,
            sort=JOURNAL,
            flags=0,
            vault_id=vault.id,
            lineage=branch.lineage,
            device=device,
            file_id=bytes.fromhex(named[2]),
            number=number if number <= NUMBER_MAX else newest + 1,
            sequence=0,
            previous=ZERO_ID,
            previous_length=0,
            chain=ZERO_HASH,
            header_revision=0,
            epoch_id=ZERO_ID,
            reserved=False,
        )
        self._take_keys(root, JOURNAL)
        frames, _, _ = self.frames(len(self.data), tail_may_tear=False)
        if frames:
            first = frames[0]
            self.head = replace(self.head, sequence=first.sequence, chain=first.before)
        elif elsewhere or number > min(newest + 1, NUMBER_MAX):
            raise VaultError(f"{self.what} proves its number by no frame and is left out.")

    def _says_elsewhere(self, branch: "Branch", device: bytes) -> bool:
        """Whether the head has the shape of one and names another vault, device, lineage or epoch."""
        try:
            head = parse_head(self.data[:SEGMENT_HEAD], self.what)
        except VaultError:
            return False
        shaped = head.version == VERSION and head.sort in SORTS
        here = (head.vault_id, head.device) == (self.vault.id, device) and branch.holds(head)
        return shaped and not (head.flags or head.reserved) and not here


@dataclass(frozen=True)
class Branch:
    """What a segment has to be of to count."""

    lineage: bytes
    # None while a forgetting is not finished: then what was written before it is what there is.
    epoch_id: bytes | None

    def holds(self, head: SegmentHead) -> bool:
        of_epoch = self.epoch_id is None or head.epoch_id == self.epoch_id
        return head.lineage == self.lineage and of_epoch


def is_body_length(size: int) -> bool:
    if size > BODY_STEP:
        return size % BODY_STEP == 0 and size <= BODY_MAX
    return size >= BODY_MIN and size & (size - 1) == 0


def follows(before: Frame, frame: Frame) -> bool:
    """Whether no other save stands in its place; frames between the two may be damaged."""
    if frame.sequence == before.sequence + 1:
        return frame.before == before.chain
    return frame.sequence > before.sequence


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
        raise VaultError(f"{what} is of a type that version 1 does not know.")
    frontier = {}
    devices = at.u16()
    for _ in range(devices):
        device = at.take(ID_SIZE)
        frontier[device] = (at.u64(), at.take(HASH_SIZE))
    if list(frontier) != sorted(frontier) or len(frontier) != devices:
        raise VaultError(f"{what} has a frontier out of order.")
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
    if kind == END and done:
        raise VaultError(f"{what} ends a checkpoint and has operations.")
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
    """A checkpoint, or the container of a backup, of which frames, chain and footer have been verified, and its rows."""

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
        body, raw = self.file.before + data[:-FOOTER_SIZE], data[-FOOTER_SIZE:]
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
        rows, what, last = {}, self.file.what, b""
        for frame in frames:
            if frame.frontier or frame.states or frame.total != (0, 0):
                raise VaultError(f"{what} has a frontier or states outside its end frame.")
            for done in frame.operations:
                plain_put = done.action == PUT and done.dot == (ZERO_ID, 0) and not done.parents
                if not plain_put or done.key <= last:
                    raise VaultError(f"{what} has a row that is no plain put, or not in its place.")
                last = done.key
                rows[done.key] = done.value
        return rows

    def _check_end(self) -> None:
        what, head, covered = self.file.what, self.head, self.end.covered
        if covered.point != (head.sequence, head.chain):
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
    def start(self) -> Point | None:
        """The point before its first frame."""
        return next((file.start for file in self.segments if file.start), None)

    def chain_after(self, sequence: int) -> bytes | None:
        """The chain value after that sequence; `None` where the journal does not say."""
        if self.start and sequence == self.start[0]:
            return self.start[1]
        return next((f.chain for f in self.frames if f.sequence == sequence), None)

    def skips(self, sequence: int) -> bool:
        """Whether the number was skipped between two segments."""
        starts = {file.start[0] for file in self.segments if file.start}
        after = next((f for f in self.frames if f.sequence > sequence), None)
        before = any(f.sequence < sequence for f in self.frames)
        return before and after is not None and after.sequence - 1 in starts


def read_journal(
    folder: Path,
    vault: Vault,
    root: bytes,
    branch: Branch,
    covered: list[Point],
    problems: list[str],
    notes: list[str],
) -> Journal:
    """`covered` is what each checkpoint covers of the device whose folder this is."""
    journal = Journal(bytes.fromhex(folder.name))
    files = segment_files(folder, journal.device, vault, root, branch, problems, notes)
    counted: list[int | None] = []
    for file, count in linked(files):
        journal.segments.insert(0, file)
        counted.insert(0, count)
    leave_out_dead_ends(journal.segments, counted, notes)
    for file in files:
        if file not in journal.segments:
            notes.append(f"{file.what} is on no link and is left out.")
    read_segments(journal, counted, covered, problems, notes)
    return journal


def segment_files(
    folder: Path,
    device: bytes,
    vault: Vault,
    root: bytes,
    branch: Branch,
    problems: list[str],
    notes: list[str],
) -> list[SegmentFile]:
    """Newest first; of the same number, a verified head before a name, which proves nothing."""
    files, headless = [], []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("tmp."):
            continue
        try:
            file = SegmentFile(path, vault, root, JOURNAL)
        except VaultError as error:
            if path.stat().st_size > SEGMENT_HEAD:
                problems.append(str(error))
                headless.append(path)
            else:
                notes.append(f"The journal segment {path.name} was being created, and is empty.")
            continue
        if file.head.device != device:
            problems.append(f"{file.what} lies in the folder of another device.")
        elif not branch.holds(file.head):
            notes.append(f"{file.what} is of an abandoned lineage or epoch and is left out.")
        else:
            files.append(file)
    newest = max((file.head.number for file in files), default=0)
    heads = {file.head.file_id: file.head for file in files}
    for path in headless:
        try:
            files.append(HeadlessSegment(path, vault, root, branch, device, newest, heads))
        except VaultError as error:
            problems.append(str(error))
    # Sorting keeps what it finds equal in the order it is in.
    return sorted(files, key=lambda file: file.head.number, reverse=True)


def linked(files: list[SegmentFile]) -> Iterator[tuple[SegmentFile, int | None]]:
    """Newest first, each with how many bytes a later one counts; `None` where none says."""
    file, counted = (files[0] if files else None), None
    while file is not None:
        file = copy_that_counts(file, files, counted)
        yield file, counted
        older = [each for each in files if each.head.number < file.head.number]
        file, counted = previous_of(file, older)


def copy_that_counts(
    file: SegmentFile, files: list[SegmentFile], counted: int | None
) -> SegmentFile:
    """Of the copies of a segment the one whose frames lead furthest."""
    copies = [each for each in files if each.head.file_id == file.head.file_id]
    if len(copies) == 1:
        return file

    def worth(copy: SegmentFile) -> tuple[int, int, bool]:
        reached, number = 0, 0
        for frame in frames_of(copy, counted):
            if frame.sequence > reached:
                reached, number = frame.sequence, number + 1
        named = f"{copy.head.number:010d}-{copy.head.file_id.hex()}"
        return reached, number, copy.name == named

    return max(copies, key=worth)


def frames_of(file: SegmentFile, counted: int | None) -> list[Frame]:
    """Whatever verifies of what counts."""
    length = len(file.data)
    return file.frames(length if counted is None else min(counted, length), tail_may_tear=False)[0]


def leave_out_dead_ends(
    segments: list[SegmentFile], counted: list[int | None], notes: list[str]
) -> None:
    """Where a head is damaged, its first frame tells how much of what was before it counts."""
    for at, file in enumerate(segments):
        first = None if file.has_head else next(iter(frames_of(file, None)), None)
        for before in range(at - 1, -1, -1) if first else ():
            older = segments[before]
            frames = frames_of(older, counted[before])
            # No session begins below the one before it: a name that puts it there lies.
            is_later = older.head.sequence <= first.sequence
            joint = find_joint(frames, first) if is_later else None
            if joint is not None:
                counted[before] = joint
                if frames[-1].end > joint:
                    notes.append(f"{older.what} has frames that nothing builds on, left out.")
            # Behind a file that proves nothing stands the one that was meant.
            if frames or older.has_head:
                break


def find_joint(frames: list[Frame], first: Frame) -> int | None:
    """Where what counts ends by the first frame of a later segment; `None` where all of it does."""
    for frame in frames:
        if frame.before == first.before and frame.sequence <= first.sequence:
            return frame.start
        if frame.chain == first.before and frame.sequence < first.sequence:
            return frame.end
    # These numbers were given again.
    return next((f.start for f in frames if f.sequence + 1 >= first.sequence), None)


def previous_of(
    file: SegmentFile, older: list[SegmentFile]
) -> tuple[SegmentFile | None, int | None]:
    """The segment before, and how many of its bytes count as `linked` tells it."""
    previous = file.head.previous
    if file.has_head and previous == ZERO_ID:
        return None, None
    for each in older if file.has_head else ():
        if each.head.file_id == previous:
            return each, file.head.previous_length
    # The link is lost, or leads to a file that is.
    return (older[0] if older else None), None


def read_segments(
    journal: Journal,
    counted: list[int | None],
    covered: list[Point],
    problems: list[str],
    notes: list[str],
) -> None:
    reached: Point | None = None
    for file, count in zip(journal.segments, counted, strict=True):
        if reached and file.start and not continues(reached, file.start, covered):
            problems.append(f"{file.what} does not continue the segment before it.")
        limit = len(file.data) if count is None else count
        if limit > len(file.data) or limit < SEGMENT_HEAD:
            problems.append(f"{file.what} is shorter than its follower says.")
            limit = len(file.data)
        frames, broken, torn = file.frames(limit, tail_may_tear=count is None)
        problems += broken
        notes += torn
        journal.saves += saves_of(file, frames, problems)
        journal.frames += frames
        reached = end_of(file, frames) or reached
    if journal.start and journal.start[0] == 0 and journal.start[1] != ZERO_HASH:
        problems.append(
            f"{journal.segments[0].what} is a device's first, but its chain is not new."
        )


def continues(reached: Point, start: Point, covered: list[Point]) -> bool:
    """Whether nothing is missing between the end of a segment and the start of the next one."""
    if start[0] < reached[0]:
        return False
    if start[1] in (reached[1], *(chain for _, chain in covered)):
        return True
    # What a checkpoint covers is known, also where the journal no longer holds it.
    return reached[0] < start[0] <= max((sequence for sequence, _ in covered), default=0)


def end_of(file: SegmentFile, frames: list[Frame]) -> Point | None:
    """The point after the last save, on which a later session can build."""
    ends = [(frame.sequence, frame.chain) for frame in frames if frame.kind != PART]
    return ends[-1] if ends else file.start


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

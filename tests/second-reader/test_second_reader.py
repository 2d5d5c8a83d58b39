"""The golden vaults, read by a second reader that was written from docs/FORMAT.md alone."""

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import nacl.bindings
import unicodedata2

import sync_files
from primitives import (
    NONCE_SIZE,
    Vault,
    VaultError,
    argon2id,
    mac,
    passphrase_bytes,
    sha256,
    spare_key_bytes,
)
from read_vault import DAMAGED, NOT_OPENED, READ
from segments import (
    BATCH,
    CHECKPOINT,
    FOOTER_SIZE,
    JOURNAL,
    PART,
    SEGMENT_HEAD,
    SegmentFile,
    is_body_length,
)
from vault import OpenVault, State, read_vault

HERE = Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors" / "v1"
NAMES = sorted(path.name for path in VECTORS.iterdir() if path.is_dir())
# How many bytes of a file are flipped, one at a time, and how close together at most.
FLIPS = 40
MIN_STEP = 5


class Golden:
    """One golden vault and what must be read out of it."""

    def __init__(self, name: str):
        self.name = name
        self.folder = VECTORS / name / "vault"
        self.device_folder = VECTORS / name / "device"
        self.told = json.loads((VECTORS / name / "golden.json").read_text("utf-8"))
        self.passphrase = passphrase_bytes(self.told["passphrase"])
        self.spare_key = spare_key_bytes(self.told["spare_key"])
        self.second = tuple(
            passphrase_bytes(each["second_passphrase"])
            for each in self.told["compartments"]
            if each["second_passphrase"]
        )

    def records(self, with_second: bool) -> dict[str, list]:
        """Expected records of each compartment; none of a locked one."""
        return {
            each["id"]: sorted(
                (r["kind"], r["record"], r["schema"], r["payload"].encode())
                for r in each["records"]
                if with_second or not each["second_passphrase"]
            )
            for each in self.told["compartments"]
        }


def records_of(read: OpenVault) -> dict[str, list]:
    return {
        each.id.hex(): sorted((r.kind, r.id.hex(), r.schema, r.payload) for r in each.records)
        for each in read.compartments
    }


class GoldenVaults(unittest.TestCase):
    """Whole vaults, read and compared."""

    def test_there_are_golden_vaults(self):
        self.assertLessEqual({"basic", "dropped"}, set(NAMES))

    def check(self, golden: Golden, read: OpenVault, with_second: bool):
        self.assertEqual(read.problems, [])
        self.assertEqual(records_of(read), golden.records(with_second))
        self.assertEqual(read.id.hex(), golden.told["vault"])
        self.assertEqual([each.hex() for each in read.forgotten], golden.told["forgotten"])
        self.assertIn(golden.told["device"], [device.hex() for device in read.last])
        told = {each["id"]: each for each in golden.told["compartments"]}
        for compartment in read.compartments:
            each = told[compartment.id.hex()]
            self.assertEqual(compartment.alias, each["alias"])
            self.assertEqual(compartment.second, each["second_passphrase"] is not None)
            self.assertEqual(compartment.locked, compartment.second and not with_second)
            if not compartment.locked:
                self.assertEqual(compartment.rows, sum(r.chunks for r in compartment.records))
            elif each["records"]:
                self.assertGreaterEqual(compartment.rows, len(each["records"]))

    def test_with_passphrase_and_second_passphrases(self):
        for name in NAMES:
            with self.subTest(name):
                golden = Golden(name)
                read = read_vault(
                    golden.folder,
                    passphrase=golden.passphrase,
                    second_passphrases=golden.second,
                    device_folder=golden.device_folder,
                )
                self.check(golden, read, with_second=True)

    def test_with_the_spare_key_and_locked_compartments(self):
        for name in NAMES:
            with self.subTest(name):
                golden = Golden(name)
                read = read_vault(
                    golden.folder, spare_key=golden.spare_key, device_folder=golden.device_folder
                )
                self.check(golden, read, with_second=False)

    def test_a_chunked_record_is_among_them(self):
        golden = Golden("basic")
        read = read_vault(golden.folder, spare_key=golden.spare_key)
        chunks = [record.chunks for each in read.compartments for record in each.records]
        self.assertGreater(max(chunks), 1)

    def test_a_torn_tail_and_an_open_lock_are_notes_only(self):
        golden = Golden("dropped")
        read = read_vault(golden.folder, spare_key=golden.spare_key)
        self.assertEqual(read.problems, [])
        self.assertTrue(any("torn frame" in note for note in read.notes))
        self.assertTrue(any("not locked" in note for note in read.notes))
        self.assertEqual(read.saves, 2)

    def test_of_the_folder_local_only_checkpoints_are_needed(self):
        golden = Golden("dropped")
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(golden.folder, Path(folder) / "vault"))
            shutil.rmtree(copy / "local")
            (copy / "local").mkdir()
            shutil.copytree(golden.folder / "local/checkpoints", copy / "local/checkpoints")
            read = read_vault(copy, spare_key=golden.spare_key)
        self.assertEqual(records_of(read), golden.records(with_second=False))


class Secrets(unittest.TestCase):
    """What counts as a passphrase and as a spare key."""

    def test_a_passphrase_is_normalised_but_not_trimmed(self):
        self.assertEqual(passphrase_bytes("a\u0308"), "ä".encode())
        self.assertEqual(passphrase_bytes(" A "), b" A ")
        self.assertEqual(unicodedata2.unidata_version, "18.0.0")

    def test_refused_passphrases(self):
        for text in ("", "a\x00", "a\nb", "\u0378", "x" * 1025):
            with self.subTest(text=text[:8]), self.assertRaises(VaultError):
                passphrase_bytes(text)

    def test_a_spare_key_with_a_wrong_word_is_refused(self):
        words = Golden("basic").told["spare_key"].split()
        swapped = [words[1], words[0], *words[2:]]
        for wrong in (words[:-1], swapped, [*words[:-1], "passphrase"]):
            with self.assertRaises(VaultError):
                spare_key_bytes(" ".join(wrong))

    def test_costs_out_of_bounds_are_refused(self):
        for costs in ((65_535, 3, 1), (2_097_153, 3, 1), (65_536, 2, 1), (65_536, 17, 1),
                      (65_536, 3, 0), (65_536, 3, 17), (2_097_152, 5, 1)):  # fmt: skip
            with self.subTest(costs), self.assertRaisesRegex(VaultError, "out of bounds"):
                argon2id(b"x", bytes(16), *costs)

    def test_lengths_of_bodies(self):
        right = (1_024, 2_048, 65_536, 131_072, 196_608, 16_777_216)
        wrong = (0, 512, 1_536, 65_537, 98_304, 16_777_216 + 65_536)
        self.assertTrue(all(map(is_body_length, right)))
        self.assertFalse(any(map(is_body_length, wrong)))


class Copied(unittest.TestCase):
    """A copy of a golden vault that a test may damage."""

    name = "dropped"

    def setUp(self):
        self.golden = Golden(self.name)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.place = Path(folder.name)
        self.folder = Path(shutil.copytree(self.golden.folder, self.place / "vault"))
        self.segments = sorted((self.folder / "sync/journal").glob("*/*"))
        self.checkpoints = sorted((self.folder / "local/checkpoints").iterdir())

    def read(self, **options) -> OpenVault:
        return read_vault(self.folder, spare_key=self.golden.spare_key, **options)

    def flip(self, path: Path, at: int):
        raw = bytearray(path.read_bytes())
        raw[at] ^= 1
        path.write_bytes(raw)

    def assert_problem(self, read: OpenVault, words: str):
        self.assertTrue(any(words in problem for problem in read.problems), read.problems)

    def assert_all_there(self, read: OpenVault):
        self.assertEqual(records_of(read), self.golden.records(with_second=False))

    def keys(self) -> tuple[Vault, bytes]:
        headers = sync_files.read_headers(self.folder / "sync", [])
        vault = Vault(headers[0].vault_id)
        return vault, sync_files.open_root(vault, headers, None, self.golden.spare_key)

    def segment(self, path: Path, sort: int = JOURNAL) -> SegmentFile:
        return SegmentFile(path, *self.keys(), sort)


class Damage(Copied):
    """Each damage is noticed, with what can be read still read."""

    def test_one_header_copy(self):
        for name in ("header.a", "header.b"):
            with self.subTest(name):
                self.flip(self.folder / "sync" / name, 300)
                read = self.read()
                self.assert_problem(read, f"The header copy {name} is damaged")
                self.assert_all_there(read)
                self.flip(self.folder / "sync" / name, 300)

    def test_both_header_copies(self):
        for name in ("header.a", "header.b"):
            self.flip(self.folder / "sync" / name, 300)
        with self.assertRaisesRegex(VaultError, "No copy of the header is intact"):
            self.read()

    def test_a_forged_header_copy(self):
        path = self.folder / "sync/header.b"
        raw = bytearray(path.read_bytes())
        raw[56] += 1
        path.write_bytes(raw[:-32] + sha256(bytes(raw[:-32])))
        read = self.read()
        self.assert_problem(read, "forged")
        self.assert_all_there(read)

    def test_a_newer_header_stops_everything(self):
        path = self.folder / "sync/header.b"
        raw = bytearray(path.read_bytes())
        raw[8] = 2
        path.write_bytes(raw[:-32] + sha256(bytes(raw[:-32])))
        with self.assertRaisesRegex(VaultError, "newer Confidant"):
            self.read()

    def test_a_copy_of_a_header_under_another_name_is_found(self):
        os.rename(self.folder / "sync/header.a", self.folder / "sync/header.a (conflict)")
        (self.folder / "sync/header.b").unlink()
        read = self.read()
        self.assertEqual(read.problems, [])
        self.assert_all_there(read)

    def test_epoch_copies(self):
        first, second = sorted((self.folder / "sync").glob("epoch.*"))
        self.flip(first, 60)
        read = self.read()
        self.assert_problem(read, "is damaged")
        self.assert_all_there(read)
        self.flip(second, 60)
        with self.assertRaisesRegex(VaultError, "No epoch file fits"):
            self.read()

    def test_the_keyring(self):
        self.flip(self.folder / "sync/keyring.7", 200)
        with self.assertRaisesRegex(VaultError, "keyring .* is missing or damaged"):
            self.read()

    def test_a_frame(self):
        first = self.segment(self.segments[-1]).frames(SEGMENT_HEAD + 1136, True)[0][0]
        self.flip(self.segments[-1], first.start + 200)
        read = self.read()
        self.assert_problem(read, "damaged frame at byte 256")
        self.assert_problem(read, "break in its chain")
        self.assert_problem(read, "is not complete")
        self.assertEqual(read.saves, 1)

    def test_a_dropped_frame(self):
        path = self.segments[-1]
        data = path.read_bytes()
        frames, _, _ = self.segment(path).frames(len(data), True)
        path.write_bytes(data[: frames[0].start] + data[frames[0].end :])
        read = self.read()
        self.assert_problem(read, "break in its chain before frame 6")
        self.assert_problem(read, "is not complete")

    def test_a_dropped_end_is_noticed_with_the_anchor(self):
        """What is cut off at the end looks like a vault of yesterday; the machine remembers."""
        known = self.anchor_sequence()
        for path in self.segments:
            data = path.read_bytes()
            frames, _, _ = self.segment(path).frames(len(data), True)
            keep = [frame.end for frame in frames if frame.sequence < known]
            path.write_bytes(data[: keep[-1]]) if keep else path.unlink()
        for path in self.checkpoints:
            if self.segment(path, CHECKPOINT).head.sequence >= known:
                path.unlink()
        self.assertEqual(self.read().problems, [])
        read = self.read(device_folder=self.golden.device_folder)
        self.assert_problem(read, f"Saves are missing: the anchor knows of save {known}")

    def anchor_sequence(self) -> int:
        vault, root = self.keys()
        raw = (self.golden.device_folder / f"vault.{vault.id.hex()}.anchor").read_bytes()
        plain = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            raw[56:], vault.place("anchor", raw[:32]), raw[32:56], vault.derive(root, "anchor")
        )
        return struct.unpack_from("<Q", plain, 72)[0]

    def test_a_missing_segment_in_the_middle(self):
        self.segments[0].unlink()
        self.checkpoints[-1].unlink()
        self.assert_problem(self.read(), "Saves are missing between checkpoint and journal")

    def test_a_segment_shorter_than_its_follower_says(self):
        self.segments[0].write_bytes(self.segments[0].read_bytes()[:-1136])
        read = self.read()
        self.assert_problem(read, "is shorter than its follower says")
        self.assert_problem(read, "does not continue")

    def test_a_checkpoint(self):
        for at in (0, 8, 90, 300, 70_000, -FOOTER_SIZE, -100, -1):
            with self.subTest(at=at):
                self.flip(self.checkpoints[-1], at)
                read = self.read()
                self.assert_problem(read, "It is not used.")
                self.assertEqual(read.saves, 4)
                self.assert_all_there(read)
                self.flip(self.checkpoints[-1], at)

    def test_a_footer_with_another_hash(self):
        path = self.checkpoints[-1]
        file = self.segment(path, CHECKPOINT)
        footer = bytearray(file.data[-FOOTER_SIZE:-32])
        footer[40] ^= 1
        sealed = bytes(footer) + mac(file.chain_key, bytes(footer))
        path.write_bytes(file.data[:-FOOTER_SIZE] + sealed)
        read = self.read()
        self.assert_problem(read, "its hash is wrong. It is not used.")
        self.assert_all_there(read)

    def test_a_frame_that_only_the_older_checkpoint_needs(self):
        self.flip(self.segments[0], SEGMENT_HEAD + 200)
        read = self.read()
        self.assert_problem(read, "do not lead to the same rows")
        self.assert_all_there(read)

    def test_both_checkpoints(self):
        for path in self.checkpoints:
            self.flip(path, 5_000)
        read = self.read()
        self.assert_problem(read, "Saves are missing between checkpoint and journal")
        self.assert_problem(read, "is not complete")

    def test_a_checkpoint_cut_short(self):
        self.checkpoints[-1].write_bytes(self.checkpoints[-1].read_bytes()[:100])
        self.assert_problem(self.read(), "is cut short")

    def test_every_kind_of_file_with_bytes_flipped(self):
        """Nothing ends in a traceback, and no byte in use changes without being noticed."""
        tried = 0
        for path in sorted(p for p in self.folder.rglob("*") if p.is_file()):
            # The keyring before the one in force and the lock are not read for their content.
            if path.name in ("keyring.6", "vault.lock"):
                continue
            raw = path.read_bytes()
            for at in range(0, self.end_of_use(path), max(MIN_STEP, len(raw) // FLIPS)):
                tried += 1
                self.flip(path, at)
                try:
                    read = self.read()
                    hint = path.name == "CURRENT" and any("CURRENT" in n for n in read.notes)
                    self.assertTrue(read.problems or hint, f"{path.name} at {at}")
                except VaultError as error:
                    self.assertNotIn("\n", str(error))
                path.write_bytes(raw)
        self.assertGreater(tried, 9 * FLIPS // 4)

    def end_of_use(self, path: Path) -> int:
        """A torn frame at the end of the journal is not in use."""
        if path != self.segments[-1]:
            return path.stat().st_size
        return self.segment(path).frames(path.stat().st_size, True)[0][-1].end


class Written(Copied):
    """A golden vault to which saves are added, written here by the page."""

    name = "basic"

    def setUp(self):
        super().setUp()
        self.vault, self.root = vault, root = self.keys()
        headers = sync_files.read_headers(self.folder / "sync", [])
        secret = sync_files.read_epoch(self.folder / "sync", vault, headers[0], [], [])
        ring = sync_files.read_keyring(self.folder / "sync", vault, headers[0], root, secret)
        self.entry = next(each for each in ring.entries if not each.second)
        self.file = self.segment(self.segments[-1])
        self.frames, problems, _ = self.file.frames(len(self.file.data), True)
        self.assertEqual(problems, [])
        checkpoint = self.segment(self.checkpoints[-1], CHECKPOINT)
        rows, _, _ = checkpoint.frames(len(checkpoint.data) - FOOTER_SIZE, False)
        self.state = State(vault.derive(root, "sum"))
        for frame in rows[:-1]:
            for operation in frame.operations:
                self.state.put(operation.key, operation.value)
        self.last = self.frames[-1]
        self.first = self.last.sequence + 1

    def row(
        self,
        number: int,
        *,
        named: int | None = None,
        digest: bytes | None = None,
        written: int | None = None,
        chunks: int = 1,
    ) -> tuple[bytes, bytes, tuple[bytes, int]]:
        """Key, value and dot of a small new row, with something wrong in it on demand."""
        vault, entry = self.vault, self.entry
        record, payload = number.to_bytes(16, "big"), f'{{"n":{number}}}'.encode()
        dot = (self.file.head.device, self.first * 65_536 + number)
        name = record if named is None else named.to_bytes(16, "big")
        name = struct.pack("<H", 100) + name + bytes(4)
        route = mac(vault.derive(self.root, "route"), entry.compartment)[:16]
        key = route + mac(vault.derive(self.root, "name"), name)[:16]
        plain = struct.pack("<HH", 1, 100) + record + struct.pack("<II", 0, chunks) + dot[0]
        plain += struct.pack("<Q", dot[1] if written is None else written)
        plain += struct.pack("<QI", len(payload), len(payload))
        plain += (sha256(payload) if digest is None else digest) + payload
        plain = plain.ljust(512 - 32 - 16, b"\x00")
        head, nonce = struct.pack("<II", 1, entry.generation), os.urandom(NONCE_SIZE)
        context = entry.compartment + struct.pack("<I", entry.generation)
        row_key = vault.derive(entry.open_plain(vault), "row", context)
        place = vault.place("row", entry.compartment + key + head)
        return key, head + nonce + seal(row_key, nonce, place, plain), dot

    def append(self, kind: int, *rows: tuple[bytes, bytes, tuple[bytes, int]], skip: bool = False):
        """One frame after the last one; a skipped one is sealed, chained, and not kept."""
        sums = sorted(self.state.sums.items())
        body = struct.pack("<qQ", 0, self.last.lamport + 1)
        body += struct.pack("<H", 1) + self.file.head.device
        body += struct.pack("<Q", self.last.sequence) + self.last.chain
        body += struct.pack("<H", len(sums)) + b"".join(r + packed(s) for r, s in sums)
        body += packed(self.state.total)
        for key, value, dot in rows:
            body += b"\x01" + key + dot[0] + struct.pack("<QBI", dot[1], 0, len(value)) + value
        body = struct.pack("<HHII", 1, kind, len(rows), len(body) + 12) + body
        size = 1_024
        while size < len(body) + 16:
            size *= 2
        sequence, nonce = self.last.sequence + 1, os.urandom(NONCE_SIZE)
        head = b"CFRM" + struct.pack("<IQ", size, sequence) + self.last.chain + nonce
        head += sha256(head)[:8]
        place = self.vault.place("frame", head)
        raw = head + seal(self.file.seal_key, nonce, place, body.ljust(size - 16, b"\x00"))
        data = raw + mac(self.file.chain_key, raw)
        path = self.segments[-1]
        start = path.stat().st_size
        path.write_bytes(path.read_bytes() + data)
        self.last = self.segment(path).frames(start + len(data), True)[0][-1]
        if skip:
            path.write_bytes(path.read_bytes()[:start])

    def added(self, read: OpenVault) -> int:
        now = sum(len(each.records) for each in read.compartments)
        return now - sum(len(each) for each in self.golden.records(with_second=False).values())


class Rows(Written):
    """Rows that are sealed well and yet wrong."""

    def read_with(self, *rows: tuple[bytes, bytes, tuple[bytes, int]]) -> OpenVault:
        for key, value, _ in rows:
            self.state.put(key, value)
        self.append(BATCH, *rows)
        return self.read()

    def test_a_good_row(self):
        read = self.read_with(self.row(0))
        self.assertEqual((read.problems, self.added(read)), ([], 1))

    def test_a_row_under_the_name_of_another(self):
        read = self.read_with(self.row(0, named=1))
        self.assert_problem(read, "under the name of another row")
        self.assertEqual(self.added(read), 0)

    def test_a_record_with_a_wrong_hash(self):
        read = self.read_with(self.row(0, digest=bytes(32)))
        self.assert_problem(read, "does not have the length or the hash")
        self.assertEqual(self.added(read), 0)

    def test_a_record_that_has_lost_a_chunk(self):
        read = self.read_with(self.row(0, chunks=2))
        self.assert_problem(read, "has lost a chunk")
        self.assertEqual(self.added(read), 0)

    def test_a_row_that_names_another_write(self):
        self.assert_problem(self.read_with(self.row(0, written=7)), "names another write")

    def test_a_row_of_another_compartment(self):
        key, value, dot = self.row(0)
        read = self.read_with((bytes(16) + key[16:], value, dot))
        self.assert_problem(read, "a compartment that the keyring does not name")

    def test_a_row_that_is_not_counted(self):
        self.append(BATCH, self.row(0))
        self.assert_problem(self.read(), "is not complete")


class Parts(Written):
    """Saves of several frames, which the golden vaults do not have."""

    def write(self, lost: int | None = None):
        """A save of two parts and a batch frame, one of them lost on demand."""
        rows = [self.row(number) for number in range(3)]
        self.append(PART, rows[0], skip=lost == 0)
        self.append(PART, rows[1], skip=lost == 1)
        for key, value, _ in rows:
            self.state.put(key, value)
        self.append(BATCH, rows[2], skip=lost == 2)

    def test_a_whole_save_counts(self):
        self.write()
        read = self.read()
        self.assertEqual(read.problems, [])
        self.assertEqual((self.added(read), read.saves), (3, 1))

    def test_a_save_that_lost_its_end_counts_for_nothing(self):
        self.write(lost=2)
        read = self.read()
        self.assert_problem(read, "save without its end")
        self.assertEqual(self.added(read), 0)

    def test_a_save_that_lost_its_first_part_counts_for_nothing(self):
        self.write(lost=0)
        read = self.read()
        self.assert_problem(read, "has lost a part")
        self.assertEqual(self.added(read), 0)

    def test_a_save_that_lost_a_middle_part_counts_for_nothing(self):
        self.write(lost=1)
        read = self.read()
        self.assert_problem(read, "break in its chain")
        self.assertEqual(self.added(read), 0)


class Commitments(Written):
    """A key that opens, but is not the one committed to, is refused."""

    def test_of_a_compartment_key(self):
        entry = replace(self.entry, commitment=bytes(32))
        with self.assertRaisesRegex(VaultError, "does not fit its commitment"):
            entry.open_plain(self.vault)

    def test_of_the_root_key(self):
        header = sync_files.read_headers(self.folder / "sync", [])[0]
        slot = next(each for each in header.slots if each.sort == sync_files.SLOT_SPARE_KEY)
        raw = slot.raw[:120] + bytes(32) + slot.raw[152:]
        place = self.vault.place("slot", struct.pack("<H", 1) + raw[:72] + raw[120:])
        key = self.vault.derive(self.golden.spare_key, "spare-key", slot.id + slot.salt)
        wrapped = seal(key, slot.nonce, place, self.root)
        forged = replace(slot, raw=raw, commitment=bytes(32), wrapped=wrapped)
        with self.assertRaisesRegex(VaultError, "does not fit its commitment"):
            forged.open(self.vault, self.golden.spare_key, "spare-key")

    def test_of_the_keyring_key(self):
        sync = self.folder / "sync"
        header = sync_files.read_headers(sync, [])[0]
        secret = sync_files.read_epoch(sync, self.vault, header, [], [])
        raw = bytearray((sync / "keyring.7").read_bytes())
        raw[104] ^= 1
        forged = bytes(raw[:-32]) + sha256(bytes(raw[:-32]))
        with self.assertRaisesRegex(VaultError, "does not fit its commitment"):
            sync_files.parse_keyring(forged, self.vault, header, self.root, secret)


class CommandLine(Copied):
    """The program as it is called."""

    name = "basic"

    def call(self, *arguments: str, **secrets: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-B", str(HERE / "read_vault.py"), str(self.folder), *arguments]
        for name, text in secrets.items():
            path = self.place / name
            path.write_text(text + "\n", "utf-8")
            command += [f"--{name.replace('_', '-')}-file", str(path)]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment)
        self.assertNotIn("Traceback", done.stderr)
        return done

    def test_json(self):
        told = self.golden.told
        second = next(filter(None, (c["second_passphrase"] for c in told["compartments"])))
        done = self.call("--json", passphrase=told["passphrase"], second_passphrase=second)
        self.assertEqual((done.returncode, done.stderr), (READ, ""))
        printed = json.loads(done.stdout)
        shown = {
            c["id"]: sorted(
                (r["kind"], r["record"], r["schema"], r["payload"].encode()) for r in c["records"]
            )
            for c in printed["compartments"]
        }
        self.assertEqual(shown, self.golden.records(with_second=True))

    def test_text_with_the_spare_key(self):
        done = self.call(spare_key=self.golden.told["spare_key"])
        self.assertEqual((done.returncode, done.stderr), (READ, ""))
        self.assertIn("Written again.", done.stdout)
        self.assertIn("2 rows, locked", done.stdout)
        self.assertNotIn("\u202e", done.stdout)

    def test_wrong_secrets(self):
        words = self.golden.told["spare_key"]
        other = "abandon " * 23 + "art"
        for secrets, sentence in (
            ({"passphrase": "something else"}, "The passphrase is wrong"),
            ({"spare_key": other}, "The spare key is wrong"),
            ({"spare_key": words[:-1]}, "A word of the spare key"),
            ({"spare_key": words, "second_passphrase": "x"}, "The second passphrase is wrong"),
        ):
            with self.subTest(sentence):
                done = self.call(**secrets)
                self.assertEqual(done.returncode, NOT_OPENED)
                self.assertTrue(done.stderr.startswith(sentence), done.stderr)
                self.assertEqual((done.stderr.count("\n"), done.stdout), (1, ""))

    def test_damage_is_told_and_the_rest_printed(self):
        self.flip(self.segments[0], 300)
        done = self.call(spare_key=self.golden.told["spare_key"])
        self.assertEqual(done.returncode, DAMAGED)
        self.assertIn("Problem: The journal segment", done.stderr)
        self.assertIn("Written again.", done.stdout)

    def test_not_a_vault(self):
        shutil.rmtree(self.folder / "sync")
        done = self.call(spare_key=self.golden.told["spare_key"])
        self.assertEqual(done.returncode, NOT_OPENED)
        self.assertIn("This is not a vault", done.stderr)


def seal(key: bytes, nonce: bytes, place: bytes, plain: bytes) -> bytes:
    return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, place, nonce, key)


def packed(number: tuple[int, int]) -> bytes:
    return struct.pack("<Q", number[0]) + number[1].to_bytes(32, "little")


if __name__ == "__main__":
    unittest.main()

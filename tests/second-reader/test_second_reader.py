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
from types import SimpleNamespace
from unittest import mock

import nacl.bindings
import unicodedata2
from argon2.exceptions import HashingError
from argon2.low_level import hash_secret_raw

import sync_files
from backup import PREFACE_HASH_AT, read_backup
from primitives import (
    NONCE_SIZE,
    NewerVersion,
    Vault,
    VaultError,
    argon2id,
    mac,
    passphrase_bytes,
    sha256,
    spare_key_bytes,
    unseal,
)
from read_vault import DAMAGED, NOT_OPENED, READ
from segments import (
    BATCH,
    CHECKPOINT,
    FOOTER_MAC_AT,
    FOOTER_SIZE,
    FRAME_HEAD,
    JOURNAL,
    NUMBER_MAX,
    PART,
    SEGMENT_HEAD,
    SEGMENT_MAC_AT,
    SegmentFile,
    continues,
    find_joint,
    is_body_length,
)
from sync_files import HEADER_MAC_AT, PENDING_FORGETTING, PENDING_KEYS, SLOT_SIZE
from vault import OpenVault, State, check_frontiers, read_vault
from vault import pair_in_use as pair_of

HERE = Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors" / "v1"
NAMES = sorted(path.name for path in VECTORS.iterdir() if path.is_dir())
# How many bytes of a file are flipped, one at a time, and how close together at most.
FLIPS = 40
MIN_STEP = 5
# Codes and places of what tests change in the head of a segment.
HEAD_FIELDS = {
    "version": ("H", 8),
    "flags": ("I", 12),
    "number": ("Q", 80),
    "sequence": ("Q", 88),
    "previous": ("16s", 96),
    "previous_length": ("Q", 112),
    "chain": ("32s", 120),
    "epoch": ("16s", 160),
}


class Golden:
    """One golden vault and what must be read out of it."""

    def __init__(self, name: str):
        self.name = name
        self.folder = VECTORS / name / "vault"
        self.device_folder = VECTORS / name / "device"
        self._take(json.loads((VECTORS / name / "golden.json").read_text("utf-8")))

    def _take(self, told: dict):
        self.told = told
        self.passphrase = passphrase_bytes(self.told["passphrase"])
        self.spare_key = spare_key_bytes(self.told["spare_key"])
        self.second = tuple(
            passphrase_bytes(each["second_passphrase"])
            for each in self.told["compartments"]
            if each["second_passphrase"]
        )

    @classmethod
    def backup(cls) -> "Golden":
        golden = cls.__new__(cls)
        golden.name = "backup"
        golden.path = VECTORS / "backup.cfdbackup"
        golden._take(json.loads((VECTORS / "backup.json").read_text("utf-8")))
        return golden

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
        self.assertLessEqual({"basic", "dropped", "rekeyed", "second", "travelled"}, set(NAMES))

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


class GoldenBackup(unittest.TestCase):
    """A whole backup, read and compared, and refused with anything wrong in it."""

    def setUp(self):
        self.golden = Golden.backup()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "copy.cfdbackup"
        self.raw = self.golden.path.read_bytes()

    def read(self, raw: bytes) -> OpenVault:
        self.path.write_bytes(raw)
        return read_backup(self.path, spare_key=self.golden.spare_key)

    def check(self, read: OpenVault, with_second: bool):
        told = self.golden.told
        self.assertEqual(read.problems, [])
        self.assertEqual(records_of(read), self.golden.records(with_second))
        self.assertEqual(read.id.hex(), told["vault"])
        self.assertEqual([each.hex() for each in read.forgotten], told["forgotten"])
        self.assertEqual(read.header.device.hex(), told["device"])

    def test_with_passphrase_and_second_passphrases(self):
        golden = self.golden
        read = read_backup(
            golden.path, passphrase=golden.passphrase, second_passphrases=golden.second
        )
        self.check(read, with_second=True)

    def test_with_the_spare_key_and_a_locked_compartment(self):
        self.check(self.read(self.raw), with_second=False)

    def test_wrong_secrets(self):
        with self.assertRaisesRegex(VaultError, "The spare key is wrong"):
            read_backup(self.golden.path, spare_key=bytes(32))

    def test_flipped_bytes(self):
        ends = [*range(0, 256, 7), *range(256, 4352, 97), *range(4352, 8800, 97)]
        for at in [*ends, *range(8800, len(self.raw), len(self.raw) // 40), len(self.raw) - 1]:
            broken = bytearray(self.raw)
            broken[at] ^= 1
            with self.subTest(at), self.assertRaises(VaultError):
                self.read(bytes(broken))

    def test_cut_short_or_with_more_behind(self):
        for length in [0, 1, 255, 256, 4352, len(self.raw) // 2, len(self.raw) - 1]:
            with self.subTest(length), self.assertRaises(VaultError):
                self.read(self.raw[:length])
        with self.assertRaises(VaultError):
            self.read(self.raw + b"\0")

    def test_a_mended_preface_is_forged_all_the_same(self):
        for at in (20, 50, 100, 110, 160):
            broken = bytearray(self.raw[:PREFACE_HASH_AT])
            broken[at] ^= 1
            front = bytes(broken) + sha256(bytes(broken))
            with self.subTest(at), self.assertRaises(VaultError):
                self.read(front + self.raw[256:])

    def test_a_newer_one_says_so(self):
        front = changed(self.raw[:PREFACE_HASH_AT], 8, "<H", 2)
        with self.assertRaisesRegex(NewerVersion, "newer Confidant"):
            self.read(front + sha256(front) + self.raw[256:])

    def test_a_version_below_the_first_is_damage(self):
        front = changed(self.raw[:PREFACE_HASH_AT], 8, "<H", 0)
        with self.assertRaisesRegex(VaultError, "has a wrong version"):
            self.read(front + sha256(front) + self.raw[256:])

    def test_as_the_program_is_called(self):
        words = self.path.with_name("words")
        words.write_text(self.golden.told["spare_key"] + "\n", "utf-8")
        command = [sys.executable, "-B", str(HERE / "read_vault.py"), str(self.golden.path)]
        done = subprocess.run(
            [*command, "--spare-key-file", str(words)], capture_output=True, encoding="utf-8"
        )
        self.assertEqual((done.returncode, done.stderr), (READ, ""))
        self.assertIn("Written again.", done.stdout)


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

    def test_a_passphrase_is_looked_at_as_typed(self):
        """No character vanishes in Unicode 18, so one is made to."""
        with mock.patch("primitives.unicodedata2.normalize", return_value="a"):
            self.assertEqual(passphrase_bytes("a"), b"a")
            with self.assertRaisesRegex(VaultError, "control character"):
                passphrase_bytes("a\x00")

    def test_a_passphrase_is_measured_after_normalisation(self):
        self.assertEqual(len(passphrase_bytes("e\u0301" * 512)), 1024)

    def test_a_spare_key_may_stand_in_upper_case(self):
        words, key = Golden("basic").told["spare_key"], Golden("basic").spare_key
        self.assertEqual(spare_key_bytes(words.upper()), key)
        self.assertEqual(spare_key_bytes("\n\t".join(words.title().split())), key)

    def test_only_the_case_of_ascii_is_disregarded(self):
        """The Kelvin sign, whose lower case is k."""
        words = "abandon " * 23 + "kidney"
        for text, sentence in (
            (words, "wrong or misplaced"),
            (words.replace("k", "\u212a"), "list"),
        ):
            with self.subTest(text[-6:]), self.assertRaisesRegex(VaultError, sentence):
                spare_key_bytes(text)

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

    def assert_note(self, read: OpenVault, words: str):
        self.assertTrue(any(words in note for note in read.notes), read.notes)

    def assert_all_there(self, read: OpenVault):
        self.assertEqual(records_of(read), self.golden.records(with_second=False))

    def keys(self) -> tuple[Vault, bytes]:
        headers = sync_files.read_headers(self.folder / "sync", [])
        return sync_files.open_root(headers, None, self.golden.spare_key)

    def segment(self, path: Path, sort: int = JOURNAL) -> SegmentFile:
        return SegmentFile(path, *self.keys(), sort)

    def change_head(self, path: Path, **fields: int | bytes):
        """Another head of a segment, sealed as it should be."""
        file = self.segment(path)
        raw = bytearray(file.data)
        for name, value in fields.items():
            code, at = HEAD_FIELDS[name]
            struct.pack_into("<" + code, raw, at, value)
        raw[SEGMENT_MAC_AT:SEGMENT_HEAD] = mac(file.head_key, bytes(raw[:SEGMENT_MAC_AT]))
        path.write_bytes(raw)

    def write_header(self, name: str, raw: bytes, genuine: bool = True):
        """A copy of the header with a right hash, and the right seal if it is to be genuine."""
        vault, root = self.keys()
        body = bytes(raw[:HEADER_MAC_AT])
        body += mac(vault.derive(root, "header"), body) if genuine else bytes(32)
        (self.folder / "sync" / name).write_bytes(body + sha256(body))

    def set_pending(self, pending: int):
        raw = (self.folder / "sync/header.a").read_bytes()
        for name in ("header.a", "header.b"):
            self.write_header(name, changed(raw, 248, "<B", pending))

    def rewrite_checkpoint(self, path: Path, frame: int, change):
        """The plain body of one of its frames changed, and all of it sealed again."""
        file = self.segment(path, CHECKPOINT)
        frames, _, _ = file.frames(len(file.data) - FOOTER_SIZE, False)
        data, chain = file.data[:SEGMENT_HEAD], file.head.chain
        for at, each in enumerate(frames):
            raw = file.data[each.start : each.end - 32]
            place = self.keys()[0].place("frame", raw[:FRAME_HEAD])
            plain = unseal(file.seal_key, raw[48:72], place, raw[FRAME_HEAD:])
            if at == frame % len(frames):
                plain = change(plain)
            head = raw[:16] + chain + os.urandom(NONCE_SIZE)
            head += sha256(head)[:8]
            place = self.keys()[0].place("frame", head)
            raw = head + seal(file.seal_key, head[48:72], place, plain)
            chain = mac(file.chain_key, raw)
            data += raw + chain
        footer = b"CFDNTEND" + struct.pack("<QQ", len(data), len(frames)) + bytes(8)
        footer += sha256(data) + bytes(32)
        self.assertEqual(len(footer), FOOTER_MAC_AT)
        path.write_bytes(data + footer + mac(file.chain_key, footer))


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

    def test_a_folder_full_of_headers_does_not_cost_hours(self):
        raw = (self.folder / "sync/header.a").read_bytes()
        at = 256 + SLOT_SIZE * next(
            at
            for at in range(raw[249])
            if raw[256 + SLOT_SIZE * at] == sync_files.SLOT_PASSPHRASE
        )
        for copy in range(6):
            # Another salt: so no copy's stretching serves for another one.
            self.write_header(f"header.{copy}", changed(raw, at + 32, "<B", raw[at + 32] ^ copy + 1))
        headers = sync_files.read_headers(self.folder / "sync", [])
        tried = []

        def stretch(*how):
            tried.append(how)
            return bytes(32)

        with mock.patch.object(sync_files, "argon2id", stretch):
            with self.assertRaisesRegex(VaultError, "opens no slot"):
                sync_files.open_root(headers, b"wrong", None)
        self.assertEqual(len(tried), 4)

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
        self.assert_all_there(read)

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

    def test_a_checkpoint_that_is_sealed_again_as_it_was(self):
        self.rewrite_checkpoint(self.checkpoints[-1], 0, lambda plain: plain)
        self.assertEqual(self.read().problems, [])

    def test_a_checkpoint_whose_rows_are_not_in_order(self):
        def swap(plain: bytes) -> bytes:
            ends = [72]
            while len(ends) < 3:
                (size,) = struct.unpack_from("<I", plain, ends[-1] + 58)
                ends.append(ends[-1] + 62 + size)
            first, second = plain[ends[0] : ends[1]], plain[ends[1] : ends[2]]
            return plain[: ends[0]] + second + first + plain[ends[2] :]

        self.rewrite_checkpoint(self.checkpoints[-1], 0, swap)
        read = self.read()
        self.assert_problem(read, "not in its place")
        self.assert_all_there(read)

    def test_an_end_frame_that_has_a_row(self):
        def add(plain: bytes) -> bytes:
            (used,) = struct.unpack_from("<I", plain, 8)
            more = b"\x01" + bytes(32 + 24 + 1 + 4)
            whole = changed(plain, 4, "<II", 1, used + len(more))
            return whole[:used] + more + whole[used + len(more) :]

        self.rewrite_checkpoint(self.checkpoints[-1], -1, add)
        read = self.read()
        self.assert_problem(read, "has operations")
        self.assert_all_there(read)

    def test_a_checkpoint_of_another_epoch_is_none(self):
        self.change_checkpoint_epoch(self.checkpoints[-1])
        read = self.read()
        self.assertEqual(read.problems, [])
        self.assert_note(read, "of an abandoned lineage or epoch")
        self.assert_all_there(read)

    def test_while_a_forgetting_is_unfinished_those_of_before_count(self):
        self.change_checkpoint_epoch(self.checkpoints[-1])
        self.set_pending(PENDING_FORGETTING)
        read = self.read()
        self.assertEqual(read.problems, [])
        self.assertFalse(any("abandoned" in note for note in read.notes), read.notes)

    def change_checkpoint_epoch(self, path: Path):
        file = self.segment(path, CHECKPOINT)
        head = changed(file.data[:SEGMENT_MAC_AT], 160, "<16s", bytes(16))
        path.write_bytes(head + mac(file.head_key, head) + file.data[SEGMENT_HEAD:])
        self.rewrite_checkpoint(path, 0, lambda plain: plain)

    def test_an_anchor_of_another_epoch_of_the_same_number(self):
        header = sync_files.read_headers(self.folder / "sync", [])[0]
        plain, folder = self.reseal_anchor(56, "<16s", bytes(16))
        self.assertEqual(read_u64(plain, 48), header.epoch_number)
        read = self.read(device_folder=folder)
        self.assert_problem(read, "knows another epoch of this number")

    def test_an_anchor_that_has_seen_saves_of_others(self):
        plain, _ = self.reseal_anchor(152, "<Q", 0)
        lamport = read_u64(plain, 152)
        segments = map(self.segment, self.segments)
        frames = [file.frames(len(file.data), True)[0] for file in segments]
        newest = max(frame.lamport for of_segment in frames for frame in of_segment)
        self.assertLessEqual(lamport, newest)
        for known, problems in ((lamport, 0), (newest, 0), (newest + 1, 1)):
            _, folder = self.reseal_anchor(152, "<Q", known)
            read = self.read(device_folder=folder)
            told = [each for each in read.problems if "rolled back" in each]
            self.assertEqual(len(told), problems, known)

    def test_a_save_that_knew_of_saves_of_another_device_that_are_missing(self):
        one, two = bytes([1]) * 16, bytes([2]) * 16
        chains = [bytes(32), bytes([3]) * 32, bytes([4]) * 32]

        def save(device: bytes, sequence: int, frontier: dict) -> SimpleNamespace:
            last = SimpleNamespace(sequence=sequence, chain=chains[sequence], frontier=frontier)
            return SimpleNamespace(device=device, last=last)

        first = save(one, 1, {})
        for frontier, saves, missing in (
            ({}, [first, save(two, 1, {one: (1, chains[1])})], 0),
            ({one: (1, chains[1])}, [save(two, 1, {one: (1, chains[1])})], 0),
            ({}, [save(two, 1, {one: (0, chains[0])})], 0),
            # A number that was only skipped.
            ({}, [first, save(two, 1, {one: (2, chains[1])})], 0),
            ({}, [save(two, 1, {one: (1, chains[1])})], 1),
            ({}, [first, save(two, 1, {one: (2, chains[2])})], 1),
            ({}, [first, save(two, 1, {one: (1, chains[2])})], 1),
        ):
            problems = []
            check_frontiers(frontier, saves, problems)
            self.assertEqual(len(problems), missing, (frontier, saves))

    def reseal_anchor(self, at: int, form: str, value: bytes | int) -> tuple[bytes, Path]:
        """What the anchor said, and a copy of its folder where it says something else."""
        vault, root = self.keys()
        shutil.rmtree(self.place / "device", ignore_errors=True)
        folder = Path(shutil.copytree(self.golden.device_folder, self.place / "device"))
        path = folder / f"vault.{vault.id.hex()}.anchor"
        raw = path.read_bytes()
        key, place = vault.derive(root, "anchor"), vault.place("anchor", raw[:32])
        plain = unseal(key, raw[32:56], place, raw[56:])
        other = changed(plain, at, form, value)
        path.write_bytes(raw[:56] + seal(key, raw[32:56], place, other))
        return plain, folder

    def test_of_other_lineages_under_this_root_key_the_last_one_tells_the_fork(self):
        golden = Golden("rekeyed")
        vault = read_vault(golden.folder, spare_key=golden.spare_key)
        headers = sync_files.read_headers(golden.folder / "sync", [])
        keys = sync_files.open_root(headers, None, golden.spare_key)
        folder = Path(shutil.copytree(golden.device_folder, self.place / "rekeyed"))
        pair_in_use = pair_of(folder, *keys, vault.header)
        self.assertIn(vault.header.lineage.hex(), pair_in_use)
        other = replace(vault.header, lineage=bytes(16))
        # The closed one of before opens under the old root key only.
        self.assertEqual(pair_of(folder, *keys, other), pair_in_use)

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


class NewKeys(Copied):
    """A vault whose header counts, and in which nothing of before is destroyed yet."""

    name = "basic"

    def setUp(self):
        super().setUp()
        newest = self.checkpoints[-1]
        self.unnamed = newest.rename(newest.with_name(f"tmp.{newest.name}"))
        self.set_pending(PENDING_KEYS)

    def test_the_checkpoint_without_a_name_is_the_vault(self):
        self.flip(self.checkpoints[0], 300)
        for path in self.segments:
            self.flip(path, 300)
        read = self.read()
        self.assertEqual((read.problems, read.saves), ([], 0))
        self.assert_all_there(read)

    def test_without_it_nothing_is_read(self):
        self.checkpoints[0].unlink()
        self.flip(self.unnamed, 300)
        with self.assertRaisesRegex(VaultError, "New keys were interrupted"):
            self.read()

    def test_what_has_no_name_counts_for_nothing_at_other_times(self):
        self.set_pending(0)
        read = self.read()
        self.assertNotIn(self.unnamed.name, " ".join(read.notes + read.problems))


class Copies(Copied):
    """Other copies of header and epoch file, and slots that cannot be used."""

    def setUp(self):
        super().setUp()
        self.sync = self.folder / "sync"
        self.raw = (self.sync / "header.a").read_bytes()
        slots = self.raw[249]
        self.slots = [self.raw[256 + n * SLOT_SIZE :][:SLOT_SIZE] for n in range(slots)]
        self.passphrase_slot, self.spare_key_slot = self.slots

    def with_slots(self, *slots: bytes) -> bytes:
        raw = bytearray(self.raw)
        raw[249] = len(slots)
        raw[256:HEADER_MAC_AT] = b"".join(slots).ljust(HEADER_MAC_AT - 256, b"\x00")
        return bytes(raw)

    def strange_slots(self) -> dict[str, bytes]:
        return {
            "derivation of a passphrase": changed(self.passphrase_slot, 2, "<H", 2),
            "derivation of a spare key": changed(self.spare_key_slot, 2, "<H", 1),
            "too cheap": changed(self.passphrase_slot, 4, "<I", 65_535),
            "too dear": changed(self.passphrase_slot, 4, "<I", 2**32 - 1),
            "too dear as a product": changed(self.passphrase_slot, 4, "<II", 2_097_152, 16),
            "costs of a spare key": changed(self.spare_key_slot, 4, "<I", 1),
            "unknown type": changed(self.passphrase_slot, 0, "<H", 9),
            "reserved bytes": changed(self.passphrase_slot, 152, "<Q", 1),
        }

    def read_with_passphrase(self) -> OpenVault:
        return read_vault(self.folder, passphrase=self.golden.passphrase)

    def test_slots_that_cannot_be_used_are_skipped(self):
        for name, slot in self.strange_slots().items():
            raw = self.with_slots(slot, *self.slots)
            self.write_header("header.a", raw)
            self.write_header("header.b", raw)
            for read in (self.read(), self.read_with_passphrase()):
                with self.subTest(name):
                    self.assertEqual(read.problems, [])
                    self.assert_all_there(read)

    def test_a_hostile_copy_does_not_keep_the_reader_out(self):
        strange = self.strange_slots().values()
        hostile = {
            "no slot": self.with_slots(),
            "only strange slots": self.with_slots(*strange),
            "a slot of something else": self.with_slots(bytes(SLOT_SIZE), os.urandom(SLOT_SIZE)),
            "a passphrase slot of someone else": self.with_slots(
                changed(self.passphrase_slot, 32, "16s", os.urandom(16))
            ),
            "another vault": changed(self.raw, 24, "16s", os.urandom(16)),
            "too many slots": changed(self.raw, 249, "B", 9),
            "too long extensions": changed(self.raw, 250, "<H", 4096),
            "another pending": changed(self.raw, 248, "B", 3),
            "the highest revision": changed(self.raw, 56, "<Q", 2**64 - 1),
        }
        for name, raw in hostile.items():
            self.write_header("header.a", raw, genuine=False)
            for read in (self.read(), self.read_with_passphrase()):
                with self.subTest(name):
                    self.assert_problem(read, "The header copy header.a")
                    self.assertEqual(len(read.problems), 1)
                    self.assert_all_there(read)

    def test_memory_that_the_machine_does_not_have_is_no_end(self):
        """A hostile slot may ask for as much as the bounds allow."""
        dear = changed(self.passphrase_slot, 4, "<I", 2_097_152)
        self.write_header("header.a", self.with_slots(dear), genuine=False)

        def small_machine(*arguments, **options):
            if arguments[3] > 65_536:
                raise HashingError("Memory allocation error")
            return hash_secret_raw(*arguments, **options)

        with mock.patch("primitives.low_level.hash_secret_raw", small_machine):
            self.assert_all_there(self.read_with_passphrase())

    def test_a_passphrase_is_tried_on_the_first_slot_of_each_copy(self):
        other = changed(self.passphrase_slot, 32, "16s", os.urandom(16))
        self.write_header("header.a", self.with_slots(other, *self.slots))
        self.assert_all_there(self.read_with_passphrase())
        self.write_header("header.b", self.with_slots(other, *self.slots))
        with self.assertRaisesRegex(VaultError, "The passphrase is wrong"):
            self.read_with_passphrase()

    def test_genuine_copies_of_one_revision_may_differ(self):
        self.write_header("header.a", changed(self.raw, 20, "<I", 1))
        # In the order of names it would come first.
        self.write_header("header.A", changed(self.raw, 20, "<I", 2))
        read = self.read()
        self.assertEqual((read.problems, read.header.name), ([], "header.a"))
        self.assert_note(read, "header.b differs from header.a")
        self.assert_all_there(read)

    def test_the_hash_of_the_header_before_is_information(self):
        older = changed(self.raw, 56, "<Q", read_u64(self.raw, 56) - 1)
        self.write_header("header.a", changed(self.raw, 80, "32s", bytes(32)))
        self.write_header("header.b", older)
        read = self.read()
        self.assertEqual((read.problems, read.header.name), ([], "header.a"))
        self.assert_note(read, "header.b is older")
        self.write_header("header.a", changed(self.raw, 56, "<Q", 1))
        (self.sync / "header.b").unlink()
        self.assertEqual(self.read().problems, [])

    def test_extensions_are_not_taken_apart(self):
        raw = bytearray(self.raw)
        raw[250] = 3
        raw[256 + len(self.slots) * SLOT_SIZE] = 0xFF
        for name in ("header.a", "header.b"):
            self.write_header(name, raw)
        read = self.read()
        self.assertEqual(read.problems, [])
        self.assert_all_there(read)

    def test_the_other_epoch_file_may_be_anything(self):
        path = sorted(self.sync.glob("epoch.*"))[1]
        raw = path.read_bytes()
        for name, other in {
            "secret": changed(raw, 56, "32s", os.urandom(32)),
            "vault": changed(raw, 16, "16s", os.urandom(16)),
            "number": changed(raw, 32, "<Q", 9),
        }.items():
            with self.subTest(name):
                path.write_bytes(other[:-32] + sha256(other[:-32]))
                read = self.read()
                self.assertEqual(read.problems, [])
                self.assert_note(read, "is left alone")
                self.assert_all_there(read)

    def test_another_version_of_an_epoch_file_is_damage(self):
        path = sorted(self.sync.glob("epoch.*"))[0]
        other = changed(path.read_bytes(), 8, "<H", 2)
        path.write_bytes(other[:-32] + sha256(other[:-32]))
        read = self.read()
        self.assert_problem(read, "has a version")
        self.assert_all_there(read)

    def test_costs_of_a_second_passphrase_out_of_bounds(self):
        vault, root = self.keys()
        header = sync_files.read_headers(self.sync, [])[0]
        secret = sync_files.read_epoch(self.sync, vault, header, [], [])
        ring = sync_files.read_keyring(self.sync, vault, header, root, secret)
        at = 16 + 288 * next(n for n, entry in enumerate(ring.entries) if entry.second)
        key = vault.derive(root + secret, "keyring")
        raw = (self.sync / "keyring.7").read_bytes()
        place, nonce = vault.place("keyring", raw[:136]), raw[80:104]
        plain = changed(unseal(key, nonce, place, raw[136:-32]), at + 144, "<I", 1)
        raw = raw[:136] + seal(key, nonce, place, plain)
        raw += sha256(raw)
        (self.sync / "keyring.7").write_bytes(raw)
        for name in ("header.a", "header.b"):
            self.write_header(name, changed(self.raw, 176, "32s", sha256(raw)))
        read = self.read(second_passphrases=self.golden.second)
        self.assert_problem(read, "stays shut")
        self.assert_all_there(read)


class Links(Copied):
    """Which segments of a device count, and in what order."""

    def setUp(self):
        super().setUp()
        self.journal = self.segments[0].parent

    def rename(self, path: Path, name: str) -> Path:
        return path.rename(path.with_name(name))

    def assert_saves(self, read: OpenVault, saves: int, problems: tuple[str, ...] = ()):
        """So many saves above the newest checkpoint, nothing lost, and these problems only."""
        self.assertEqual(len(read.problems), len(problems), read.problems)
        for words in problems:
            self.assert_problem(read, words)
        self.assertEqual(read.saves, saves)
        self.assert_all_there(read)

    def forget(self):
        """As forgetting leaves it: no older checkpoint, and no segment before the next save's."""
        self.checkpoints[0].unlink()
        self.segments[0].unlink()
        self.change_head(self.segments[1], previous=bytes(16), previous_length=0)

    def test_the_first_segment_after_forgetting(self):
        self.forget()
        self.assert_saves(self.read(), 2)

    def test_a_first_segment_whose_beginning_nothing_covers(self):
        self.forget()
        self.checkpoints[1].unlink()
        self.assert_problem(self.read(), "Saves are missing between checkpoint and journal")

    def test_a_first_segment_without_frames_whose_beginning_nothing_covers(self):
        self.forget()
        self.checkpoints[1].unlink()
        self.segments[1].write_bytes(self.segments[1].read_bytes()[:SEGMENT_HEAD])
        self.assert_problem(self.read(), "Saves are missing between checkpoint and journal")

    def test_the_very_first_segment_has_a_new_chain(self):
        self.forget()
        self.change_head(self.segments[1], sequence=1)
        self.assert_problem(self.read(), "is a device's first, but its chain is not new")

    def test_a_segment_of_another_epoch_is_left_out(self):
        self.change_head(self.segments[-1], epoch=bytes(16))
        read = self.read()
        self.assert_note(read, "of an abandoned lineage or epoch")
        self.assertEqual(read.saves, 0)
        self.set_pending(PENDING_FORGETTING)
        self.assert_saves(self.read(), 2)

    def test_a_damaged_head_that_names_another_epoch_needs_a_frame(self):
        path = self.segments[-1]
        self.change_head(path, epoch=bytes(16))
        self.flip(path, SEGMENT_MAC_AT)
        self.assert_saves(self.read(), 2, ("head",))
        path.write_bytes(path.read_bytes()[:SEGMENT_HEAD] + bytes(1_500))
        self.assert_problem(self.read(), "proves its number by no frame")

    def test_names_of_segments_mean_nothing(self):
        self.rename(self.segments[0], "zzz")
        self.rename(self.segments[1], "0000000001-" + "0" * 32)
        self.rename(self.checkpoints[0], "zzz")
        self.rename(self.checkpoints[1], "aaa")
        self.assert_saves(self.read(), 2)

    def test_a_copy_of_a_segment_is_left_out(self):
        for path in self.segments:
            shutil.copy(path, path.with_name(f"{path.name} (conflict)"))
        read = self.read()
        self.assert_saves(read, 2)
        self.assertEqual(sum("(conflict) is on no link" in note for note in read.notes), 2)

    def test_of_copies_the_one_that_leads_furthest_counts(self):
        self.checkpoints[1].unlink()
        for path in self.segments:
            raw = path.read_bytes()
            frames, _, _ = self.segment(path).frames(len(raw), True)
            before = raw[: frames[0].end]
            for stale, whole in ((f"{path.name} (conflict)", path.name), (path.name, "0 (copy)")):
                with self.subTest(path.name, stale=stale):
                    path.unlink()
                    path.with_name(stale).write_bytes(before)
                    path.with_name(whole).write_bytes(raw)
                    read = self.read()
                    self.assert_saves(read, 4)
                    self.assert_note(read, f"{stale} is on no link")
                    path.with_name(stale).unlink()
                    path.with_name(whole).unlink()
                    path.write_bytes(raw)

    def test_the_head_of_a_copy_tells_what_a_damaged_one_said(self):
        self.checkpoints[1].unlink()
        path = self.segments[0]
        path.with_name("0 (copy)").write_bytes(path.read_bytes()[:SEGMENT_HEAD])
        self.flip(path, 100)
        self.assert_saves(self.read(), 4, ("head",))

    def test_how_much_counts_before_a_damaged_head(self):
        def frame(sequence: int, before: int, chain: int) -> SimpleNamespace:
            at = 1_000 * sequence
            told = {"sequence": sequence, "before": bytes([before]), "chain": bytes([chain])}
            return SimpleNamespace(**told, start=at, end=at + 1_000)

        # The last one was refused: its number was given again.
        frames = [frame(4, 3, 4), frame(5, 4, 5), frame(6, 5, 66)]
        for first, counts in (
            (frame(6, 5, 6), 6_000),
            (frame(9, 5, 9), 6_000),
            (frame(7, 6, 7), 6_000),
            (frame(4, 3, 44), 4_000),
            (frame(7, 66, 7), 7_000),
            (frame(8, 7, 8), None),
        ):
            with self.subTest(first.sequence, before=first.before):
                self.assertEqual(find_joint(frames, first), counts)

    def test_a_segment_of_another_device_is_left_out(self):
        elsewhere = self.journal.with_name("0" * 32)
        elsewhere.mkdir()
        shutil.copy(self.segments[1], elsewhere)
        self.assert_saves(self.read(), 2, ("in the folder of another device",))

    def test_a_damaged_head(self):
        self.checkpoints[1].unlink()
        for path in self.segments:
            for at in (0, 8, 12, 48, 80, 90, 100, 130, 180, 230):
                with self.subTest(path.name, at=at):
                    self.flip(path, at)
                    self.assert_saves(self.read(), 4, ("head",))
                    self.flip(path, at)

    def test_both_heads_damaged(self):
        self.checkpoints[1].unlink()
        for path in self.segments:
            self.flip(path, 100)
        # Without a verified head the numbers prove nothing, but the frames do.
        self.assert_saves(self.read(), 4, ("head",) * 2)

    def test_a_head_of_another_version_or_with_a_flag_is_damage(self):
        for fields in ({"version": 2}, {"flags": 1}):
            with self.subTest(fields):
                raw = self.segments[1].read_bytes()
                self.change_head(self.segments[1], **fields)
                self.assert_saves(self.read(), 2, ("head",))
                self.segments[1].write_bytes(raw)

    def test_a_damaged_head_in_a_file_with_another_name(self):
        self.flip(self.segments[1], 100)
        self.rename(self.segments[1], "zzz")
        read = self.read()
        self.assert_problem(read, "a damaged head and a name that does not help")
        self.assertEqual(read.saves, 0)

    def test_a_head_that_was_being_written(self):
        for size in (0, 7, 100, 256):
            with self.subTest(size=size):
                (self.journal / f"0000000004-{'a' * 32}").write_bytes(bytes(size))
                read = self.read()
                self.assert_saves(read, 2)
                self.assert_note(read, "was being created")

    def test_a_name_with_a_high_number_counts_with_frames_only(self):
        for number in (9, NUMBER_MAX, NUMBER_MAX + 1, 2**80):
            with self.subTest(number=number):
                planted = self.journal / f"{number:010d}-{'a' * 32}"
                planted.write_bytes(os.urandom(2000))
                words = ("head", "proves its number by no frame")
                self.assert_saves(self.read(), 2, words)
                planted.unlink()
                self.flip(self.segments[1], 100)
                file_id = self.segments[1].name[-32:]
                renamed = self.rename(self.segments[1], f"{number:010d}-{file_id}")
                self.assert_saves(self.read(), 2, ("head",))
                self.flip(self.rename(renamed, self.segments[1].name), 100)

    def test_a_name_above_the_highest_number_is_read_as_the_next_one(self):
        self.checkpoints[1].unlink()
        for path in self.segments:
            self.flip(path, 100)
        file_id = self.segments[0].name[-32:]
        self.rename(self.segments[0], f"{NUMBER_MAX + 1}-{file_id}")
        self.assert_saves(self.read(), 4, ("head",) * 2)

    def test_of_one_number_a_verified_head_comes_before_a_name(self):
        (self.journal / f"0000000003-{'0' * 32}").write_bytes(os.urandom(2000))
        read = self.read()
        self.assert_saves(read, 2, ("head",))
        self.assert_note(read, f"0000000003-{'0' * 32} is on no link")

    def test_a_link_to_no_file_goes_on_with_the_next_lower_number(self):
        self.checkpoints[1].unlink()
        self.change_head(self.segments[1], previous=os.urandom(16))
        self.assert_saves(self.read(), 4)

    def test_a_missing_segment_in_between_is_noticed(self):
        self.checkpoints[1].unlink()
        self.segments[0].write_bytes(self.segments[0].read_bytes()[:-1136])
        self.change_head(self.segments[1], previous=os.urandom(16))
        self.assert_problem(self.read(), "does not continue")

    def test_a_missing_segment_that_a_checkpoint_covers(self):
        self.segments[0].write_bytes(self.segments[0].read_bytes()[:-1136])
        self.change_head(self.segments[1], previous=os.urandom(16))
        self.assert_saves(self.read(), 2)

    def test_what_continues_a_segment(self):
        old, new, other = (bytes([n]) * 32 for n in range(3))
        for start, covered, right in (
            ((4, old), [], True),
            ((6, old), [], True),
            ((3, old), [], False),
            ((4, new), [], False),
            ((4, other), [(5, new)], False),
            ((5, new), [(5, new)], True),
            ((6, new), [(5, new)], True),
            ((5, other), [(6, new)], True),
            ((6, other), [(5, new)], False),
        ):
            with self.subTest(start=start[0], covered=covered):
                self.assertEqual(continues((4, old), start, covered), right)

    def test_no_link_at_all_leaves_older_segments_out(self):
        self.change_head(self.segments[1], previous=bytes(16), previous_length=0)
        self.checkpoints[0].unlink()
        read = self.read()
        self.assert_saves(read, 2)
        self.assert_note(read, "is on no link")


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

    def append(
        self,
        kind: int,
        *rows: tuple[bytes, bytes, tuple[bytes, int]],
        skip: bool = False,
        version: int = 1,
        devices: tuple[bytes, ...] | None = None,
    ):
        """One frame after the last one; a skipped one is sealed, chained, and not kept."""
        sums = sorted(self.state.sums.items())
        body = struct.pack("<qQ", 0, self.last.lamport + 1)
        devices = (self.file.head.device,) if devices is None else devices
        point = struct.pack("<Q", self.last.sequence) + self.last.chain
        body += struct.pack("<H", len(devices)) + b"".join(each + point for each in devices)
        body += struct.pack("<H", len(sums)) + b"".join(r + packed(s) for r, s in sums)
        body += packed(self.state.total)
        for key, value, dot in rows:
            body += b"\x01" + key + dot[0] + struct.pack("<QBI", dot[1], 0, len(value)) + value
        body = struct.pack("<HHII", version, kind, len(rows), len(body) + 12) + body
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
        written, _, _ = self.segment(path).frames(start + len(data), False)
        self.last = written[-1]
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

    def test_a_frontier_that_is_out_of_order_or_names_one_twice(self):
        key, value, dot = self.row(0)
        self.state.put(key, value)
        before = self.segments[-1].read_bytes()
        last, device = self.last, self.file.head.device
        for devices, right in (
            ((device, b"\xff" * 16), True),
            ((b"\xff" * 16, device), False),
            ((device, device), False),
        ):
            with self.subTest(right=right):
                self.append(BATCH, (key, value, dot), devices=devices)
                read = self.read()
                self.assertEqual(self.added(read), int(right))
                if not right:
                    self.assert_problem(read, "has a frontier out of order")
                self.segments[-1].write_bytes(before)
                self.last = last

    def test_a_row_that_is_not_counted(self):
        self.append(BATCH, self.row(0))
        self.assert_problem(self.read(), "is not complete")


class Tails(Written):
    """What stands at the very end of the newest segment."""

    def end_with(self, tail: bytes) -> OpenVault:
        self.segments[-1].write_bytes(self.file.data + tail)
        read = self.read()
        self.assertEqual(self.added(read), 0)
        return read

    def frame_head(self, size: int) -> bytes:
        head = b"CFRM" + struct.pack("<IQ", size, self.first) + self.last.chain + bytes(24)
        return head + sha256(head)[:8]

    def test_less_than_the_head_of_a_frame_is_torn_whatever_it_is(self):
        for tail in (b"C", b"x", bytes(79), os.urandom(79), self.frame_head(1024)[:79]):
            with self.subTest(tail=tail[:4]):
                read = self.end_with(tail)
                self.assertEqual(read.problems, [])
                self.assert_note(read, "torn frame")

    def test_a_frame_that_runs_past_the_end_is_torn(self):
        self.assertEqual(self.end_with(self.frame_head(1024) + bytes(1055)).problems, [])

    def test_anything_else_is_damage(self):
        whole = self.frame_head(1024) + bytes(1056)
        no_length = self.frame_head(1_000)
        damaged = changed(whole[:-1], 50, "B", 1)
        for tail in (bytes(80), os.urandom(80), whole, damaged, no_length):
            with self.subTest(tail=tail[:4]):
                self.assert_problem(self.end_with(tail), "damaged frame")

    def test_nothing_is_torn_that_a_frame_follows(self):
        start = len(self.file.data)
        self.end_with(self.frame_head(16_777_216))
        key, value, dot = self.row(0)
        self.state.put(key, value)
        self.append(BATCH, (key, value, dot))
        read = self.read()
        self.assert_problem(read, f"damaged frame at byte {start}")
        self.assertEqual((len(read.problems), self.added(read)), (1, 1))

    def test_a_body_of_another_version_is_damage(self):
        self.append(BATCH, self.row(0), version=2)
        read = self.read()
        self.assert_problem(read, "has a version")
        self.assertEqual(self.added(read), 0)


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

    def test_a_save_that_was_never_ended_is_a_torn_tail(self):
        self.write(lost=2)
        written = self.segments[-1].read_bytes()
        for torn in (b"", b"CFR", bytes(79)):
            with self.subTest(torn=torn):
                self.segments[-1].write_bytes(written + torn)
                read = self.read()
                self.assertEqual((read.problems, self.added(read)), ([], 0))
                self.assert_note(read, "ends in parts of a save")

    def test_a_save_that_lost_its_end_to_damage_is_no_torn_tail(self):
        self.write()
        self.flip(self.segments[-1], self.last.start + 200)
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


def changed(raw: bytes, at: int, layout: str, *values: int | bytes) -> bytes:
    """A copy with other values at a place."""
    copy = bytearray(raw)
    struct.pack_into(layout, copy, at, *values)
    return bytes(copy)


def read_u64(raw: bytes, at: int) -> int:
    return struct.unpack_from("<Q", raw, at)[0]


def packed(number: tuple[int, int]) -> bytes:
    return struct.pack("<Q", number[0]) + number[1].to_bytes(32, "little")


if __name__ == "__main__":
    unittest.main()

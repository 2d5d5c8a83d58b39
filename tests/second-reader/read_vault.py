"""Reads a vault of format version 1, or a backup of one, and prints its records.

Written from docs/FORMAT.md alone, to prove that the document suffices.

Exit status: 0 everything was read and verified; 1 something is damaged or missing, and what could
be read is printed; 2 the vault could not be opened.
"""

import argparse
import json
import sys
from pathlib import Path

import unicodedata2

from backup import read_backup
from primitives import VaultError, passphrase_bytes, spare_key_bytes
from vault import Compartment, OpenVault, read_vault

READ, DAMAGED, NOT_OPENED = 0, 1, 2
# Shown text must not steer the terminal or turn the direction of what follows.
STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")


def main(arguments: list[str] | None = None) -> int:
    chosen = parser().parse_args(arguments)
    try:
        secrets = {
            "passphrase": secret(chosen.passphrase_file, passphrase_bytes),
            "spare_key": secret(chosen.spare_key_file, spare_key_bytes),
            "second_passphrases": tuple(
                secret(path, passphrase_bytes) for path in chosen.second_passphrase_file
            ),
        }
        if chosen.vault.is_file():
            read = read_backup(chosen.vault, **secrets)
        else:
            read = read_vault(chosen.vault, **secrets, device_folder=chosen.device_folder)
    except VaultError as error:
        print(error, file=sys.stderr)
        return NOT_OPENED
    except OSError as error:
        print(f"A file could not be read: {error.strerror}.", file=sys.stderr)
        return NOT_OPENED
    if chosen.json:
        print(json.dumps(as_json(read), ensure_ascii=False, indent=2))
    else:
        print_text(read)
    for note in read.notes:
        print(f"Note: {note}", file=sys.stderr)
    for problem in read.problems:
        print(f"Problem: {problem}", file=sys.stderr)
    return DAMAGED if read.problems else READ


def parser() -> argparse.ArgumentParser:
    parsed = argparse.ArgumentParser(prog="read_vault.py", description="Read a Confidant vault or backup.")
    parsed.add_argument("vault", type=Path, help="the folder that holds sync/ and local/, or a backup")
    way = parsed.add_mutually_exclusive_group(required=True)
    way.add_argument("--passphrase-file", type=Path, metavar="F")
    way.add_argument("--spare-key-file", type=Path, metavar="F", help="24 words")
    parsed.add_argument(
        "--second-passphrase-file", type=Path, metavar="F", action="append", default=[]
    )
    parsed.add_argument(
        "--device-folder", type=Path, metavar="D", help="compare with device and anchor file"
    )
    parsed.add_argument("--json", action="store_true")
    return parsed


def secret(path: Path | None, convert) -> bytes | None:
    """The text of a file without the one line end that an editor adds."""
    if path is None:
        return None
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        raise VaultError("A file with a secret is not UTF-8 text.") from None
    return convert(text.removesuffix("\n").removesuffix("\r"))


def as_json(read: OpenVault) -> dict:
    return {
        "vault": read.id.hex(),
        "device": read.header.device.hex(),
        "compartments": [compartment_as_json(each) for each in read.compartments],
        "forgotten": [each.hex() for each in read.forgotten],
        "notes": read.notes,
        "problems": read.problems,
    }


def compartment_as_json(compartment: Compartment) -> dict:
    return {
        "id": compartment.id.hex(),
        "alias": compartment.alias,
        "second_passphrase": compartment.second,
        "locked": compartment.locked,
        "rows": compartment.rows,
        "records": [
            {
                "kind": record.kind,
                "record": record.id.hex(),
                "schema": record.schema,
                "payload": text(record.payload),
            }
            for record in compartment.records
        ],
    }


def print_text(read: OpenVault) -> None:
    print(f"vault {read.id.hex()}")
    for compartment in read.compartments:
        alias = f" {shown(compartment.alias)}" if compartment.alias else ""
        lock = ", locked" if compartment.locked else ""
        print(f"\ncompartment {compartment.id.hex()}{alias}: {compartment.rows} rows{lock}")
        for record in compartment.records:
            print(f"  {record.id.hex()} kind {record.kind} schema {record.schema}")
            print(f"    {shown(text(record.payload))}")
    for compartment in read.forgotten:
        print(f"\nforgotten {compartment.hex()}")


def text(payload: bytes) -> str:
    return payload.decode(errors="replace")


def shown(words: str) -> str:
    def safe(char: str) -> str:
        return f"\\u{{{ord(char):x}}}" if unicodedata2.category(char) in STEERING else char

    return "".join(map(safe, words))


if __name__ == "__main__":
    sys.exit(main())

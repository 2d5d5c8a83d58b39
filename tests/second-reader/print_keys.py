"""Prints the keys of a vault, a line each: what it is for, and 32 bytes in hexadecimal.

For the journey that looks for them in the memory of the program. The passphrase comes through the
standard input.
"""

import sys
from pathlib import Path

from primitives import passphrase_bytes
from sync_files import header_in_force, open_root, read_epoch, read_headers, read_keyring
from vault import compartment_keys


def keys(folder: Path, passphrase: bytes) -> list[tuple[str, bytes]]:
    sync, problems, notes = folder / "sync", [], []
    headers = read_headers(sync, problems)
    vault, root = open_root(headers, passphrase, None)
    header = header_in_force(vault, headers, root, problems, notes)
    epoch = read_epoch(sync, vault, header, problems, notes)
    keyring = read_keyring(sync, vault, header, root, epoch)
    compartments = compartment_keys(vault, keyring, (), problems)
    return [
        ("root", root),
        ("epoch", epoch),
        ("keyring", vault.derive(root + epoch, "keyring")),
        *((f"compartment {name.hex()}", key) for name, key in compartments.items()),
    ]


def main() -> None:
    passphrase = passphrase_bytes(sys.stdin.read())
    for name, key in keys(Path(sys.argv[1]), passphrase):
        print(f"{name}: {key.hex()}")


if __name__ == "__main__":
    main()

### What looking through a vault found, besides the notices of its opening. Read by Rust alone, which says it in both shells.

found-replayed = The last saves were taken over from the list of saves, as after any sudden end.
found-currentRebuilt = A note of where the newest state is was written again.
found-firstTimeHere = This computer has not opened this vault before, so it cannot know of a newer state of it.
found-rowsInMemory = Nothing can be written here, so what the vault holds was put together in memory.
found-unknown = Something was found that this version has no words for.
found-notWhole = “{ $space }” is not as it was saved. The next opening makes it anew from the list of saves.
found-notWhole-own = The vault’s own pages are not as they were saved. The next opening makes them anew from the list of saves.
found-notWhole-sealed = What is sealed in “{ $space }” is not as it was saved. The next opening makes it anew from the list of saves.
found-sealedShut = What is sealed in “{ $space }” is shut. Whether all of it is there was checked; it was not read.
found-notebookShut = “{ $space }” is shut. Whether all of it is there was checked; it was not read.
found-partShut = A part of the vault is shut under a passphrase of its own. Whether all of it is there was checked; it was not read.
found-recordUnreadable = “{ $title }” in “{ $space }” cannot be read.
found-piecesUnreadable =
    { $count ->
        [one] One piece in “{ $space }” cannot be read: an earlier version, a page of a list, or something thrown away.
       *[other] { $count } pieces in “{ $space }” cannot be read: earlier versions, pages of a list, or something thrown away.
    }
found-listWrong = The list of “{ $space }” does not name all that is in it, or names what is not. It can be written anew from what is there.
found-sweepOwed = Something was sealed, but how it read before could not be taken out of all older parts of the vault. Putting the vault right tries that again; see that there is room on the disk. If it does not help, a file of another history of the vault may hold it: new keys for everything destroy that, too.
found-savesDamaged =
    { $count ->
        [one] One file of the vault’s list of saves is damaged.
       *[other] { $count } files of the vault’s list of saves are damaged.
    }
found-safetyCopiesDamaged =
    { $count ->
        [one] One of the vault’s safety copies is damaged.
       *[other] { $count } of the vault’s safety copies are damaged.
    }
found-beginningDamaged =
    { $count ->
        [one] One copy of the beginning of the vault is damaged.
       *[other] { $count } copies of the beginning of the vault are damaged.
    }
found-keysDamaged =
    { $count ->
        [one] One file with the sealed keys of the notebooks is damaged.
       *[other] { $count } files with the sealed keys of the notebooks are damaged.
    }
found-newestNoteDamaged = The note of where the newest state is is damaged.
found-history-helps = Nothing is missing now. Putting the vault right writes it anew from what is there.
found-history-notWhole = Not everything is as it was saved, and what is missing may be in there, so it is left as it is until the notebooks are whole.
found-history-alone = Until then some of what you saved is in one place only: do make a backup.

### What was out of the ordinary when a vault was opened. The ids follow the codes of the contract.

app-notice-headerRepaired = One copy of the vault’s beginning was damaged and has been repaired from the other. Nothing is lost. If it happens again, the disk may be failing: copy the vault to another one.
app-notice-keyringBehind = The newest list of the vault’s keys is damaged, and the one before it is in use. You can read what it opens; nothing new can be saved. Put back a copy of the vault’s folder from before.
app-notice-storeRebuilt = Part of the vault was damaged and has been made anew from its list of saves. Every save in that list is there.
app-notice-journalTail = Confidant was stopped in the middle of a save. That one save was unfinished and has been left out; everything saved before it is there.
app-notice-journalGap =
    { $count ->
        [one] One save in the vault’s list of saves cannot be read. What it changed may be missing; please compare with a copy from before.
       *[other] { $count } saves in the vault’s list of saves cannot be read. What they changed may be missing; please compare with a copy from before.
    }
app-notice-journalBehind =
    { $count ->
        [one] The last save is missing from the vault’s list of saves. Please compare with a copy from before.
       *[other] The last { $count } saves are missing from the vault’s list of saves. Please compare with a copy from before.
    }
app-notice-incomplete =
    { $count ->
        [one] The vault holds one entry more or fewer than its list of saves says. Please compare with a copy from before.
       *[other] The vault holds { $count } entries more or fewer than its list of saves says. Please compare with a copy from before.
    }
app-notice-checkpointDamaged = One of the vault’s safety copies was damaged. A new one is made by itself; nothing is lost.
app-notice-checkFailed = Something in the vault is not as it was saved. Lock it and open it again: it is then made anew from its list of saves, and you are told what, if anything, is missing.
app-notice-rehearsalFailed = A backup could not be put back when Confidant tried it in memory, as it does once a month. Make a new one, on another disk or stick.
app-notice-rolledBack = This computer has seen a newer state of this vault, on { $known }. { $found ->
        [none] Somebody, or a backup, has put an earlier copy in its place; what was written in between is not in it.
       *[other] The one that is here was last saved in on { $found }. Somebody, or a backup, has put it in the place of the newer one; what was written in between is not in it.
    }
app-notice-forked = This computer has seen this vault go another way, on { $known }. { $found ->
        [none] Two copies have both been written in since they parted: keep both until you have compared them.
       *[other] The one that is here was last saved in on { $found }. Two copies have both been written in since they parted: keep both until you have compared them.
    }
app-notice-otherBranchNewer = A vault that parted from this one when a backup was put back was in use here later, on { $known }. Make sure that this is the one you want.
app-notice-anchorDamaged = What this computer remembered of the vault was damaged. The vault itself is not; only this once it could not be checked whether an older copy was put in its place.
app-notice-historyUnproven = What this computer remembers of the vault is older than its list of saves reaches. Most likely all is well; only this once it could not be proven that no other copy was put in its place.
app-notice-foreignSegment = A file in the vault’s folder belongs to another history of it and was left out. It is still there; nothing of it is shown.
app-notice-unknownRows =
    { $count ->
        [one] One entry belongs to no notebook that the vault knows. It is kept, and cannot be read.
       *[other] { $count } entries belong to no notebook that the vault knows. They are kept, and cannot be read.
    }
app-notice-linksIgnored =
    { $count ->
        [one] A link inside the vault’s folder leads elsewhere and was not followed. Somebody has put it there.
       *[other] { $count } links inside the vault’s folder lead elsewhere and were not followed. Somebody has put them there.
    }
app-notice-spaceUnreadable =
    { $count ->
        [one] One notebook cannot be read and is left out. The others are as they were. Do not write in this vault before you have copied its folder.
       *[other] { $count } notebooks cannot be read and are left out. The others are as they were. Do not write in this vault before you have copied its folder.
    }
app-notice-permissionsTightened = Other people on this computer could have read the vault’s files. Now only you can.
app-notice-permissionsLoose = Other people on this computer may be able to read the vault’s files, and that could not be changed. They are locked, but move the vault to a folder of your own.
app-notice-forgettingFinished = Forgetting a notebook had been interrupted. It has been finished now; nobody can read that notebook in this vault again.
app-notice-deviceRefuses = The disk refuses to read a part of the vault. What can be read is shown, and nothing is written. Check the disk and its cable and open the vault again; if it stays so, make a backup onto another disk, and put that back.
app-notice-forgettingLeft = Forgetting a notebook had been interrupted. Its key is destroyed now and its entries are removed; but something from before is still in the vault’s folder, or could not be read. Look there for what is not Confidant’s own, such as an archive, a backup or a copied folder, and delete it.
app-notice-forgettingUnfinished = A notebook was forgotten, and nothing here opens it any more; but not all of it could be removed from the vault’s folder, because the disk has too little room. Make room, then open the vault again: it goes on by itself.
app-notice-rekeyUnfinished = New keys are in force, but not all of what was before them could be removed from the vault’s folder, because the disk has too little room. Nothing can be written until there is room.
app-notice-rekeyFinished = New keys had been interrupted, and are complete now. Only the new passphrase and the new sheet open the vault; backups made before open with what opened it then.
app-notice-keyReplaced = A change of the passphrase or of the spare key had been interrupted, and is complete now. What you just opened the vault with opens it no more: from now on the new one counts.
app-notice-otherKeysSince = The vault was given new keys on another computer since it was last opened here. Only the new passphrase and the new sheet open it.
app-notice-orphans =
    { $count ->
        [one] One file of something that never took effect was put aside. Nothing you saved was in it.
       *[other] { $count } files of something that never took effect were put aside. Nothing you saved was in them.
    }

### What is said where the program is started, before there is a window.

cli-usage =
    Usage: confidant [--vault FOLDER] [--device-folder FOLDER] [--demo]
    
      --vault FOLDER           open the vault in this folder
      --device-folder FOLDER   keep what this computer knows of the vault in this folder
      --demo                   open a demo vault in a temporary folder; it is gone afterwards
cli-unknown = Argument { $position } is unknown.
cli-folder-missing = Argument { $position } wants a folder after it.

cli-not-started = Confidant could not start: { $why }
cli-no-demo-folder = the demo vault could not be made in the folder for temporary files.
cli-no-demo-vault = the demo vault could not be opened.
cli-no-web-folder = the folder for the window’s own files could not be made.
cli-no-window = the window could not be opened.
cli-no-data-folder = the system does not say where a user’s data is kept.
cli-folder-empty = a folder on the command line is empty.

# Told to the system, which shows it to whoever asks why the computer does not sleep at once.
cli-why-sleep-waits = What you wrote is saved and locked away first.

### The second shell, confidant-cli. What each command and argument is for.

cli-about = Confidential notes for mentors and mentees, without a window: for recovery, scripts and servers
cli-about-ends = Ends with 0 when all is well, 1 when something was found or failed, 2 after wrong use, 3 when the passphrase does not open the vault, 4 when it is damaged, 5 when another process has it open, 6 when a newer version made it, 7 when nothing can be written.
cli-about-init = Make a vault, and print its spare key once
cli-about-space = The notebooks
cli-about-space-list = List the notebooks
cli-about-space-add = Make a notebook, and print its id
cli-about-add = Write something
cli-about-add-note = Keep what stands on standard input as a note, and print its id
cli-about-list = List what is kept, the newest day first
cli-about-show = Show one record with all that it says
cli-about-check = Look through the vault; what can be mended is mended by opening it
cli-about-repair = Build anew whatever is not as it was saved, and look through it before and after
cli-about-prove = Plant a sentence, search every file that Confidant may write to for it, and remove it again
cli-about-backup = Write the whole vault into one encrypted file, and read it back
cli-about-backups = List the backups that this computer knows of
cli-about-restore = Make a vault of a backup, beside the one that is there
cli-about-bring-back = List the records of a backup that are not here as they were then, or bring some of them back
cli-about-passphrase = The passphrase
cli-about-passphrase-change = Put another passphrase in place of the present one
cli-about-passphrase-rekey = Give everything new keys, because somebody may know the passphrase
cli-about-recovery = When the passphrase is lost
cli-about-recovery-unlock = Open the vault with the 24 words of the spare key, and set a new passphrase
cli-about-forget = Destroy a notebook and its key, and print a receipt
cli-about-export = Write everything that is open as plain text
cli-about-man = Write the man pages into a folder
cli-about-completions = Print the completions for a shell

cli-arg-vault = The vault’s folder, instead of the usual one
cli-arg-device-folder = The folder for what this computer knows of the vault
cli-arg-passphrase-file = Read the passphrase from a file, which loses one final line end
cli-arg-passphrase-fd = Read the passphrase from an open file descriptor
cli-arg-second = A notebook with a second passphrase, and the file with it: opens it for this command; once for each such notebook
cli-arg-json = Answer with one JSON document; failures go as JSON to standard error
cli-arg-help = Say what can be said here
cli-arg-version = Say which version this is
cli-arg-own-name = Your own name, as summaries shall carry it
cli-arg-space-kind = What the notebook is for
cli-arg-space-name = Its name: the other person’s, in a relationship
cli-arg-role = What you are in it; not for a journal
cli-arg-into = The notebook: its name or its id
cli-arg-label = Who may read it
cli-arg-date = The day it is about, as YYYY-MM-DD; today if not said
cli-arg-title = A title
cli-arg-space = One notebook only: its name or its id
cli-arg-kind = One kind only
cli-arg-since = From this day on, as YYYY-MM-DD
cli-arg-until = Up to this day, as YYYY-MM-DD
cli-arg-record = The record’s id, or its beginning
cli-arg-deep = Open every record, too, and read all that could make them anew
cli-arg-words-out = A new file for the 24 words of the new spare key
cli-arg-sealed = What is sealed in a notebook, and the file with its passphrase; once for each such notebook
cli-arg-new-passphrase-file = Read the new passphrase from a file; asked for twice if not said
cli-arg-words-file = A file with the 24 words; numbers before them do no harm
cli-arg-forgotten-space = The notebook: its name or its id
cli-arg-yes = Yes, for good
cli-arg-format = The form
cli-arg-out = A folder for Markdown, a file for JSON; nothing may be there yet
cli-arg-to = The folder
cli-arg-present-passphrase-file = The passphrase of the vault that is here now, where it is another than the backup’s: it alone can tell what was forgotten since
cli-arg-looked-into = The backup
cli-arg-brought-back = A record’s id, or its beginning; without one they are listed
cli-arg-sealed-too = A notebook, and the file with the passphrase of what is sealed in it, so that this is known; once for each such notebook
cli-arg-backup-passphrase-file = The passphrase that the backup opens with, where the vault has got new keys since
cli-arg-backup-file = The file; nothing may be there yet
cli-arg-restored-file = The backup
cli-arg-restored-to = The folder of the new vault; nothing may be in it yet
cli-arg-forgotten = What becomes of notebooks that were forgotten after the backup was made
cli-arg-shell = The shell

### What the second shell asks and answers.

cli-ask-passphrase = Passphrase:
cli-ask-new-passphrase = New passphrase:
cli-ask-again = Once more:

cli-step-stretching = Working with the passphrase.
cli-step-calibrating = Measuring this computer.
cli-step-rebuilding = Building the vault’s rows anew.
cli-step-verifying = Counting.
cli-step-destroying = Destroying the key, and trying what is left.
cli-step-rekeying = Locking everything with the new keys.
cli-step-searching = Searching every file.

cli-init-made = The vault is made. This is its spare key; it is shown this once, and has opened the vault already:
cli-init-keep = Write the words down in the order of their numbers, and keep them on paper, away from this computer. Whoever has them can open the vault.
cli-backup-made = The backup is made, { $kib } KiB, and was read back to its end. It opens with the passphrase the vault has now.
cli-backup-none = This computer knows of no backup.
cli-backup-place =
    { $place ->
        [there] there
        [another] changed
        [gone] not where it was
       *[outOfReach] out of reach
    }
cli-restored = The vault is made from the backup, and was opened once. The one that was there is as it was.
cli-warn-notSettled = The disk did not say that the backup stays there if the power fails now.
cli-warn-notRemembered = The list of backups could not be written, so a later receipt cannot name this one.
cli-warn-incomplete = Rows are missing in the vault, and so in the backup.
cli-rekeyed =
    { $files ->
        [one] Everything has new keys. The old ones are destroyed; the one file that is left in the vault’s folder was tried with them, and they open nothing of it.
       *[other] Everything has new keys. The old ones are destroyed; all { $files } files that are left in the vault’s folder were tried with them, and they open nothing.
    }
cli-rekeyed-unfinished = Everything has new keys. Not all of the old is destroyed yet: the next opening goes on with it.
cli-rekeyed-left = Everything has new keys. Something of before is still in the vault’s folder and does not go by itself: see whether a file there is not Confidant’s own, and choose new keys once more.
cli-rekeyed-unproven = Everything has new keys. The old ones are destroyed; not every file could be read to prove that nothing of before is left.
cli-rekeyed-words = The words of the new spare key are in the file that you named. Put them on paper, and remove the file and the old sheet.
cli-rekeyed-backups = These backups still open with the passphrase the vault had when they were made:
cli-rekeyed-more = The list of backups could not be read, so there may be others.
cli-passphrase-changed = The passphrase is changed. The spare key stays what it was.
cli-no-spaces = No notebook yet.
cli-space-shut = shut
cli-space-kind =
    { $kind ->
        [journal] journal
        [circle] circle, { $role ->
            [mentor] led by you
           *[other] you are one of them
        }
       *[relationship] { $role ->
            [mentor] mentored by you
            [mentee] your mentor
           *[peer] you are peers
        }
    }
cli-records =
    { $count ->
        [0] empty
        [one] one record
       *[other] { $count } records
    }
cli-nothing-listed = Nothing of this kind is kept.
cli-kind =
    { $kind ->
        [meeting] meeting
        [heard] what I heard
        [goal] goal
        [feedback] feedback
        [commitment] promise
        [person] person card
        [summary] summary
       *[note] note
    }
cli-label =
    { $label ->
        [shareable] Shareable
        [agreed] Agreed
        [sealed] Sealed
       *[private] Private
    }
cli-show-space = Notebook
cli-show-kind = Kind
cli-show-label = Label
cli-show-date = Day
cli-show-told = As told by
cli-show-edited = Last saved
cli-show-id = Id

cli-check-nameless = the vault’s own pages
cli-check-sealed = { $space }, what is sealed
cli-check-rows = { $found } of { $expected } entries
cli-check-shut = shut
cli-check-whole = whole
cli-check-not-whole = not whole
cli-check-matters = Found: { $message }
cli-check-well = All is well.
cli-check-found = Something needs you: see what was found. What can be put right is put right by repair.
cli-check-copy = An older copy of the vault lies in { $path }. It opens with what opened the vault then.
cli-check-kept = What was damaged is kept as it was in { $path }.
cli-repair-before = Before:
cli-repair-after = After:
cli-prove-planted = A sentence that nobody can have written before was saved as a Private note. Every file that Confidant may write to was then searched for it and for pieces of it, however they might be written, and the note was erased.
cli-prove-looked = { $files } files, { $kib } KiB
cli-prove-all = in all
cli-prove-found = Found in { $path }, as { $encoding }.
cli-prove-unread =
    { $count ->
        [one] One file or folder could not be read.
       *[other] { $count } files or folders could not be read.
    }
cli-prove-proven = Nothing of it was found.
cli-prove-not-proven = This is no proof: see above.

cli-forget-would =
    Nothing is forgotten yet. “{ $space }” would be destroyed for good, with { $records ->
        [0] no records
        [one] one record
       *[other] { $records } records
    }, { $summaries ->
        [0] no summaries
        [one] one summary
       *[other] { $summaries } summaries
    }, all their earlier versions, its bin and its log of what has left.
cli-forget-would-shut = Nothing is forgotten yet. “{ $space }” would be destroyed for good, with everything in it. It is shut, so nobody can say what that is.
cli-forget-receipt =
    Forgotten: { $space } ({ $id }), on { $at }.
    { $destruction ->
        [unfinished] Not all of it is destroyed yet: { $rows } locked entries of it may still lie in the vault’s folder{ $key ->
            [yes] , and no key is left that opens them
           *[no] , and so may older copies of its key
        }. Make room on the disk, then open the vault: it goes on by itself.
        [left] { $rows } entries were removed. Something from before is still in the vault’s folder and does not go by itself: look there for what is not Confidant’s own, such as an archive, a backup or a copied folder, and delete it.
        [unproven] { $rows } entries were removed. Not every file in the vault’s folder could be read, so this is no proof that nothing of it is left.
       *[destroyed] { $rows } entries were removed, and { $destroyed } files destroyed that could have held its key or its words.
            Then { $files } files with { $bytes } bytes were searched, and { $parts } locked parts in them opened with keys of something else{ $compared ->
                [0] {""}
                [one] ; one that is shut or damaged bears another name
               *[other] ; { $compared } that are shut or damaged bear other names
            }: nothing of it was found.
    }
    { $held ->
        [unknown] The list of backups cannot be read: look through those that you have made.
        [0] No backup that this computer knows of holds it.
        [one] One backup that this computer knows of still holds it.
       *[other] { $held } backups that this computer knows of still hold it.
    }{ $elsewhere ->
        [0] { "" }
        [one] { " " }One was not where it was last, and may lie elsewhere.
       *[other] { " " }{ $elsewhere } were not where they were last, and may lie elsewhere.
    }{ $beside ->
        [unknown] { " " }Whether older copies of the vault lie beside it, could not be told.
        [0] { "" }
        [one] { " " }One older copy of the vault lies in a folder beside it.
       *[other] { " " }{ $beside } older copies of the vault lie in folders beside it.
    } Copies of the vault’s folder made before do, too. This receipt is kept nowhere.

cli-export-written =
    { $records ->
        [one] One record or summary
       *[other] { $records } records and summaries
    }, in { $files ->
        [one] one file.
       *[other] { $files } files.
    }

cli-warning = Note: { $message }
cli-warn-outerSpace = The passphrase begins or ends with a space, which is easily lost.
cli-warn-secretOpen = Others on this computer may read the file with the secret.
cli-warn-notClosed = The vault could not be closed in an orderly way. What was saved is safe; the next opening takes longer.
cli-warn-readOnly = The disk lets nothing be written. Everything can be read; nothing new can be saved.
cli-warn-summaryUnreadable = A summary cannot be read and is left out.
cli-warn-maybeSealed = Records of { $space } are left out: they are not here any more, or they are sealed by now. With --sealed they can be told apart.
cli-warn-exportPlain = What was written is not locked: whoever has these files can read everything. Keep them as you keep the vault, and destroy them when they are no longer needed.
cli-warn-leftOut = Left out: { $shut } notebooks that are shut, { $spaces } that cannot be read, and { $records } records that cannot be read.

cli-back-none = Everything that this backup holds of the open notebooks is here as it was then.
cli-back-here =
    { $here ->
        [gone] not here any more
        [binned] in the bin
        [unreadable] damaged here
       *[changed] changed since
    }
cli-back-done =
    { $count ->
        [one] One record is as it was then. What was here is kept as an earlier version.
       *[other] { $count } records are as they were then. What was here is kept as an earlier version.
    }

### Failures that only the second shell knows, and sentences of others that would speak of a window.

cli-usage-missing = Missing: { $argument }.
cli-usage-values = { $argument } takes one of: { $values }.
cli-usage-value = What stands with { $argument } is not of its form.
cli-usage-twice = { $argument } stands there twice, or with another that it cannot stand with.
cli-usage-no-command = A command is missing.
cli-usage-suggest = An argument is unknown; perhaps { $suggested } is meant.
cli-usage-unknown = An argument is unknown, or stands where none can.
cli-usage-two-passphrases = The passphrase comes from a file or from a descriptor, not from both.
cli-usage-no-passphrase-here = The spare key opens the vault here, so no passphrase is taken.
cli-usage-input-twice = Standard input holds the words of the note, so the passphrase cannot come from there.
cli-usage-no-data-folder = The system does not say where your data is kept; name the vault’s folder with --vault.
cli-usage-no-folder = A folder on the command line is empty.
cli-usage-days = The first day comes after the last.
cli-err-usage-says = This command line is not understood.
cli-err-usage-try = confidant-cli --help says what can be said, and so does --help after a command.
cli-err-needsYes-says = This cannot be undone.
cli-err-needsYes-try = Add --yes if that is what you want.
cli-err-noTerminal-says = The passphrase is needed, and there is no terminal to ask on.
cli-err-noTerminal-try = Use --passphrase-file or --passphrase-fd.
cli-err-secretUnreadable-says = The file or descriptor with the passphrase or the spare key cannot be read.
cli-err-secretUnreadable-try = Check that it is there, that you may read it, and that it holds nothing else.
cli-err-passphraseDiffers-says = The two passphrases are not the same.
cli-err-passphraseDiffers-try = Nothing was changed. Try again.
cli-err-notText-says = What stands on standard input is not text.
cli-err-notText-try = Send UTF-8. Nothing was saved.
cli-err-noText-says = There are no words on standard input.
cli-err-noText-try = Send the note’s words, or give it a title. Nothing was saved.
cli-err-ambiguous-says = More than one can be meant.
cli-err-ambiguous-try = Use the whole id.
cli-err-outExists-says = Something is there already.
cli-err-outExists-try = Name a folder that is empty or not there, or for JSON a file that is not there.
cli-err-outInside-says = That place is among the vault’s own files.
cli-err-outInside-try = Write plain text somewhere else.
cli-err-setUpUnfinished-says = Setting up this vault was never finished, and nothing is in it.
cli-err-setUpUnfinished-try = Open it in the window, which finishes it; or remove its folder and run init again.
cli-err-vaultInUse-says = The vault is open in another process.
cli-err-vaultInUse-try = Close the window, or wait for the other command, then try again.
cli-err-vaultExists-says = This folder holds a vault or something else already.
cli-err-vaultExists-try = Name a folder that is empty or not there yet. Where a vault is there already, init is not needed.
cli-err-putBackCutOff-try = Run the command again: it brings this to its end as soon as it can. By hand, give the one that you want the name { $name }. Do not make a new vault there.
cli-err-noVault-try = Name its folder with --vault, or make one with init.
cli-err-partDamaged-try = Run repair, which mends what it can. If this stays, put back a copy of the vault’s folder from before.
cli-err-passphraseUndecided-try = Keep both. The passphrase with which the next command opens the vault is the one that counts.
cli-err-changeUndecided-try = Look with the next command: what you find then counts. If it is not what you wanted, do it once more.
cli-err-noSpace-try = What was saved before is as it was. Free some space and try again.
cli-err-notFound-says = No record has this id.
cli-err-notFound-try = confidant-cli list shows the ids. What lies in a bin is not among them.
cli-err-spaceNotFound-says = No notebook of this name or id is open.
cli-err-spaceNotFound-try = confidant-cli space list shows the notebooks, and space add makes one.
cli-err-textTooLong-try = Put some of it into a second note.
cli-err-fieldMissing-try = A notebook other than a journal needs --role.
cli-err-changedElsewhere-try = Try again.
cli-err-storage-try = Try again; if it stays, run repair.
cli-err-unexpected-try = Try again. If it stays, run check; what is saved is safe.

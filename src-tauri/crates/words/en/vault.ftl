### Words of the way in: welcome, create, spare key, unlock.

vault-cover-name = A closed green notebook, stamped: do not betray confidences
vault-cover-1 = Do not betray
vault-cover-2 = confidences.

vault-welcome = A place to keep a confidence.
vault-welcome-says = Mentoring notes that stay here, under a key for each person.
vault-begin-with = What would you like to begin with?
vault-use-journal = A journal of my own
vault-use-journal-says = A page a day. Bring a mentor in later, or never.
vault-use-mentor = I mentor someone
vault-use-mentor-says = One notebook for each person, and they never mix.
vault-use-review = I have a review to prepare
vault-use-review-says = Gather the evidence, agree the words, hand over one page.
vault-all-three = All three stay open to you. This only sets the first page.
vault-nothing-leaves = Nothing leaves this computer. No account, nobody to ask.

vault-stage = Step { $step } of 3
vault-stage-passphrase = Passphrase
vault-stage-spare-key = Spare key
vault-stage-notebook = First notebook
vault-continue = Continue
vault-back = Back
vault-stop = Stop
vault-use-keychain = Open with this computer’s keychain
vault-step-stretching = This takes a moment, on purpose: it slows down anybody who guesses.
vault-step-calibrating = Measuring this computer, this once.
vault-step-reading = Reading the vault.
vault-step-replaying = Taking in the last saves.
vault-step-rebuilding = Making the vault anew from its list of saves.
vault-step-verifying = Checking that everything is there.
vault-step-writing = Writing.

vault-choose = Choose a passphrase.
vault-choose-says = Unrelated words are easy for you and hopeless for others.
vault-your-name = Your name
vault-your-name-hint = For the greeting and for summaries. It may stay empty.
vault-suggest = Suggest one
vault-suggest-failed = No suggestion could be made. Choose words of your own.
vault-tip-words = Five words or more
vault-tip-quotation = Not a quotation, a name or a birthday
vault-tip-write-down = Keep it on paper only until you know it by heart
vault-repeat = Type it once more
vault-repeat-matches = Matches
vault-repeat-differs = It differs from the one above.
vault-no-one-can-reset = No one can reset this for you: not us, and not your IT department. That is what keeps a confidence safe. The spare key, on the next page, is the only other way in.
vault-continue-why = Type the passphrase twice to continue.
vault-making = Making the vault

vault-spare = Keep one spare key, on paper.
vault-spare-says = If you forget the passphrase, this is the only way back in. It is shown this once.
vault-spare-ask = Can it be read?
vault-spare-ask-says = Better to find out now than on the day you need it.
vault-print = Print it
vault-print-says = Best. A drawer at home, or with your will.
vault-print-act = Print…
vault-save-pdf = Save a PDF to a memory stick
vault-save-pdf-says = Not to this computer, and not to email.
vault-saved-pdf = Saved as { $name }.
vault-save-act = Save…
vault-kept-safe = I have put it somewhere safe, away from this computer.
vault-kept-why = Tick this once it is so.
vault-ask-three = Type these three words from your sheet. They are covered meanwhile.
vault-word = Word { $position }
vault-look-again = Look at the words again
vault-open-mine = Open my vault
vault-trying-key = Trying the spare key

vault-resume = The spare key is still to be kept.
vault-resume-says = Setting up was interrupted. These are the words that will count; a sheet from before may open nothing.

vault-sheet = Spare key
vault-sheet-for = For the vault of
vault-sheet-made = made on { $day } at { $time }
vault-sheet-if = If you forget your passphrase
vault-sheet-1 = Open Confidant and choose “Use the spare key”.
vault-sheet-2 = Type the 24 words in the order of their numbers.
vault-sheet-3 = Choose a new passphrase.
vault-sheet-kept-at = Kept at
vault-sheet-whoever = Whoever holds this page can open your vault.

vault-welcome-back = Welcome back.
vault-locked = Locked.
vault-as-you-left = Your notes are here.
vault-words-lost = Some of what you wrote could not be saved before the vault was locked, and is lost; everything saved before that is there.
vault-lock-failed = Locking did not end as it should; what was saved is safe, and nothing of it is shown here.
vault-passphrase = Passphrase
vault-passphrase-hint = It is longer than a password: the words you chose.
vault-show-passphrase = Show passphrase
vault-hide-passphrase = Hide passphrase
vault-caps-lock = Caps Lock is on.
vault-open = Open vault
vault-opening = Opening
vault-use-spare-key = Use the spare key
vault-nothing-shown = Names, notes and dates stay hidden until the vault is open. Nothing leaves this computer.

vault-use-spare-key-says = The newest sheet with 24 words is the one that counts.
vault-24-words = The 24 words, in order
vault-24-words-count =
    { $count ->
        [one] One word of 24 so far. Numbers and commas do not matter.
        [24] All 24 words are there.
       *[other] { $count } words of 24 so far. Numbers and commas do not matter.
    }
vault-and-then = And from now on?
vault-and-then-says = The spare key stays as it is.
vault-after-new = Choose a new passphrase
vault-after-new-then = The old one opens nothing any more.
vault-after-keep = Keep the old passphrase
vault-after-keep-then = If you expect to remember it after all.
vault-new-passphrase = New passphrase
vault-opened-new = The vault is open. The new passphrase counts from now on.
vault-opened-spare = The vault is open.

vault-newer = Made by a newer Confidant.
vault-newer-says = This vault was written by a later version than this one, which must not touch what it does not know.
vault-newer-try = Install the newer version, then open the vault with it.
vault-damaged = The vault cannot be opened as it is.
vault-damaged-says = Its beginning is damaged, in both of its copies. This is not about your passphrase.
vault-damaged-try = Put back a copy of the vault’s folder from before, then look again.
vault-stuck-unchanged = Nothing in the vault has been changed.
vault-look-at-it-again = Look at it again

vault-put-back-more = Put back a backup…
vault-put-back = Put back a backup
vault-put-back-says = The vault is made again as it was when the backup was made.
vault-put-back-says-beside = The vault is made again as it was when the backup was made. What you have now is kept in a folder beside it.
vault-put-back-choose = Choose the file…
vault-put-back-written = written on { $day }, { $time } · { $size }
vault-put-back-other = Another file…
vault-put-back-passphrase = Passphrase of the backup
vault-put-back-passphrase-hint = The one your vault had when the backup was made.
vault-put-back-present = Current passphrase of the vault that is here
vault-put-back-present-hint = It tells which notebooks you have destroyed since the backup was made.
vault-put-back-forgotten = Notebooks that you have destroyed since
vault-put-back-stay-forgotten = Leave them destroyed
vault-put-back-stay-forgotten-then = They are left out, and everything else is put back.
vault-put-back-come-back = Bring them back
vault-put-back-come-back-then = You promised to destroy them, perhaps: think of whom you promised.
vault-put-back-go = Put it back
vault-put-back-done = The backup is put back.
vault-put-back-done-beside = The backup is put back. The vault you had is in a folder beside it.
vault-use-passphrase = Use the passphrase
vault-step-backingUp = Writing the backup
vault-step-restoring = Putting the vault together
vault-step-compacting = Copying what is there into fresh files.
vault-step-destroying = Destroying the old keys.
vault-step-proving = Trying what is left with every key.
vault-step-searching = Searching every file.
vault-step-rekeying = Locking everything with the new keys.
vault-step-keychain = Waiting for this computer’s keychain.

# What new keys have come to: those of everything, or of one notebook.
vault-keys-records =
    { $records ->
        [one] Everything was locked with the new keys: one piece.
       *[other] Everything was locked with the new keys: { $records } pieces, with earlier versions and what Confidant keeps for itself.
    }
vault-keys-destroyed =
    { $files ->
        [one] The old keys are destroyed. The one file that is left in the vault’s folder was tried with them: they open nothing of it.
       *[other] The old keys are destroyed. All { $files } files that are left in the vault’s folder were tried with them: they open nothing.
    }
vault-keys-unfinished = Not all of the old is destroyed yet. The next opening goes on with it.
vault-keys-left = Something of before is still in the vault’s folder and does not go by itself. See whether a file there is not Confidant’s own, and choose new keys once more.
vault-keys-unproven = The old keys are destroyed. Not every file could be read to prove that nothing of before is left.
vault-keys-sheet = Destroy the old sheet with the spare key.
vault-keys-backups =
    { $count ->
        [one] One backup still opens with the passphrase the vault had then
       *[other] { $count } backups still open with the passphrase the vault had then
    }
vault-keys-backups-says = Delete those you can reach, once a new one is made. Others may have copies that nobody here knows of.
vault-keys-more = The list of backups could not be read, so there may be others.
vault-keys-left-behind =
    { $count ->
        [one] One damaged piece that nobody could read is gone with the old keys.
       *[other] { $count } damaged pieces that nobody could read are gone with the old keys.
    }
vault-keys-no-backups = No backup is known that was made before. A copy that somebody made of the folder still opens with the old passphrase, as it was then.
vault-keys-backups-notebook =
    { $count ->
        [one] One backup still opens it as it was before
       *[other] { $count } backups still open it as it was before
    }
vault-keys-no-backups-notebook = No backup is known that was made before. A copy that somebody made of the vault’s folder still opens it as it did then.

### Words of the settings.

settings-title = Settings
settings-cancel = Cancel

settings-you = You
settings-you-says = How Confidant speaks to you, and what stands in a summary as your name.
settings-name = Your name
settings-name-hint = Kept in the vault. It stands on every summary you hand over.

settings-security = Security
settings-security-says = When the vault closes, and what it takes to open it again.
settings-locking = Locking
settings-lock-after = Lock after
settings-lock-after-says = When nobody has typed or moved the mouse. What you wrote is saved first.
settings-lock-minutes =
    { $minutes ->
        [0] never
        [one] one minute
        [60] an hour
       *[other] { $minutes } minutes
    }
settings-discreet = Blur names and words when the window is not in front
settings-discreet-says = Discreet mode. Ctrl Shift D turns it on by hand.
settings-guards = On this computer
settings-guard-sessionWatched =
    { $works ->
        [yes] Confidant locks by itself when you lock the screen, close the lid or let the computer sleep.
       *[no] This computer does not tell Confidant when its screen is locked or when it goes to sleep. Lock by hand before you leave it.
    }
settings-guard-memoryLocked =
    { $works ->
        [yes] When memory runs short, this computer puts some of it on the disk. What opens your vault is never put there.
       *[no] When memory runs short, this computer puts some of it on the disk, and what opens your vault may be among it. A disk that asks for a password when the computer starts protects that, too.
    }
settings-guard-hardened =
    { $works ->
        [yes] While your vault is open, other programs of yours cannot look at what opens it, and if Confidant crashes none of that is written down.
       *[no] While your vault is open, other programs of yours could look at what opens it: this computer did not let Confidant keep them out.
    }
settings-ways-in = Passphrase and spare key
settings-passphrase = Passphrase
settings-passphrase-says = What you type to open the vault.
settings-passphrase-change = Change…
settings-passphrase-title = Change the passphrase
settings-passphrase-title-says = For a passphrase you would like better. If somebody may know the old one, choose “Somebody may know it” instead: whoever has it and an old copy of the vault’s folder could open what you write from now on, too.
settings-rekey = Somebody may know it
settings-rekey-says = Gives everything new keys. Whoever has the old passphrase, the old sheet or an old copy of a key opens nothing here from then on.
settings-rekey-start = New keys…
settings-rekey-title = New keys for everything
settings-rekey-title-says = You choose another passphrase and keep a new spare key. Then everything is locked with new keys, which takes about as long as a backup. Until then the old ones count.
settings-rekey-sealed = Passphrase of what is sealed in { $name }
settings-rekey-notebook = Second passphrase of { $name }
settings-rekey-seconds-says = Second passphrases stay what they are. Without one, what it guards can get no new key: if you no longer know it, that notebook has to be destroyed first.
settings-rekey-next = Go on
settings-rekey-keep = Keep these words. When you have typed three of them everything gets its new keys, and the old sheet opens nothing.
settings-rekey-finish = Give everything new keys
settings-rekey-stop = Leave everything as it is
settings-rekey-stopped = Nothing has changed. The sheet you have just seen opens nothing.
settings-rekey-done = Everything has new keys.
settings-rekey-new-backup = Make a new backup now
settings-rekey-end = Done
settings-keychain = This computer’s keychain
settings-keychain-says = May open the vault without the passphrase, on this computer, while you are signed in to it.
settings-keychain-on-says = Opens the vault without the passphrase, on this computer, while you are signed in to it.
settings-keychain-allow = Allow…
settings-keychain-withdraw = Take it away
settings-keychains-others = Keychains elsewhere
settings-keychains-others-says = { $count ->
    [one] One more keychain can open this vault: that of another computer where you allowed it, or of this one before its settings were lost.
   *[other] { $count } more keychains can open this vault: those of other computers where you allowed it, or of this one before its settings were lost.
}
settings-keychains-others-withdraw = Take it away from them
settings-keychain-title = Let the keychain open the vault
settings-keychain-title-says = Whoever can use this computer as you, can then open the vault: the lock screen of the computer is what stands before it. What is sealed stays under its own passphrase. The passphrase and the spare key stay as they are, and no backup has this way in.
settings-keychain-let = Let it
settings-keychain-allowed = This computer’s keychain opens the vault from now on.
settings-passphrase-now = Current passphrase
settings-passphrase-next = New passphrase
settings-passphrase-save = Change it
settings-passphrase-changed = The new passphrase counts from now on.
settings-spare-key = Spare key
settings-spare-key-says = 24 words on paper. Making a new one makes the old sheet useless.
settings-spare-key-new = Make a new one…
settings-spare-key-title = Make a new spare key
settings-spare-key-title-says = The old sheet goes on working until you have kept the new one. Have a printer or a memory stick at hand: the new words are shown once.
settings-spare-key-make = Make it
settings-spare-key-keep = Keep these words. They open the vault once you have typed three of them, and the old sheet opens nothing from then on.
settings-spare-key-old = Keep the old one
settings-spare-key-still-old = Your old spare key still counts. The sheet you have just seen opens nothing.
settings-spare-key-finish = Done
settings-spare-key-done = The new spare key counts. Destroy the old sheet.

settings-appearance = Appearance
settings-appearance-says = How the window looks to you.
settings-look = Look
settings-theme = Colours
settings-theme-says = As the computer has them, or always the same.
settings-theme-system = As the computer
settings-theme-light = Light
settings-theme-dark = Dark
settings-text-size = Text size
settings-text-size-says = Everything grows with it.
settings-text-smaller = Smaller
settings-text-larger = Larger
settings-text-usual = Usual size
settings-percent = { $percent } %
settings-sample = What writing looks like
settings-sample-words = Listen first. Ask what would help before you say what you would do, and write down only what you would let them read.

settings-keyboard = Keyboard
settings-keyboard-says = On a Mac, Cmd stands for Ctrl.

settings-about = About
settings-about-says = What this program is, and what it is not.
settings-version = Version
settings-network = Network
settings-network-says = Confidant opens no connection. There is no account, no telemetry and no check for updates.
settings-limits = What it cannot do
settings-limits-says = It cannot protect what is on the screen from somebody looking, from a program that watches this computer while the vault is open, or from what another person does with a summary you gave them.
settings-licence = Licence
settings-licence-says = MIT or Apache 2.0, as you prefer.
settings-fonts = Type
settings-fonts-says = Literata, © 2017 The Literata Project Authors, and Hanken Grotesk, © 2021 The Hanken Grotesk Project Authors; both under the SIL Open Font License 1.1.
settings-icons = Icons
settings-icons-says = Lucide, ISC licence, and a few of our own.

settings-health = Health
settings-health-says = Whether everything you saved is there, and whether anybody could read it.
settings-health-look = Looking…
settings-health-unknown = It could not be told.
settings-health-all = Everything is there.
settings-health-counting = Counting what is in each notebook.
settings-health-well = Every notebook holds exactly what you saved.
settings-health-deep-well = Every notebook holds exactly what you saved, and every page can be read.
settings-health-open-well = Every notebook that is open holds exactly what you saved, and every page in it can be read. Of what is shut it was checked that all of it is there; it was not read.
settings-health-open-counted = Every notebook that is open holds exactly what you saved. Of what is shut it was checked that all of it is there; it was not read.
settings-health-not-well = Something needs you.
settings-health-not-well-says = What it is, and what was put right already, stands below.
settings-health-read = Read every page
settings-health-again = Count again
settings-health-mend = Put right what can be
settings-health-mended = Done. What follows is how it is now.
settings-health-findings = What was found
settings-health-weight =
    { $weight ->
        [matters] Needs you
        [mended] Put right
       *[information] For your information
    }
settings-health-notebooks = Counted, with earlier versions and what Confidant keeps for itself
settings-health-own = The vault’s own pages
settings-health-sealed = { $name }, what is sealed
settings-health-entries =
    { $whole ->
        [shut] whole, as it was saved
        [shut-not] not as it was saved
        [yes] { $found ->
            [one] one entry, whole
           *[other] { $found } entries, whole
        }
       *[yes-not] { $found } of { $expected } entries; not as it was saved
    }
settings-health-copies = Older copies beside the vault
settings-health-copies-says = They stayed when a backup was put back, and open with what opened the vault then. Remove them when you no longer need them: what you have forgotten since may still be in them.
settings-health-kept = Kept as it was
settings-health-kept-says = The damaged files are still there, for somebody who knows how to look. Everything in them is locked.
settings-health-prove = Prove it
settings-health-prove-says = Proves that nothing you write stands readable in the files that Confidant writes. It saves a sentence that nobody can have written before as a Private note, looks for it, and for pieces of it, in every one of those files, and erases the note.
settings-health-prove-now = Prove it now
settings-health-proven = Nothing of the sentence was found.
settings-health-not-proven = This is no proof.
settings-health-looked = Searched: { $files ->
        [one] one file
       *[other] { $files } files
    }, { $size }
settings-health-folders = Where it looked
settings-health-folder = { $files ->
        [one] one file
       *[other] { $files } files
    }, { $size }
settings-health-found-in = A piece of it, written as { $encoding }, stands readable in this file:
settings-health-unread =
    { $count ->
        [one] One file or folder could not be read, so nobody can say.
       *[other] { $count } files or folders could not be read, so nobody can say.
    }

settings-backups = Backups
settings-backups-says = Copies of the whole vault, locked as it is. They open with the passphrase it had then.
settings-backup-automatic = By themselves
settings-backup-none = No folder chosen yet
settings-backup-none-says = Choose one on another disk or a stick: a copy beside the vault is lost with it.
settings-backup-daily = Once a day, when you lock the vault
settings-backup-unreachable = This folder cannot be reached now.
settings-backup-choose = Choose a folder…
settings-backup-choose-other = Another folder…
settings-backup-stop = Stop
settings-backup-now = A backup now
settings-backup-now-says = Kept are all of today and yesterday, and one each of seven days, four weeks and twelve months; older ones there go, but for those of before new keys or of before a backup was put back.
settings-backup-make = Back up now
settings-backup-elsewhere = Save elsewhere…
settings-backup-made = Backed up, read back, and whole.
settings-backup-saved = Saved as { $name }, read back, and whole.
settings-backup-incomplete = Backed up and read back, but something is missing in the vault, and so in this backup. No older backup was removed: one of them may still hold it. Health says what was found.
settings-backup-incomplete-saved = Saved as { $name } and read back, but something is missing in the vault, and so in this backup. An older backup may still hold it. Health says what was found.
settings-backup-not-remembered = The list of backups could not be written. When you forget a notebook, the receipt cannot name this backup.
settings-backup-not-settled = The disk did not say that this backup stays there. Do not pull it out or switch the computer off yet; make another one to be sure.
settings-backup-whole = Read to its end: it is whole.
settings-backup-known = Backups this computer knows of
settings-backup-known-none = None yet. Make one, and try it once in a while.
settings-backup-check = Read it to its end
settings-backup-drop = Take it off this list
settings-backup-drop-title = Take this backup off the list?
settings-backup-drop-says = The file stays where it is, with everything in it. Confidant no longer reads it, and when you forget a notebook, the receipt no longer says that this backup may still hold it.
settings-backup-drop-keep = Keep it on the list
settings-backup-broken = Damaged: it cannot be read to its end. Make a new one.
settings-backup-of = { $day }, { $time }
settings-backup-more = More for the backup of { $day }
settings-backup-verified = Found whole on { $day }
settings-backup-place-another = Another file has its name now, or it was changed.
settings-backup-place-gone = It is not where it was last: it was moved or removed, or its disk is not attached.
settings-backup-place-outOfReach = Its folder cannot be reached now.
settings-backup-rehearsed = Once a month Confidant tries whether the newest backup it can reach could be put back; nothing is changed by it. On { $day } that of { $made } could, and every page in it that has no second passphrase could be read.
settings-backup-rehearsal-failed = On { $day } Confidant tried whether the backup of { $made } could be put back, and it could not. Make a new one, on another disk or stick.
settings-backup-restore-says = To put one back, lock the vault and choose “Put back a backup”. What you have now is kept beside it.
settings-inside-more = Look inside…
settings-inside = What differs from now
settings-inside-says = Between the backup of { $day } and what is here. Single notes and other entries can be brought back as they were; what is here now is kept as an earlier version.
settings-inside-reading = Reading the backup.
settings-inside-same = Everything that this backup holds of the open notebooks is here as it was then.
settings-inside-found =
    { $count ->
        [one] One note or other entry is not here as it was then.
       *[other] { $count } notes and other entries are not here as they were then.
    }
settings-inside-untitled = Without a title
settings-inside-gone = not here any more
settings-inside-binned = in the bin
settings-inside-changed = changed since
settings-inside-unreadable = damaged here
settings-inside-partly = The newest { $count } are shown. Bring back what you need of them to see more.
settings-inside-untold = Something is not here any more, or is sealed by now: which, cannot be told while what is sealed is shut. Open it in { $notebooks }, and look again.
settings-inside-limits = Summaries, what is sealed, and notebooks that are shut are not looked into. To get at those, put the whole backup back.
settings-inside-old-keys = This backup was made before everything got new keys. It opens with the passphrase that your vault had then.
settings-inside-passphrase = Passphrase of the backup
settings-inside-open = Open it
settings-inside-close = Close
settings-inside-bring =
    { $count ->
        [0] Bring back
        [one] Bring back one
       *[other] Bring back { $count }
    }
settings-inside-brought =
    { $count ->
        [one] It is as it was then.
       *[other] All { $count } are as they were then.
    }

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
        [yes] Locks when the screen is locked and when the computer goes to sleep, as when its lid is shut.
       *[no] This computer does not tell when its screen is locked or when it goes to sleep. Lock by hand before you leave it.
    }
settings-guard-memoryLocked =
    { $works ->
        [yes] Keys stay out of the file to which the computer moves memory that it needs elsewhere.
       *[no] This computer did not let keys stay out of the file to which it moves memory that it needs elsewhere. A disk that asks for a password when the computer starts protects that file too.
    }
settings-guard-hardened =
    { $works ->
        [yes] Other programs of yours cannot look into the memory that holds the keys, and a crash writes none of it down.
       *[no] This computer did not let Confidant shut other programs of yours out of the memory that holds the keys.
    }
settings-ways-in = Passphrase and spare key
settings-passphrase = Passphrase
settings-passphrase-says = What you type to open the vault.
settings-passphrase-change = Change…
settings-passphrase-title = Change the passphrase
settings-passphrase-title-says = If someone may know the old one, remember that older copies of the vault still open with it.
settings-passphrase-now = Passphrase now
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
settings-backup-now-says = Kept are seven days, four weeks and twelve months; older ones there go.
settings-backup-make = Back up now
settings-backup-elsewhere = Save elsewhere…
settings-backup-made = Backed up, read back, and whole.
settings-backup-saved = Saved as { $name }, read back, and whole.
settings-backup-whole = Read to its end: it is whole.
settings-backup-known = Backups this computer knows of
settings-backup-known-none = None yet. Make one, and try it once in a while.
settings-backup-check = Read it to its end
settings-backup-drop = Take it off this list
settings-backup-more = More for the backup of { $day }
settings-backup-verified = Found whole on { $day }
settings-backup-place-another = Another file has its name now, or it was changed.
settings-backup-place-gone = It is not there any more.
settings-backup-place-outOfReach = Its folder cannot be reached now.
settings-backup-restore-says = To put one back, lock the vault and choose “Put back a backup”. What you have now is kept beside it.

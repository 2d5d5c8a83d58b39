# The words on pages that leave: summaries, the spare key sheet, file names, and the kinds of file in dialogs.

page-number = Page { $page } of { $pages }

date-long = { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }

file-kind-pdf = PDF
file-kind-markdown = Markdown
file-kind-html = HTML
file-kind-text = Plain text
file-kind-backup = Backup of a vault
file-kind-jrnl = Journal of jrnl

summary-kicker = { $purpose }
summary-kicker-plain = Mentoring summary
summary-period = { $from } to { $to }
summary-subtitle = { $period } · { $audience }
summary-subtitle-open = { $period }
summary-sources = What this rests on
summary-source-shareable = Shareable
summary-source = { $title }, { $day }
summary-agreed-me = agreed, version { $version }
summary-agreed-them = agreed in person, on { $owner }’s computer
summary-rings = Both agreed to these words
summary-note-what = What this is
summary-note-what-relationship = A summary of a mentoring relationship, written in Confidant. Each sentence rests on a record that both may share, or is in the writer’s own words.
summary-note-what-journal = A summary from a private career journal, written in Confidant by the person it is about.
summary-note-who = Who agreed
summary-note-who-relationship = { $me } and { $them } agreed to these words, version { $version }. { $them } read them on { $me }’s computer and typed the name there. This is not a signature.
summary-note-who-journal = { $me } agreed to these words, version { $version }. Nobody else’s words are in it.
summary-note-check = How to check
summary-note-check-words = Ask both people. Only a version with a signature of each can be checked without them.
summary-note-check-own = Ask the person it is about.
summary-footer-line = { $title } · version { $version }
summary-copy = Copy, not signed
summary-preview = Preview

summary-file-name = Summary { $version }, { $day }

spare-key-title = Your spare key
spare-key-made = Made on { $day } at { $time }
spare-key-made-for = Made for { $name } on { $day } at { $time }
spare-key-steps = When the passphrase is lost
spare-key-step-1 = Open Confidant and choose “Use the spare key”.
spare-key-step-2 = Type these 24 words in their order, with a space between them.
spare-key-step-3 = Choose a new passphrase. Nothing in your vault changes.
spare-key-where = Keep this sheet where you keep your passport: not with this computer, not in a photograph, not in an e-mail.
spare-key-kept-at = I keep it at
spare-key-warning = Whoever has these words can open your vault. If the sheet is lost, make a new spare key in Settings, Security: the lost one then opens nothing.
spare-key-file-name = Confidant spare key

receipt-title = Forgotten
receipt-notebook = Notebook
receipt-notebook-journal = A journal, kept from { $from } to { $to }
receipt-notebook-relationship = { $initials }, kept from { $from } to { $to }
receipt-notebook-circle = The circle { $initials }, kept from { $from } to { $to }
receipt-notebook-shut = { $initials }, which was shut; gone on { $to }
receipt-key = Key
receipt-key-says = destroyed, and every copy of it in the vault’s folder that was found
receipt-key-waits = taken out of the vault; older copies of it in the vault’s folder are not all destroyed yet
receipt-sealed = What was sealed
receipt-sealed-says = destroyed with it, without being opened or counted
receipt-removed = Removed
receipt-removed-says = { $rows ->
    [one] one locked piece
   *[other] { $rows } locked pieces
  }, and { $files ->
    [one] one file
   *[other] { $files } files
  } that could have held it
receipt-removed-rows = { $rows ->
    [one] one locked piece
   *[other] { $rows } locked pieces
  }
receipt-removed-waits = { $rows ->
    [one] not everything yet: one locked piece of it may still lie in the vault’s folder
   *[other] not everything yet: { $rows } locked pieces of it may still lie in the vault’s folder
  }
receipt-tried = Tried after
receipt-tried-says = { $files ->
    [one] the one file that is left was searched
   *[other] all { $files } files that are left were searched
  }; { $parts ->
    [one] one locked part in them opened with the key of something else
   *[other] { $parts } locked parts in them opened with keys of something else
  }{ $compared ->
    [0] {""}
    [one] , and one that is shut or damaged bears another name
   *[other] , and { $compared } that are shut or damaged bear other names
  }; nothing of it was found
receipt-tried-waits = nothing yet, because not everything is removed
receipt-tried-left = something from before was found in the vault’s folder
receipt-tried-unproven = not every file in the vault’s folder could be read, so this proves nothing
receipt-todo = Still to do
receipt-todo-waits = make room on the disk, then open the vault: it goes on by itself
receipt-todo-left = look in the vault’s folder for what is not Confidant’s own, such as an archive, a backup or a copied folder, and delete it
receipt-todo-unproven = look in the vault’s folder for files and folders that you may not open
receipt-held = Still held
receipt-held-says = { $count ->
    [0] in no backup that this computer knows of
    [one] in one backup, made on { $days }
   *[other] in { $count } backups, made on { $days }
  }
receipt-held-elsewhere = { $count ->
    [one] one was not where it was last, and may lie elsewhere
   *[other] { $count } were not where they were last, and may lie elsewhere
  }
receipt-held-beside = { $count ->
    [one] perhaps in one older copy of the vault, in a folder beside it
   *[other] perhaps in { $count } older copies of the vault, in folders beside it
  }
receipt-held-beside-unknown = whether older copies of the vault lie beside it, could not be told
receipt-held-unknown = the list of backups cannot be read, so look through those you have made
receipt-given = Given out
receipt-given-unknown = what had left it was written in it, and it was shut
receipt-given-says = { $count ->
    [0] nothing ever left it
    [one] one summary, which stays with whoever has it
   *[other] { $count } summaries, which stay with whoever has them
  }
receipt-says = It holds no word that was written there.
receipt-limits = Copies, backups and exported files made earlier, and what a disk keeps beneath removed files, are out of the program’s reach.
receipt-file-name = Receipt, { $day }

# The archive: what stands beside a record's own words.
archive-time = Time
archive-tags = Tags
archive-minutes = Minutes
archive-how = How
archive-where = Where
archive-agenda = Agenda
archive-stands = Stands
archive-correction = The other’s own words
archive-settled = Settled on
archive-due = Due
archive-done = Done on
archive-horizon = How far off
archive-sphere = For
archive-confidence = Confidence, of 10
archive-why = Why it matters
archive-measure = How I will know
archive-steps = Steps
archive-reports = How it goes
archive-next = Next
archive-direction = Given or received
archive-situation = Situation
archive-behaviour = Behaviour
archive-impact = Impact
archive-reply = Reply
archive-owner = Whose
archive-name = Name
archive-pronouns = Pronouns
archive-work = Work
archive-contact = How to reach them
archive-purpose = Purpose
archive-audience = For whom
archive-from = From
archive-to = To
archive-expires = Not to be used after
archive-consents = Who agreed
archive-disclosures = What has left
archive-value =
    { $value ->
        [inPerson] in person
        [call] by phone
        [video] by video
        [message] in writing
        [draft] not yet read back
        [readBack] read back
        [agreed] agreed
        [corrected] put differently by the other
        [open] open
        [reached] reached
        [setAside] set aside
        [short] within a year or so
        [long] further off
        [work] work
        [personal] my life
        [success] went well
        [difficulty] was hard
        [neither] neither well nor badly
        [given] given
        [received] received
        [me] me
        [them] the other
        [both] both of us
        [kept] kept
        [renegotiated] agreed anew
        [missed] missed
       *[other] { $value }
    }

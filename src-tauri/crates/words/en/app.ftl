### Words of the frame: sidebar, palette, keys, toasts.

app-name = Confidant
app-window-title = { $page } · Confidant
app-skip = Skip to the page
app-nav = Main
app-find = Find or go to
app-key-find = Ctrl K
app-nav-today = Today
app-nav-journal = Journal
app-nav-goals = Goals and plan
app-nav-summaries = Summaries
app-nav-mentees = I mentor
app-nav-mentors = Mentors me
app-nav-peers = Peers and circles
app-nav-shut = Shut
app-new-relationship = New relationship
app-weeks =
    { $weeks ->
        [one] one week
       *[other] { $weeks } weeks
    }
app-vault-open = Vault open
app-locks-in = Locks in { $minutes } min
app-locks-never = Locks when you ask
app-discreet = Discreet mode: blur names and words
app-settings = Settings
app-lock-now = Lock now (Ctrl L)
app-not-found = There is nothing here.
app-not-found-says = What this led to may have been put in the bin, or erased.
app-to-today = Go to Today

app-vault-demo = Demo vault
app-read-only = The disk lets nothing be written. You can read everything; nothing new can be saved.
app-all-saved = Saved. It is never needed: your words are saved as you write.

app-find-ask = A name, a title, a command
app-find-results = Results
app-find-notebooks = Notebooks
app-find-titles = Titles in the notebooks that are open
app-find-do = Do
app-find-shut = shut
app-find-kind =
    { $kind ->
        [meeting] meeting, { $day }
        [heard] what I heard, { $day }
        [goal] goal, { $day }
        [feedback] feedback, { $day }
        [commitment] promise, { $day }
        [person] person, { $day }
       *[note] note, { $day }
    }
app-find-reading = Still reading the titles.
app-find-none = Nothing of that name. Commands, notebooks and titles are looked through, not what is written inside.
app-find-base = Commands, notebooks and titles.
app-find-partly = Only the { $count } newest titles are looked through.
app-find-keys = ↑ ↓ choose

app-act-journal = Today’s journal page
app-act-disclosures = What has left this vault
app-act-note = New note
app-act-discreet = Discreet mode
app-act-discreet-off = End discreet mode
app-act-keys = All keys
app-act-lock = Lock now
app-key-note = Ctrl N
app-key-journal = Ctrl J
app-key-discreet = Ctrl Shift D
app-key-settings = Ctrl ,
app-key-keys = ?
app-key-lock = Ctrl L
app-key-number = Ctrl { $number }

app-keys = All keys
app-keys-says = On a Mac, Cmd stands for Ctrl.

app-notices = Found while opening
app-notices-read = Read; put this away
app-notices-more =
    { $count ->
        [0] See what is there and what is not
        [one] One more was found; see what is there and what is not
       *[other] { $count } more were found; see what is there and what is not
    }
app-moment = { $day }, { $time }
app-loss =
    { $notebooks ->
        [0] Something that you saved here is missing or cannot be read.
        [one] One notebook cannot be read, and something that you saved may be missing.
       *[other] { $notebooks } notebooks cannot be read, and something that you saved may be missing.
    } Write nothing in this vault before you have put back a backup, or copied the vault’s folder. What is damaged is kept as it was.

app-locking-soon = Still there?
app-locking-soon-says =
    { $seconds ->
        [one] The vault locks in one second. What you wrote is saved first.
       *[other] The vault locks in { $seconds } seconds. What you wrote is saved first.
    }
app-stay-open = Stay open
app-older = Is this the vault you want?
app-older-says = Until you have decided, write nothing in it. If a newer copy may still be somewhere, lock this one and look for it: locking changes nothing, and you are asked again. If you go on, this one counts from now on, and you are not asked again.
app-older-lock = Lock it
app-older-go-on = Go on with this one
app-unsaved = Some of your words are not saved.
app-unsaved-lock = They are still in this window: in a form that you began, or because they could not be saved. Locking now loses them. Stay to finish, or to copy them.
app-unsaved-lock-anyway = Lock and lose them
app-unsaved-close = They are still in this window: in a form that you began, or because they could not be saved. Closing now loses them. Stay to finish, or to copy them.
app-unsaved-close-anyway = Close and lose them
app-unsaved-stay = Stay
app-unsaved-here = Some of your words are not saved. They are still in this window.
app-saving-first = One moment: what you wrote is saved first.

## A short contact.

app-key-meeting = Ctrl Shift M
app-key-contact = Ctrl Shift C
app-contact-with = A short contact with { $name }
app-contact-says = It is kept as of now.
app-contact-call = Phone
app-contact-mail = Mail
app-contact-coffee = Coffee
app-contact-kept-says = Kept. A word about it, if you like.
app-contact-words = What it was about
app-contact-words-hint = One line
app-contact-done = Done
app-contact-kept-call = The call is in the timeline.
app-contact-kept-mail = The mail is in the timeline.
app-contact-kept-coffee = The coffee is in the timeline.

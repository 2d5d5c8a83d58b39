### Words of the components every screen is made of.

label-private = Private
label-private-meaning = Only you can read this
label-shareable = Shareable
label-shareable-meaning = May be proposed for a summary. Nothing leaves until its words are agreed to
label-agreed = Agreed
label-agreed-meaning = Stands in a summary whose words are agreed to
label-sealed = Sealed
label-sealed-meaning = Sensitive: never in a summary, never in search

shared-saved = Saved
shared-saving = Saving…
shared-not-saved = Not saved.
shared-try-again = Try again
shared-close = Close
shared-undo = Undo
shared-loading = Loading
shared-messages = Messages
shared-source = Source { $number }, { $label }
shared-notebook-open = { $name }, notebook open
shared-notebook-second = { $name }, notebook open, with a second passphrase
shared-notebook-locked = { $name }, notebook shut
shared-entry-name = { $label }. { $kind }, { $day }
shared-as-told-by = as told by
shared-promise-kept = Kept: { $title }
shared-no-date = no date
shared-today = today
shared-tomorrow = tomorrow
shared-days-late =
    { $count ->
        [one] one day late
       *[other] { shared-few } days late
    }
# Counts within a sentence are words up to ten.
shared-few =
    { $count ->
        [0] none
        [1] one
        [2] two
        [3] three
        [4] four
        [5] five
        [6] six
        [7] seven
        [8] eight
        [9] nine
        [10] ten
       *[other] { $count }
    }
# A sentence does not begin with a figure.
shared-first =
    { $count ->
        [0] None
        [1] One
        [2] Two
        [3] Three
        [4] Four
        [5] Five
        [6] Six
        [7] Seven
        [8] Eight
        [9] Nine
        [10] Ten
        [11] Eleven
        [12] Twelve
        [13] Thirteen
        [14] Fourteen
        [15] Fifteen
        [16] Sixteen
        [17] Seventeen
        [18] Eighteen
        [19] Nineteen
        [20] Twenty
       *[other] { $count }
    }
shared-strip-due = due
shared-strip-today = today

shared-date-example = 12 June
shared-date-none = No date
shared-date-unknown = Not a date I know. Try 12 June.
shared-date-needed = A date is needed. Try 12 June.
shared-date-too-early = It cannot be before { $day }.
shared-date-too-late = It cannot be after { $day }.
shared-date-pick = Pick a day
shared-date-pick-for = { $label }: pick a day

shared-strength-none = At least four words that do not belong together.
shared-strength-0 = Anybody would guess this.
shared-strength-1 = Too easy to guess.
shared-strength-2 = Weak.
shared-strength-3 = Good.
shared-strength-4 = Strong.
shared-strength-hint-common = It holds a phrase many people use. Choose words of your own.
shared-strength-hint-name = Names are tried first. Use other words.
shared-strength-hint-date = Dates are tried early. Leave them out.
shared-strength-hint-repeats = Repeating adds little. Use different words.
shared-strength-hint-sequence = Letters or numbers in a row add little.
shared-strength-hint-keyboard = Neighbouring keys add little.
shared-strength-hint-addWords = One or two more words make it strong.
shared-strength-space = There is a space at the beginning or the end; it counts.

shared-key-find = Ctrl K
shared-key-find-does = Find or go to
shared-key-lock = Ctrl L
shared-key-lock-does = Lock now, after saving
shared-key-note = Ctrl N
shared-key-note-does = New note
shared-key-journal = Ctrl J
shared-key-journal-does = Today’s journal page
shared-key-meeting = Ctrl Shift M
shared-key-meeting-does = Start a meeting in this notebook
shared-key-contact = Ctrl Shift C
shared-key-contact-does = A call, mail or coffee: then P, M or C
shared-key-number = Ctrl 1 … 9
shared-key-number-does = Your notebooks, from the top
shared-key-discreet = Ctrl Shift D
shared-key-discreet-does = Discreet mode
shared-key-main = Ctrl Enter
shared-key-main-does = The main action
shared-key-pane = F6
shared-key-pane-does = Next pane
shared-key-settings = Ctrl ,
shared-key-settings-does = Settings
shared-key-keys = ?
shared-key-keys-does = This list
shared-key-next = F8
shared-key-next-does = In feedback, the next word to look at
shared-key-escape = Esc
shared-key-escape-does = Close the top layer; never loses writing
shared-key-save = Ctrl S
shared-key-save-does = Never needed: saved as you write
shared-key-alt = Alt, held
shared-key-alt-does = In discreet mode, shows the line in focus
shared-unreadable =
    { $count ->
        [one] One of these cannot be read and is left out. It is damaged, or a newer Confidant wrote it; nothing else is.
       *[other] { $count } of these cannot be read and are left out. They are damaged, or a newer Confidant wrote them; nothing else is.
    }

## What was changed in a text, before the words for screen readers.

shared-difference-new = New:{ " " }
shared-difference-gone = Gone:{ " " }

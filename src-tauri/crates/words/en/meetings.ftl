### Meetings.

meetings-title = Meetings
meetings-one-title = Meeting
meetings-new = New meeting
meetings-empty = No meeting yet.
meetings-empty-says = A date and an agenda before; afterwards what you heard, and who promised what.
meetings-coming = To come
meetings-with = Meeting with { $name }
meetings-when = When
meetings-when-and-where = When and where
meetings-what = About
meetings-day = Day
meetings-at = Time
meetings-at-example = 14:30
meetings-at-unknown = Not a time I know. Try 14:30.
meetings-minutes = Minutes
meetings-minutes-unknown = Not a length I know. Try 45.
meetings-for-minutes = { $minutes } minutes
meetings-medium = How
meetings-medium-inPerson = In person
meetings-medium-call = By phone
meetings-medium-video = By video
meetings-medium-message = In writing
meetings-place = Where
meetings-name = Title
meetings-name-hint = What it is about
meetings-agenda = Agenda
meetings-agenda-hint = One point to a line
meetings-beside = Beside the notes
meetings-agenda-point = Agenda, point { $number }
meetings-agenda-next = A new point of the agenda
meetings-agenda-next-hint = Another point
meetings-agenda-spoken = Point { $number } has been spoken of
meetings-agenda-spoken-hint = Spoken of
meetings-agenda-kind = { $kind }. Change what is wanted of this point
meetings-agenda-question = Question
meetings-agenda-need = Need
meetings-agenda-update = Update
meetings-agenda-signs = Begin a point with ? for a question, an exclamation mark for a need, = for how something stands.
meetings-carry = Put on the agenda
meetings-carry-one = Put on the agenda: { $title }
meetings-carry-all = Put all on the agenda
meetings-agenda-first-hint = What you want to speak of
meetings-carried = Carried over
meetings-none-carried = Nothing is open from before.
meetings-make = Set it down
meetings-cancel = Cancel
meetings-notes = Notes
meetings-notes-hint = What was said, what you noticed. It starts Private.
meetings-for-your-eyes = For your eyes
meetings-observation-hint = Mood, energy, what was not said.
meetings-heard-and-promised = What was heard and promised
meetings-promises = Promises
meetings-heard = What I heard
meetings-heard-words = What I heard, in my words
meetings-heard-hint = You want…
meetings-heard-correction = The other’s own words
meetings-heard-correction-hint = In their own words…
meetings-heard-corrected = { $name } put it in their own words
meetings-heard-is-draft = Write it as they would say it, then read it to { $name }.
meetings-heard-is-readBack = Read back. What does { $name } say?
meetings-heard-is-agreed = { $name } agreed to these words.
meetings-heard-is-corrected = Both are kept: your words, and theirs.
meetings-heard-read-back = I have read it back
meetings-heard-agrees = { $name } agrees
meetings-heard-differs = { $name } puts it differently
meetings-heard-anew = Write it anew

## While a meeting is held.

meetings-phases = Parts of the meeting
meetings-phase-arrive = Arrive
meetings-phase-arrive-says = How you both are, and what the time is for
meetings-phase-listen = Listen first
meetings-phase-listen-says = One has the floor; advice waits
meetings-phase-think = Think together
meetings-phase-think-says = Questions before advice
meetings-phase-promise = Promise
meetings-phase-promise-says = Who does what, by when
meetings-left = { $count ->
    [one] one minute left
   *[other] { $count } minutes left
}
meetings-over = { $count ->
    [one] one minute over
   *[other] { $count } minutes over
}
meetings-time-hide = Put the time away
meetings-time-show = Show the time
meetings-floor-them = { $name } has the floor.
meetings-floor-them-says = Hear the whole story before you offer anything.
meetings-floor-me = You have the floor.
meetings-floor-me-says = Say it whole. Advice comes after.
meetings-floor-peer = One of you has the floor.
meetings-floor-peer-says = Hear the whole story before either of you offers anything.
meetings-floor-circle = One has the floor.
meetings-floor-circle-says = Hear the whole story before anybody offers anything.
meetings-floor-done-them = { $name } has finished
meetings-floor-done = That was the whole story
meetings-end-more = End meeting…
meetings-end = End the meeting
meetings-end-says = Everything is kept. Both lines may stay as they are.
meetings-end-no-promises = Nothing was promised.
meetings-end-not-yet = Not yet
meetings-end-go = End meeting
meetings-next = Next meeting
meetings-next-agreed = { $count ->
    [one] In a week, as you agreed.
   *[other] In { $count } weeks, as you agreed.
}
meetings-next-optional = Leave it empty if there is no day yet.
meetings-ended = The meeting has ended.
meetings-ended-next = The meeting has ended. The next one is on { $day }.

## What I heard and nothing else, for the other to read.

meetings-only = Show only this
meetings-only-asks = { $name }, this is what I heard. Is it what you meant?
meetings-only-asks-all = This is what I heard. Is it what you meant?
meetings-only-yes = Yes, that is it
meetings-only-change = Let me change a word
meetings-only-not-quite = Not quite; keep talking
meetings-only-own-words = In your own words
meetings-only-keep = These are my words
meetings-only-as-it-was = Leave it as it was
meetings-only-put = You put this in your own words.
meetings-only-agreed = You both agree to these words.
meetings-only-nothing-else = Nothing else is on this screen.
meetings-only-esc = held for a second turns it back
meetings-only-back = Turn it back
meetings-only-back-to = Turn it back to { $name }

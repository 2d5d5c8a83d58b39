### Notes.

notes-title = Notes
notes-one-title = Note
notes-empty = Nothing written yet.
notes-empty-says = What you write here starts Private: only you can read it.
notes-first = Write the first note
notes-name = Title of the note
notes-name-hint = A few words to know it by
notes-day = The day it is about
notes-purpose = What kind of note
notes-purpose-note = Note
notes-purpose-observation = Observation
notes-words = The note
notes-words-hint = Write here. It is saved as you go.

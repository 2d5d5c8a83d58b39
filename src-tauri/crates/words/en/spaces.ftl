### Notebooks: the timeline, making and editing one, the bin.

spaces-title = Notebook
spaces-new = A new notebook
spaces-edit = Edit the notebook
spaces-new-says = With a key of its own. Nobody is told that it exists.
spaces-new-journal-says = For you alone, with a key of its own.
spaces-my-journal = My journal
spaces-between = Between you
spaces-between-mentor = I mentor
spaces-between-mentee = Mentors me
spaces-between-peer = We are peers
spaces-between-circle = A circle
spaces-between-journal = My journal
spaces-my-part = My part in the circle
spaces-part-mentor = I lead it
spaces-part-peer = I am one of them
spaces-part-mentee = I am mentored in it
spaces-who = Who
spaces-called = Name
spaces-name = Name, as you say it
spaces-name-of-it = What it is called
spaces-work = Their work
spaces-about = What it is about
spaces-since = Since
spaces-since-long = Since when
spaces-rhythm = Rhythm
spaces-rhythm-weeks =
    { $weeks ->
        [one] Every week
        [13] Each quarter
       *[other] Every { $weeks } weeks
    }
spaces-rhythm-none = No rhythm
spaces-rhythm-next = If you meet today, then again about { $days }.
spaces-rhythm-none-says = Today will not say when you have not met for long.
spaces-make = Make the notebook
spaces-keep = Keep the changes
spaces-cancel = Cancel
spaces-the-notebook = The notebook
spaces-cloth = Cloth of the cover
spaces-cloth-used = { $cloth }, used for { $name }
spaces-cloth-says = { $cloth }. Faded ones are in use.
spaces-cloth-moss = Moss
spaces-cloth-teal = Teal
spaces-cloth-slate = Slate
spaces-cloth-heather = Heather
spaces-cloth-brick = Brick
spaces-cloth-ochre = Ochre
spaces-cloth-umber = Umber
spaces-cloth-rose = Rose
spaces-makes = What this makes
spaces-stays = What stays as it is
spaces-makes-key = A notebook that only its own key opens.
spaces-makes-private = Everything you write in it starts Private.
spaces-makes-word =
    { $weeks ->
        [one] A quiet word on Today when a week has gone by.
       *[other] A quiet word on Today when { $weeks } weeks have gone by.
    }

spaces-empty = An empty notebook.
spaces-empty-says = What you write appears here, newest first. Three ways to begin:
spaces-first-note = Write a note
spaces-first-note-says = What you know, and what you wonder about.
spaces-first-meeting = Set down a meeting
spaces-first-meeting-says = A date, an agenda, and afterwards what you heard.
spaces-first-goal = Write down a goal
spaces-first-goal-says = What would make this year a good one?
spaces-filter = Show only
spaces-everything = Everything
spaces-filtered-to-nothing = Nothing of this kind here.
spaces-show-everything = Show everything
spaces-beside = Promises and goals
spaces-promises = Promises
spaces-open = { $count } open
spaces-no-promises = What either of you says you will do appears here, with a date.
spaces-all-promises = All promises
spaces-goals = Goals
spaces-no-goals = No goals yet.
spaces-steps = { $done } of { $total }

spaces-bin = Bin
spaces-bin-says = kept for 30 days, then erased
spaces-bin-empty = The bin is empty.
spaces-bin-empty-says = What you throw away stays here for 30 days, in case you change your mind.
spaces-bin-left =
    { $days ->
        [0] erased today
        [one] one day left
       *[other] { $days } days left
    }
spaces-bin-summary = Summary
spaces-bin-put-back = Put back
spaces-bin-back = It is back where it was.
spaces-bin-erase = Erase…
spaces-bin-erase-title = Erase it for good?
spaces-bin-erase-says = It and all its earlier versions are destroyed. Nobody can bring them back, and neither can you.
spaces-bin-keep = Keep it in the bin
spaces-bin-erase-now = Erase for good
spaces-bin-erased = Erased.

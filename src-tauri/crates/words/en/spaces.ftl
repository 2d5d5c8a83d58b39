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
spaces-keep-until = Keep until
spaces-keep-until-long = Until which day it is kept
spaces-keep-until-says = If you agreed on a day to destroy it: Today says so beforehand. Nothing is destroyed without your yes.
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
spaces-bin-erase-says = It and all its earlier versions are destroyed. Nobody can bring them back from this vault, and neither can you. A backup made before still holds them.
spaces-bin-keep = Keep it in the bin
spaces-bin-erase-now = Erase for good
spaces-bin-erased = Erased.

spaces-forget = Forget a notebook
spaces-forget-title = Forget { $name }’s notebook?
spaces-forget-title-shut = Forget the notebook shown as { $name }?
spaces-forget-says = Its key is destroyed. Nobody can read it in this vault again, and neither can you. A backup made before still holds it.
spaces-forget-agreed = You agreed to keep it until { $day }.
spaces-forget-gone = Gone from this vault
spaces-forget-key = Its key
spaces-forget-key-says = Without it nothing of it can be read in this vault, by anyone.
spaces-forget-pages = { $notes ->
    [one] 1 page
   *[other] { $notes } pages
  } and { $meetings ->
    [one] 1 meeting
   *[other] { $meetings } meetings
  }
spaces-forget-pages-says = with every earlier version
spaces-forget-promises = { $promises ->
    [one] 1 promise
   *[other] { $promises } promises
  }, { $goals ->
    [one] 1 goal
   *[other] { $goals } goals
  }
spaces-forget-promises-says = and its bin, its summaries, and the list of what ever left here
spaces-forget-shut = Everything that is written in it
spaces-forget-shut-says = It is shut, so nobody can say what that is: not what left it as a summary, either.
spaces-forget-sealed = What is sealed
spaces-forget-sealed-shut = without being opened or counted
spaces-forget-sealed-open = though it is open now
spaces-forget-stays = Stays
spaces-forget-given = { $count ->
    [0] Nothing was ever given out
    [one] 1 summary, already given
   *[other] { $count } summaries, already given
  }
spaces-forget-given-unknown = What was given out cannot be read now
spaces-forget-given-reading = Looking for what was given out
spaces-forget-given-says = What left stays with those who have it. Your own copy goes with the notebook.
spaces-forget-save-mine = Save mine first…
spaces-forget-copies = Copies of the vault made earlier
spaces-forget-copies-says = A backup, a copied folder or an exported file still holds what it held.
spaces-forget-number = A number, and no name
spaces-forget-number-says = so that an old copy is known for what it is before it comes back
spaces-forget-sure = Type its name, to be sure
spaces-forget-sure-says = Nobody can undo this in this vault: not you, not us, not your spare key.
spaces-forget-now = Forget for good
spaces-forget-keep = Keep it
spaces-receipt = Receipt
spaces-receipt-title = Forgotten
spaces-receipt-says = Give a copy to whom you promised one. It holds no word that was written there.
spaces-receipt-not-kept = It is not kept here: save it now, or go without.
spaces-receipt-pdf = Save as PDF…
spaces-receipt-text = Save as text…
spaces-receipt-saved = Saved as { $name }.
spaces-receipt-done = Done
spaces-receipt-without = Go on without it

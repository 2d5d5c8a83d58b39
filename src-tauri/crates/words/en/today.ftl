### Today.

today-title = Today
today-good-morning = Good morning.
today-good-morning-name = Good morning, { $name }.
today-good-afternoon = Good afternoon.
today-good-afternoon-name = Good afternoon, { $name }.
today-good-evening = Good evening.
today-good-evening-name = Good evening, { $name }.
today-quiet = A quiet day.
today-sum-meetings =
    { $count ->
        [one] one meeting today
       *[other] { shared-few } meetings today
    }
today-sum-promises =
    { $count ->
        [one] one promise to keep this week
       *[other] { shared-few } promises to keep this week
    }
today-sum-endings =
    { $count ->
        [one] The agreed time of one notebook is ending.
       *[other] The agreed time of { shared-few } notebooks is ending.
    }
today-sum-one = { $first }.
today-sum-both = { $first }, and { $second }.
today-sum-late =
    { $count ->
        [one] One of them is late.
       *[other] { shared-first } of them are late.
    }
today-today = today
today-tomorrow = tomorrow
today-in-days = in { shared-few } days
today-for-minutes = for { $minutes } minutes
today-next-meetings = Next meetings
today-open-meeting = Open the meeting
today-prepare = Prepare
today-go-on = Go on with it
today-you-promised = You promised
today-promised-to-you = Promised to you
today-none-mine = Nothing to keep. What you say you will do appears here, with a date.
today-none-theirs = Nothing is waited for.
today-all-promises = All { $count } promises
today-worth-a-thought = Worth a thought
today-not-met-before = You have not met
today-not-met-for =
    { $count ->
        [one] for a week.
       *[other] for { shared-few } weeks.
    }
today-never-met-before = You and
today-never-met-after = have not met yet.
today-agreed-every =
    { $count ->
        [one] You meant to meet every week.
        [13] You meant to meet each quarter.
       *[other] You meant to meet about every { shared-few } weeks.
    }
today-strip = Meetings with { $name }: the last on { $day }, { $weeks } weeks ago
today-set-a-day = Set a day
today-ending-before = You agreed to keep the notebook of
today-ending-after =
    { $count ->
        [0] until today.
        [1] until tomorrow.
       *[other] for { shared-few } more days, until { $day }.
    }
today-ending-over = until { $day }. That day has passed.
today-ending-says = Nothing is destroyed by itself. See what would go, or keep it longer.
today-ending-see = See what would go
today-ending-longer = Keep it longer
today-last-touched = Where you wrote last
today-nothing-yet = Nothing is written yet.
today-nothing-yet-says = Meetings, promises and what you wrote last will appear here.
today-open-first = Open { $name }

today-lost = Your notebooks cannot be read
today-lost-says = The vault is damaged, and none of what you saved in it can be read now. Do not begin anew in it. What is damaged is kept as it was, and a backup brings back what it holds.
today-lost-backup = The newest backup that this computer knows of is of { $day }, { $time }. Lock the vault, and choose “Put back a backup”.
today-lost-no-backup = This computer knows of no backup that is within reach. If you have one, on a stick or another disk, lock the vault and choose “Put back a backup”.
today-lost-lock = Lock the vault
today-lost-found = See what was found
today-first-says = Nothing is here yet. A notebook is the beginning: each has a key of its own, and nobody is told that it exists.
today-first-shut = Nothing is open. Open a notebook from the sidebar, or begin another: each has a key of its own, and nobody is told that it exists.
today-first-journal = A journal of my own
today-first-journal-says = Wins, questions, and what you would ask a mentor. For you alone.
today-first-mentor = Somebody I mentor
today-first-mentor-says = Meetings, promises and feedback, in a notebook of their own.
today-first-mentee = Somebody who mentors me
today-first-mentee-says = What you asked, what you heard, and what you mean to do.

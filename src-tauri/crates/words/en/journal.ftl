### The journal.

journal-title = Journal
journal-none = A journal of your own.
journal-none-says = For your eyes alone, with a key of its own. What you win, what you wonder, what you would ask.
journal-none-shut =
    { $count ->
        [one] One notebook is shut.
       *[other] { shared-first } notebooks are shut.
    }
journal-none-shut-says = A journal may be among them: what a notebook is, nobody can tell before it is opened with its second passphrase.
journal-sealed-shut = Sealed pages are shut, and neither shown nor counted here.
journal-sealed-open = Open them…
journal-make = Make my journal
journal-make-another = Make a new journal
journal-which = Which journal
journal-name = Title of the page
journal-name-hint = A title, if it wants one
journal-words = The page
journal-words-hint = Begin anywhere.
journal-morning = morning
journal-afternoon = afternoon
journal-evening = evening
journal-night = night
journal-another-question = Another question
journal-no-question = No question
journal-earlier = Earlier pages
journal-show-earlier = Show earlier pages
journal-beside = The month, and this day in other years
journal-month-before = The month before
journal-month-after = The month after
journal-calendar = Days with writing on them
journal-day-pages =
    { $count ->
        [one] { $day }, one page
       *[other] { $day }, { $count } pages
    }
journal-days-written =
    { $count ->
        [0] Nothing written this year yet
        [one] One day written this year
       *[other] { $count } days written this year
    }
journal-on-this-day = On this day
journal-read-page = Read the whole page
journal-new-page = Another page
journal-import = Bring in a journal…
journal-all = The whole notebook

journal-prompt-1 = What went better than you feared?
journal-prompt-2 = What are you putting off, and what would the first ten minutes of it be?
journal-prompt-3 = Who helped you lately, and do they know?
journal-prompt-4 = What would you ask your mentor, if it could not sound foolish?
journal-prompt-5 = What did you learn this week that you did not set out to learn?
journal-prompt-6 = Where did you hold back, and what would you say now?
journal-prompt-7 = What small thing are you proud of?
journal-prompt-8 = What took more out of you than it should?
journal-prompt-9 = What did somebody say about your work, in their own words?
journal-prompt-10 = If next month were a good one, what would have changed?
journal-prompt-11 = What did you decide, and what made you decide it?
journal-prompt-12 = What do you know now that you wish you had been told a year ago?
journal-prompt-13 = Which of your habits is helping you?
journal-prompt-14 = What would you like to be asked?

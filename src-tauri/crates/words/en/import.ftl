### Bringing in a journal kept with jrnl.

import-title = Bring in a journal
import-stages = The steps
import-stage-choose = Choose
import-stage-look = Look through
import-stage-run = Bring in
import-stage-report = Report
import-choose-says = Choose a journal you kept in the program jrnl, as text or as its JSON export. Before anything is kept you see what is in it. The file itself stays as it is.
import-choose = Choose a file…
import-another = Choose another file
import-found =
    { $count ->
        [one] One page.
       *[other] { $count } pages.
    }
import-format-jrnlText = A jrnl text file.
import-format-jrnlJson = A jrnl JSON export.
import-span = From { $from } to { $to }.
import-nothing-yet = Nothing is in your vault yet.
import-first = The first pages
import-all-private = all Private
import-tags = Tags
import-look-at = To look at first
import-duplicates =
    { $count ->
        [0] None is a copy of a page you already have.
        [one] One page is the same as a page you already have; it is left out.
       *[other] { $count } pages are the same as pages you already have; they are left out.
    }
import-unreadable =
    { $count ->
        [one] One page of the journal cannot be read. If it stands in the file, it comes in a second time.
       *[other] { $count } pages of the journal cannot be read. Those that stand in the file come in a second time.
    }
import-skipped =
    { $count ->
        [0] Everything could be read.
        [one] One passage could not be read; it stays in the file.
       *[other] { $count } passages could not be read; they stay in the file.
    }
import-skipped-noDate = { $line }: no date.
import-skipped-badDate = { $line }: a date that does not exist, or a year before 1900 or after 2200.
import-skipped-empty = { $line }: no words.
import-skipped-notText = { $line }: not text.
import-skipped-tooLong = { $line }: more words than one page can hold.
import-skipped-unseen = { $line }: characters that nobody sees and that can make words read otherwise.
import-line = Line { $line }
import-somewhere = In the file
import-and-more = and { $count } more
import-run =
    { $count ->
        [0] Nothing to bring in
        [one] Bring in one page
       *[other] Bring in { $count } pages
    }
import-none-new = Every page is already in your journal.
import-one-step-back = One step takes it all back.
import-running = Page { $done } of { $total }
import-stop = Stop, and keep none of it
import-stopped = Stopped. Nothing was kept.
import-done =
    { $count ->
        [0] Nothing was brought in.
        [one] One page brought in.
       *[other] { $count } pages brought in.
    }
import-done-private = All Private: only you can read them.
import-to-journal = Open the journal
import-undo = Take it all back
import-undone =
    { $count ->
        [one] One page taken back.
       *[other] { $count } pages taken back.
    }

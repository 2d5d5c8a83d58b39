### Summaries: what leaves, once both have agreed to it word for word.

summaries-title = Summaries
summaries-one-title = Summary
summaries-says = What leaves this computer: the words you both agreed to, and nothing else.
summaries-log = What has left
summaries-new = New summary
summaries-empty = No summary yet.
summaries-empty-says = A summary is written from what you marked Shareable. It leaves once you both have agreed to every word.
summaries-first-notebook = Make a notebook first
summaries-period = { $from } to { $to }
summaries-state-draft = Version { $version }, a draft
summaries-state-agreed = Version { $version }, agreed
summaries-state-exported = Version { $version }, handed over
summaries-version-draft = Version { $version }, a draft
summaries-version-agreed = Version { $version }, agreed
summaries-version-exported = Version { $version }, handed over
summaries-version = Version { $version }

summaries-new-says = You write it from what you marked Shareable; both of you agree to every word before it leaves.
summaries-new-journal-says = You write it from the pages you marked Shareable. Nothing leaves before you say so.
summaries-about-whom = From
summaries-notebook = From which notebook
summaries-period-heading = Over
summaries-from = From
summaries-to = To
summaries-backwards = The end comes before the beginning.
summaries-what-for = What it is for
summaries-field-title = Title
summaries-field-purpose = Purpose
summaries-field-audience = Written for
summaries-field-expires = Not to be used after
summaries-purpose-example = Annual review
summaries-audience-example = The review panel
summaries-title-for = Summary for { $name }
summaries-title-journal = Summary of my year
summaries-outline-ours = What we worked on
summaries-outline-mine = What I worked on
summaries-outline-changed = What changed
summaries-outline-next = What comes next
summaries-begin = Begin
summaries-cancel = Cancel

summaries-more = More for this summary
summaries-delete = Delete the summary…
summaries-delete-title = Delete this summary?
summaries-delete-says = It lies in the bin of its notebook for 30 days and is then erased, with its consents. What it rested on stays in the notebook, and so does the log of what has left.
summaries-keep = Keep it
summaries-delete-now = Delete
summaries-deleted = The summary is in the bin.
summaries-conflict-says = This was changed in another place since you opened it. If you keep yours, they take the place of the other words.
summaries-the-page = The page
summaries-page-period = Summary, { $from } to { $to }
summaries-write-here = Write here, or choose some evidence.
summaries-fixed = These words are agreed to. Changing one makes version { $next }, and that one has to be agreed to again.
summaries-change-words = Change the words
summaries-source-withdrawn = Source { $numbers }, withdrawn

summaries-evidence = Evidence
summaries-used = { $used } of { $total } used
summaries-find = Find among the evidence
summaries-may-be-used = May be used
summaries-no-evidence = Nothing in this time is Shareable. Open a note, a goal or feedback and make it Shareable.
summaries-none-found = Nothing here has these words.
summaries-use = Use: { $title }
summaries-cite = Rest this sentence on it
summaries-uncite = Take it from this sentence
summaries-insert = Copy its words onto the page
summaries-stays = Stays with you
summaries-cannot-be-used = cannot be used
summaries-sealed = A sealed page

summaries-withdrawn = Withdrawn evidence
summaries-withdrawn-source = Source { $number } was withdrawn
summaries-withdrawn-chosen = Something you chose was withdrawn
summaries-flag-notShareable = It is Private now. Reword the sentence or let it rest on something else.
summaries-flag-deleted = It is no longer in the notebook. Reword the sentence or let it rest on something else.
summaries-flag-unreadable = It cannot be read any more. Reword the sentence or let it rest on something else.
summaries-take-out = Take the source out
summaries-own-words = In my own words
summaries-own-count = { $own } of { $total }
summaries-nothing-written = Nothing is written yet.
summaries-all-rest = Every sentence rests on evidence.
summaries-own-says = These sentences rest on nothing but you. That is allowed; a reader sees it.
summaries-own-more =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }

summaries-agreement = Agreement
summaries-you = You
summaries-the-other = The other
summaries-has-agreed = { $name } has agreed
summaries-has-not-agreed = { $name } has not agreed yet
summaries-agreed-me = agreed on { $day }, { $time }
summaries-agreed-own = said yes on { $day }, { $time }
summaries-agreed-them = in person on this computer, { $day }, { $time }
summaries-waiting = has not agreed yet
summaries-open-says = You have both agreed to these very words. Export is open.
summaries-open-alone = You have said yes to these very words. Export is open.
summaries-shut-empty = Export is shut: nothing is written yet.
summaries-shut-withdrawn = Export is shut: evidence was withdrawn. Put it right above.
summaries-shut-expired = Export is shut: the last day for using this has passed. Give it a later day above, and agree to it anew.
summaries-shut-both = Export opens once you and { $name } have both agreed to the same words.
summaries-shut-me = Export opens once you have agreed too.
summaries-shut-them = Export opens once { $name } has agreed too.
summaries-shut-alone = Export opens once you have said yes to these words.
summaries-i-agree = I agree to version { $version }
summaries-they-agree = { $name } is here and agrees…
summaries-earlier =
    { $count ->
        [one] One consent to an earlier version
       *[other] { $count } consents to earlier versions
    }
summaries-ask-me-title = Agree to version { $version }
summaries-ask-me-says = Read it once more. You agree to these words and to no others.
summaries-ask-alone-says = Read it once more. You say yes to these words and to no others.
summaries-ask-them-title = For { $name } to read
summaries-ask-them-says = Hand over the computer. { $name } reads every word and types their own name. It is kept as agreed in person on this computer.
summaries-my-name = Your name
summaries-their-name = Type your own name
summaries-not-yet = Not yet
summaries-ask-rests-on = What this rests on
summaries-agree-now = I have read it and agree

summaries-preview = As it will leave
summaries-preview-says = This version has not left yet.
summaries-export = Export
summaries-export-title = Hand over version { $version }
summaries-export-says = The file is no longer under lock. Whoever has it can read it.
summaries-to-whom = To whom
summaries-to-whom-example = Dr Okafor, head of department
summaries-to-whom-says = Kept in the log of what has left, so that you know later.
summaries-format = Kind of file
summaries-format-pdf = PDF
summaries-format-pdf-says = To print, or to attach.
summaries-format-markdown = Markdown
summaries-format-markdown-says = Plain text that any program opens.
summaries-format-html = Web page
summaries-format-html-says = One file that any browser opens.
summaries-exporting = Writing the file
summaries-export-now = Save the file…
summaries-stop = Stop
summaries-exported = Saved as { $file }. The log says to whom.

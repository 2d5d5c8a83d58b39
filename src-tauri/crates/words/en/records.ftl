### What all kinds of records say alike: notes, meetings, goals, feedback, promises.

records-kind-note = Note
records-kind-journal = Journal
records-kind-observation = Observation
records-kind-meeting-notes = Meeting notes
records-kind-meeting = Meeting
records-kind-heard = What I heard
records-kind-goal = Goal
records-kind-goal-reached = Goal reached
records-kind-feedback-given = Feedback you gave
records-kind-feedback-received = Feedback you were given
records-kind-promise = Promise
records-kind-promise-kept = Promise kept
records-kind-kept-by-me = You kept a promise
records-kind-kept-by-both = You both kept a promise
records-kind-kept-by-them = { $name } kept a promise
records-kind-promise-missed = Promise missed
records-kind-promise-anew = Promise agreed anew
records-kind-person = Person card

records-owner-me = You
records-owner-both = Both of you
records-owner-them = The other

records-words =
    { $count ->
        [one] one word
       *[other] { $count } words
    }
records-show-more = Show { $count } more

records-label-choose = Who may read this
records-label-who = Who may read this?
records-label-now = { $label }. Change who may read this
records-label-private-then = Only you. It can never be used in a summary.
records-label-shareable-then = May be proposed for a summary. Nothing leaves until its words are agreed to.
records-label-raise = Make it Shareable
records-label-sealed-then = Sensitive. Under a second passphrase, and only in this notebook while that is open.
records-label-seal = Seal it
records-label-seal-copies = Backups made before still hold it unsealed.
records-label-unseal = Take it from under the seal
records-sealed-level-says = Under the second passphrase of this notebook. Never in Today, a search, a summary or an export.
records-sealed-choose = Choose a second passphrase
records-sealed-choose-says = What you seal in this notebook lies under a lock of its own, which opening your vault does not open. You may use the same one in several notebooks.
records-sealed-lost = If you forget it, nothing brings back what is sealed: not your vault’s passphrase, not your spare key, nobody.
records-sealed-passphrase = Second passphrase
records-sealed-choose-go = Choose it
records-sealed-open = Open what is sealed
records-sealed-open-says = It stays open until you shut it or lock the vault.
records-sealed-open-go = Open
records-sealed-open-more = Open it…
records-shut-state = Shut, with a second passphrase
records-shut-says = You chose to keep this notebook shut even while the vault is open.
records-shut-passphrase = Second passphrase
records-shut-open = Open notebook
records-shut-lost = I no longer know it
records-shut-lost-says = Then nothing opens this notebook any more: not your vault’s passphrase, not your spare key, nobody. A backup from before it had this passphrase may still open it as it was then. What you can do is try again later, or destroy the notebook.
records-shut-destroy = Destroy this notebook…
records-shut-until = You agreed to keep it until { $day }.
records-second-more = Second passphrase…
records-second-sealed-more = Passphrase of what is sealed…
records-second-is = Second passphrase
records-second-close = Shut it now
records-second-unsaved = Something you have written is not saved yet, so the notebook stays open. Save it or throw it away, and try again.
records-sealed-unsaved = Something you have written is not saved yet, so what is sealed stays open. Save it or throw it away, and try again.
records-second-closed = It is shut.
records-second-set = A second passphrase for this notebook
records-second-set-says = It is then shut even while your vault is open, until you give this passphrase. Nothing of it is then in a list, in a search or in Today but the name you choose here.
records-second-set-go = Choose it
records-second-set-done = It has a second passphrase
records-second-manage = Second passphrase
records-second-manage-says = This notebook is shut until its second passphrase is given.
records-second-change =
    { $part ->
        [sealed] Change the passphrase of what is sealed
       *[notebook] Change the second passphrase
    }
records-second-change-says =
    { $part ->
        [sealed] What is sealed gets a new key, so what somebody may know of the old one opens it no longer.
       *[notebook] The notebook gets a new key, so what somebody may know of the old one opens it no longer.
    }
records-second-change-more = Change…
records-second-change-go = Change it
records-second-change-done = It has another passphrase
records-second-remove = Take the second passphrase away
records-second-remove-says = The notebook then opens with your vault. What is sealed in it stays under its own passphrase.
records-second-remove-more = Take away…
records-second-remove-go = Take it away
records-second-remove-done = It opens with your vault again
records-second-showAs = The name that is shown while it is shut
records-second-showAs-says = Whoever has opened your vault sees it, the day until which the notebook is kept, whether something is sealed in it and whether all of it is there, and nothing else.
records-second-showAs-more = Change…
records-second-showAs-go = Show this name
records-second-present = Current passphrase
records-second-next = New passphrase
records-second-shown-as = Name that is shown while it is shut
records-second-shown-as-says = It stands in the sidebar and is found while the notebook is shut. Only you need to know which one it is.
records-second-shown-as-example = Garden plans
records-second-shown-as-long = This name is too long. Sixteen letters always fit.
records-second-shown-as-kept = The name is kept.
records-second-lost =
    { $part ->
        [sealed] If you forget it, nothing brings back what is sealed: not your vault’s passphrase, not your spare key, nobody.
       *[notebook] If you forget it, nothing brings back this notebook: not your vault’s passphrase, not your spare key, nobody.
    }
records-second-end = Done
records-sealed-is-shut = Sealed things are shut
records-sealed-is-open = Sealed things are open
records-sealed-shut-go = Shut them
records-empty-shut = Nothing here that is open.
records-empty-shut-says = Sealed things are shut, and are neither shown nor counted here. Open them above to see whether there are any of this kind.
records-shut-left-out =
    { $count ->
        [one] One notebook is shut; what is in it is left out here.
       *[other] { shared-first } notebooks are shut; what is in them is left out here.
    }
records-cancel = Cancel
records-label-agreed-change = Whatever you choose here, what was agreed stays as it was.
records-private-says = Only you can read this. It can never be used in a summary.
records-shareable-says = May be proposed for a summary. Nothing leaves until you both agree.
records-shareable-says-alone = May be proposed for a summary. Nothing leaves until you agree.
records-agreed-says = You have both agreed to these words, in a summary.
records-agreed-says-alone = They stand in words that you have agreed to.
records-always-private = Only you can read this, always. It can never be used in a summary.

records-more = More for this page
records-history-open = Earlier versions…
records-history = Earlier versions
records-history-says = Bringing one back makes a new version; nothing is lost.
records-history-empty = No earlier version yet.
records-history-empty-says = Once you come back to this and change it, what stood here before is kept and can be read here.
records-history-restore = Bring this version back
records-history-restored = The earlier version is back.
records-undo = Undo the last change
records-nothing-to-undo = There is nothing earlier to go back to.
records-conflict-says = This was changed in another place since you opened it. If you keep yours, the other stays among the earlier versions.
records-keep-mine = Keep mine
records-bin = Move to the bin
records-binned = Moved to the bin. It stays there for 30 days.

records-promise-anew = Agreed anew. The new promise is open.
records-promise-now-kept = Promise kept.
records-promise-now-open = The promise is open again.
records-promise-now-renegotiated = The promise was agreed anew.
records-promise-now-missed = The promise was missed.

records-role-mentor = Mentored by you.
records-role-mentee = Your mentor.
records-role-peer = You are peers.
records-role-journal = For you alone.
records-since-mentor = Mentored by you since { $since }.
records-since-mentee = Your mentor since { $since }.
records-since-peer = Peers since { $since }.
records-since-journal = For you alone, since { $since }.
records-kept-until = Kept until { $day }.
records-kept-until-over = To be kept until { $day }: that day has passed.
records-no-rhythm = No fixed rhythm
records-every =
    { $count ->
        [one] Every week
        [13] Each quarter
       *[other] Every { shared-few } weeks
    }
records-last-met = Last met { $day }
records-not-met = You have not met yet
records-not-met-for =
    { $count ->
        [one] You have not met for a week
       *[other] You have not met for { shared-few } weeks
    }
records-own-key = A key of its own
records-own-key-says = Nothing in it opens with another’s
records-tabs = In this notebook
records-tab-timeline = Timeline
records-tab-meetings = Meetings
records-tab-notes = Notes
records-tab-goals = Goals
records-tab-feedback = Feedback
records-tab-promises = Promises
records-tab-summaries = Summaries
records-new-note = New note
records-new-meeting = New meeting
records-start-meeting = Start meeting
records-log-contact = Log a call, mail or coffee
records-space-more = More for this notebook
records-person = Person card
records-edit-space = Edit the notebook
records-disclosures = What has left
records-import = Bring in a journal
records-forget = Forget this notebook…
records-open-bin = Bin

records-where = Where this page is
records-told-by = As told by somebody…
records-told-by-name = Whose words these are
records-told-by-me = My own words
records-tag-add = Add a tag
records-tag-remove = Take away the tag { $tag }

records-promise-whose = Whose promise it is
records-promise-words = What is promised
records-promise-will = will…
records-promise-due = By when
records-promise-add = Add

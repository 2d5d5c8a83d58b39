### Goals.

goals-title = Goals
goals-one = The goal
goals-says = What you and those you work with mean to do, and how far it has come.
goals-new = New goal
goals-empty = What would make this year a good one?
goals-empty-says = Write it down in a few words. Steps and dates come after.
goals-question = What would make this year a good one?
goals-question-hint = Lead a study of my own
goals-in = In
goals-make = Make it a goal
goals-first-notebook = Make a notebook first
goals-finding-none =
    { $count ->
        [one] One step, still to come.
       *[other] { shared-first } steps, all still to come.
    }
goals-finding-behind = { goals-finding-taken }, { $behind } behind where you meant to be.
goals-finding-ahead = { goals-finding-taken }, { $ahead } ahead of where you meant to be.
goals-finding-even = { goals-finding-taken }, just where you meant to be.
# No step has a day it is meant for.
goals-finding-unplanned =
    { $total ->
        [1] The one step is taken.
       *[other] { shared-first } of { $all } steps taken.
    }
goals-finding-taken =
    { $count ->
        [0] No step taken yet
        [one] One step taken
       *[other] { shared-first } steps taken
    }
goals-number = { shared-few }
goals-key-taken = taken
goals-key-to-come = to come
goals-key-late = late
goals-chart-taken = { $count } taken
goals-chart-planned = as planned
goals-as-table = Show the numbers
goals-as-chart = Show the chart
goals-table-by = By the end of
goals-table-taken = Taken
goals-table-planned = Planned
goals-steps =
    { $count ->
        [one] one step
       *[other] { $count } steps
    }
goals-of = { $done } of { $total }
goals-by = by { $day }
goals-no-steps = no steps yet
goals-add-steps = Open it to add steps.
goals-cannot-be-read = This goal cannot be read.
goals-reached = reached
goals-reached-on = reached on { $day }
goals-set-aside = set aside
goals-lane = { $title }: { $stands }
goals-name = The goal
goals-why = Why it matters
goals-measure = How I will know
goals-due = By
goals-horizon = How far off
goals-horizon-short = This year
goals-horizon-long = Further off
goals-sphere = What it is for
goals-sphere-work = For my work
goals-sphere-personal = For my life
goals-confidence = How sure I am
goals-confidence-none = not said
goals-confidence-is = { $value } of 10
goals-steps-heading = Steps
goals-step-words = The step
goals-step-new = Another step
goals-step-add = Add
goals-step-due = The step: by
goals-step-new-due = The new step: by
goals-step-done-on = Taken on
goals-step-up = Move up
goals-step-down = Move down
goals-step-remove = Take it away
goals-step-removed = The step is gone.
goals-step-keep = Done
goals-step-edit = Change the step: { $step }
goals-reports = How it goes
goals-outcome = How it went
goals-outcome-success = Went well
goals-outcome-difficulty = Was hard
goals-outcome-neither = Neither
goals-report-words = What happened
goals-report-next = What next
goals-report-then = Next:
goals-report-add = Add to the report
goals-reach = It is reached
goals-put-aside = Set it aside
goals-open-again = Open it again
goals-won = Reached.
goals-won-on = On { $day }. Tell somebody who helped.

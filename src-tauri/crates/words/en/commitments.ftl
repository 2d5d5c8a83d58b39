### Promises.

commitments-title = Promises
commitments-one = The promise
commitments-new = New promise
commitments-empty = Nothing promised yet.
commitments-empty-says = What either of you says you will do appears here, with a date.
commitments-open = Open
commitments-none-open = Nothing is open.
commitments-settled = Settled
commitments-kept-by-side = What came of the promises of each side
commitments-kept-me = You kept { $kept } of { $total }.
commitments-kept-them = { $name } kept { $kept } of { $total }.
commitments-kept-both = Together you kept { $kept } of { $total }.
commitments-kept = kept
commitments-missed = missed
commitments-renegotiated = agreed anew
commitments-was-due = was due { $day }
commitments-next-due = The next one is due { $when }.
commitments-late =
    { $count ->
        [one] One of them is late.
       *[other] { shared-first } of them are late.
    }
commitments-pick-one = Open a promise to change it or to say how it came out.
commitments-words = What is promised
commitments-whose = Whose it is
commitments-due = By when
commitments-how = How it stands
commitments-state-open = Open
commitments-state-open-then = Still to be kept.
commitments-state-kept = Kept
commitments-state-kept-then = Done as said.
commitments-state-renegotiated = Agreed anew
commitments-state-renegotiated-then = You spoke about it, and what is promised now is written down anew.
commitments-state-missed = Missed
commitments-state-missed-then = It was not kept, and it no longer needs to be.
commitments-anew-words = What is promised now
commitments-anew-go = Promise it anew
commitments-in-place-of = In place of:
commitments-now = Now promised:
commitments-note = A word about it

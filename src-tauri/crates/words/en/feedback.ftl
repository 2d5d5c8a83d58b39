### Feedback.

feedback-title = Feedback
feedback-one-title = Feedback
feedback-empty = No feedback yet.
feedback-empty-says = What was seen and what came of it, given or received. You say it yourself; nothing is sent.
feedback-first = Write the first feedback
feedback-new = New feedback
feedback-for = Feedback for { $name }
feedback-from = Feedback from { $name }
feedback-direction = Given or received
feedback-given = I gave it
feedback-received = I was given it
feedback-day = The day it was given
feedback-situation = Situation
feedback-situation-given = Where, and when
feedback-situation-received = Where, and when
feedback-behaviour = Behaviour
feedback-behaviour-given = What a camera would have seen
feedback-behaviour-received = What they saw me do
feedback-impact = Impact
feedback-impact-given = On people, on the work
feedback-impact-received = What came of it
feedback-next = Next time
feedback-next-given = One thing they can do
feedback-next-received = One thing I can do
feedback-reply = Reply
feedback-reply-theirs = What { $name } said to it
feedback-reply-mine = What you said to it
feedback-nothing-sent = You say it yourself. Nothing is sent.
feedback-as-told = Kept as told by { $name }.
feedback-look = Words to look at
feedback-is-judging = is a judgement.
feedback-is-judging-says = They can only argue with it. What did you see or hear?
feedback-is-guessing = is a guess.
feedback-is-guessing-says = Nobody could see that. What made you think so?
feedback-is-sweeping = is more than this once.
feedback-is-sweeping-says = One exception, and it is wrong. Which time do you mean?
feedback-go-to = Go to it, under { $part }
feedback-keep-mine = Keep mine
feedback-look-next = F8 goes to the next one.
feedback-look-count = { $count ->
    [one] One word to look at. F8 goes to it.
   *[other] { $count } words to look at. F8 goes to the next one.
}

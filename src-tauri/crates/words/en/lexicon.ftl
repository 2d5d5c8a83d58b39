### Words that feedback is better without, one after another with commas between. What counts is what a camera would have seen.

## They judge the person, well or badly.

lexicon-judging = aggressive, amateurish, amazing, arrogant, attitude problem, awful, bad attitude, bossy, brilliant, careless, childish, condescending, defensive, dismissive, disorganised, disrespectful, dramatic, emotional, excellent, hopeless, hostile, hysterical, immature, impatient, impolite, incompetent, indifferent, irresponsible, lazy, manipulative, moody, naive, not a team player, outstanding, passive-aggressive, patronising, poor attitude, rude, selfish, sloppy, stubborn, stupid, sulky, terrible, touchy, unmotivated, unprofessional, unreasonable, unreliable, useless, wonderful

## They guess at what nobody could see: what somebody wanted, felt or meant.

lexicon-guessing = because you do not, because you don’t, believed, deliberately, did not care, didn’t care, do not care, does not care, doesn’t care, don’t care, feared, felt, hated, hoped, intended, meant to, must have, obviously, on purpose, thought, to get attention, wanted, were afraid, were angry, were annoyed, were bored, were jealous, were nervous, were offended, were tired, were upset

## They make one time into all times.

lexicon-sweeping = again and again, all the time, always, as usual, constantly, every single time, every time, everybody, everyone, never, no one ever, nobody ever, typical, typically

### The card of a person.

people-title = Person card
people-name = Name
people-pronouns = Pronouns
people-work = Work
people-contact = How to reach them
people-contact-says = And how they prefer to be reached.
people-about = About them
people-about-says = What they told you and would want you to remember.

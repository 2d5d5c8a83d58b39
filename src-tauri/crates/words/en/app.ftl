### Words of the frame: sidebar, palette, keys, toasts.

app-name = Confidant
app-window-title = { $page } · Confidant
app-skip = Skip to the page
app-nav = Main
app-find = Find or go to
app-key-find = Ctrl K
app-nav-today = Today
app-nav-journal = Journal
app-nav-goals = Goals and plan
app-nav-summaries = Summaries
app-nav-mentees = I mentor
app-nav-mentors = Mentors me
app-nav-peers = Peers and circles
app-new-relationship = New relationship
app-weeks =
    { $weeks ->
        [one] one week
       *[other] { $weeks } weeks
    }
app-vault-open = Vault open
app-locks-in = Locks in { $minutes } min
app-locks-never = Locks when you ask
app-discreet = Discreet mode: blur names and words
app-settings = Settings
app-lock-now = Lock now (Ctrl L)
app-not-found = There is nothing here.
app-not-found-says = What this led to may have been put in the bin, or erased.
app-to-today = Go to Today

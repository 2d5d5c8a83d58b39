### Words of the way in: welcome, create, spare key, unlock.

vault-cover-name = A closed green notebook, stamped: do not betray confidences
vault-cover-1 = Do not betray
vault-cover-2 = confidences.
vault-welcome-back = Welcome back.
vault-as-you-left = Your notes are exactly as you left them.
vault-passphrase = Passphrase
vault-passphrase-hint = It is longer than a password: the words you chose.
vault-show-passphrase = Show passphrase
vault-hide-passphrase = Hide passphrase
vault-caps-lock = Caps Lock is on.
vault-open = Open vault
vault-nothing-shown = Names, notes and dates stay hidden until the vault is open. Nothing leaves this computer.

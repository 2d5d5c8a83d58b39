### What is said where the program is started, before there is a window.

cli-usage =
    Usage: confidant [--vault FOLDER] [--device-folder FOLDER] [--demo]
    
      --vault FOLDER           open the vault in this folder
      --device-folder FOLDER   keep what this computer knows of the vault in this folder
      --demo                   open a demo vault in a temporary folder; it is gone afterwards
cli-unknown = Argument { $position } is unknown.
cli-folder-missing = Argument { $position } wants a folder after it.

cli-not-started = Confidant could not start: { $why }
cli-no-demo-folder = the demo vault could not be made in the folder for temporary files.
cli-no-demo-vault = the demo vault could not be opened.
cli-no-web-folder = the folder for the window’s own files could not be made.
cli-no-window = the window could not be opened.
cli-no-data-folder = the system does not say where a user’s data is kept.
cli-folder-empty = a folder on the command line is empty.

### The page people write on.

editor-tools = Dress of the words
editor-bold = Bold
editor-italic = Italic
editor-heading = Heading
editor-list = List
editor-numbers = Numbered list
editor-quote = Quotation

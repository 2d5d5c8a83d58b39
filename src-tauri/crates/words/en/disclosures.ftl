### The log of what has left.

disclosures-title = What has left
disclosures-says = Every summary that was handed over, and with whose consent.
disclosures-empty = Nothing has left.
disclosures-empty-says = When you hand a summary over, it is written down here: what, when, and to whom.
disclosures-when = When
disclosures-what = What
disclosures-to = To whom
disclosures-consent = With whose consent
disclosures-version = version { $version }, { $format }
disclosures-format-pdf = PDF
disclosures-format-markdown = Markdown
disclosures-format-html = web page
disclosures-how-attestedInPerson = in person on this computer
disclosures-how-ownYes = in this vault

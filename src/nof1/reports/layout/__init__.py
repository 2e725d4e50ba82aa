"""What a report is made of, and how it becomes a file.

Sections are built of `elements`, without layout. `typesetting` fills them into a Typst template for
the PDF, `one_file` into HTML that asks the network for nothing; `unbroken` keeps together what a
line's end must not part.

`elements`     what a report is made of: sections of text, tables and pictures, without layout
`one_file`     a report as one HTML file that asks the network for nothing
`typesetting`  typesetting: a template and data in, one PDF out, the same bytes every time
`unbroken`     what must not be parted at the end of a line, such as ``p = 0.05``
"""

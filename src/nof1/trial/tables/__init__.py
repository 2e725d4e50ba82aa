"""Tables from a spreadsheet, as their cells are: files of any common make, and DataFrames.

`reading` tells what a file is and hands it to the reader of its kind; `headers` finds the row with
the names of the columns. A `table` comes out, whose cells and rows can be named in messages.

`frames`        DataFrames of any library: the table that the same rows in a CSV file would be
`headers`       which row holds the names of the columns, and which rows hold no values at all
`opendocument`  OpenDocument spreadsheets (.ods), as LibreOffice and others write them
`reading`       what a file is, told from its content, and the table in it
`records`       lists of records in JSON, or one record a line
`sheets`        sheets of a workbook: which one is read, and merged cells as they show
`table`         a table as its cells are, and how its rows and cells are named in messages
`texts`         text files: CSV of any common make, and tables parted by blanks
`workbooks`     Excel workbooks (.xlsx)
"""

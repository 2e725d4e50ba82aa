"""Printed pages: the booklet, the clinician's pages, the calendar, and what the packer prints.

A protocol and a schedule without arms go into `source`, the only thing pages may know; each module
makes the data of its pages from it. `printing` typesets all of them before the first is written.

`blinding`     what the printed pages say of seal and blind: it follows from protocol
`calendar`     reminders for a phone, naming neither an arm nor a product
`clinician`    the clinician's pages: a summary on one page
`packer`       what the packer alone prints: packing sheet, kit labels, emergency notes
`participant`  the participant's booklet: an overview, what keeps them safe, and one page a week
`printing`     writing the pages: all of them are made before the first is written
`scales`       scales in words: ends and unit of everything that is written down as a number
`source`       what the pages may know of a trial, and how they write dates and times
"""

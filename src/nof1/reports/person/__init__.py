"""The person's result, in plain words.

`page` says the answer on one page from `nof1.reports.report_input.ReportInput`; `conduct` adds what
became of the blind, and the side effects. Every word is in `nof1.words`.

`conduct`  what became of the blind, and side effects, the worst first
`page`     the person's result on one page, in plain words and large type
"""

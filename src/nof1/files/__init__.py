"""Reading and writing files so that nothing is lost, half-written, or written elsewhere.

What is written goes into a draft first: a new file under a random name in the same folder, forced
to the disk and read back. It takes its place by one rename. No symbolic link is followed.

`drafts`     drafts: what is written under another name first, and takes its place by one rename
`locks`      one writer of a folder at a time: by the system's lock, and by a file of its own
`names`      names of drafts: random, and telling whether the program that wrote one still runs
`new_file`   a new file: written as a whole or not at all, and never over another one
`reading`    reading a file that must lie where it is named: no link to another place, no device
`replacing`  writing several files of a folder: all of them or none, and nothing of anybody else's
"""

"""PDFium behind a wall: a process of its own reads what may be made to harm, and is ended when it does not answer.

PDFium is written in C, cannot be interrupted, and is handed files of strangers. ``documents`` is what the program
calls; ``wall`` starts, times and ends the worker; ``frames`` is what passes between the two; ``worker`` is its loop,
and ``engine`` the one door to the library. Nothing is imported here: the worker begins with as little as it can.
"""

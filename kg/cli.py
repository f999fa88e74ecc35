"""The command line: each command parses, calls one function of `kg.api`, and prints.

stdout is data, stderr is talk. Exit status: 0 fine; 1 the data does not conform; 2 the call or a file is wrong.
Heavy libraries are imported inside the commands, so that ``kg --help`` answers at once.
"""

"""Given names to concepts: the words of a name, an index over labels, and the linker that ranks candidates."""

"""Every parser of a stranger's bytes, given what no one would write.

`python -m tests.fuzz NAME --minutes 30`: guided by coverage (Atheris), one target of targets.py;
`--all`, each in turn. What it finds is in build/fuzz/; its smallest form joins findings/ here,
which every run of the tests replays."""

"""Trials of the real server: bots that use the door that people use, load, and faults.

Each is a command, `python -m runs.room.trial.NAME`, that prints its figures as JSON and fails where
something is lost, told to the wrong one, or too slow:

bots      a class plays a whole game             load      many at once, and one that floods
faults    the server is killed again and again   mishaps   clock, second device, child, torn log
disk      the disk is full for a while           cuts      a phone loses the network (a browser)
fuzz      nonsense: calls, frames, raw bytes     door      inputs made from the description
canary    private words, searched everywhere     zips      the exported file, looked through
rehearse  the class script, step by step         audit     players of all kinds in every seat
results   whether results add up and name truth   levers    whether each moves its seat's card
ghosts    what drafts promised, and what came     balance   whether a turn is worth taking
opening   how soon a game is there (a browser)   bytes     a run in a batch is the run alone
soak      memory and files, class after class    stranger  all addresses, from a second machine
access    what every page owes its readers, in four languages, light and dark (a browser)
dilemmas  ready answers against orders at random
"""

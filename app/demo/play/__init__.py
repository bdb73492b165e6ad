"""A full session, played by a script: many delegations on real sockets, from the opening to the gavel.

`stage` makes the room and the people, `script` says what is done in which order (the same for the same seed), `seat` is
one client, `player` keeps the pace, and `audit` looks from outside whether all that happened reached all who may know.
"""

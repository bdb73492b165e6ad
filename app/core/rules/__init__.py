"""The rules of procedure as tables of states: pure, printed in the docs from the same source."""

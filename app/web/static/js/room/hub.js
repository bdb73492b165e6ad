// Where the parts that features add to the room find it: the line, the state, the paper, the talk, the thumb bar.
// main.js fills it before the modules of the parts run; they import it and nothing else of the room's making.

export const hub = { line: null, state: null, paper: null, feed: null, thumb: null };

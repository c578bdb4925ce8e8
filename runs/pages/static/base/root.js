// Where this game's addresses begin: "" at the top of a server, or what a proxy puts before them.

export const root = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

// An address of ours, written as if there were nothing before it.
export const at = (path) => root + path;

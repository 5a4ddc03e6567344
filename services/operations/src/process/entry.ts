/** File descriptor of the channel in a child process. */
export const CHANNEL_FD = 3;

/** Main module of a child process. A bundle has it beside the program's own file. */
export const CHILD_ENTRY = new URL('./child.js', import.meta.url);

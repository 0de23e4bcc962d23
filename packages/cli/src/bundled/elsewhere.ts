/** Ends the way of a command through the bundle; it is run from the installed packages then. */
export class Elsewhere extends Error {}

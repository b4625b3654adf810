/*
 * Content numbers that a manager's `get` (`secret-manager/manager`) reports besides those of real content; what looks
 * ahead to reads (`lookahead`) tells them apart, too.
 */
export const NOT_FOUND = 0;
export const FAILED = -1;
/** The answer is still to come: it will be handed to those who `wait`. */
export const PENDING = -2;

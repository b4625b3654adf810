/** What stands in the slot of a consumer in an update's account, where it is not the time at which it was reached. */

/** A slot of a consumer that is not due for the update. */
export const NOT_DUE = NaN;
/** A slot of a consumer that still waits. */
export const WAITING = Infinity;
/** Slots of consumers that nothing reaches but a new pod in their place: by subPath, environment, or immutable. */
export const NEVER_SUB_PATH = -1;
export const NEVER_ENV = -2;
export const NEVER_IMMUTABLE = -3;
/** A slot of a lone pod, whose spec names an object that another one has replaced: nobody puts a new pod in its place. */
export const NEVER_LONE = -4;

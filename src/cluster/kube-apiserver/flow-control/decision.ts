/** What flow control decides about an arriving request. */
export const EXECUTE = 0;
export const QUEUED = 1;
export const REJECTED = 2;

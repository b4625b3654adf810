/** Bytes of an object whose size is not known: the default of an experiment's own objects (`objects[].size`). */
export const ASSUMED_SIZE_BYTES = 4096;

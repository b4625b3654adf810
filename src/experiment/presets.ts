export const PRESET_NAMES: readonly string[] = [];

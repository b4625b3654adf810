const UNITS = [
  [86_400_000, 'days'],
  [3_600_000, 'hours'],
  [60_000, 'minutes'],
] as const;

/** A time span for people, of milliseconds: `45 days`, `3 hours`. */
export function age(ms: number): string {
  const [size, name] = UNITS.find(([unit]) => ms >= 2 * unit) ?? [1000, 'seconds'];
  return `${Math.floor(ms / size)} ${name}`;
}

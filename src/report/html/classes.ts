import { extent } from 'd3-array';
import { ln } from '../../sim/portable-math.js';

/** Opacities of the classes: text stays readable on the strongest, on light and on dark pages. */
const OPACITIES = [0.06, 0.16, 0.27, 0.38, 0.5];

/** Sorts values into five logarithmic classes (linear where some are 0 or less) and gives each its opacity; missing: none. */
export function scaleClasses(values: readonly (number | null)[]): (value: number | null) => number {
  const [low = 0, high = 0] = extent(values.filter((value) => value !== null));
  const place = low > 0 ? ln : (value: number): number => value;
  const span = place(high) - place(low);
  return (value) => {
    if (value === null) return 0;
    const share = span === 0 ? 0 : (place(value) - place(low)) / span;
    return OPACITIES[Math.min(OPACITIES.length - 1, Math.floor(share * OPACITIES.length))];
  };
}

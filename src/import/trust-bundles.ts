import type { BundleSelection } from '../cluster/model/kinds.js';
import type { LabelSelector } from './kubernetes-schemas.js';

/** ClusterTrustBundles that a volume selects by their signer and their labels. */
export interface BundleSelector {
  readonly signerName: string;
  readonly labels: LabelSelector;
}

/** What tells whether a ClusterTrustBundle is selected. */
export interface SelectableBundle {
  readonly name: string;
  readonly signerName: string;
  readonly labels: Readonly<Record<string, unknown>>;
}

/** `example.com:signer`, as the names of a signer's bundles begin (KEP-3257): no other name has a colon. */
export function signerPrefix(signerName: string): string {
  return signerName.replaceAll('/', ':');
}

/**
 * The uses with a use of each bundle in place of one that selects bundles by their signer. Where the input has none of
 * them, one stands for them that is called after the signer.
 */
export function selectBundles<Use extends { readonly name: string; readonly selects?: BundleSelector }>(
  uses: readonly Use[],
  bundles: readonly SelectableBundle[],
): Use[] {
  return uses.flatMap((use) => {
    const { selects } = use;
    if (selects === undefined) return [use];
    const selected = bundles.filter((bundle) => isSelected(bundle, selects));
    return selected.length === 0 ? [use] : selected.map(({ name }) => ({ ...use, name }));
  });
}

function isSelected({ signerName, labels }: SelectableBundle, selector: BundleSelector): boolean {
  if (signerName !== selector.signerName) return false;
  const { matchLabels, matchExpressions } = selector.labels;
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (matchExpressions ?? []).every(({ key, operator, values }) => {
      const value = labels[key];
      const isOne = typeof value === 'string' && (values ?? []).includes(value);
      switch (operator) {
        case 'In':
          return isOne;
        case 'NotIn':
          return !isOne;
        case 'Exists':
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

/** How pods select a bundle of that name, which some of them select by it (`byName`). */
export function selectionOf(name: string, byName: boolean): BundleSelection {
  if (!byName) return 'signerName';
  return name.includes(':') ? 'nameOfSigned' : 'name';
}

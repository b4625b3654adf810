import type { TopologyFile } from '../../cluster/model/topology-file.js';
import { presentOperators } from './compile-operators.js';
import type { ExperimentSpec } from './schema.js';

/** Clusters without the volumes of the driver, by the cluster with them. */
const WITHOUT = new WeakMap<TopologyFile, TopologyFile>();

/**
 * The cluster of a topology as a spec has it: without the driver (`operators.secretsStore`) the volumes that it mounts are
 * left out, for nothing is told of how they change.
 */
export function drivenTopology({ operators }: Pick<ExperimentSpec, 'operators'>, file: TopologyFile): TopologyFile {
  if (operators !== undefined && presentOperators(operators).secretsStore !== undefined) return file;
  if (file.objects.every(({ kind }) => kind !== 'SecretProviderClass')) return file;
  const known = WITHOUT.get(file);
  if (known !== undefined) return known;
  const isMounted = file.objects.map(({ kind }) => kind === 'SecretProviderClass');
  const pods = file.pods.map((pod) => ({ ...pod, uses: pod.uses.filter(({ object }) => !isMounted[object]) }));
  const without = { ...file, pods };
  WITHOUT.set(file, without);
  return without;
}

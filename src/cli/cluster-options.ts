import { OBJECT_BYTES_MAX } from '../experiment/language/values/fields.js';
import { parseQuantity } from '../experiment/language/values/quantities.js';
import { ASSUMED_SIZE_BYTES } from '../import/assumed-size.js';
import { option, repeatableOption, someText, UsageError } from './options.js';

/** `--kubelet` of the commands that read a real cluster. */
export const KUBELET_OPTION = repeatableOption(
  'KubeletConfiguration, YAML or JSON, also as /configz serves it and as distributions keep it, a file of flags, or a ' +
    'folder of drop-in files; repeatable: later ones are laid over earlier ones',
);

/** `--assume-size` of the commands that read a real cluster. */
export const ASSUME_SIZE_OPTION = option(
  '--assume-size',
  `Size of Secrets and ConfigMaps of which the input does not tell it (default ${ASSUMED_SIZE_BYTES} bytes)`,
  { parse: parseSize },
);

/** `--node-pool-label` of the commands that keep what they read of a real cluster. */
export const NODE_POOL_LABEL_OPTION = option(
  '--node-pool-label',
  'Label of nodes that names their pool, for delays by pool (default: those of Karpenter, GKE, EKS, AKS and others)',
  { parse: someText('--node-pool-label') },
);

function parseSize(text: string): number {
  const size = parseQuantity(text);
  if (!size.ok) throw new UsageError(`--assume-size: ${size.reason}`);
  if (size.value <= OBJECT_BYTES_MAX) return size.value;
  throw new UsageError(`--assume-size: Kubernetes stores at most 1Mi in one object`);
}

import * as z from 'zod';
import { SCOPES } from '../../cluster/model/model-input.js';
import { BUNDLE_SELECTIONS, CONSUMPTION_MODES, OBJECT_KINDS } from '../../cluster/model/kinds.js';
import { count, nameField, shareField, sizeField } from './values/fields.js';

/** Whether an image can be pulled by everybody. */
const IMAGES = ['private', 'public'] as const;

/** A class of `spec.objects`. */
export const objectClassSchema = z.strictObject({
  name: nameField({ description: 'Name of the class.' }),
  kind: z
    .enum(OBJECT_KINDS)
    .describe(
      'A ClusterTrustBundle is projected and of scope cluster (kubelets from 1.33 on), a PodCertificateRequest projected and of scope pod (from 1.34 on). A SecretProviderClass is a volume of the Secrets Store CSI driver (operators.secretsStore).',
    ),
  scope: z.enum(SCOPES).describe('Who shares one object.'),
  count: count('Objects per scope. Choice of this program.', 10_000).default(1),
  podFraction: shareField().default(1).describe("Share of the scope's pods that use it. Choice of this program."),
  as: z.enum(CONSUMPTION_MODES).default('volume').describe('How pods consume it. Choice of this program.'),
  size: sizeField({ description: 'Bytes of all keys and values. Assumption.' }).default('4Ki'),
  immutable: z
    .union([z.boolean(), shareField()])
    .default(false)
    .describe(
      "true, or the share of the class's objects that is immutable. Source: field immutable, which is unset by default.",
    ),
  selectedBy: z
    .enum(BUNDLE_SELECTIONS)
    .optional()
    .describe(
      'How pods select a ClusterTrustBundle: by its name; by its name although it has a signer, which kubelets up to 1.37 keep for 5 min after a change (nameOfSigned); by signerName and labels. Default: name. Source: clustertrustbundle_manager.go, issue 141439.',
    ),
  optional: z
    .boolean()
    .default(false)
    .describe('Pods start without the object. Source: field optional, which is unset by default.'),
  image: z
    .enum(IMAGES)
    .optional()
    .describe(
      'Of an imagePullSecret: whether the image can be pulled without it. A private image whose Secret cannot be read when a pod starts costs a failed pull, and the sync is repeated 10 to 15 s later. Default: private (assumption); public where optional.',
    ),
});

/** A class as it may be written. */
export type ObjectClassInput = z.input<typeof objectClassSchema>;

import * as z from 'zod';
import { durationField } from './values/fields.js';

const source = z
  .strictObject({
    refreshInterval: durationField({
      example: '1h',
      description: 'The store is polled this often: a change waits U[0, this).',
    }),
  })
  .describe('What writes the object, as External Secrets Operator does (refreshInterval) from a vault.');

const application = z
  .strictObject({
    reloadInterval: durationField({
      example: '10s',
      description: 'Each pod looks at its files this often, with a phase of its own: new ones wait U[0, this).',
    }).optional(),
    reloadDelay: durationField({
      example: '500ms',
      description: 'From there until the application works with the new files.',
    }).optional(),
  })
  .describe('What reads the files.');

/** `spec.pipeline`: what stands before and behind the kubelet when a credential is rotated. */
export const pipelineSchema = z
  .strictObject({ source: source.optional(), application: application.optional() })
  .describe('Stages of a rotation around the kubelet, for rotation.csv: from the source to the last application.');

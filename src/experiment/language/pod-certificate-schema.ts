import * as z from 'zod';
import { durationField, latencyField } from './values/fields.js';

/** `spec.podCertificates` */
export const podCertificateSchema = z
  .strictObject({
    refreshAfter: durationField({
      min: '1m',
      max: '2184h',
      example: '16h',
      description:
        'beginRefreshAt of a certificate, after its issue; the kubelet adds up to 5 min and a pass. Assumption: two thirds of 24 h, the default of maxExpirationSeconds.',
    }).default('16h'),
    signer: latencyField({
      p50: '200ms',
      p99: '1s',
      description: 'From the creation of a PodCertificateRequest until its kubelet hears of its issue. Assumption.',
    }).prefault({}),
  })
  .describe('Certificates that kubelets ask for: classes of kind PodCertificateRequest, kubelets from 1.34 on.');

import { isRecord } from '../item-kind.js';

/** Kinds of workloads that Reloader rolls out (`internal/pkg/handler/upgrade.go`). */
export const WORKLOAD_KINDS: readonly string[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Rollout',
  'DeploymentConfig',
];

/** Annotations by which a workload asks for it: all that it uses, what is named, or what is marked (Reloader's README). */
const ANNOTATION = /^(?:(?:secret|configmap)\.)?reloader\.stakater\.com\/(?:auto|reload|search)$/;

/** Whether annotations ask Reloader for a rollout when a Secret or ConfigMap changes. Their values are not kept. */
export function asksForReload(annotations: unknown): boolean {
  if (!isRecord(annotations)) return false;
  return Object.entries(annotations).some(([key, value]) => ANNOTATION.test(key) && value !== 'false' && value !== '');
}

/** Whether a workload is rolled out by Reloader: its own annotations say so, or those of its pods. */
export function isReloaded({ metadata, spec }: Readonly<Record<string, unknown>>): boolean {
  if (isRecord(metadata) && asksForReload(metadata['annotations'])) return true;
  const template = isRecord(spec) && isRecord(spec['template']) ? spec['template']['metadata'] : undefined;
  return isRecord(template) && asksForReload(template['annotations']);
}

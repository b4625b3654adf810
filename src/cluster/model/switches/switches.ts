import { CLIENT_GO_SWITCHES } from './client-go.js';
import { ETCD_DEFAULTS } from './etcd.js';
import { KUBE_APISERVER_SWITCHES } from './kube-apiserver.js';
import { KUBE_CONTROLLER_MANAGER_SWITCHES } from './kube-controller-manager.js';
import { KUBELET_DEFAULTS, KUBELET_SWITCHES } from './kubelet.js';
import type { SwitchValue } from './switch.js';

/** The switches by the component that acts by them. */
export const SWITCHES_BY_COMPONENT = {
  kubelet: KUBELET_SWITCHES,
  'client-go': CLIENT_GO_SWITCHES,
  'kube-apiserver': KUBE_APISERVER_SWITCHES,
  'kube-controller-manager': KUBE_CONTROLLER_MANAGER_SWITCHES,
} as const;

/** Defaults of fields that changed between releases, by the component that has them. */
export const DEFAULTS_BY_COMPONENT = {
  kubelet: KUBELET_DEFAULTS,
  etcd: ETCD_DEFAULTS,
} as const;

/** The same, by name. */
export const DEFAULTS = { ...KUBELET_DEFAULTS, ...ETCD_DEFAULTS } as const;
export type DefaultName = keyof typeof DEFAULTS;

/**
 * Every behaviour that changed between releases, once: the model's `Behaviours`, the fields of `cluster.behaviours` with
 * their descriptions, `secretsim releases` and the page for people are made from this table.
 */
export const SWITCHES = {
  ...KUBELET_SWITCHES,
  ...CLIENT_GO_SWITCHES,
  ...KUBE_APISERVER_SWITCHES,
  ...KUBE_CONTROLLER_MANAGER_SWITCHES,
} as const;

type Switches = typeof SWITCHES;
export type SwitchName = keyof Switches;

/** Version switches: behaviours that changed between releases. Each can be overridden by name in `cluster.behaviours`. */
export type Behaviours = { readonly [Name in SwitchName]: SwitchValue<Switches[Name]> };

export const SWITCH_NAMES = Object.keys(SWITCHES) as SwitchName[];

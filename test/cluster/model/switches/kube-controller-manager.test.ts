import { describeProbes } from './probe.js';
import { KUBE_CONTROLLER_MANAGER_PROBES } from './kube-controller-manager.js';

describeProbes('the controllers', KUBE_CONTROLLER_MANAGER_PROBES);

import { describeProbes } from './probe.js';
import { KUBELET_PROBES } from './kubelet.js';

describeProbes('the kubelet', KUBELET_PROBES);

import { describeProbes } from './probe.js';
import { KUBE_APISERVER_PROBES } from './kube-apiserver.js';

describeProbes('the API servers', KUBE_APISERVER_PROBES);

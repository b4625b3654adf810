import { ETCD_PROBES } from './etcd.js';
import { describeProbes } from './probe.js';

describeProbes('etcd', ETCD_PROBES);

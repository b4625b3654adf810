import { describeProbes } from './probe.js';
import { FLOW_CONTROL_PROBES } from './flow-control.js';

describeProbes('flow control', FLOW_CONTROL_PROBES);

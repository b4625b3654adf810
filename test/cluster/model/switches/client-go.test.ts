import { describeProbes } from './probe.js';
import { CLIENT_GO_PROBES } from './client-go.js';

describeProbes('client-go', CLIENT_GO_PROBES);

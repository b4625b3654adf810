import * as z from 'zod';
import {
  KUBE_CONTROLLER_MANAGER_BURST,
  KUBE_CONTROLLER_MANAGER_QPS,
  KUBE_SCHEDULER_BURST,
  KUBE_SCHEDULER_QPS,
} from '../../cluster/kube-controller-manager/pod-lifecycle.js';
import { count } from './values/fields.js';

const LIMIT_MAX = 1_000_000;

/** `spec.controllerManager`: how fast controllers create and delete pods. */
export const controllerManagerSchema = z.strictObject({
  kubeAPIQPS: count('--kube-api-qps of kube-controller-manager, of each controller. Source: its default.', LIMIT_MAX)
    .default(KUBE_CONTROLLER_MANAGER_QPS)
    .meta({ unit: 'requests/s' }),
  kubeAPIBurst: count(
    '--kube-api-burst of kube-controller-manager, of each controller. Source: its default.',
    LIMIT_MAX,
  )
    .default(KUBE_CONTROLLER_MANAGER_BURST)
    .meta({ unit: 'requests' }),
});

/** `spec.scheduler`: how fast pods are bound to nodes. */
export const schedulerSchema = z.strictObject({
  kubeAPIQPS: count('clientConnection.qps of kube-scheduler; one request binds a pod. Source: its default.', LIMIT_MAX)
    .default(KUBE_SCHEDULER_QPS)
    .meta({ unit: 'requests/s' }),
  kubeAPIBurst: count('clientConnection.burst of kube-scheduler. Source: its default.', LIMIT_MAX)
    .default(KUBE_SCHEDULER_BURST)
    .meta({ unit: 'requests' }),
});

import { NEWEST_RELEASE, OLDEST_RELEASE } from '../../cluster/model/versions.js';

/** The experiment that `secretsim init` writes: a question, and the fields that most questions need. */
export const EXAMPLE_EXPERIMENT = `# How long does a rotated Secret take to reach the last pod, and what does that cost the API servers?
# Run it:            secretsim run experiment.yaml
# Fields in editors: secretsim schema > experiment.schema.json, then make this the first line:
#                    yaml-language-server: $schema=experiment.schema.json
apiVersion: secretsim/v1
kind: Experiment
metadata:
  name: rotation                    # results go to results/rotation
spec:
  # preset: small-100               # a built-in cluster to start from: secretsim presets
  seed: "1"                         # same seed, same result
  replications: 5                   # runs of each scenario; confidence intervals come from them
  start: steady                     # steady: pods have long been running; cold: all start with the warm-up
  warmup: 5m                        # simulated, not measured
  duration: 30m                     # measured; timeline times count from its start

  cluster:
    kubernetesVersion: "${NEWEST_RELEASE}"       # ${OLDEST_RELEASE} to ${NEWEST_RELEASE}: sets what changed between releases
    nodes: 100
    podsPerNode: 30
    namespaces: 20
    deploymentReplicas: 10          # pods of one deployment, spread over nodes
    apiServers: 3
    # topology: cluster.json.gz     # a real cluster, as secretsim import wrote it, in place of counts and objects

  kubelet:                          # fields of KubeletConfiguration
    syncFrequency: 1m
    configMapAndSecretChangeDetectionStrategy: Watch   # Watch | Cache | Get

  objects:
    - name: ca-bundle
      kind: Secret                  # Secret | ConfigMap
      scope: cluster                # who shares one object: cluster | namespace | deployment | node | pod
      as: volume                    # volume | projected | subPath | env | imagePullSecret (image: private | public)
      size: 4Ki
    - name: app-tls
      kind: Secret
      scope: deployment
    - name: app-config
      kind: ConfigMap
      scope: deployment
      immutable: 0.5                # true, false, or the share that is immutable

  timeline:
    - {at: 1m, update: ca-bundle}                               # one object, mounted by every pod
    - {at: 10m, update: app-tls, rate: 5/s, order: random}      # a class of objects, one after another
    # - {every: 5m, update: app-config, jitter: 30s}            # repeated; from and until bound it
    # - {at: 12m, annotatePods: {fraction: 0.1}}                # touched pods sync at once
    # - {at: 14m, replace: app-config, by: newName}             # new objects, and a rollout of the deployments that use them
    # - {at: 16m, rollout: {deployments: 50%, maxUnavailable: 25%, maxSurge: 25%}}
    # - {at: 10m, rollout: {consumersOf: app-tls, after: 5s}}   # what a Reloader does
    # - {at: 17m, drain: {nodes: 3, rate: 1/m, maxUnavailable: 25%}}
    # - {at: 18m, restartApiServer: {servers: all, stagger: 30s, downtime: 10s}}
    # - {at: 20m, addNodes: 10}                                 # with their pods; also removeNodes
    # - {every: 1s, churnPods: 2}                               # pods deleted and replaced
    # - {at: 25m, rotateEncryptionKey: {rate: 50/s}}            # servers restart, every Secret is rewritten
    # also: delete, recreate, markImmutable, restartKubelet: {nodes: 10%}, scale: {replicas: 0}

  factors:                          # every combination is a scenario
    kubelet.configMapAndSecretChangeDetectionStrategy: [Watch, Cache, Get]
    # cluster.nodes: {from: 10, to: 1000, steps: 5, scale: log}
    # objects.app-config.immutable: [0, 0.5, 1]

  slos:                             # metric columns of runs.csv; a miss makes the exit code 3
    - delay_p99_s < 95
`;

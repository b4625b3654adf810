/** Counts of a cluster that is made from counts; they exclude a topology file. */
export const CLUSTER_COUNTS = { nodes: 5000, podsPerNode: 30, namespaces: 100, deploymentReplicas: 30 } as const;

/** Most nodes of a cluster: ten times the largest that a vendor supports. */
export const NODES_MAX = 1_000_000;

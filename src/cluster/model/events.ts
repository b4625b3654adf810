/**
 * Kinds of event, each with what its entity and its argument are. At one instant a smaller kind goes first: their order
 * is part of the model.
 */
export const EVENT = {
  // etcd
  COMMIT: 0, // (entry, revision): a write of the entry's object is committed
  // kubelet
  DELIVER: 1, // (entry, revision): its event reaches the kubelet
  RESYNC: 2, // (pod, POD_UPDATE or PLEG_EVENT): sync now, and restart the timer
  SYNC: 3, // (pod, epoch): a sync begins; only where its beginning has effects
  READ: 4, // (pod, epoch): the volumes of a pod are read
  VOLUME: 5, // (consumer, failures): one volume is set up, first or again
  ADD: 6, // (pod): the kubelet learns of the pod
  START: 7, // (pod, epoch): a sync of a pod that does not run yet begins
  CREATE: 8, // (pod, epoch): its containers are created
  MOUNT_TIMEOUT: 9, // (pod, epoch): WaitForAttachAndMount gives up
  STATUS: 10, // (pod, step): a status of the pod is set, sent, or comes back from the API server
  IDLE: 11, // (entry, LONG_AGO or UNREAD): sweep for watches that nobody read
  // client-go
  LEAVE: 12, // (request, generation): it leaves its client
  // kube-apiserver
  ARRIVE: 13, // (request, generation): it reaches its server
  SERVED: 14, // (request, generation): its server has done the work
  // client-go
  RESPONSE: 15, // (request, generation): the answer, or an event, reaches the client
  // kube-apiserver
  QUEUE_LIMIT: 16, // (): a request may have waited in flow control for as long as it may
  // client-go, reflectors
  REFLECT: 17, // (entry, epoch): a timer of a reflector
  // kube-apiserver
  CACHED: 18, // (server, revision): an etcd event reaches a server's watch cache
  SERVER: 19, // (server, step): a server process stops, listens, serves, is ready
  // client-go, writers
  SEND_WRITE: 20, // (write): a writer sends it
  // kubelet, where requests meet at the API servers
  READ_DUE: 21, // (read, generation): a waiting read looks again, or gives up
  // kube-apiserver
  BORROW: 22, // (server): priority levels lend their idle seats
  SEATS_FREE: 23, // (request, generation): seats that a write kept after its answer
  // kubelet
  POD_ENDS: 24, // (pod): its containers have ended and its volumes are unmounted
  KUBELET_RESTARTS: 25, // (node, STOPS or STARTS): its kubelet ends, or is back
  // kube-controller-manager
  CHANGE: 26, // (change, BEGINS or FIRST_PART + part): pods or nodes come or go
  // client-go
  DIAL: 27, // (dial, generation): the next step of a connection that is being set up
  // kube-apiserver
  CORE: 28, // (server, epoch and core): a goroutine has run on a core
  // kubelet
  TOKEN_DUE: 29, // (pod): its token is to be refreshed at its next remount
  // kubelet and kube-controller-manager
  NODE_STATUS: 30, // (node): its status is reported, and the TTL controller looks at it
  // kube-apiserver
  FRESH: 31, // (request, generation): its server's watch cache may be as far as it asks for, or it has waited for too long
  // kubelet
  POD_TERMINATES: 32, // (pod): its kubelet sees that it is deleted
  CERTIFICATE: 33, // (entry, step and epoch): a pod's certificate is to be asked for, or has been issued
  // kube-apiserver
  RELOAD: 34, // (server, providers): it reads a new encryption configuration as it runs
  // client-go, controllers
  CLUSTER_WATCHER: 35, // (watcher, epoch): a watcher of a whole resource connects, or has read it
  // operators
  OPERATOR: 36, // (entity, step and epoch): an operator, or the store that it reads, takes a step
  // kubelet
  REPUBLISH: 37, // (entry, epoch): the CSI driver's own reconciler looks at the volume of a pod
  // client-go
  CLIENT_CORE: 38, // (0, item): the core that all clients share has done something, or an item is ready to be done
} as const;

export const EVENT_KINDS = Object.keys(EVENT).length;

/** Arguments of RESYNC: what made the pod sync. */
export const RESYNC_CAUSE = { POD_UPDATE: 0, PLEG_EVENT: 1 } as const;

/** Arguments of IDLE: a read is long ago, or there has been none. */
export const IDLE_BECAUSE = { LONG_AGO: 0, UNREAD: 1 } as const;

/** Arguments of KUBELET_RESTARTS. */
export const KUBELET_RESTART = { STOPS: 0, STARTS: 1 } as const;

/** Arguments of CHANGE: it begins, or the part of it with this number above FIRST_PART has its turn. */
export const CHANGE = { BEGINS: 0, FIRST_PART: 1 } as const;

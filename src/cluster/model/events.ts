/** Kinds of event; at one instant a smaller kind goes first. */
export const COMMIT = 0; // (entry, revision): a write of the entry's object is committed
export const DELIVER = 1; // (entry, revision): its event reaches the kubelet
export const RESYNC = 2; // (pod, POD_UPDATE or PLEG_EVENT): sync now, and restart the timer
export const SYNC = 3; // (pod, epoch): a sync begins; only where its beginning has effects
export const READ = 4; // (pod, epoch): the volumes of a pod are read
export const VOLUME = 5; // (consumer, failures): one volume is set up, first or again
export const ADD = 6; // (pod): the kubelet learns of the pod
export const START = 7; // (pod, epoch): a sync of a pod that does not run yet begins
export const CREATE = 8; // (pod, epoch): its containers are created
export const MOUNT_TIMEOUT = 9; // (pod, epoch): WaitForAttachAndMount gives up
export const STATUS = 10; // (pod, step): a status of the pod is set, sent, or comes back from the API server
export const IDLE = 11; // (entry): sweep for watches that nobody read
// Only where requests meet at the API servers:
export const LEAVE = 12; // (request, generation): it leaves its client
export const ARRIVE = 13; // (request, generation): it reaches its server
export const SERVED = 14; // (request, generation): its server has done the work
export const RESPONSE = 15; // (request, generation): the answer, or an event, reaches the client
export const QUEUE_LIMIT = 16; // (request, generation): it has waited in flow control for as long as it may
export const REFLECT = 17; // (entry, epoch): a timer of a reflector
export const CACHED = 18; // (server, revision): an etcd event reaches a server's watch cache
export const SERVER = 19; // (server, step): a server process stops, listens, serves, is ready
export const SEND_WRITE = 20; // (write): a writer sends it
export const READ_DUE = 21; // (read, generation): a waiting read looks again, or gives up
export const BORROW = 22; // (server): priority levels lend their idle seats
export const SEATS_FREE = 23; // (request, generation): seats that a write kept after its answer
export const HANDSHAKE_LIMIT = 27; // (node, dial): a new connection has waited for TLS for as long as it may
export const RUNS = 28; // (request, generation): a core comes to it
export const TOKEN_DUE = 29; // (pod): its token is to be refreshed at its next remount
// Only where pods or kubelets come and go:
export const POD_ENDS = 24; // (pod): its containers have ended and its volumes are unmounted
export const KUBELET_RESTARTS = 25; // (node, STOPS or STARTS): its kubelet ends, or is back
export const CHANGE = 26; // (change): pods or nodes begin to come or go
export const NODE_STATUS = 30; // (node): its status is reported, and the TTL controller looks at it
export const EVENT_KINDS = 31;

/** Arguments of RESYNC. */
export const POD_UPDATE = 0;
export const PLEG_EVENT = 1;

/** Arguments of KUBELET_RESTARTS. */
export const STOPS = 0;
export const STARTS = 1;

/** Phases of a pod. */
export const STARTING = 0;
export const IS_RUNNING = 1;
export const ENDED = 2;

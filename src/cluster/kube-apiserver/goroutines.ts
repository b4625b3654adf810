/** What a goroutine of a server does when it has a core, and what its subject is. */
export const GOROUTINE = {
  /** Work whose end nobody waits for. */
  WORK: 0,
  /** (no subject; its generation is how many): accepts connections. */
  LISTENER: 1,
  /** (dial; its generation is 1 where it found no core idle): its handshake up to the ServerHello. */
  SERVER_HELLO: 2,
  /** (node, −1: no requests come on the connection): the rest of a handshake. */
  CLIENT_FINISHED: 3,
  /** (node): reads what has come on its connection. */
  READER: 4,
  /** (request): authenticates it, and asks for seats. */
  INTAKE: 5,
  /** (request): does what it asks for. */
  HANDLER: 6,
  /** (request): goes on after its frame has been written. */
  RESUMED: 7,
  /** (kind of object): reads what etcd has answered. */
  ETCD_READER: 8,
  /** (node): writes a frame to its connection. */
  WRITER: 9,
  /** (step): does what the server has to do after its start. */
  HOOKS: 10,
  /** (request): sends a watch's events (`cacheWatcher.process`). */
  SENDER: 11,
} as const;

/** Told when a goroutine has run for as long as it wanted to; what it makes ready then runs on the same core. */
export interface Goroutines {
  ran(server: number, kind: number, subject: number, generation: number): void;
}

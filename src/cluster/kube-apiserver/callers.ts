import { SECOND_US } from '../../sim/units.js';

/**
 * Who calls the API servers, as these see them. The clients themselves are in client-go/, which knows the servers; so
 * what servers ask of clients stands here.
 */

/** The answer of a server's kernel to a connection that it has no room for: none. */
export const ACCEPT_QUEUE_FULL = -1;
/** Its answer where nobody listens any more. */
export const CONNECTION_REFUSED = -2;

/** Linux sends a SYN again after 1 s, and then twice as late each time (RFC 6298; `TCP_TIMEOUT_INIT`). */
export const SYN_RETRANSMISSION_US = SECOND_US;
/** CPU of a client for a connection, from the ServerHello on (source: client-go/client-cores.ts), µs. */
export const CLIENT_FINISHED_US = 450;

/** What a client sees of the API servers. */
export interface Endpoint {
  /** True where there is a server that accepts connections. */
  accepts(): boolean;
  /** The server that a new connection leads to, by a draw in [0, 1); −1: none accepts connections. */
  choose(draw: number): number;
  /** A kubelet's requests go to another server from now on; −1: to or from none. */
  moved(from: number, to: number): void;
  /** True for a server that serves. */
  serves(server: number): boolean;
  /**
   * A connection attempt reaches a server; when its ServerHello is sent, µs: Infinity where that will be told (`accepted`),
   * ACCEPT_QUEUE_FULL where nobody notices it, CONNECTION_REFUSED where its process is gone.
   */
  accept(server: number, dial: number): number;
  /** True for a server that was killed, and whose kernel still sets up connections. */
  isDying(server: number): boolean;
  /** The client of a node has its ServerHello, and sends the rest of the handshake and its requests. */
  finishes(server: number, node: number): void;
  /** The end of a client's handshake reaches a server; the node whose requests come on that connection, −1: none does. */
  clientFinished(server: number, node: number): void;
  /** The ClientHello of a connection comes for which a server waits, that found it busy or not. */
  helloArrives(server: number, dial: number, busy: boolean): void;
  /** A whole handshake, for which nothing waits. */
  addConnection(server: number): void;
}

/** The connections of the nodes. */
export interface Connections {
  /** A WATCH has become a stream: the request is over. */
  becameStream(request: number): void;
  /** What a request is answered arrives at its client at a time, µs. */
  answerArrives(request: number, arrives: number): void;
  /** A server sends a request's connection away: what its node sends next opens another. */
  sentAway(request: number): void;
  /** A server is gone: the connections that lead to it are broken. */
  serverGone(server: number): void;
  /** The kernel of a server that was killed has closed its listening socket: connections that it held are reset. */
  listenerGone(server: number): void;
  /** A request's connection breaks in `afterUs`. */
  breaks(request: number, afterUs: number): void;
  /**
   * A server that was killed closes a node's connection in `afterUs`; returns in how many µs its client has noticed that its
   * watch number `place` is over. `storm` numbers the stops of servers.
   */
  noticesLoss(node: number, place: number, storm: number, afterUs: number): number;
  /** A server takes no new requests: its clients open connections to others for them. */
  serverCloses(server: number): void;
  /** A server sends the ServerHello of a connection, which has waited for that, at a time. */
  accepted(dial: number, helloAt: number): void;
  /** A server has accepted a connection; true where it has to wait for its ClientHello (`helloArrives`). */
  awaitsHello(dial: number, busy: boolean): boolean;
}

/** Those who write objects. */
export interface Writing {
  /** The object of a write's request. */
  objectOf(request: number): number;
  /** A server carries a write out; returns its revision, −1: it changes nothing. */
  served(request: number, now: number): number;
}

/** Controllers that watch all objects of a kind in the cluster. */
export interface ClusterWide {
  /** Their watches of a kind that are open at a server. */
  openAt(server: number, kind: number): number;
  /** A server has sent the event of a write, committed at a time, to all of them that watch its kind there. */
  eventSent(server: number, kind: number, committedAt: number): void;
  /** A server stops: their connections break in `afterUs`. */
  serverGone(server: number, afterUs: number): void;
  /** A server ends its watches, of which its clients are told in random order within a time, µs. */
  serverDrains(server: number, withinUs: number): void;
}

/** Those who hold watches, and list: the reflectors of the kubelets. Entries are those of a node and an object. */
export interface Watchers {
  /** False where nobody ever watches. */
  readonly watching: boolean;
  /** Streams that servers opened and ended. */
  readonly opened: number;
  readonly closed: number;
  /** Streams open now. */
  openNow(): number;
  /** Entries that a LIST reads. */
  listed(request: number): number;
  /** True where the request was sent in the present step of its reflector. */
  isCurrent(request: number): boolean;
  /** True for a LIST that asks for at least the version that its reflector knows, instead of for any. */
  asksForVersion(request: number): boolean;
  /** The resourceVersion of the reflector, as a time. */
  versionOf(entry: number): number;
  /** The version that a LIST, or a WATCH with the initial state, needs its server to know; −∞: none. */
  neededBy(request: number): number;
  /** The newest revision that was sent to the reflector. */
  sentTo(entry: number): number;
  /** True where the entry has an open watch at `server`. */
  watchesAt(entry: number, server: number): boolean;
  /** True where the entry holds an open stream at `server`, its own or a shared one. */
  hasStreamAt(entry: number, server: number): boolean;
  /** Open watches of a server whose object has the same name as `object`, in whatever namespace. */
  namesakes(object: number, server: number): number;
  /** Visits the entries that learn of events by the stream of an entry. */
  eachOn(stream: number, visit: (entry: number) => void): void;
  /** An object of a kind was written. */
  written(kind: number, at: number): void;
  /** A server answers the LIST of an entry: the list is of the version `version`, the object of `revision`. */
  listServed(request: number, revision: number, version: number): void;
  /** A server opens the stream of a WATCH. */
  watchServed(entry: number, server: number, now: number): void;
  /** A server sends the event of a revision, committed at a time, on the entry's stream. */
  eventSent(entry: number, revision: number, committedAt: number): void;
  /** An event has arrived on the stream by which the entry learns of them. */
  eventArrived(entry: number): void;
  /** A server closes the stream by which an entry learns of events, for its client is too slow. */
  breakStreamOf(entry: number, delay: number): void;
  /** The entry's stream ends, or breaks with what is under way on it; the client sees it `delay` µs later. */
  streamEnds(entry: number, delay: number, breaks: boolean): void;
  /** The answer to a LIST or WATCH has reached its client, or the initial state on an open stream. */
  responded(request: number): void;
  /** A timer of an entry's reflector. */
  timer(entry: number, epoch: number): void;
}

/** Nobody watches, and nobody lists. */
export const NO_WATCHERS: Watchers = {
  watching: false,
  opened: 0,
  closed: 0,
  openNow: () => 0,
  listed: () => 1,
  isCurrent: () => false,
  asksForVersion: () => false,
  versionOf: () => -Infinity,
  neededBy: () => -Infinity,
  sentTo: () => -1,
  watchesAt: () => false,
  hasStreamAt: () => false,
  namesakes: () => 0,
  eachOn: () => undefined,
  written: () => undefined,
  listServed: () => undefined,
  watchServed: () => undefined,
  eventSent: () => undefined,
  eventArrived: () => undefined,
  breakStreamOf: () => undefined,
  streamEnds: () => undefined,
  responded: () => undefined,
  timer: () => undefined,
};

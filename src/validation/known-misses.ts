/** A row that is known to miss: of which laboratory and table, what its first cells say, and why. */
interface KnownMiss {
  readonly laboratory: string;
  readonly table: 'real-cluster' | 'restarts' | 'storm';
  /** Keys of the row and its statistic, joined by blanks. */
  readonly row: RegExp;
  readonly reason: string;
}

const DYING_CONNECTION =
  'at the kill 124 of 176 WATCHes went out on the dying connection, so that their reflectors came back with a LIST; the model breaks a connection for all of its streams at once';
const SHARE_IN_WAVES =
  'the starting process got its share of the busy machine in waves: requests that could be answered at 7.7 s were answered until 13 s';
const LATER =
  'a tenth too early: neither garbage collection nor the clients’ share of the machine is in the model (a hypothesis)';
const RESETS =
  'some attempts are reset as the old process goes, and sent again by their clients after a second, instead of refused and put off by their reflectors; so half of them are back sooner, and some later';
const SEATS =
  'how many seats are held at a time by goroutines that have lost their turn hangs on goroutines that the model lacks: timers, garbage collection, those of other clients (a hypothesis)';

/** experiments/laboratory/data/README.md: loads of 10 to 200 on two cores. */
const STEPS =
  'while pods start, each step of a kubelet on the busy machine took some tenths of a second; the model has these as the way of requests, but not between the steps of a pod';
const INFORMER =
  'on the one busy machine the server’s own informer, which the node authorizer goes by, was as late as the kubelets; in the model only these are, by their way through the network';
const STALL =
  'the start of the next laboratory on the machine, 48 kubelets at once, stalled this one’s for up to half a minute';
const REJECTED =
  'LISTs were answered 429 until 40 to 60 s after the kill, when the next laboratory began on the machine; the model’s server has its share of it evenly';
const UNEVEN_START =
  'the starting process had its share of the busy machine unevenly, and another laboratory began meanwhile; the model’s server has its share evenly';

/** Rows of the shipped laboratories that miss, and what is known of why. */
const KNOWN_MISSES: readonly KnownMiss[] = [
  {
    laboratory: 'validation',
    table: 'real-cluster',
    row: /life of an immutable object's watch/,
    reason: 'a few tens of milliseconds: on the measured machine each step of the kubelet waited for a core',
  },
  { laboratory: 'validation', table: 'restarts', row: /^kill -9/, reason: DYING_CONNECTION },
  { laboratory: 'validation', table: 'restarts', row: /^SIGTERM/, reason: SHARE_IN_WAVES },
  {
    laboratory: 'validation',
    table: 'storm',
    row: /answered 410/,
    reason: 'ten WATCHes of one client went out on the dying connection',
  },
  { laboratory: 'validation', table: 'storm', row: /watches back/, reason: LATER },
  ...['2500', '5000', '10000', '20000'].flatMap((size): KnownMiss[] => [
    { laboratory: `1.37-storm-${size}`, table: 'storm', row: /refused|410|watches back|LISTs/, reason: RESETS },
    { laboratory: `1.37-storm-${size}`, table: 'storm', row: /429/, reason: SEATS },
  ]),
  { laboratory: '1.34', table: 'real-cluster', row: /^[bgp] delay_(p99|max)_s/, reason: STALL },
  { laboratory: '1.34', table: 'real-cluster', row: /immutable object/, reason: STEPS },
  { laboratory: '1.34', table: 'real-cluster', row: /LIST forbidden/, reason: INFORMER },
  { laboratory: '1.34', table: 'restarts', row: /^kill -9 \S+ (90|100) %/, reason: REJECTED },
  { laboratory: '1.34', table: 'restarts', row: /WATCHes forbidden|after the start/, reason: UNEVEN_START },
  { laboratory: '1.37', table: 'real-cluster', row: /immutable object/, reason: STEPS },
  { laboratory: '1.37', table: 'real-cluster', row: /LIST answered|(LIST|WATCH) forbidden/, reason: INFORMER },
  { laboratory: '1.37', table: 'restarts', row: /WATCHes forbidden|SIGTERM/, reason: UNEVEN_START },
  { laboratory: '1.37-restarts', table: 'restarts', row: /forbidden|after the start/, reason: UNEVEN_START },
];

/** Why a row is known to miss; empty where it is not. */
export function knownMiss(table: KnownMiss['table'], laboratory: string, row: readonly string[]): string {
  const text = row.join(' ');
  return (
    KNOWN_MISSES.find((miss) => miss.table === table && miss.laboratory === laboratory && miss.row.test(text))
      ?.reason ?? ''
  );
}

import { exitAddress } from '../model/random-addresses.js';
import type { World } from '../world/world.js';
import type { ServerProcess } from './server-process.js';

/**
 * What a process holds besides its watches and the objects of its watch caches, bytes (experiments/laboratory/costs/1.37,
 * watch-costs.csv: resident, less 82 KiB for each of 5,000, 10,000 and 20,000 watches).
 */
const OTHER_MEMORY_BYTES = 600 * 2 ** 20;
/** To free 1 MiB in pages of 4 KiB, µs (measured on Linux 6.18: experiments/laboratory/killed-server.sh). */
const FREE_US_PER_MIB = 62;
/** To close a connection, µs (experiments/laboratory/killed-server.sh: 2,000 take 30 ms). */
const CLOSE_CONNECTION_US = 15;
/** To close an inotify instance, µs: two grace periods of the kernel's SRCU at 250 Hz (experiments/laboratory/killed-server.sh). */
const CLOSE_INOTIFY_US = 8e3;
/**
 * Inotify instances of a kube-apiserver with kubeadm's flags, one for each reader of a certificate file: the client CA and
 * the front proxy's CA for requests and again for `extension-apiserver-authentication`, the serving certificate, the
 * aggregator's own (`dynamic_cafile_content.go` watchCAFile, `dynamic_serving_content.go` watchCertKeyFile).
 */
const CERTIFICATE_WATCHES = 6;

/** When the kernel does what to a process that was killed, from the kill on, µs. */
export interface KilledProcess {
  /** It closes a node's connection to it. */
  closes(node: number): number;
  /** It closes the listening socket, and with it resets the connections that nobody has accepted. */
  readonly goneUs: number;
}

/**
 * How Linux ends a process (`kernel/exit.c` do_exit, ≥4.3): it frees the memory first (exit_mm), and then closes what is
 * open, the newest first (exit_files leaves it to exit_task_work, whose list is last in, first out). The listening
 * socket of a server was opened before its clients' connections and what it watches its certificates with; so until the end
 * the kernel sets up connections for a process that is no more.
 */
export function killedProcess(world: World, server: number, process: ServerProcess): KilledProcess {
  const { input, caches, load, population, random } = world;
  const { costs, killed } = input.apiServer;
  const bytes = OTHER_MEMORY_BYTES + caches.of(server) + load.watches[server].level * costs.watchMemoryBytes;
  const freed = Math.round((bytes / 2 ** 20) * FREE_US_PER_MIB);
  const closing = process.connectedNodes * CLOSE_CONNECTION_US;
  const inotify = input.behaviours.certificateReload === 'inotify' ? CERTIFICATE_WATCHES * CLOSE_INOTIFY_US : 0;
  const since = Math.min(killed?.closesUs ?? freed, Math.max(0, (killed?.goneUs ?? Infinity) - closing));
  const goneUs = killed?.goneUs ?? since + closing + inotify;
  const address = exitAddress(process.incarnation, server);
  return {
    goneUs,
    closes: (node) => {
      // In which order they were opened, nobody knows: any is as likely.
      const { nodeNameHigh, nodeNameLow } = population;
      const place = node < 0 ? 0 : random.closing.uniform(nodeNameHigh[node], nodeNameLow[node], address);
      return since + Math.floor(place * closing);
    },
  };
}

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The daemons end after this time even when nobody is left to stop them. */
const LIFE_S = 120;
const READY_WITHIN_MS = 30_000;
const POLL_MS = 200;
const PATH = [process.env['PATH'] ?? '', '/usr/sbin', '/usr/local/sbin'].join(delimiter);

/** A Slurm cluster of one node that listens on 127.0.0.1 only; all its files lie in a folder of their own. */
export class LoopbackSlurm {
  private readonly folder: string;
  private readonly daemons: ChildProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Why Slurm cannot be started here; null where it can. */
  static obstacle(): string | null {
    const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'timeout'].filter((name) => !isInstalled(name));
    if (missing.length > 0) return `${missing.join(', ')} not found: apt-get install slurm-wlm munge`;
    return process.getuid?.() === 0 ? null : 'slurmd has to be started by root';
  }

  /** Starts the cluster and waits until its node is idle. */
  static async start(): Promise<LoopbackSlurm> {
    const slurm = new LoopbackSlurm(await mkdtemp(join(tmpdir(), 'slurm-')));
    try {
      await slurm.startDaemons();
      await slurm.untilReady();
    } catch (error) {
      await slurm.stop();
      throw error;
    }
    return slurm;
  }

  /** What Slurm's commands have to find in their environment. */
  environment(): { readonly PATH: string; readonly SLURM_CONF: string } {
    return { PATH, SLURM_CONF: this.path('slurm.conf') };
  }

  /** Waits until no job is pending or running. */
  async untilEmpty(): Promise<void> {
    while ((await this.command('squeue', ['--noheader'])) !== '') await setTimeout(POLL_MS);
  }

  /** Ends jobs and daemons and removes the files. */
  async stop(): Promise<void> {
    await this.command('scancel', ['--user=root']).catch(() => undefined);
    for (const daemon of this.daemons.toReversed()) await end(daemon);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs one of Slurm's commands. @returns its standard output */
  private async command(name: string, args: readonly string[]): Promise<string> {
    const environment = { ...process.env, ...this.environment() };
    return (await execute(name, args, { cwd: this.folder, env: environment })).stdout.trim();
  }

  private async startDaemons(): Promise<void> {
    await writeFile(this.path('munge.key'), randomBytes(128), { mode: 0o400 });
    for (const name of ['state', 'spool']) await mkdir(this.path(name));
    await writeFile(this.path('slurm.conf'), await this.configuration());
    const munge = ['key-file=munge.key', 'socket=munge.sock', 'pid-file=munge.pid', 'log-file=munge.log'];
    const files = [...munge, 'seed-file=munge.seed'].map((text) => `--${text.replace('=', `=${this.folder}/`)}`);
    this.spawn('munged', ['--foreground', '--force', '--num-threads=1', ...files]);
    await until('munged listens', () => execute('test', ['-S', this.path('munge.sock')]));
    this.spawn('slurmctld', ['-D', '-f', this.path('slurm.conf')]);
    this.spawn('slurmd', ['-D', '-f', this.path('slurm.conf')]);
  }

  private async untilReady(): Promise<void> {
    await until('the node is idle', async () => {
      const state = await this.command('sinfo', ['--noheader', '--format=%T']);
      if (state !== 'idle') throw new Error(`${state}\n${await this.logs()}`);
    });
  }

  private async logs(): Promise<string> {
    const names = ['munge.log', 'slurmctld.log', 'slurmd.log'];
    const texts = await Promise.all(names.map((name) => readFile(this.path(name), 'utf8').catch(() => '')));
    return texts.map((text, index) => `${names[index]}:\n${text.slice(-2000)}`).join('\n');
  }

  private spawn(name: string, args: readonly string[]): void {
    const limit = ['--kill-after=5', String(LIFE_S), name, ...args];
    const environment = { ...process.env, ...this.environment() };
    this.daemons.push(spawn('timeout', limit, { cwd: this.folder, env: environment, stdio: 'ignore' }));
  }

  private async configuration(): Promise<string> {
    const [host] = hostname().split('.');
    const [controllerPort, nodePort] = [await freePort(), await freePort()];
    return `ClusterName=loopback
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=${this.path('munge.sock')}
SlurmUser=root
StateSaveLocation=${this.path('state')}
SlurmdSpoolDir=${this.path('spool')}
SlurmctldPidFile=${this.path('slurmctld.pid')}
SlurmdPidFile=${this.path('slurmd.pid')}
SlurmctldLogFile=${this.path('slurmctld.log')}
SlurmdLogFile=${this.path('slurmd.log')}
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000
PartitionName=all Nodes=ALL Default=YES State=UP
`;
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

function isInstalled(name: string): boolean {
  return PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name));
      return true;
    } catch {
      return false;
    }
  });
}

/** Repeats `attempt` until it succeeds. */
async function until(what: string, attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`, { cause: error });
      await setTimeout(POLL_MS);
    }
  }
}

/** A port of 127.0.0.1 that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('a TCP server without a port'));
      });
    });
  });
}

/** Ends a process, which passes SIGTERM on to the daemon that it guards. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

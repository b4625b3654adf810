/**
 * What reflectors know of their resource (`client-go/tools/cache/reflector.go` lastSyncResourceVersion). A version is a
 * time: all that was committed up to then.
 */
export class ResourceVersions {
  private readonly version: Float64Array;
  /** The same without bookmarks. */
  private readonly shown: Float64Array;
  /** 1 where the server has refused the version (`isLastSyncResourceVersionUnavailable`). */
  private readonly unavailable: Uint8Array;

  constructor(entries: number) {
    this.version = new Float64Array(entries).fill(-Infinity);
    this.shown = new Float64Array(entries).fill(-Infinity);
    this.unavailable = new Uint8Array(entries);
  }

  /** The version of an entry's reflector; −Infinity: it has none. */
  of(entry: number): number {
    return this.version[entry];
  }

  /**
   * What a server has to know to answer a LIST at that version. A bookmark tells of etcd's progress, of which all servers
   * learn at the same instants here (assumption), so that it is never ahead of another server.
   */
  needed(entry: number): number {
    return this.shown[entry];
  }

  /**
   * True where a LIST, or a WATCH with the initial state, asks for the newest version, which etcd has to tell
   * (`relistResourceVersion`, `rewatchResourceVersion`): where its own is not available, and a WATCH that has none.
   */
  asksForNewest(entry: number, isWatch: boolean): boolean {
    return this.unavailable[entry] === 1 || (isWatch && this.version[entry] === -Infinity);
  }

  /** A LIST, or an event, has brought a version. */
  set(entry: number, version: number): void {
    this.version[entry] = version;
    this.shown[entry] = version;
  }

  /** The entry has been watched for long, or a bookmark has told a version. */
  bookmark(entry: number, version: number): void {
    this.version[entry] = Math.max(this.version[entry], version);
  }

  /** No server that was asked is as far as the version. */
  tooLarge(entry: number): void {
    this.unavailable[entry] = 1;
  }

  /** A LIST was answered: its version is available. */
  available(entry: number): void {
    this.unavailable[entry] = 0;
  }

  /** The reflector is made anew. */
  forget(entry: number): void {
    this.set(entry, -Infinity);
    this.unavailable[entry] = 0;
  }
}

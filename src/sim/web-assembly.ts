/** What of WebAssembly is used here: all hosts have it, but no library of ECMAScript declares it. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** What a new instance exports of compiled WebAssembly that imports nothing; null where the host has none, not these instructions, or does not allow it. */
export function instanceOf(bytes: Uint8Array): object | null {
  const { WebAssembly } = globalThis as { WebAssembly?: Assembly };
  if (WebAssembly === undefined) return null;
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  } catch {
    return null;
  }
}

import type { LocatedScalar, Origin } from '../../experiment/language/values/located.js';
import { layerOf, type KubeletLayer, type KubeletSettings } from './settings.js';

/** A flag of the kubelet's command line. */
export interface KubeletFlag {
  /** Without dashes. */
  readonly name: string;
  readonly value: string;
  readonly origin: Origin;
}

/** Flags that set what a KubeletConfiguration sets, too (`cmd/kubelet/app/options`). The strategy has none. */
const FIELDS: Readonly<Record<string, keyof KubeletSettings>> = {
  'sync-frequency': 'syncFrequency',
  'kube-api-qps': 'kubeAPIQPS',
  'kube-api-burst': 'kubeAPIBurst',
};

/** What files of flags begin with: variables of a shell, sections and commands of systemd, the command itself. */
const FLAG_LINE =
  /^(?:(?:export\s+)?[A-Za-z_]\w*=|--[a-z]|\[(?:Unit|Service|Install)\]|\S*(?:kubelet|hyperkube)\s+(?:\S+\s+)*--[a-z])/;

/** True for a file of flags, such as kubeadm-flags.env, /etc/default/kubelet, a unit of systemd or a command line. */
export function isFlagsText(text: string): boolean {
  const first = text.split('\n', 200).find((line) => !/^\s*(?:[#;].*)?$/.test(line));
  return first !== undefined && FLAG_LINE.test(first.trim());
}

/** The kubelet's flags in a text, wherever they stand in it; comments are passed over. */
export function flagsOfText(text: string, source: string): KubeletFlag[] {
  const words = text.split('\n').flatMap((line, index): { readonly word: string; readonly origin: Origin }[] =>
    /^\s*[#;]/.test(line)
      ? []
      : [...line.matchAll(/[^\s"'\\]+/g)].map(({ 0: word, index: column }) => ({
          word,
          origin: { source, line: index + 1, column: column + 1 },
        })),
  );
  return words.flatMap(({ word, origin }, index) => {
    // The first of `KUBELET_ARGS=--a=b` without quotes stands behind the variable.
    const flag = /(?:^|=)--([a-z][a-z0-9-]*)(=?)(.*)$/.exec(word);
    if (flag === null) return [];
    const [, name, sign, value] = flag;
    return [{ name, value: sign === '=' ? value : (words.at(index + 1)?.word ?? ''), origin }];
  });
}

/** The settings among flags. The last of several wins, as in the kubelet. Throws an InputError. */
export function layerOfFlags(flags: readonly KubeletFlag[]): KubeletLayer {
  return layerOf((field) => {
    const flag = flags.findLast(({ name }) => Object.hasOwn(FIELDS, name) && FIELDS[name] === field);
    return flag === undefined ? undefined : scalarOf(flag);
  });
}

/** True where a flag names the file of the configuration itself. */
export function namesConfiguration(flags: readonly KubeletFlag[]): boolean {
  return flags.some(({ name }) => name === 'config' || name === 'config-dir');
}

function scalarOf({ value, origin }: KubeletFlag): LocatedScalar {
  return { type: 'scalar', origin, value: /^\d{1,9}$/.test(value) ? Number(value) : value, text: value };
}

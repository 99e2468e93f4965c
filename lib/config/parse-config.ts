import type { z } from 'zod';
import type { AdoptConfig, OnehopConfig } from './onehop-config.ts';
import { adoptFileSchema, configSchema, type ResolvedConfig } from './schema.ts';

/** The config is faulty. The message lists every fault with its path, its value and what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(file: string, faults: readonly string[]) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super(`${file} has ${count}:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

export interface ConfigOverrides {
  /** Stage named on the command line. @default the config's own */
  readonly stage?: string;
  /** Content of onehop.adopt.json: resources kept by a destroy, by stage. @default none */
  readonly kept?: unknown;
}

/**
 * Checks a config and fills in its defaults. Kept resources of the stage are taken up where the config has no `adopt`.
 * @throws ConfigError with every fault at once
 */
export function parseConfig(config: OnehopConfig, { stage, kept }: ConfigOverrides = {}): ResolvedConfig {
  const input = stage === undefined ? config : { ...config, stage };
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) throw new ConfigError('onehop.config.ts', faultsOf(parsed.error, input));
  if (parsed.data.adopt !== undefined || kept === undefined) return parsed.data;
  const adopt = parseKept(kept)[parsed.data.stage];
  return adopt ? { ...parsed.data, adopt } : parsed.data;
}

/** Checks the content of onehop.adopt.json. @throws ConfigError */
export function parseKept(kept: unknown): Record<string, AdoptConfig> {
  const parsed = adoptFileSchema.safeParse(kept);
  if (!parsed.success) throw new ConfigError('onehop.adopt.json', faultsOf(parsed.error, kept));
  return parsed.data;
}

function faultsOf(error: z.ZodError, input: unknown): string[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${describe([...issue.path, key], input)}: ${issue.message}`)
      : [`${describe(issue.path, input)}: ${remedyOf(issue)}`],
  );
}

/** A faulty key of a record carries the message of the key's own check. */
function remedyOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
}

function describe(path: readonly PropertyKey[], input: unknown): string {
  const value = valueAt(path, input);
  if (value === undefined) return `${pathOf(path)} is missing`;
  const shown = JSON.stringify(value) ?? String(value);
  return `${pathOf(path)} is ${shown.length > 120 ? `${shown.slice(0, 119)}…` : shown}`;
}

function valueAt(path: readonly PropertyKey[], input: unknown): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** `domains[0].name`, as one would write it in the config. */
function pathOf(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return /^[A-Za-z_]\w*$/.test(String(key))
      ? `${before}.${String(key)}`
      : `${before}[${JSON.stringify(String(key))}]`;
  }, '');
  return text.replace(/^\./, '') || 'the config';
}

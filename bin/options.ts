import process from 'node:process';
import { parseArgs } from 'node:util';

export interface Options {
  /** Stage named with `--stage`; absent where the config's own is meant. */
  readonly stage?: string;
  /** `--yes`: do not ask. */
  readonly yes: boolean;
}

/** A fault the person at the keyboard can mend; shown without a trace. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/**
 * Options of the scripts of this folder.
 * @throws UserError on an unknown option
 */
export function readOptions(args: readonly string[] = process.argv.slice(2)): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { stage: { type: 'string' }, yes: { type: 'boolean', default: false } },
    });
    return { yes: values.yes, ...(values.stage !== undefined && { stage: values.stage }) };
  } catch (error) {
    throw new UserError(`${messageOf(error).replace(/\.?$/, '.')} Options: --stage <name>, --yes.`);
  }
}

/** Runs a script; its exit code becomes the process's, and a fault that can be mended is one message. */
export async function main(script: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await script();
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof Error && error.name === 'ConfigError')) throw error;
    process.stderr.write(`onehop: ${error.message}\n`);
    process.exitCode = 1;
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

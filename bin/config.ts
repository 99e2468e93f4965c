import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OnehopConfig } from '../lib/config/onehop-config.ts';
import { parseConfig } from '../lib/config/parse-config.ts';
import type { ResolvedConfig } from '../lib/config/schema.ts';
import { UserError } from './options.ts';

/** Where `npm run destroy` notes what it left, by stage; not in git, because it belongs to one account. */
export const ADOPT_FILE = fileURLToPath(new URL('../onehop.adopt.json', import.meta.url));

/**
 * Content of the adopt file, not yet checked; nothing where there is none.
 * @throws UserError where it is not JSON
 */
export function readAdoptFile(file = ADOPT_FILE): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UserError(
      `${file} is not JSON. Mend it, or write the names it should hold into "adopt" of onehop.config.ts.`,
    );
  }
}

/**
 * The checked config, of the named stage and with what an earlier destroy of that stage left.
 * @throws ConfigError
 */
export async function loadConfig(stage?: string): Promise<ResolvedConfig> {
  const kept = readAdoptFile();
  return parseConfig(await readConfigFile(), {
    ...(stage !== undefined && { stage }),
    ...(kept !== undefined && { kept }),
  });
}

/** The default export of onehop.config.ts. @throws UserError where the file cannot be read as TypeScript or exports nothing */
async function readConfigFile(): Promise<OnehopConfig> {
  const loaded = (await import('../onehop.config.ts').catch((error: unknown) => {
    throw new UserError(
      `onehop.config.ts cannot be read: ${error instanceof Error ? error.message.trim() : String(error)}`,
    );
  })) as { default?: OnehopConfig };
  if (loaded.default === undefined)
    throw new UserError('onehop.config.ts exports nothing: end it with "export default defineConfig({ … });"');
  return loaded.default;
}

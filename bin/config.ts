import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '../lib/config/parse-config.ts';
import type { ResolvedConfig } from '../lib/config/schema.ts';
import config from '../onehop.config.ts';
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
export function loadConfig(stage?: string): ResolvedConfig {
  const kept = readAdoptFile();
  return parseConfig(config, { ...(stage !== undefined && { stage }), ...(kept !== undefined && { kept }) });
}

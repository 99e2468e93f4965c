import { z } from 'zod';

const port = (standard: number) =>
  z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535).default(standard);

const settings = z.object({
  /** Port of the short domains. */
  ONEHOP_PORT: port(8080),
  /** Port of the API. */
  ONEHOP_API_PORT: port(8787),
  /** Folder of everything that is kept. */
  ONEHOP_DATA: z.string().min(1).default('.onehop'),
});

export type LocalSettings = z.infer<typeof settings>;

/** A setting of the local mode cannot be used; the message names each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads the settings of the local mode. @throws SettingsError */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): LocalSettings {
  const { success, data, error } = settings.safeParse(environment);
  if (success) return data;
  throw new SettingsError(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

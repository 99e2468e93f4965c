import { generic } from './generic.ts';
import type { Profile } from './profile.ts';

/** Every profile by the name a source chooses it by. */
export const profiles: Readonly<Record<string, Profile>> = { generic };

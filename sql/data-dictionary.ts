import { writeFileSync } from 'node:fs';
import { dataDictionary } from './dictionary.ts';

writeFileSync(new URL('../docs/data-dictionary.md', import.meta.url), dataDictionary());

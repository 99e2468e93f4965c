import { expect, it } from 'vitest';
import { lookAround } from '../../../local/demo/print/hint.ts';

const hint = (port: number, apiPort: number) =>
  lookAround(
    { shortOrigin: `http://go.localhost:${port}`, apiOrigin: `http://localhost:${apiPort}`, dataDir: '/tmp/d' },
    '2026-06-01',
  );
const REPORT = 'npx onehop report performance --by message --from 2026-06-01';

it('names the ports that were set, where each command needs them, and the API’s real address', () => {
  const text = hint(18_080, 18_787);
  expect(text).toContain('the API at http://localhost:18787:');
  expect(text).toContain('\n  ONEHOP_PORT=18080 ONEHOP_API_PORT=18787 ONEHOP_DATA=/tmp/d npm start\n');
  expect(text).toContain(`\n  ONEHOP_API_PORT=18787 ONEHOP_DATA=/tmp/d ${REPORT}\n`);
});

it('names no port that is the standard one', () => {
  expect(hint(8_080, 8_787)).toContain('\n  ONEHOP_DATA=/tmp/d npm start\n');
  expect(hint(8_080, 9_000)).toContain(`\n  ONEHOP_API_PORT=9000 ONEHOP_DATA=/tmp/d npm start\n`);
});

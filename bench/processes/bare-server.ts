import { createServer } from 'node:http';
import { listen } from '../../local/engines/aws-json.ts';
import { serveParent } from '../support/child.ts';

/** The ceiling: a server that does nothing but redirect. */
const server = createServer((_request, response) => {
  response.writeHead(302, { Location: 'https://example.com/landing' }).end();
});
const listening = await listen(server);
serveParent(listening.port, { close: () => listening.close() });

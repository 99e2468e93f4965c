import { awsJsonListener, listenWith } from '../../local/engines/aws-json.ts';
import { awsService } from '../support/aws-service.ts';
import { serveParent } from '../support/child.ts';

/** A local endpoint for everything the edge calls. */
const listening = await listenWith(awsJsonListener(awsService));
serveParent(listening.endpoint, { close: () => listening.close() });

import type { z } from 'zod';
import type { EntityKind, Stored } from '../adapters/entity-store.ts';
import { linksKey } from '../contract/keys.ts';
import { invalid } from '../core/api/problem.ts';
import { campaignInput } from '../core/entities/campaign.ts';
import { domainInput } from '../core/entities/domain.ts';
import { experimentInput } from '../core/entities/experiment.ts';
import { ID_PATTERN } from '../core/entities/fields.ts';
import { offerInput } from '../core/entities/offer.ts';
import { HOST_RULE, isDomainId } from '../core/host.ts';
import { announcePromo } from './announce-promo.ts';
import { circularFaults } from './circular-faults.ts';
import { checkExperiment, keepAssigned } from './experiment-checks.ts';
import { checkOffer } from './offer-checks.ts';
import { settleSubid, subidParamOf } from './offer-subid.ts';
import type { ApiServices } from './services.ts';

/** A document of any kind; its schema says what it holds. */
export type Document = Record<string, unknown>;

/** @throws Problem 422 where the fallback leads back to a short domain of the account */
async function checkFallback(_id: string, document: Document, { deployment }: ApiServices): Promise<void> {
  const faults = circularFaults('fallback_url', (document.fallback_url as string | null) ?? null, deployment);
  if (faults.length > 0) throw invalid(faults);
}

/** What sets one kind of named entity apart from the others. */
export interface EntityType {
  readonly kind: Exclude<EntityKind, 'link'>;
  readonly plural: string;
  readonly input: z.ZodType<Document>;
  readonly keyOf: (id: string) => string;
  readonly isId: (id: string) => boolean;
  readonly idRule: string;
  /** Ids that exist with every default before anybody writes them: domains that the deployment serves. */
  readonly implied?: (services: ApiServices) => readonly string[];
  /** URLs that a save looks at, by the field that names them. @default none */
  readonly destinations?: readonly string[];
  /** Fields that are shown and are not input. @default none */
  readonly shown?: readonly string[];
  /** What a change keeps of the document before, which is null for a new one. @throws Problem 409 @default nothing */
  readonly keep?: (document: Document, previous: Document | null) => Document;
  /** Checks against other entities. @throws Problem 422 */
  readonly check?: (id: string, document: Document, services: ApiServices) => Promise<void>;
  /** Runs before a save: notes what has to be done once it is written. @default nothing */
  readonly announce?: (document: Document, previous: Stored<Document> | null, services: ApiServices) => Promise<void>;
  /** What follows from other entities and is written beside the document. @default nothing */
  readonly beside?: (document: Document, services: ApiServices) => Promise<Readonly<Record<string, unknown>>>;
  /** Runs after a save, against changes of those other entities in between. @default nothing */
  readonly settle?: (id: string, document: Document, services: ApiServices) => Promise<void>;
}

const isPlainId = (id: string) => ID_PATTERN.test(id);
const PLAIN_RULE = 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -';

export const campaignType: EntityType = {
  kind: 'campaign',
  plural: 'campaigns',
  input: campaignInput,
  keyOf: linksKey.campaign,
  isId: isPlainId,
  idRule: PLAIN_RULE,
  check: checkFallback,
  announce: announcePromo,
};

export const offerType: EntityType = {
  kind: 'offer',
  plural: 'offers',
  input: offerInput,
  keyOf: linksKey.offer,
  isId: isPlainId,
  idRule: PLAIN_RULE,
  destinations: ['destination', 'fallback_url'],
  check: checkOffer,
  beside: async ({ source_id }, services) => ({
    subid_param: await subidParamOf(source_id as string | null, services),
  }),
  settle: (id, { source_id }, services) => settleSubid(id, source_id as string | null, services),
};

export const domainType: EntityType = {
  kind: 'domain',
  plural: 'domains',
  input: domainInput,
  keyOf: linksKey.domain,
  isId: isDomainId,
  idRule: HOST_RULE,
  implied: ({ deployment }) => deployment.shortDomains,
  check: checkFallback,
};

export const experimentType: EntityType = {
  kind: 'experiment',
  plural: 'experiments',
  input: experimentInput,
  keyOf: linksKey.experiment,
  isId: isPlainId,
  idRule: PLAIN_RULE,
  shown: ['assigned_at'],
  keep: keepAssigned,
  check: checkExperiment,
};

import { z } from 'zod';
import { identifyInput } from '../../core/identity/identify-input.ts';
import { MAX_ITEMS } from '../batch.ts';
import type { Route } from '../http.ts';
import { idempotent } from '../idempotency.ts';
import { identify } from './identify.ts';
import { identifyVisitor, MAX_VISITOR_BYTES, preflight } from './visitor.ts';

export const identifyRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/identify',
    scopes: ['send'],
    summary: 'Tell whose e-mail addresses, phone numbers and customer ids are',
    tag: 'people',
    takesList: true,
    input: z.array(z.unknown()),
    describedInput: z.array(identifyInput).max(MAX_ITEMS),
    success: 200,
    run: (request, services) =>
      idempotent(
        request,
        services,
        async () => ({}),
        () => identify(request, services),
      ),
  },
  {
    method: 'POST',
    path: '/identify',
    scopes: null,
    summary: 'Landing pages: tell the address of whoever made a click; {click_id, email or phone, country?}',
    tag: 'people',
    anyOrigin: true,
    rawBody: { types: ['application/json', 'text/plain'], maxBytes: MAX_VISITOR_BYTES },
    success: 204,
    run: identifyVisitor,
  },
  {
    method: 'OPTIONS',
    path: '/identify',
    scopes: null,
    summary: 'Preflight of browsers',
    tag: 'people',
    anyOrigin: true,
    success: 204,
    run: preflight,
  },
];

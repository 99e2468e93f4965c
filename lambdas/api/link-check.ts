import { z } from 'zod';
import { parseInput } from '../core/api/problem.ts';
import * as field from '../core/entities/fields.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import type { ApiServices } from './services.ts';

const checkInput = z.strictObject({ url: field.destination });

export const linkCheckRoute: Route = {
  method: 'POST',
  path: '/v1/links/check',
  success: 200,
  scopes: ['manage'],
  summary: 'Look whether a destination answers',
  tag: 'links',
  input: checkInput,
  run: check,
};

/** Changes nothing, so it reserves nothing and needs no idempotency. */
async function check({ body }: ApiRequest, { destinations }: ApiServices): Promise<ApiResponse> {
  const { url } = parseInput(checkInput, body);
  return { status: 200, body: { url, ...(await destinations.check(url)) } };
}

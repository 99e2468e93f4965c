import type { Route } from '../http.ts';
import { showClick } from './click.ts';
import { showConversion } from './conversion.ts';
import { RUN_QUERY } from './queries.ts';

export const lookupRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/clicks/{click_id}',
    success: [200, 202],
    scopes: ['read', 'manage'],
    summary: 'Everything known of a click, and why',
    tag: 'clicks',
    query: RUN_QUERY,
    run: showClick,
  },
  {
    method: 'GET',
    path: '/v1/conversions/{id}',
    success: [200, 202],
    scopes: ['read', 'manage'],
    summary: 'Everything known of a conversion: entries, versions, keys tried, touches, messages',
    tag: 'conversions',
    query: RUN_QUERY,
    run: showConversion,
  },
];

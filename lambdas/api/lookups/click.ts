import { clickConversionsStatement, clickRowsStatement, type LookedUpClick } from '../../../sql/catalog.ts';
import { readLinks } from '../../adapters/link-reader.ts';
import { SubscriberLookup } from '../../adapters/subscriber-lookup.ts';
import { Problem } from '../../core/api/problem.ts';
import { verifyClickId } from '../../core/click-id.ts';
import { REFUSALS } from '../../core/identity/claimed-click.ts';
import { formatAmount } from '../../core/money.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import { timeOf } from '../people/person.ts';
import type { ApiServices } from '../services.ts';
import { type Row, rowsOfAll } from './queries.ts';

/**
 * Everything known of a click: what its id says by itself, its rows, its link and person, and the conversions that name it.
 * @throws Problem 404 where the id is not one we signed
 */
export async function showClick(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const clickId = (request.params.click_id ?? '').toLowerCase();
  const verified = verifyClickId(clickId, await services.keys.edge());
  if (!verified.ok) throw new Problem(404, `click_id_${verified.reason}`, `the click id ${REFUSALS[verified.reason]}`);
  const { ok: _, keyId, ...fields } = verified;
  const click: LookedUpClick = { clickId, ...fields };
  const statements = [clickRowsStatement(click), clickConversionsStatement(click, services.now())];
  const found = await rowsOfAll(`/v1/clicks/${clickId}`, statements, request, services);
  if ('later' in found) return found.later;
  const [rows = [], conversions = []] = found.rows;
  const body = {
    click_id: clickId,
    verified: {
      key_id: keyId,
      clicked_at: timeOf(click.time),
      link_no: click.linkNo || null,
      subscriber_no: click.subscriberNo || null,
      nonce: click.nonce,
    },
    ...(await around(click, services)),
    rows: rows.map((row) => ({ ...row, ts: timeOf(row.ts), sent_at: timeOf(row.sent_at) })),
    conversions: conversions.map(shownConversion),
    notes: notesOn(click, rows),
  };
  return { status: 200, body };
}

async function around({ linkNo, subscriberNo }: LookedUpClick, { linksTable, ledgerTable }: ApiServices) {
  const [links, ids] = await Promise.all([
    readLinks(linksTable, linkNo === 0 ? [] : [linkNo]),
    new SubscriberLookup(ledgerTable).idsOf(subscriberNo === 0 ? [] : [subscriberNo]),
  ]);
  return { link: links.get(linkNo)?.link ?? null, subscriber_id: ids.get(subscriberNo) ?? null };
}

function shownConversion({ revenue_minor, currency, ...row }: Row) {
  const revenue =
    typeof revenue_minor === 'number' && typeof currency === 'string' ? formatAmount(revenue_minor, currency) : null;
  return { ...row, converted_at: timeOf(row.converted_at), revenue, currency };
}

/** What somebody who looks a click up is likely to wonder about. */
function notesOn({ clickId, linkNo, subscriberNo }: LookedUpClick, rows: readonly Row[]): string[] {
  const own = rows.filter((row) => row.click_id === clickId);
  const notes = ['The id verifies: this deployment signed it.'];
  if (own.length === 0)
    notes.push(
      'Its row is not in the lake: it takes some minutes, and a click whose record was lost is rebuilt from access logs.',
    );
  if (own.length > 1) notes.push('It was delivered more than once; views and reports count it once.');
  if (rows.length > own.length) notes.push('A row was rebuilt from access logs for the same tap, under another id.');
  if (subscriberNo === 0) notes.push('It was made on a shared code, which names nobody.');
  if (linkNo === 0) notes.push('Its code led to no link.');
  return notes;
}

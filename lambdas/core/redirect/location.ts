import type { MacroValues } from './macros.ts';
import {
  type DestinationTemplate,
  encodeComponent,
  expandEncoded,
  expandRaw,
  headerSafe,
  macrosIn,
  parseQuery,
  type QueryPair,
} from './template.ts';

/** Longest location that is sent with the visitor's query in it; a longer one goes without. */
export const MAX_LOCATION_LENGTH = 8_192;

export interface LocationInput {
  readonly template: DestinationTemplate;
  /** System parameters to append: name → literal, macros or both. */
  readonly params: Readonly<Record<string, string>>;
  readonly macros: MacroValues;
  /** The visitor's raw query where it is forwarded, else null. */
  readonly visitorQuery: string | null;
}

/**
 * Builds the URL a visitor is sent to. System parameters win over the destination's own, which win over the visitor's;
 * what is already in the destination keeps its place and its spelling.
 * @returns null where the result would not be an http(s) URL on the destination's own host
 */
export function buildLocation(input: LocationInput): string | null {
  const full = assemble(input, visitorPairs(input));
  const location = full.length <= MAX_LOCATION_LENGTH ? full : assemble(input, []);
  const isSendable = location.length <= 2 * MAX_LOCATION_LENGTH && URL.parse(location)?.host === input.template.host;
  return isSendable ? location : null;
}

function assemble({ template, params, macros }: LocationInput, visitor: readonly string[]): string {
  const system = systemPairs(template, params, macros);
  const own = ownPairs(template, system, macros);
  const rest = [...system].filter(([name]) => !own.placed.has(name)).map(([, pair]) => pair);
  const pairs = [...own.pairs, ...rest, ...visitor];
  const query = pairs.length > 0 || template.query !== null ? `?${pairs.join('&')}` : '';
  return headerSafe(`${expandEncoded(template.head, macros)}${query}${expandEncoded(template.fragment, macros)}`);
}

/** The system parameters that have something to say, encoded. */
function systemPairs(
  template: DestinationTemplate,
  params: LocationInput['params'],
  values: MacroValues,
): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [name, value] of Object.entries(params)) {
    const used = [...macrosIn(value)];
    const standsInDestination = used.length > 0 && used.every((macro) => template.macros.has(macro));
    if (!standsInDestination && !isLeftEmpty(value, values))
      pairs.set(name, `${encodeComponent(name)}=${encodeComponent(expandRaw(value, values))}`);
  }
  return pairs;
}

/** True where a parameter lives from macros and all of them are empty. */
function isLeftEmpty(text: string, values: MacroValues): boolean {
  const used = [...macrosIn(text)];
  return used.length > 0 && used.every((macro) => !values[macro as keyof MacroValues]);
}

/** The destination's own query: a system parameter of the same name takes the first place and drops the others. */
function ownPairs(template: DestinationTemplate, system: ReadonlyMap<string, string>, values: MacroValues) {
  const placed = new Set<string>();
  const pairs: string[] = [];
  for (const pair of template.query ?? []) {
    const replacement = system.get(pair.name);
    if (replacement === undefined && !isLeftEmpty(pair.raw, values)) pairs.push(expandEncoded(pair.raw, values));
    else if (replacement !== undefined && !placed.has(pair.name)) pairs.push(replacement);
    if (replacement !== undefined) placed.add(pair.name);
  }
  return { pairs, placed };
}

/** The visitor's parameters that collide with nothing of ours, not even with a system parameter that stayed empty. */
function visitorPairs({ template, params, visitorQuery }: LocationInput): string[] {
  if (!visitorQuery) return [];
  const own = (template.query ?? []).map((pair: QueryPair) => pair.name);
  const taken = new Set([...Object.keys(params), ...own].map(asServersRead));
  return parseQuery(visitorQuery)
    .filter((pair) => !taken.has(asServersRead(pair.name)))
    .map((pair) => pair.raw.replaceAll('#', '%23'));
}

/** A name as lenient servers read it: PHP takes `a.b`, `a b` and ` a_b[x]` for `a_b`, and the last one wins. */
function asServersRead(name: string): string {
  return (name.trim().split('[', 1)[0] ?? '').replace(/[ .]/g, '_');
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destinationFaults } from '../../../lambdas/core/redirect/destination.ts';
import { buildLocation, type LocationInput, MAX_LOCATION_LENGTH } from '../../../lambdas/core/redirect/location.ts';
import { MACROS } from '../../../lambdas/core/redirect/macros.ts';
import { LINK_PARAMS } from '../../../lambdas/core/redirect/params.ts';
import { compileDestination } from '../../../lambdas/core/redirect/template.ts';

const macros = {
  click_id: 'C1',
  campaign_id: 'summer_sale',
  segment: 'high value',
  creative: 'v2',
  domain: 'go.brand.com',
};

function locate(destination: string, input: Partial<LocationInput> = {}): string | null {
  const template = compileDestination(destination);
  return template && buildLocation({ template, params: {}, macros, visitorQuery: null, ...input });
}

describe('location', () => {
  it('appends the parameters, leaving out those whose macro is empty', () =>
    expect(locate('https://o.example/landing', { params: LINK_PARAMS })).toBe(
      'https://o.example/landing?click_id=C1&campaign_id=summer_sale&segment=high%20value&creative=v2',
    ));

  it.each([
    ['keeps query and fragment', 'https://o.example/?a=1#top', { p: 'x' }, 'https://o.example/?a=1&p=x#top'],
    ['needs no path', 'https://o.example', { p: 'x' }, 'https://o.example?p=x'],
    ['needs no path before a fragment', 'https://o.example#top', { p: 'x' }, 'https://o.example?p=x#top'],
    [
      're-encodes nothing',
      "https://o.example/a%2fb;c=(d)/?q=a+b%20c&x='y'&&z#f%20g",
      {},
      "https://o.example/a%2fb;c=(d)/?q=a+b%20c&x='y'&z#f%20g",
    ],
    [
      'fills macros in path, query and fragment',
      'https://o.example/{segment}?c={click_id}#{creative}',
      {},
      'https://o.example/high%20value?c=C1#v2',
    ],
    [
      'appends no parameter whose macro stands in the destination',
      'https://o.example/?cid={click_id}',
      { click_id: '{click_id}' },
      'https://o.example/?cid=C1',
    ],
    [
      'replaces the destination’s parameter of the same name in place, once',
      'https://o.example/?a=1&s=old&b=2&s=older',
      { s: 'new' },
      'https://o.example/?a=1&s=new&b=2',
    ],
    ['knows a name however it is encoded', 'https://o.example/?%73=old', { s: 'new' }, 'https://o.example/?s=new'],
    ['joins literals and macros', 'https://o.example/', { sub: 'sub-{creative}' }, 'https://o.example/?sub=sub-v2'],
    [
      'leaves a literal beside an empty macro out',
      'https://o.example/',
      { sub: 'sub-{partner}' },
      'https://o.example/',
    ],
    [
      'encodes parameter values',
      'https://o.example/',
      { 'a b': 'x&y=z#\r\n' },
      'https://o.example/?a%20b=x%26y%3Dz%23%0D%0A',
    ],
    [
      'writes other alphabets as a header can carry them',
      'https://münchen.example/straße?q=ü',
      {},
      'https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%BC',
    ],
    ['keeps an empty query', 'https://o.example/?', {}, 'https://o.example/?'],
    ['keeps braces that are no macro', 'https://o.example/?t={nope}', {}, 'https://o.example/?t={nope}'],
  ])('%s', (_, destination, params, expected) =>
    expect(locate(destination, { params: params as Record<string, string> })).toBe(expected),
  );

  it('forwards the visitor’s query behind ours, ours winning', () =>
    expect(
      locate('https://o.example/?keep=1', {
        params: { click_id: '{click_id}', partner: '{partner}' },
        visitorQuery: 'utm=a%20b&keep=2&click_id=forged&%63lick_id=forged&partner=forged&utm=c&x',
      }),
    ).toBe('https://o.example/?keep=1&click_id=C1&utm=a%20b&utm=c&x'));

  it('lets no name through that a lenient server would read as ours', () =>
    expect(
      locate('https://o.example/?own_name=1', {
        params: { click_id: '{click_id}' },
        visitorQuery: 'click_id[]=f&click.id=f&%20click_id=f&click+id=f&own.name=f&other[]=kept',
      }),
    ).toBe('https://o.example/?own_name=1&click_id=C1&other[]=kept'));

  it('leaves out a parameter of the destination whose macro is empty', () =>
    expect(locate('https://o.example/?a=1&sub={partner}&c={creative}')).toBe('https://o.example/?a=1&c=v2'));

  it('does not fill macros into what the visitor sent', () =>
    expect(locate('https://o.example/', { visitorQuery: 'a={click_id}' })).toBe('https://o.example/?a={click_id}'));

  it('drops the visitor’s query rather than send a location too long', () => {
    const location = locate('https://o.example/', {
      params: { p: 'x' },
      visitorQuery: `q=${'a'.repeat(MAX_LOCATION_LENGTH)}`,
    });
    expect(location).toBe('https://o.example/?p=x');
  });

  it('stays on the destination’s host, header-safe, with our parameters winning, whatever comes in', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(...[...MACROS].map((m) => `{${m}}`), '//', '@', '\\', '..', '%0d%0a', '\r\n', '&', '=', '?', '#'),
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const values = fc.dictionary(fc.constantFrom(...MACROS), fc.string({ unit: 'binary', maxLength: 20 }));
    fc.assert(
      fc.property(
        text,
        fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), text),
        values,
        text,
        (tail, params, anyMacros, visitorQuery) => {
          const destination = `https://o.example/${tail}`;
          fc.pre(destinationFaults(destination).length === 0);
          const location = locate(destination, {
            params: { ...params, click_id: 'OURS' },
            macros: anyMacros,
            visitorQuery,
          });
          const url = new URL(location ?? '');
          expect(url.origin).toBe('https://o.example');
          expect(location).toMatch(/^[\x21-\x7e]+$/);
          expect(url.searchParams.getAll('click_id')).toEqual(['OURS']);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

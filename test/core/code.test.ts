import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSlug, parseCode } from '../../lambdas/core/code.ts';

describe('code', () => {
  it.each([
    ['/summer', 'summer'],
    ['/SuMMer', 'summer'],
    ['/summer/', 'summer'],
    ['/summer.', 'summer'],
    ['/summer)."', 'summer'],
    ['/summer%22', 'summer'],
    ['/summer%E2%80%9D', 'summer'],
    ['/summer%E2%80%A6', 'summer'],
    ['/summer%20', 'summer'],
    ['/s%75mmer', 'summer'],
    ['//summer', 'summer'],
    ['/(summer)', 'summer'],
    ['/a', 'a'],
    ['/black-friday_2026', 'black-friday_2026'],
    ['/nine-char', 'nine-char'],
  ])('%s is the slug %s', (path, slug) => expect(parseCode(path)).toEqual({ kind: 'slug', slug }));

  it.each(['/abcdefgh1', '/Abcdefghi0', '/ABCDEFGHIJK'])(
    '%s has the form of a personal code, whose case counts',
    (path) => expect(parseCode(path)).toEqual({ kind: 'personal', code: path.slice(1) }),
  );

  it.each(['/', '', '/a/b', '/a b', '/a%20b', '/%ff', '/ä', `/${'a'.repeat(65)}`, '/../etc/passwd', '/a?b'])(
    '%j is malformed',
    (path) => expect(parseCode(path)).toEqual({ kind: 'malformed' }),
  );

  it('the two kinds can never meet', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9]{9,11}$/),
        (text) => !isSlug(text) && parseCode(`/${text}`).kind === 'personal',
      ),
    );
  });

  it('takes any path without throwing, and only gives back what is a slug', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (path) => {
        const code = parseCode(path);
        expect(code.kind !== 'slug' || isSlug(code.slug)).toBe(true);
      }),
    );
  });
});

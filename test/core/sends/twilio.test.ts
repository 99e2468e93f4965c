import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTwilio, twilioSignature, twilioSignatureFault } from '../../../lambdas/core/sends/twilio.ts';

/** Twilio's own examples: auth token 12345, this URL and form, and the signature that comes out. */
const URL = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const FORM = { CallSid: 'CA1234567890ABCDE', Digits: '1234', To: '+18005551212' };
const EXAMPLES = [
  ['GvWf1cFY/Q7PnoempGyD5oXAezc=', { ...FORM, Caller: '+14158675310', From: '+14158675310' }],
  ['RSOYDt4T1cUTdK1PDd93/VVr8B8=', { ...FORM, Caller: '+14158675309', From: '+14158675309' }],
] as const;

const bodyOf = (form: object) => Buffer.from(new URLSearchParams(Object.entries(form)).toString());
const callOf = (signature: string, form: object) => ({
  method: 'POST',
  query: 'foo=1&bar=2',
  headers: { 'x-twilio-signature': signature },
  body: bodyOf(form),
  received_at: 0,
});

describe('Twilio’s signature', () => {
  it.each(EXAMPLES)('is what Twilio publishes: %s', (signature, form) => {
    expect(twilioSignature(URL, Object.entries(form), '12345')).toBe(signature);
    expect(twilioSignatureFault(callOf(signature, form), URL, '12345')).toBeNull();
  });

  it('fits no other URL, form or secret', () => {
    const [[signature, form]] = EXAMPLES;
    expect(twilioSignatureFault(callOf(signature, form), `${URL}&baz=3`, '12345')).toBe('bad_signature');
    expect(twilioSignatureFault(callOf(signature, form), URL.replace('https', 'http'), '12345')).toBe('bad_signature');
    expect(twilioSignatureFault(callOf(signature, { ...form, Digits: '12345' }), URL, '12345')).toBe('bad_signature');
    expect(twilioSignatureFault(callOf(signature, form), URL, '12346')).toBe('bad_signature');
    expect(twilioSignatureFault(callOf('', form), URL, '12345')).toBe('signature_missing');
  });

  it('does not depend on the order of the form', () => {
    const fields = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.string()), { selector: ([name]) => name });
    fc.assert(
      fc.property(
        fields.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(twilioSignature(URL, shuffled, 'secret')).toBe(twilioSignature(URL, list, 'secret'));
        },
      ),
    );
  });
});

describe('a status callback', () => {
  it.each([
    ['queued', 'queued', null],
    ['accepted', 'queued', null],
    ['sending', 'queued', null],
    ['sent', 'sent', null],
    ['delivered', 'delivered', true],
    ['read', 'delivered', true],
    ['undelivered', 'failed', true],
    ['failed', 'failed', true],
    ['canceled', 'failed', true],
  ])('%s means %s', (status, type, is_final) => {
    expect(readTwilio(bodyOf({ MessageSid: 'SM1', MessageStatus: status }))).toEqual({
      id: 'SM1',
      type,
      is_final,
      detail: status,
    });
  });

  it('keeps the error code', () => {
    const form = { MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: '30005' };
    expect(readTwilio(bodyOf(form))?.detail).toBe('undelivered 30005');
  });

  it('of an incoming STOP is an opt-out; of anything else nothing', () => {
    const incoming = { MessageSid: 'SM2', SmsStatus: 'received', Body: 'STOP' };
    expect(readTwilio(bodyOf({ ...incoming, OptOutType: 'STOP' }))).toMatchObject({ id: 'SM2', type: 'opt_out' });
    expect(readTwilio(bodyOf({ ...incoming, OptOutType: 'START' }))).toMatchObject({ type: 'opt_in' });
    for (const form of [incoming, { ...incoming, OptOutType: 'HELP' }, { MessageStatus: 'sent' }, {}])
      expect(readTwilio(bodyOf(form))).toBeNull();
  });
});

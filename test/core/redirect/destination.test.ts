import { describe, expect, it } from 'vitest';
import { destinationFaults } from '../../../lambdas/core/redirect/destination.ts';

describe('destination', () => {
  it.each([
    'https://shop.example.com',
    'https://shop.example.com/a?b=c#d',
    'http://shop.example.com:8443/%20/ü',
    'https://shop.example.com/{campaign_id}/?cid={click_id}#{os}',
    'https://münchen.example/',
    'https://shop.example.com/?json=%7B%22a%22%3A1%7D',
  ])('%s may be stored', (url) => expect(destinationFaults(url)).toEqual([]));

  it.each([
    ['javascript:alert(1)', /begin with https/],
    ['//evil.example', /begin with https/],
    ['/relative', /begin with https/],
    ['', /begin with https/],
    ['https:shop.example.com', /begin with https/],
    ['https://', /not a valid URL/],
    ['https://{partner}.example.com/', /macro in the host/],
    ['https://shop.example.com{partner}/', /macro in the host/],
    ['https://shop.example.com:{os}/', /macro in the host/],
    ['https://user:pass@shop.example.com/', /user name or password/],
    ['https://shop.example.com@evil.example/', /user name or password/],
    ['https://shop.example.com\\@evil.example/', /backslashes/],
    ['https://shop.example.com/\r\nSet-Cookie: a=b', /control characters/],
    ['https://shop.example.com/a b', /spaces/],
    ['https://shop.example.com/\u0000', /control characters/],
    ['https://shop.example.com/\u2028', /control characters/],
    ['https://shop.example.com/?a={clickid}', /unknown macro \{clickid\}/],
    ['https://exa mple.com/{x}', /spaces/],
  ])('%j is refused', (url, message) => expect(destinationFaults(url).join('; ')).toMatch(message));

  it('names every fault at once', () => expect(destinationFaults('https://u@x.example/ {nope}')).toHaveLength(3));
});

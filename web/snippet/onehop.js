/*
 * Keeps the click id of a landing page for as long as a purchase may take, and hands it on: into forms, allowed links, a Shopify
 * cart, and to POST /identify where a form says so. No dependencies, no third-party cookies, nothing stored before consent where
 * consent is required. Settings are attributes of its own script tag; docs/landing-page.md describes them.
 *
 * SHOPIFY is true in the theme's build and false in the other one: cli/snippet/build.ts.
 */
(() => {
  const doc = document;
  const { api, days = 90, param = 'click_id', hosts, consent } = doc.currentScript.dataset;
  const KEY = 'onehop_click';
  // What does not look like a click id, such as a macro nobody filled in, is not kept.
  const landed = new URLSearchParams(location.search).get(param)?.match(/^[\da-z]{32}$/i)?.[0];
  let isAllowed = consent !== 'required';

  const cookie = (name) => doc.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1];
  const setCookie = (text, seconds) => {
    // biome-ignore lint/suspicious/noDocumentCookie: Safari and Firefox have no Cookie Store everywhere
    doc.cookie = `${KEY}=${text};path=/;max-age=${seconds};samesite=lax`;
  };

  const keep = (text) => {
    try {
      localStorage[KEY] = text;
    } catch {
      // Switched off or full.
      setCookie(text, days * 86400);
    }
  };
  const kept = () => {
    try {
      return localStorage[KEY] || cookie(KEY);
    } catch {
      return cookie(KEY);
    }
  };
  const forget = () => {
    try {
      delete localStorage[KEY];
    } catch {}
    setCookie('', 0);
  };

  /** The click id; nothing where there is none, it is too old, or there is no consent. */
  const clickId = () => {
    const [id, until] = (isAllowed && kept()?.split('.')) || [];
    if (until > Date.now()) return id;
    if (id) forget();
  };

  const isOurs = (host) =>
    host === location.host || hosts?.split(',').some((one) => host === one || host.endsWith(`.${one}`));

  /** Fills the field of a form; makes one where the form posts to this site or an allowed one. */
  const fill = (form) => {
    const id = clickId();
    const action = new URL(form.getAttribute('action') || '', location);
    const name = SHOPIFY && action.pathname.endsWith('/cart') ? 'attributes[click_id]' : 'click_id';
    let field = form.querySelector(`[name="${name}"]`);
    if (!field && id && form.method === 'post' && isOurs(action.host)) {
      field = doc.createElement('input');
      field.type = 'hidden';
      field.name = name;
      form.append(field);
    }
    if (field && (id || !isAllowed)) field.value = id || '';
  };

  /** Empty fields are left out. */
  const post = (url, body, headers) =>
    fetch(url, {
      method: 'POST',
      body: JSON.stringify(body, (_, value) => value || undefined),
      headers,
      keepalive: true,
    });

  /** Sent as text, so that no preflight delays what may be the page's last words. */
  const identify = ({ email, phone, country }) => {
    const click_id = clickId();
    if (api && click_id && (email || phone))
      post(`${api}/identify`, { click_id, email, phone, country }).catch(() => {});
  };

  /** Writes the click id into the cart, once for each cart, so that it comes with the order as a note attribute. */
  const fillCart =
    SHOPIFY &&
    (async () => {
      const id = clickId();
      const mark = () => id + cookie('cart');
      if (!id || sessionStorage[KEY] === mark()) return;
      const headers = { 'content-type': 'application/json' };
      const { ok } = await post('/cart/update.js', { attributes: { click_id: id } }, headers);
      if (ok) sessionStorage[KEY] = mark();
    });

  const start = () => {
    if (isAllowed && landed) keep(`${landed}.${Date.now() + days * 864e5}`);
    for (const form of doc.forms) fill(form);
    if (SHOPIFY) fillCart().catch(() => {});
  };

  const decorate = ({ target }) => {
    const link = target.closest?.('a[href]');
    const id = clickId();
    if (id && link?.host && link.host !== location.host && isOurs(link.host)) {
      const url = new URL(link.href);
      url.searchParams.set(param, id);
      link.href = url;
    }
  };

  const on = (type, listener) => doc.addEventListener(type, listener, true);
  on('click', decorate);
  on('auxclick', decorate);
  on('submit', ({ target: form }) => {
    fill(form);
    const country = form.dataset.onehopIdentify;
    const typed = (fields) => form.querySelector(fields)?.value.trim();
    if (country !== undefined)
      identify({ email: typed('[type=email],[name*=email i]'), phone: typed('[type=tel],[name*=phone i]'), country });
  });

  window.onehop = {
    clickId,
    identify,
    consent: (granted) => {
      isAllowed = granted;
      if (!granted) forget();
      start();
    },
  };
  if (doc.readyState === 'loading') on('DOMContentLoaded', start);
  else start();
})();

/**
 * What the page does more where scripts run; without them it is a plain form. A form that could not be sent stays as it
 * was filled in, and sent again it is the same act. It goes into the document as text, so that one answer is all that a
 * slow line has to bring.
 */
export const PAGE_SCRIPT = `(() => {
  const main = document.querySelector('main');
  let until = 0;
  const tell = (form, words) => {
    form.querySelector('[role=alert]').textContent = words;
  };
  const told = (form, busy) => {
    const button = form.querySelector('.send');
    button.textContent = busy ? button.dataset.sending : button.dataset.send;
    form.setAttribute('aria-busy', busy);
  };
  const keep = (form, words) => {
    told(form, false);
    tell(form, words || form.dataset.notSent);
  };
  const sentenceOf = (text) => new DOMParser().parseFromString(text, 'text/html').querySelector('main p')?.textContent;
  const show = (text) => {
    const answer = new DOMParser().parseFromString(text, 'text/html');
    const next = answer.querySelector('main');
    if (next === null) return false;
    document.title = answer.title;
    main.replaceChildren(...next.childNodes);
    history.replaceState(null, '', location.pathname + location.search.replace(/([?&])change=1&?/, '$1').replace(/[?&]$/, ''));
    scrollTo(0, 0);
    main.querySelector('h1').focus();
    watch();
    return true;
  };
  const watch = () => {
    clearTimeout(until);
    const change = main.querySelector('[data-change-ms]');
    if (change !== null) until = setTimeout(() => change.remove(), Number(change.dataset.changeMs));
  };
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.querySelector('.send') === null) return;
    event.preventDefault();
    if (form.getAttribute('aria-busy') === 'true') return;
    told(form, true);
    tell(form, '');
    const given = new AbortController();
    const timer = setTimeout(() => given.abort(), 30000);
    try {
      const answer = await fetch(location.href, {
        method: 'POST',
        body: new URLSearchParams(new FormData(form)),
        signal: given.signal,
      });
      const text = await answer.text();
      // What may go well in a while keeps the form as it is.
      if (answer.status === 429 || answer.status > 499) keep(form, sentenceOf(text));
      else if (!show(text)) keep(form);
    } catch {
      keep(form);
    } finally {
      clearTimeout(timer);
    }
  });
  watch();
})();`;

// The desk: sign in with a token, see the list that belongs to the role, answer matches. What may be seen or done is
// the server's decision alone; this page only shows it. The token is sent once, to sign in, and kept nowhere; the session's
// cookie is the browser's and out of this script's reach. Text from the server enters the page as text, never as markup.

const words = {
  status: {
    submitted: "ingediend", awaiting_information: "wacht op informatie", intake: "in gesprek",
    reported: "verslag gereed", waiting: "wacht op een plek", matched: "voorstel gedaan", accepted: "akkoord",
    housed: "gehuisvest", on_hold: "geparkeerd", closed: "afgesloten", redirected: "doorverwezen",
    rejected: "afgewezen", withdrawn: "ingetrokken",
    proposed: "in voorbereiding", offered: "aangeboden", declined: "niet akkoord", expired: "verlopen",
    fallen_through: "niet doorgegaan", fulfilled: "verhuisd",
  },
  route: {
    prevention: "voorkomen van dakloosheid", shelter_intake: "instroom opvang", shelter_exit: "uitstroom opvang",
    protected_living_intake: "instroom beschermd wonen", protected_living_exit: "uitstroom beschermd wonen",
    youth_care_exit: "uitstroom jeugdzorg", clinic_exit: "uitstroom kliniek", detention_exit: "uitstroom detentie",
  },
  form: {
    independent: "Zelfstandig wonen", independent_ambulatory: "Zelfstandig wonen met begeleiding",
    clustered: "Geclusterd wonen", shared: "Gedeeld wonen", protected_home: "Beschermd thuis",
    housing_first: "Housing First", self_managed: "Opvang in zelfbeheer",
  },
  reason: {
    dwelling_unavailable: "De woning is niet meer beschikbaar", dwelling_unsuitable: "De woning is niet geschikt",
    household_does_not_fit: "Het huishouden past niet", rent_does_not_fit: "De huur past niet bij het inkomen",
    open_tenancy_debt: "Er staat nog een huurschuld open", balance_in_building: "De balans in het gebouw",
    support_not_arranged: "De begeleiding is nog niet geregeld", panel_did_not_admit: "De bewonersgroep stemt niet in",
    does_not_fit_wishes: "Het past niet bij de wensen", too_far_from_network: "Te ver van vertrouwde mensen",
    too_expensive: "Te duur", place_feels_unsafe: "De plek voelt niet veilig", wants_to_wait: "Liever nog wachten",
  },
};

/** The reasons a landlord and a candidate may give; a supporter speaks for the candidate. */
const landlordReasons = [
  "dwelling_unavailable", "dwelling_unsuitable", "household_does_not_fit", "rent_does_not_fit", "open_tenancy_debt",
  "balance_in_building", "support_not_arranged", "panel_did_not_admit",
];
const candidateReasons = [
  "does_not_fit_wishes", "too_far_from_network", "too_expensive", "place_feels_unsafe", "wants_to_wait",
];

const roles = {
  referrer: { name: "aanmelder", lists: ["referrals"] },
  intaker: { name: "intakemedewerker", lists: ["referrals"] },
  coordinator: { name: "coördinator", lists: ["referrals", "matches"] },
  allocator: { name: "woonconsulent", lists: ["matches"], reasons: landlordReasons },
  panel: { name: "bewonersgroep", lists: ["matches"], reasons: landlordReasons },
  candidate: { name: "kandidaat", lists: ["matches"], reasons: candidateReasons },
  supporter: { name: "begeleider", lists: ["matches"], reasons: candidateReasons },
  policymaker: { name: "beleidsmedewerker", lists: [] },
  auditor: { name: "toezichthouder", lists: [] },
  admin: { name: "beheerder", lists: [] },
};

const pageSize = 25;
const nothingSignedIn = () => ({ me: null, calls: new AbortController() });
let session = nothingSignedIn();

const element = (id) => document.getElementById(id);
const say = (text, kind = "note") => {
  element("message").dataset.kind = kind;
  element("message").textContent = text;
};
const word = (kind, code) => words[kind][code] ?? code;
const nameOf = (person) => [person?.givenName, person?.familyName].filter(Boolean).join(" ");
const dayOf = (isoDate) =>
  isoDate && new Intl.DateTimeFormat("nl-NL", { dateStyle: "long", timeZone: "UTC" }).format(new Date(isoDate));

/** One call in the signed-in person's name; throws an Error whose message can be shown, with a status when refused. */
async function call(address, { method = "GET", body, key, token } = {}) {
  const headers = { Accept: "application/json, application/problem+json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const { signal } = session.calls;
  const response = await fetch(address, { method, headers, body, signal, cache: "no-store", credentials: "same-origin" })
    .catch((fault) => {
      if (signal.aborted) throw fault;
      throw new Error("Thuispunt is niet bereikbaar. Probeer het zo nog eens.");
    });
  const answer = await response.json().catch(() => null);
  signal.throwIfAborted();
  if (response.status === 401 && session.me) {
    leave();
    throw new Error("U bent afgemeld, want u deed een tijd niets of uw toegang is geëindigd. Meld u opnieuw aan.");
  }
  if (!response.ok) throw Object.assign(new Error(problemText(response.status, answer)), { status: response.status });
  return { answer, next: nextPage(response.headers.get("Link")) };
}

/** The words of an RFC 9457 answer: its detail, and one line for each fault it lists. */
function problemText(status, problem) {
  const faults = (problem?.errors ?? []).map((fault) => fault.detail ?? fault.text ?? fault.code).filter(Boolean);
  return [problem?.detail ?? problem?.title ?? `Het lukte niet (${status}).`, ...faults].join("\n");
}

/** The next page's address from a Link field (RFC 8288), or null; never one of another origin. */
function nextPage(link) {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? "")?.[1];
  if (!target) return null;
  const address = new URL(target, location.href);
  return address.origin === location.origin ? address.href : null;
}

/** Runs an action of a button: one at a time, every failure in words. */
async function run(button, action) {
  button.disabled = true;
  say("");
  try {
    await action();
  } catch (fault) {
    if (fault.name !== "AbortError") say(fault.message, "error");
  } finally {
    button.disabled = false;
  }
}

function copyOf(template, texts = {}) {
  const copy = element(template).content.firstElementChild.cloneNode(true);
  for (const place of copy.querySelectorAll("[data-text]")) {
    const text = texts[place.dataset.text];
    if (text || text === 0) place.textContent = text;
    else (place.closest("dl > div") ?? place).remove();
  }
  return copy;
}

function referralCard(referral) {
  return copyOf("referral-template", {
    title: nameOf(referral.person) || referral.candidateNumber,
    status: word("status", referral.status),
    route: word("route", referral.route),
    municipality: referral.municipality,
    number: referral.candidateNumber,
  });
}

function matchCard(match) {
  const { dwelling = {}, candidate = {} } = match;
  const card = copyOf("match-template", {
    title: word("form", dwelling.form) ?? "Voorstel",
    status: word("status", match.status),
    due: dayOf(match.answerDueOn),
    municipality: dwelling.municipality,
    rooms: dwelling.rooms,
    candidate: nameOf(candidate.person ?? candidate) || candidate.candidateNumber,
  });
  const form = card.querySelector("form");
  const reasons = roles[session.me.role]?.reasons;
  if (!reasons || match.status !== "offered") {
    form.remove();
    return card;
  }
  const reason = form.elements.reason;
  for (const code of reasons) reason.add(new Option(word("reason", code), code));
  const isPanel = session.me.role === "panel";
  if (!isPanel) form.querySelector(".vote").remove();
  const keys = new Map();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = event.submitter.value;
    run(event.submitter, async () => {
      if (answer === "decline" && !reason.value) {
        reason.focus();
        throw new Error("Kies eerst een reden.");
      }
      const content = answer === "accept" ? { answer } : { answer, reason: reason.value };
      if (isPanel && (answer === "accept" || reason.value === "panel_did_not_admit")) {
        content.vote = { present: Number(form.elements.present.value), inFavour: Number(form.elements.inFavour.value) };
      }
      const body = JSON.stringify(content);
      if (!keys.has(body)) keys.set(body, randomKey());
      const address = `/v1/matches/${encodeURIComponent(match.id)}/responses`;
      try {
        await call(address, { method: "POST", body, key: keys.get(body) });
      } catch (fault) {
        if (fault.status) keys.delete(body);
        throw fault;
      }
      form.remove();
      card.focus();
      say(answer === "accept" ? "Uw akkoord is vastgelegd." : "Vastgelegd dat dit niet past. Dank u.");
    });
  });
  return card;
}

/** A key for one answer, kept until the server has spoken: pressing again after a lost connection counts once. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const lists = {
  referrals: { title: "Aanmeldingen", address: `/v1/referrals?limit=${pageSize}`, card: referralCard },
  matches: { title: "Voorstellen", address: `/v1/matches?limit=${pageSize}`, card: matchCard },
};

async function showList({ title, address, card }) {
  const list = copyOf("list-template");
  const [heading, cards, more] = ["h3", ".cards", ".more"].map((part) => list.querySelector(part));
  heading.textContent = title;
  let next = address;
  const load = async () => {
    const page = await call(next);
    const first = cards.children.length;
    cards.append(...page.answer.items.map(card));
    next = page.next;
    more.hidden = !next;
    list.querySelector(".empty").hidden = cards.children.length > 0;
    if (first === 0) return;
    cards.children[first]?.focus();
    say(`${cards.children.length - first} erbij, samen ${cards.children.length}.`);
  };
  more.addEventListener("click", () => run(more, load));
  element("lists").append(list);
  await load();
}

async function signIn(token) {
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error("Dit is geen geldige code. Kopieer hem nog eens, zonder spaties.");
  session = nothingSignedIn();
  await call("/session", { method: "POST", token });
  await enter();
}

/** Goes on in the session that the browser has, after a reload; without one the form waits. */
async function resume() {
  try {
    await enter();
  } catch (fault) {
    if (fault.status !== 401) throw fault;
  }
}

async function enter() {
  session.me = (await call("/v1/me")).answer;
  const { role: code, organisation } = session.me;
  const role = roles[code] ?? { name: code, lists: [] };
  element("who").textContent = [role.name, organisation?.name].filter(Boolean).join(", ");
  element("sign-in").hidden = true;
  element("signed-in").hidden = false;
  element("no-list").hidden = role.lists.length > 0;
  element("desk").focus();
  if (session.me.referral) await showOverview(session.me.referral);
  for (const name of role.lists) await showList(lists[name]);
}

/** For the person: whose move it is, the place in the queue and the promised date, in words. */
async function showOverview(referral) {
  const { answer } = await call(`/v1/referrals/${encodeURIComponent(referral)}/overview`);
  const overview = copyOf("overview-template");
  for (const part of [answer.next, answer.queue, answer.promise]) {
    if (!part?.text) continue;
    const line = document.createElement("p");
    line.textContent = part.text.nl;
    overview.append(line);
  }
  element("lists").append(overview);
}

/** Takes everybody's data off the page. */
function leave() {
  session.calls.abort();
  session = nothingSignedIn();
  element("lists").replaceChildren();
  element("who").textContent = "";
  element("signed-in").hidden = true;
  element("sign-in").hidden = false;
}

element("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const token = element("token").value.trim();
  element("token").value = "";
  run(event.submitter ?? element("sign-in").querySelector("button"), () => signIn(token));
});
element("sign-out").addEventListener("click", () => run(element("sign-out"), async () => {
  await call("/session", { method: "DELETE" });
  leave();
  say("U bent afgemeld.");
  element("token").focus();
}));
const start = () => resume().catch((fault) => { if (fault.name !== "AbortError") say(fault.message, "error"); });
// A page that comes back through the browser's history shows nobody's data until the session has proved itself.
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => { if (event.persisted) start(); });
await start();
element("sign-in").hidden = session.me !== null;

/** The crisis cells in sight, live; and the form that opens one in half a minute. */
import { call, explain, fieldErrors, get, newKey, Problem } from "./api.js";
import { functionKeys, functionName, LEVELS, levelName, stopwatch, TONE } from "./cell-words.js";
import { $, fill, fold, h, memory, setText } from "./dom.js";
import { choice, chooser } from "./fields.js";
import { keeping } from "./focus.js";
import { communeName } from "./incident.js";
import { t } from "./labels.js";
import { Live } from "./live.js";
import { back, connection, toast } from "./news.js";
import { page as plain } from "./page.js";
import { socketUrl } from "./socket.js";
import { ago, clock, everySecond, full, now } from "./time.js";

const page = /** @type {any} */ (plain);
const OPENED_AT = ["standby", "watch", "pre_alert", "alert", "crisis"];
/** @type {Map<string, any>} */
const cells = new Map([...page.cells, ...page.closed].map((/** @type {any} */ one) => [one.id, one]));
/** @type {Map<string, any>} */
const proposals = new Map(page.proposals.map((/** @type {any} */ one) => [one.id, one]));
/** @type {any[]} */
let offers = page.offers;
const plans = new Map(page.plans.map((/** @type {any} */ one) => [one.key, one]));

/** @param {any} cell */
function line(cell) {
  const until = cell.closed_at ? Date.parse(cell.closed_at) : now();
  return h("li", {}, h("a", { href: `/crisis/${cell.id}/`, data: { tone: TONE[/** @type {"alert"} */ (cell.level)] } },
    h("span.badge", {}, levelName(cell.level)), h("b", {}, cell.title), h("span.since", { data: { since: cell.closed_at ? "" : cell.opened_at } }, stopwatch(until - Date.parse(cell.opened_at))),
    h("span.meta", { title: full(cell.opened_at) }, [cell.reference, cell.commune && communeName(cell.commune), cell.director.name, cell.closed_at ? t("hall.closed", { time: full(cell.closed_at) }) : t("hall.opened", { age: ago(cell.opened_at) })].filter(Boolean).join(" · ")),
    h("span.n", {}, t("hall.lines", { n: cell.lines }))));
}

const draw = () => keeping($("main"), drawAll);

function drawAll() {
  const all = [...cells.values()].sort((a, b) => b.opened_at.localeCompare(a.opened_at));
  const open = all.filter((one) => !one.closed_at);
  const closed = all.filter((one) => one.closed_at);
  fill($("cells"), open.map(line));
  fill($("closed-cells"), closed.map(line));
  $("cells-empty").hidden = open.length > 0;
  $("past").hidden = closed.length === 0;
  fill($("proposals"), offers.map(offer), [...proposals.values()].map((one) => h("li", { data: { id: one.id } }, h("b", {}, t("hall.proposed", { source: t(`suggested.${one.source}`) })), h("span.grow", {}, [page.incidents.find((/** @type {any} */ known) => known.id === one.incident)?.label, one.why].filter(Boolean).join(" · ")),
    h("button.btn.main", { type: "button", onclick: () => follow(one) }, t("hall.follow")), h("button.btn", { type: "button", onclick: () => void setAside(one) }, t("hall.aside")))));
}

/** The direction of a cell is offered to me: taken or declined here, since the cell itself may be out of my sight. @param {any} one */
function offer(one) {
  const say = (/** @type {boolean} */ accept) => async () => {
    try {
      await call("POST", `/api/v1/crisis/offers/${one.transfer.id}/reply/`, { body: { accept } });
      if (accept && !one.transfer.to_prefect) return location.assign(`/crisis/${one.transfer.cell}/`);
      await refresh();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(explain(error), { kind: "bad" });
    }
  };
  return h("li", { data: { id: one.transfer.id } }, h("b", {}, t("hall.offered", { title: one.title })), h("span.grow", {}, `${one.transfer.from_person.name} · ${one.transfer.reason}`),
    h("button.btn.main", { type: "button", onclick: say(true) }, t("offer.accept")), h("button.btn", { type: "button", onclick: say(false) }, t("offer.refuse")));
}

/** @param {any} one */
async function setAside(one) {
  try {
    await call("POST", `/api/v1/crisis/suggestions/${one.id}/set-aside/`, { body: {} });
    proposals.delete(one.id);
    draw();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast(explain(error), { kind: "bad" });
  }
}

/** @param {any} one */
function follow(one) {
  draft.suggestion = one.id;
  if (one.plan && plans.has(one.plan)) draft.plan = one.plan;
  draft.level = OPENED_AT.includes(one.level) ? one.level : draft.level;
  keep();
  if (one.incident) addIncident(one.incident, one.why);
  if (!$("facts").value) $("facts").value = one.why;
  shape();
  $("facts").focus();
}

// The form: its draft outlives a reload; nothing but the facts has to be typed.
const KEY = "ondijon.opening";
const draft = { plan: "pics", level: "alert", members: /** @type {{person: string, name: string, function: string}[]} */ ([]), incidents: /** @type {{id: string, label: string}[]} */ ([]), director: null, suggestion: null, ...memory.get(KEY, {}) };
if (!proposals.has(draft.suggestion)) draft.suggestion = null; // settled meanwhile
let began = 0;
let key = newKey();

/** @param {string} asked */
const findPeople = (asked) => page.people.filter((/** @type {any} */ one) => fold(one.name).includes(fold(asked))).slice(0, 8).map((/** @type {any} */ one) => ({ key: one.id, label: one.name, value: one }));

const shape = () => keeping($("opening"), shapeAll);

function shapeAll() {
  const communal = [...plans.values()].filter((one) => one.kind === "pcs");
  if (!plans.has(draft.plan)) draft.plan = [...plans.keys()][0] ?? "";
  const chosen = plans.get(draft.plan);
  const main = [...plans.values()].filter((one) => one.kind !== "pcs");
  const press = (/** @type {any} */ one) => h("button", { type: "button", "aria-pressed": String(one.key === draft.plan), onclick: () => { draft.plan = one.key; shape(); keep(); } }, one.label);
  fill($("plans"), main.map(press), communal.length > 0 && h("button", { type: "button", "aria-pressed": String(chosen?.kind === "pcs"), onclick: () => { draft.plan = communal[0].key; shape(); keep(); } }, "PCS"));
  $("communal").hidden = chosen?.kind !== "pcs" || communal.length < 2;
  if ($("commune-plan").children.length !== communal.length) fill($("commune-plan"), communal.map((one) => h("option", { value: one.key }, communeName(one.commune))));
  if (chosen?.kind === "pcs") $("commune-plan").value = draft.plan;
  const levels = LEVELS.filter((level) => OPENED_AT.includes(level) && chosen?.levels.includes(level));
  if (!levels.includes(draft.level)) draft.level = levels.at(-1) ?? "alert";
  fill($("opening-level"), levels.map((level) => h("button", { type: "button", data: { tone: TONE[/** @type {"alert"} */ (level)] }, "aria-pressed": String(level === draft.level), onclick: () => { draft.level = level; shape(); keep(); } }, levelName(level))));
  fill($("incidents"), draft.incidents.map((/** @type {any} */ one) => h("button.chip", { type: "button", title: t("hall.member.drop", { name: one.label }), onclick: () => { draft.incidents = draft.incidents.filter((/** @type {any} */ other) => other !== one); shape(); keep(); } }, `${one.label || t("field.incident")} ✕`)));
  fill($("calls"), draft.members.map((one) => h("button.chip", { type: "button", title: t("hall.member.drop", { name: one.name }), onclick: () => { draft.members = draft.members.filter((other) => other !== one); shape(); keep(); } }, `${one.name} · ${functionName(one.function)} ✕`)));
}

/** One more incident that led to it. @param {string} id @param {string} [label] */
function addIncident(id, label = "") {
  if (!id || draft.incidents.some((/** @type {any} */ one) => one.id === id)) return;
  draft.incidents.push({ id, label: page.incidents.find((/** @type {any} */ one) => one.id === id)?.label ?? label });
  shape();
  keep();
}

function keep() {
  began ||= now();
  memory.set(KEY, { ...draft, facts: $("facts").value, title: $("title").value });
}

function form() {
  const kept = memory.get(KEY, null);
  if (kept?.facts) $("facts").value = kept.facts;
  if (kept?.title) $("title").value = kept.title;
  for (const one of page.incidents) $("incident").append(h("option", { value: one.id }, one.label));
  const asked = new URL(location.href).searchParams.get("incident");
  if (asked) addIncident(asked);
  $("incident").addEventListener("change", () => { addIncident($("incident").value); $("incident").value = ""; });
  const director = chooser("director", t("director.cell"), { search: findPeople, words: page.me.name, chosen: (one) => { draft.director = one.id; keep(); } });
  $("director-field").replaceWith(director.element);
  const role = choice("role", t("field.function"), functionKeys.filter((one) => one !== "operations_director").map((one) => [one, functionName(one)]), "logbook_secretary");
  const who = chooser("who", t("field.person"), { search: findPeople, chosen: (one) => {
    draft.members = [...draft.members.filter(({ person }) => person !== one.id), { person: one.id, name: one.name, function: role.read() }];
    /** @type {any} */ (who.control).value = "";
    shape();
    keep();
  } });
  fill($("calling"), role.element, who.element);
  $("commune-plan").addEventListener("change", () => { draft.plan = $("commune-plan").value; shape(); keep(); });
  $("opening").addEventListener("input", () => { key = newKey(); keep(); });
  $("opening").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter" && event.ctrlKey) $("opening").requestSubmit(); });
  $("opening").addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); void open(); });
  shape();
  if (asked || location.hash === "#open") $("facts").focus();
}

async function open() {
  const body = { plan: draft.plan, level: draft.level, facts: $("facts").value.trim(), title: $("title").value.trim(), incidents: draft.incidents.map(({ id }) => id),
    members: draft.members.map(({ person, function: held }) => ({ person, function: held })), ...(draft.director ? { director: draft.director } : {}), ...(draft.suggestion ? { suggestion: draft.suggestion } : {}) };
  $("facts-error").textContent = body.facts ? "" : t("form.needed");
  if (!body.facts) return $("facts").focus();
  try {
    const cell = await call("POST", "/api/v1/crisis/cells/", { body, key });
    memory.set(KEY, null);
    location.assign(`/crisis/${cell.id}/`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const errors = Object.entries(fieldErrors(error));
    $("opening-error").textContent = [explain(error), ...errors.map(([, words]) => words)].join(" ");
  }
}

/** A colour of the weather or flood service, passed on: it suggests, somebody decides. */
async function passOn() {
  const body = { hazard: $("colour-hazard").value, colour: $("colour-value").value, why: $("colour-why").value.trim() };
  if (!body.why) return $("colour-why").focus();
  try {
    await call("POST", "/api/v1/crisis/colours/", { body, key: newKey() });
    if ($("colour-why").value.trim() === body.why) $("colour-why").value = "";
    toast(t("hall.colour.done"), { kind: "ok" });
    await refresh();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast([explain(error), ...Object.values(fieldErrors(error))].join(" "), { kind: "bad" });
  }
}

/** @returns {Promise<string>} */
async function reload() {
  const head = await get("/api/v1/journal/");
  await refresh();
  return head.cursor;
}

/** The list again, as it is now. */
async function refresh() {
  const found = await get("/api/v1/crisis/cells/");
  for (const [id, one] of cells) if (!one.closed_at) cells.delete(id);
  for (const one of found.results) cells.set(one.id, one);
  proposals.clear();
  for (const one of found.proposals) proposals.set(one.id, one);
  offers = found.offers;
  draw();
}

const live = new Live({ url: socketUrl(page.live), cursor: page.cursor }, {
  entries: (entries) => {
    for (const { kind, data } of entries) {
      if (!kind.startsWith("crisis.")) continue;
      if (data.cell?.id && (cells.get(data.cell.id)?.version ?? 0) <= data.cell.version) cells.set(data.cell.id, data.cell);
      if (kind.startsWith("crisis.transfer_")) void refresh(); // rare, and told to few
      const one = data.suggestion;
      if (one && !one.cell && page.may_open) proposals[one.settled_at ? "delete" : "set"](one.id, one);
    }
    draw();
  },
  reset: reload, presence: () => {}, state: connection, back,
});

everySecond(() => {
  setText($("clock"), clock(now()));
  if ($("opening-clock")) setText($("opening-clock"), began ? t("hall.opening", { time: stopwatch(now() - began).slice(3) }) : "");
  for (const spot of document.querySelectorAll("[data-since]")) {
    const since = /** @type {HTMLElement} */ (spot).dataset.since;
    if (since) setText(spot, stopwatch(now() - Date.parse(since)));
  }
});
if ($("opening")) form();
$("colour")?.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); void passOn(); });
draw();
live.start();

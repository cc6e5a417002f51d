/** The crisis room: puts the five panes together, each full screen with its number, and keeps them live. */
import { get, Problem } from "./api.js";
import { Entry } from "./cell-entry.js";
import { openExtract } from "./cell-extract.js";
import { hasForm, openForm } from "./cell-forms.js";
import { Head } from "./cell-head.js";
import { LinkPane } from "./cell-link.js";
import { LogPane } from "./cell-log.js";
import { CellMap } from "./cell-map.js";
import { tellNews } from "./cell-news.js";
import { Outbox } from "./cell-outbox.js";
import { PeoplePane } from "./cell-people.js";
import { openReport, watchReports } from "./cell-report.js";
import { CellStore } from "./cell-store.js";
import { WorkPane } from "./cell-work.js";
import { isLateAction, functionName } from "./cell-words.js";
import { $, setText } from "./dom.js";
import { startKeyboard } from "./keyboard.js";
import { t } from "./labels.js";
import { Live } from "./live.js";
import { back, connection, say, toast } from "./news.js";
import { page } from "./page.js";
import { socketUrl } from "./socket.js";
import { ago, clock, everySecond, now } from "./time.js";
import { ZoneTools } from "./zone-tools.js";

const PANES = ["log", "map", "work", "people", "link"];
const QUIET_SAY_MS = 6000;

const store = new CellStore(page);
const main = $("main");

/** What panes ask of the room. */
const room = {
  /** @param {string} what @param {any} [known] */
  open(what, known) {
    if (what === "prefecture") return focusPane("link");
    if (what === "extract") return openExtract(store);
    if (what === "report" || what === "after") return void openReport(store, known?.report, what === "after" ? "after_action" : "situation");
    if (hasForm(what)) openForm(what, store, known, room);
  },
  /** @param {boolean} on */
  writing: (on) => look(on ? "editing" : "viewing"),
  sent: () => log.toEnd(),
  /** @param {number} number */
  reveal: (number) => log.reveal(number),
  get work() { return work; },
};

const outbox = new Outbox(store.cell.id, (table, row) => store.take(table, row));
const entry = $("entry") ? new Entry(store, outbox, room) : null;
const log = new LogPane(store, { outbox, correct: (line) => entry?.correct(line) });
const map = new CellMap(store);
const work = new WorkPane(store, room);
const people = new PeoplePane(store, room);
const link = new LinkPane(store, room);
new Head(store, room);
watchReports(store);
const tools = $("zone-tools") ? new ZoneTools(store, map) : null;

/** What an act of this level needs is there, the rest is not. */
function offer() {
  for (const spot of document.querySelectorAll("[data-needs]")) spot.toggleAttribute("hidden", !store.allowed.has(/** @type {HTMLElement} */ (spot).dataset.needs ?? ""));
  const after = $("after");
  if (after) after.hidden = !["recovery", "closed"].includes(store.cell.level);
  const report = $("situation");
  if (report) report.hidden = Boolean(store.cell.closed_at);
}
store.on(["cell"], offer);
offer();

/** An incident was taken into the cell, which is rare: ask for it, since only those who may see it do. @param {string} id */
async function takeIn(id) {
  const found = store.incidents.has(id) ? null : await get(`/api/v1/incidents/${id}/`).catch(() => null);
  if (found) store.takeIncident(found.row ?? found);
}

let doing = "";
/** @param {"viewing" | "editing"} wanted */
function look(wanted) {
  if (doing === wanted) return;
  doing = wanted;
  live.look(store.cell.id, wanted);
}

const live = new Live({ url: socketUrl(page.live), cursor: page.cursor }, {
  entries: (entries) => {
    store.apply(entries);
    link.apply(entries);
    for (const { kind, about, data } of entries) if (kind === "crisis.incident_linked" && about === store.cell.id) void takeIn(data.incident);
  },
  reset: reload,
  presence: (presence) => presence.about === store.cell.id && people.present(presence.people),
  state: (state, since) => {
    connection(state, since);
    $("room-link").dataset.state = state;
  },
  back,
});

/** Everything again: the cursor was unknown, or one's rights changed. @returns {Promise<string>} */
async function reload() {
  const fresh = await get(`/api/v1/crisis/cells/${store.cell.id}/`).catch((error) => {
    // No longer named on it: nothing of the cell stays on this screen.
    if (error instanceof Problem && (error.status === 404 || error.status === 403)) location.replace("/crisis/");
    throw error;
  });
  store.load({ ...fresh, missions: [...store.missions.values()] });
  void link.reload();
  toast(t("link.reset"));
  return fresh.cursor;
}

// News said to those who listen: vital lines at once, the rest together and seldom.
let unsaid = 0;
store.addEventListener("change", (event) => {
  const { fresh } = /** @type {CustomEvent} */ (event).detail;
  for (const line of fresh) {
    if (line.importance === "vital") setText($("alert"), `${line.number}. ${line.text}`);
    else if (line.by?.id !== page.me.id) unsaid += 1;
  }
});
setInterval(() => {
  if (unsaid) say(t("say.lines", { n: unsaid }));
  unsaid = 0;
}, QUIET_SAY_MS);

everySecond(() => {
  setText($("clock"), clock(now()));
  const heard = live.state === "live" ? t("room.live") : t("room.heard", { age: ago(new Date(live.heard + now() - Date.now()).toISOString()) });
  setText($("room-link-words"), `${heard} · ${t("room.screens", { n: Math.max(1, people.here.size) })}`);
  setText($("map-count"), live.state === "live" ? t("map.live", { time: clock(now()) }) : t("map.age", { time: clock(live.heard + now() - Date.now()) }));
  const late = store.all("actions").filter(isLateAction).length;
  document.title = `${late ? `(${late}) ` : ""}${store.cell.title} · OnDijon`;
  $("entry-state")?.toggleAttribute("data-waiting", outbox.waiting > 0);
});
outbox.addEventListener("change", () => $("entry-state") && setText($("entry-state"), outbox.waiting ? t("outbox.count", { n: outbox.waiting }) : ""));

/** One pane alone, or all of them again. @param {string} name */
function only(name) {
  main.dataset.only = main.dataset.only === name ? "" : name;
  for (const button of document.querySelectorAll("[data-only]")) {
    if (button instanceof HTMLButtonElement) button.setAttribute("aria-pressed", String(button.dataset.only === main.dataset.only));
  }
  if (main.dataset.only) $(`pane-${main.dataset.only}`).focus({ preventScroll: true });
  if (name === "log") log.toEnd();
}

/** @param {string} name */
function focusPane(name) {
  if (main.dataset.only && main.dataset.only !== name) only(name);
  $(`pane-${name}`).focus();
}
document.addEventListener("click", (/** @type {any} */ event) => {
  const button = event.target.closest("button[data-only]");
  if (button) only(button.dataset.only);
  const open = event.target.closest("button[data-open]");
  if (open) room.open(open.dataset.open);
});

/** Whether the drawing tool is there for this reader, at this level of the cell. */
const draws = () => Boolean($("zone-tools")) && !$("zone-tools").hidden;

startKeyboard({
  ...Object.fromEntries(PANES.map((name, index) => [String(index + 1), () => focusPane(name)])),
  f: () => {
    const pane = document.activeElement?.closest("[data-pane]");
    only(pane?.getAttribute("data-pane") ?? "log");
  },
  n: () => entry?.start(),
  "/": () => entry?.start("/"),
  s: () => $("log-search").focus(),
  d: () => store.allowed.has("decide") && room.open("decide"),
  x: () => room.open("extract"),
  a: () => entry?.start(`${t("command.action")} `),
  l: () => store.allowed.has("level") && room.open("level"),
  z: () => draws() && tools?.focus(),
  Escape: () => (main.dataset.only ? only(main.dataset.only) : /** @type {HTMLElement} */ (document.activeElement)?.blur()),
}, [["1 – 5", "help.panes"], ["F", "help.full"], ["N", "help.write"], ["/", "help.command"], ["S", "help.search"], ["D", "help.decide"], ["A", "help.action"], ["L", "help.level"], ["X", "help.extract"],
  .../** @type {[string, string][]} */ (draws() ? [["Z", "help.draw"], ["↑ ↓ ← →", "help.cross"], [t("key.enter"), "help.cross.set"], [`Ctrl+${t("key.enter")}`, "help.cross.finish"], [t("key.backspace"), "help.cross.back"], ["+ -", "help.cross.zoom"]] : [])]);

live.start();
void tellNews(store, log);
look("viewing");
addEventListener("pagehide", () => live.look(store.cell.id, "left"));
export { functionName, live, log, map, outbox, people, room, store, work };

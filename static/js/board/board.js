/** The dispatch board: puts queue, crews' day, map, detail and live stream together. */
import { get } from "../api.js";
import { $, afterPaint, setText } from "../dom.js";
import { startKeyboard } from "../keyboard.js";
import { t } from "../labels.js";
import { Live } from "../live.js";
import { back, connection, say, toast } from "../news.js";
import { page } from "../page.js";
import { socketUrl } from "../socket.js";
import { Store } from "../store.js";
import { clock, everySecond, now } from "../time.js";
import { ACTS } from "./acts.js";
import { startAsking } from "./asking.js";
import { Assigning } from "./assigning.js";
import { BoardMap } from "./board-map.js";
import { Chooser } from "./choose.js";
import { Cover } from "./cover.js";
import { startDragging } from "./drag.js";
import { Fleet } from "./fleet.js";
import { Narrow } from "./narrow.js";
import { Plan } from "./plan.js";
import { Queue } from "./queue.js";
import { Sheet } from "./sheet.js";
import { Timeline } from "./timeline.js";
import { isThere } from "./crews.js";
import { isOpen, isWaiting, urgencyOf, WORK } from "./work.js";

/** @typedef {import("./work.js").Work} Work */
/** @typedef {import("./crews.js").Crew} Crew */

const PAGE_ROWS = 200;
const MEANS_SECONDS = 20;
const given = /** @type {any} */ (page);

/** @type {Store<Work>} */
const store = new Store(WORK);
/** @type {Map<string, Crew>} */
const crews = new Map(given.crews.map((/** @type {Crew} */ crew) => [crew.id, crew]));
const fleet = new Fleet(given.positions);
const narrow = new Narrow(() => {
  queue.restart();
  timeline.render();
});
const queue = new Queue(store, pick, (row) => narrow.work(row));
const timeline = new Timeline(crews, store, fleet, pick, (crew) => narrow.crew(crew));
const map = new BoardMap(pick, () => [...crews.values()].filter((crew) => narrow.crew(crew) && (isThere(crew) || timeline.missions(crew.id).length > 0)), fleet);
const live = new Live({ url: socketUrl(page.live), cursor: page.cursor }, {
  entries: (entries) => {
    for (const { kind, data } of entries) {
      if (kind.startsWith("interventions.") && data?.crew?.shifts) learnCrew(data.crew);
      if (kind === "interventions.plan_changed") plan.hear(data.plan);
    }
    store.apply(entries);
    announce(entries);
  },
  reset: reload,
  presence: (presence) => sheet.present(presence),
  latest: ({ topic, items }) => topic === "positions" && fleet.take(items),
  state: (state, since) => {
    connection(state, since);
    document.body.dataset.link = state;
  },
  back,
});
const chooser = new Chooser(timeline, map, (row, choice) => void assigning.assign(row, choice), (row, told) => void sheet.act("assign", told));
const sheet = new Sheet(store, crews, live, chooser);
const assigning = new Assigning(store, crews, timeline, sheet);
const cover = new Cover();
const plan = new Plan(store, crews, given.plan);

/** @param {string} id */
function pick(id) {
  sheet.open(id);
}

/** @param {Crew} crew */
function learnCrew(crew) {
  const known = crews.get(crew.id);
  if (known && known.version > crew.version) return;
  if (crew.active) crews.set(crew.id, crew);
  else crews.delete(crew.id);
  timeline.render();
  map.again?.();
}

/** The line and the detail first; the day, the map and the address bar follow once these are painted. */
const follow = afterPaint(() => {
  const { id } = sheet;
  timeline.mark(id);
  map.focus(/** @type {any} */ (store.rows.get(id)));
  const url = new URL(location.href);
  if (id) url.searchParams.set("intervention", id);
  else url.searchParams.delete("intervention");
  history.replaceState(null, "", url);
});
sheet.addEventListener("opened", (event) => {
  queue.mark(/** @type {CustomEvent} */ (event).detail);
  follow();
});
cover.addEventListener("undo", (event) => void assigning.undo(/** @type {CustomEvent} */ (event).detail));
assigning.addEventListener("assigned", (event) => void cover.changed(/** @type {CustomEvent} */ (event).detail));

/** Every mission that the board shows, when the page's own picture is worth nothing. @returns {Promise<string>} the new cursor */
async function reload() {
  const head = await get("/api/v1/journal/");
  /** @type {Work[]} */
  const rows = [];
  for (const query of [{ open: 1 }, { status: "done,failed" }]) {
    let cursor = "";
    do {
      const answer = await get("/api/v1/interventions/", { ...query, limit: PAGE_ROWS, cursor });
      rows.push(...answer.results);
      cursor = answer.next ?? "";
    } while (cursor);
  }
  store.replace(rows);
  toast(t("link.reset"));
  return head.cursor;
}

/** A vital one without a crew is said at once, the rest shows by itself. @param {import("../store.js").Entry[]} entries */
function announce(entries) {
  for (const { kind, data } of entries) {
    if (kind === "interventions.went_silent") toast(t("say.silent", { title: data.row.title, crew: data.row.crew?.name ?? "" }), { kind: "bad", stays: true });
    if (kind === "interventions.refused") toast(t("say.refused", { title: data.row.title }), { kind: "bad", undo: { label: t("fact.see"), act: () => pick(data.row.id) } });
    if (kind === "interventions.proposed" && data.row.priority === "P1") {
      setText($("alert"), t("say.vital.work", { title: data.row.title }));
      toast(t("say.vital.work", { title: data.row.title }), { kind: "p1", undo: { label: t("fact.see"), act: () => pick(data.row.id) } });
    }
    if (kind === "interventions.field_conflict") toast(t("say.field_conflict", { title: data.row.title }), { kind: "bad", stays: true });
  }
}

/** The figures of the strip, the chips and the bar. */
function count() {
  const rows = [...store.rows.values()].filter((row) => narrow.work(row));
  const states = rows.filter(isOpen).map((row) => urgencyOf(row)?.state);
  const there = [...crews.values()].filter((crew) => narrow.crew(crew));
  const sums = {
    waiting: rows.filter(isWaiting).length, late: states.filter((state) => state === "late").length, soon: states.filter((state) => state === "soon").length,
    there: there.filter((crew) => isThere(crew)).length, crews: there.length,
  };
  for (const box of document.querySelectorAll("[data-sum]")) {
    const n = /** @type {any} */ (sums)[/** @type {any} */ (box).dataset.sum];
    setText(box, String(n));
    box.toggleAttribute("data-none", n === 0); // nothing late is nothing to look red
  }
  const shown = queue.counts();
  for (const box of document.querySelectorAll("[data-view]")) setText(box, String(shown[/** @type {any} */ (box).dataset.view]));
  setText($("queue-count"), String(queue.visible.length));
  const late = [...store.rows.values()].filter((row) => isOpen(row) && urgencyOf(row)?.state === "late").length;
  setText($("bar-late"), late ? String(late) : "");
  $("bar-late").title = t("bar.late", { n: late });
  $("empty").hidden = queue.visible.length > 0;
  plan.sizes(sums.waiting, sums.there);
  setText($("empty-title"), narrow.active || queue.view !== "waiting" ? t("empty.filtered") : t("empty.waiting"));
}

const counted = afterPaint(count);
const picture = afterPaint(() => map.show(/** @type {any} */ ([...store.rows.values()].filter((row) => isOpen(row) && narrow.work(row)))));
$("rows").addEventListener("listed", () => {
  $("empty").hidden = queue.visible.length > 0;
  counted();
  picture();
});
$("crew-rows").addEventListener("counted", counted);
everySecond(() => setText($("clock"), clock(now())));
let seconds = 0;
everySecond(() => {
  seconds += 1;
  if (seconds % 5 === 0) count();
  if (given.means_apart && seconds % MEANS_SECONDS === 0) void lookAtMeans();
});

/** For a duty limited to some communes: crews and positions are their organisation's news, so they are asked for. */
async function lookAtMeans() {
  const { results } = await get("/api/v1/crews/").catch(() => ({ results: [] }));
  for (const { crew, position } of results) {
    learnCrew(crew);
    if (crew.vehicle && position) fleet.take([{ id: crew.vehicle, ...position }]);
  }
}

startDragging(store, timeline, (row, crew, start) => assigning.drop(row, crew, start));
startAsking((row) => {
  store.load([row]);
  pick(row.id);
});

/** @param {string} act */
const act = (act) => () => void sheet.act(act);
startKeyboard({
  j: () => queue.step(1),
  k: () => queue.step(-1),
  d: () => (chooser.best() ? void 0 : void sheet.act("assign")),
  n: () => $("ask-open")?.click(),
  p: () => void plan.start(),
  v: act("verify"),
  m: () => $("map").focus(),
  "/": () => $("by-organisation").focus(),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [String(index + 1), () => chooser.choose(index)])),
  Escape: () => (sheet.form ? sheet.form.close() : sheet.close()),
}, [["J K", "help.browse"], ["1 – 9", "help.choose"], ["D", "help.assign"], ["V", "do.verify"], ["P", "help.plan"], ["N", "help.ask"], ["/", "help.filters"], ["M", "help.map"], ["← → ↑ ↓", "help.day"]]);

store.load(given.rows);
const wanted = new URL(location.href).searchParams.get("intervention");
if (wanted) pick(wanted);
live.start();
say("");
export { ACTS, assigning, chooser, cover, crews, fleet, live, map, plan, queue, sheet, store, timeline };

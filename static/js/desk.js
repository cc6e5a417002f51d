/** The watch desk: puts list, map, drawer, declare form and live stream together. */
import { hear, startAlarms } from "./alarms.js";
import { get } from "./api.js";
import { Declare } from "./declare.js";
import { $, perFrame, setText } from "./dom.js";
import { Drawer } from "./drawer.js";
import { startKeyboard } from "./keyboard.js";
import { t } from "./labels.js";
import { startLate } from "./late.js";
import { List } from "./list.js";
import { Live } from "./live.js";
import { DeskMap } from "./map.js";
import { announce, announceLoaded, back, calm, connection, remember, toast } from "./news.js";
import { page } from "./page.js";
import { socketUrl } from "./socket.js";
import { startSound } from "./sound.js";
import { isOpen, isWaiting, Store } from "./store.js";
import { clock, everySecond, now } from "./time.js";
import { Tools } from "./tools.js";

const PAGE_ROWS = 200;
const MOST_OPEN = 20_000;

const store = new Store();
const map = new DeskMap((id) => pick(id));
const list = new List(store, (id) => pick(id));
const live = new Live({ url: socketUrl(page.live), cursor: page.cursor }, {
  entries: (entries) => {
    store.apply(entries);
    announce(entries, pick);
    hear(entries);
  },
  reset: reload,
  presence: (presence) => drawer.present(presence),
  state: connection,
  back,
});
const drawer = new Drawer(store, map, live, toast);
const declare = $("declare") ? new Declare(map, toast) : null;

/** @param {string} id */
function pick(id) {
  const phoneForm = declare?.dialog.open && matchMedia("(width < 760px)").matches;
  if (phoneForm) declare.close();
  void drawer.open(id);
}

drawer.addEventListener("opened", (event) => {
  const id = /** @type {CustomEvent} */ (event).detail;
  list.mark(id);
  map.focus(store.rows.get(id));
  const url = new URL(location.href);
  if (id) url.searchParams.set("incident", id);
  else url.searchParams.delete("incident");
  history.replaceState(null, "", url);
});
drawer.addEventListener("pick", (event) => pick(/** @type {CustomEvent} */ (event).detail));

/** The open incidents after the first page, newest first, while the person already works. @param {string | null} next */
async function loadRest(next) {
  let cursor = next;
  while (cursor && store.rows.size < MOST_OPEN) {
    const answer = await get("/api/v1/incidents/", { open: 1, limit: PAGE_ROWS, cursor });
    store.load(answer.results);
    cursor = answer.next;
  }
  if (!cursor) store.finish();
}

let reloading = false;

/** Everything again: the cursor was unknown or too far behind. @returns {Promise<string>} the new cursor */
async function reload() {
  const head = await get("/api/v1/journal/");
  const first = await get("/api/v1/incidents/", { open: 1, limit: PAGE_ROWS });
  reloading = true; // what came meanwhile is news, a vital one above all
  store.replace(first.results);
  void loadRest(first.next).catch(() => toast(t("list.partial"), { kind: "bad" })).finally(() => { reloading = false; });
  if (drawer.id) void drawer.load();
  toast(t("link.reset"));
  return head.cursor;
}

const picture = perFrame(() => map.show(list.visible));
$("rows").addEventListener("listed", picture);
store.addEventListener("change", (event) => {
  const { changed, entries } = /** @type {CustomEvent<import("./store.js").Change>} */ (event).detail;
  const loaded = entries.length ? [] : [...changed].map((id) => store.rows.get(id));
  if (reloading) announceLoaded(loaded, pick);
  else remember(loaded);
  const vital = [...store.rows.values()].filter((row) => row.priority === "P1" && isOpen(row) && isWaiting(row)).length;
  setText($("bar-p1"), vital ? String(vital) : "");
  $("bar-p1").setAttribute("title", t("count.vital", { n: vital }));
  calm(store.rows);
});

everySecond(() => {
  const words = clock(now());
  setText($("clock"), words);
  const age = live.state === "live" ? t("map.live", { time: words }) : t("map.age", { time: clock(live.heard + now() - Date.now()) });
  setText($("map-age"), age);
});

const tools = new Tools(store, list, map);
declare?.addEventListener("declared", (event) => {
  const row = /** @type {CustomEvent} */ (event).detail;
  if (row.version) store.load([row]);
  pick(row.id);
});
declare?.addEventListener("pick-on-map", () => view("map"));
$("declare-open")?.addEventListener("click", () => declare?.open());
$("tab-declare")?.addEventListener("click", () => declare?.open());

/** On a phone, one thing at a time. @param {string} which "list" or "map" */
function view(which) {
  $("main").dataset.view = which;
  for (const tab of $("tabs").querySelectorAll("[aria-pressed]")) tab.setAttribute("aria-pressed", String(tab.value === which));
}
$("tabs").addEventListener("click", (/** @type {any} */ event) => {
  const which = event.target.closest("button")?.value;
  if (which) {
    drawer.close();
    view(which);
  }
});

startKeyboard({
  n: () => declare?.open(),
  "/": () => $("search").focus(),
  j: () => list.step(1),
  k: () => list.step(-1),
  a: () => void drawer.act("acknowledge"),
  q: () => void drawer.act("qualify"),
  d: () => void drawer.act("assign"),
  s: () => void drawer.act("snooze"),
  h: () => void drawer.act("hand_over"),
  c: () => ($("comment-text") ? $("comment-text").focus() : undefined),
  m: () => {
    view("map");
    $("map").focus();
  },
  Escape: () => (drawer.form ? drawer.form.close() : drawer.close()),
}, [["N", "help.declare"], ["/", "help.search"], ["J K", "help.move"], ["A", "act.acknowledge"], ["Q", "act.qualify"], ["D", "act.assign"], ["S", "act.snooze"], ["H", "act.hand_over"], ["C", "act.comment"], ["M", "help.map"]]);
startSound();
if (page.me.permissions.includes("notifications.see_alarms")) startAlarms();
startLate(store);

store.load(page.rows);
const wanted = new URL(location.href).searchParams.get("incident");
if (wanted) pick(wanted);
live.start();
void (page.next ? loadRest(page.next) : Promise.resolve(store.finish())).catch(() => toast(t("list.partial"), { kind: "bad" }));
export { declare, drawer, list, live, map, store, tools };

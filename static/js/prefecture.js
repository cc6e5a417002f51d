/** The page of the link: state on top, conversations, messages with their steps, instructions, drafts. */
import { get } from "./api.js";
import { $, fill, h, setText } from "./dom.js";
import { startKeyboard } from "./keyboard.js";
import { t } from "./labels.js";
import { wording } from "./link-chip.js";
import { Live } from "./live.js";
import { actsOn, countDown, drawDrafts, drawing, tell } from "./prefecture-acts.js";
import { instruction, message, nothing } from "./prefecture-parts.js";
import { LinkStore } from "./prefecture-store.js";
import { connection, say, toast } from "./prefecture-talk.js";
import { socketUrl } from "./socket.js";
import { arrived, clock, everySecond, now, setClock, short, when } from "./time.js";

const data = JSON.parse($("pref-data").textContent);
setClock(data.now, data.zone, arrived());
const store = new LinkStore(data);
/** @type {string | null | undefined} the crisis shown; undefined: all */
let shown = undefined;

const { acts, write } = actsOn({ store, ground: data, compose: $("compose"), crisis: () => shown, toast });

function drawState() {
  const link = store.state;
  const waiting = store.waiting();
  const since = waiting.length ? when(waiting[waiting.length - 1].sent_at) : "";
  $("state").dataset.state = link.state;
  setText($("state-words"), t(`pref.link.${wording(link)}`));
  setText($("state-since"), link.state === "off" ? "" : t("pref.since", { time: when(link.since) }));
  const seconds = link.latency_ms === null ? null : (link.latency_ms / 1000).toFixed(2).replace(".", document.documentElement.lang === "fr" ? "," : ".");
  setText($("state-test"), !link.tested_at ? "" : seconds ? t("pref.tested", { time: short(link.tested_at), seconds }) : t("pref.tested.failed", { time: short(link.tested_at) }));
  const cut = link.state === "down" && waiting.length;
  setText($("state-waiting"), cut ? t("pref.down.words", { time: since, phone: link.phone || "—" }) : waiting.length ? t("pref.waiting", { n: waiting.length, time: since }) : "");
  setText($("state-phone"), link.phone ? t("pref.phone", { phone: link.phone }) : "");
  setText($("state-ledgers"), link.reconciled_at === null ? "" : t(link.differences ? "pref.differ" : "pref.same", { time: when(link.reconciled_at), n: link.differences ?? 0 }));
}

/** @param {string | null | undefined} crisis */
function choose(crisis) {
  shown = crisis;
  fill($("compose"));
  draw();
}

/** To the conversation below or above. @param {number} by */
function step(by) {
  const all = [undefined, ...store.overview().map(({ crisis }) => crisis)];
  choose(all[Math.min(all.length - 1, Math.max(0, all.indexOf(shown) + by))]);
}

/** @param {{crisis: string | null | undefined, title: string, messages: number, unread: number, waiting: number, alarms: number, last_at?: string}} talk */
function talkLine(talk) {
  const overdue = Math.max(talk.alarms, talk.waiting); // what waits and alarms is one message
  return h("li", {}, h("button.talk", { type: "button", data: { key: `talk/${talk.crisis}` }, "aria-pressed": String(talk.crisis === shown), onclick: () => choose(talk.crisis) },
    h("b", {}, talk.title || t("pref.general")), h("time.muted", {}, talk.last_at ? when(talk.last_at) : ""),
    h("span.soft.small", {}, t("pref.count", { n: talk.messages })),
    h("span.tags", {}, talk.unread > 0 && h("span.tag.soon", {}, t("pref.unread", { n: talk.unread })), overdue > 0 && h("span.tag.late", {}, t("pref.overdue", { n: overdue })))));
}

function drawTalks() {
  const talks = store.overview();
  const sum = (/** @type {"messages" | "unread" | "waiting" | "alarms"} */ name) => talks.reduce((all, talk) => all + talk[name], 0);
  const all = { crisis: undefined, title: t("pref.all"), messages: sum("messages"), unread: sum("unread"), waiting: sum("waiting"), alarms: sum("alarms") };
  fill($("talk-list"), talkLine(all), talks.map(talkLine));
}

/** @param {string | null} crisis */
const nameOf = (crisis) => store.talks.get(crisis ?? "")?.title || t("pref.general");

function drawThread() {
  const said = store.said(shown);
  const talk = shown === undefined ? undefined : store.talks.get(shown ?? "");
  setText($("thread-title"), shown === undefined ? t("pref.all") : talk?.title || t("pref.general"));
  setText($("thread-count"), t("pref.count", { n: said.length }));
  fill($("messages"), said.length ? said.map((one) => message(one, acts, shown === undefined ? nameOf(one.crisis) : "")) : h("li.none", {}, h("b", {}, t("pref.none")), h("p.soft", {}, t("pref.none.words"))));
}

function drawSide() {
  const toDo = store.toDo(undefined);
  const open = toDo.filter(({ status }) => status === "open");
  fill($("instructions"), toDo.length ? toDo.slice(0, 12).map((one) => instruction(one, acts)) : nothing(t("pref.no.instructions")));
  setText($("instructions-count"), open.length ? String(open.length) : "");
  const lost = store.lost();
  $("lost-box").hidden = !lost.length;
  setText($("lost-count"), String(lost.length));
  fill($("lost"), h("ol.msgs", {}, lost.map((one) => message(one, acts, nameOf(one.crisis)))));
}

const draw = drawing($("main"), () => {
  drawState();
  drawTalks();
  drawThread();
  drawSide();
  const waiting = store.toApprove();
  if ($("drafts")) drawDrafts($("drafts"), waiting, toast);
  if ($("drafts")) setText($("drafts-count"), waiting.length ? String(waiting.length) : "");
});

const live = new Live({ url: socketUrl(data.live), cursor: data.cursor }, {
  entries: (entries) => {
    store.apply(entries);
    tell(entries, { toast, say });
  },
  reset: async () => {
    const head = await get("/api/v1/journal/");
    store.load(await get("/api/v1/prefecture/"));
    return head.cursor;
  },
  presence: () => undefined,
  state: connection,
  back: () => undefined,
});

store.addEventListener("change", draw);
$("write")?.addEventListener("click", () => write("measure_taken"));
startKeyboard({
  n: () => void ($("write") && write("measure_taken")), j: () => step(1), k: () => step(-1), Escape: () => fill($("compose")),
}, [["J K", "help.talks"], ...($("write") ? [/** @type {[string, string]} */ (["N", "help.write"])] : [])]);
everySecond(() => setText($("clock"), clock(now())));
countDown($("instructions"), () => store.toDo(undefined), acts);
draw();
live.start();
export { store };

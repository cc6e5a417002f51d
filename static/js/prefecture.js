/** The page of the link: state on top, conversations, messages with their steps, instructions, drafts. */
import { explain, get, Problem } from "./api.js";
import { $, fill, h, memory, perFrame, setText } from "./dom.js";
import { t } from "./labels.js";
import { Live } from "./live.js";
import { actOnMessage, carriedOut, decide, form, sendMessage, WRITABLE } from "./prefecture-forms.js";
import { button, instruction, message, nothing } from "./prefecture-parts.js";
import { LinkStore } from "./prefecture-store.js";
import { connection, say, toast } from "./prefecture-talk.js";
import { socketUrl } from "./socket.js";
import { clock, everySecond, now, setClock, short } from "./time.js";

const data = JSON.parse($("pref-data").textContent);
setClock(data.now, data.zone);
const store = new LinkStore(data);
/** @type {string | null | undefined} the crisis shown; undefined: all */
let shown = undefined;
const READ_MINUTES = data.read_minutes;

/** @param {() => Promise<any>} work @param {string} words */
async function act(work, words) {
  try {
    await work();
    toast(words, "ok");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast([409, 412].includes(error.status) ? t("pref.conflict") : explain(error), "bad");
  }
}

/** @type {import("./prefecture-parts.js").Acts} */
const acts = {
  rights: data.rights,
  phone: data.link.phone,
  minutes: READ_MINUTES,
  read: (one) => void act(() => actOnMessage(one.id, "read"), t("pref.said.read")),
  again: (one) => void act(() => actOnMessage(one.id, "again"), t("pref.said.again")),
  done: (one) => void act(() => carriedOut(one), t("pref.said.done")),
  answer: (one) => compose("measure_taken", one),
  prove: (one) => void prove(one),
};

/** The bytes that travelled, what signs them, and the receipt. @param {import("./prefecture-store.js").Message} one */
async function prove(one) {
  const dialog = $("modal");
  try {
    const found = await get(`/api/v1/prefecture/messages/${one.id}/`);
    const code = (/** @type {any} */ value) => h("pre", { tabindex: "0" }, typeof value === "string" ? value : JSON.stringify(value, null, 1));
    fill(dialog, h("div.inside", {}, h("h2", { id: "modal-title" }, one.title), found.text && h("p.said", {}, found.text),
      h("dl.proof", {}, [["sha", found.sha256], ["signature", found.signature], ["receipt", found.receipt], ["body", JSON.parse(found.body)]]
        .map(([key, value]) => [h("dt", {}, t(`pref.proof.${key}`)), h("dd", {}, code(value))])),
      h("div.acts", {}, button(t("pref.close"), () => dialog.close(), "btn main"))));
    dialog.showModal();
  } catch (error) {
    toast(explain(error), "bad");
  }
}

/** Write to the prefecture, in the conversation shown or as an answer. @param {string} kind @param {import("./prefecture-store.js").Message} [about] */
function compose(kind, about) {
  const crisis = about ? about.crisis : shown ?? null;
  const { fields, payload } = WRITABLE[kind];
  const close = () => fill($("compose"));
  const choice = h("select.chip", { "aria-label": t("pref.kind"), onchange: () => compose(choice.value, about) },
    Object.keys(WRITABLE).map((key) => h("option", { value: key }, t(`pref.kind.${key}`))));
  choice.value = kind;
  const box = form({
    title: about ? `${t("pref.answer")} · ${about.title}` : t(`pref.kind.${kind}`),
    draft: `ondijon.pref.${kind}.${about?.id ?? crisis ?? ""}`,
    fields: fields(), submit: t("pref.send"), gone: close, more: about ? null : choice,
    send: (values, key) => sendMessage(kind, { ...payload(values, data), ...(about ? { answers: about.message_id } : {}) }, { crisis, key }),
    done: () => {
      close();
      toast(t("pref.gone"), "ok");
    },
  });
  fill($("compose"), box);
  box.querySelector("input, textarea")?.focus();
}

/** @param {import("./prefecture-store.js").Draft} one */
function draftCard(one) {
  const box = form({
    title: t(`pref.criterion.${one.criterion}`), draft: `ondijon.pref.draft.${one.id}`, submit: t("pref.approve"),
    fields: [{ name: "title", label: t("pref.title"), value: one.title }, { name: "text", label: t("pref.text"), rows: 3, value: one.text, max: 4000 }],
    send: (values, key) => decide(one, "accept", values, key), done: () => toast(t("pref.said.approved"), "ok"),
    more: button(t("pref.dismiss"), () => dismissal(one, box), "btn quiet"),
  });
  box.dataset.id = one.id;
  for (const element of box.querySelectorAll("[id]")) element.id = `${element.id}-${one.id.slice(0, 8)}`;
  for (const label of box.querySelectorAll("label")) label.setAttribute("for", `${label.getAttribute("for")}-${one.id.slice(0, 8)}`);
  return box;
}

/** @param {import("./prefecture-store.js").Draft} one @param {HTMLElement} card */
function dismissal(one, card) {
  const box = form({
    title: t("pref.dismiss"), draft: `ondijon.pref.dismiss.${one.id}`, submit: t("pref.dismiss"),
    fields: [{ name: "reason", label: t("pref.why"), max: 500 }],
    send: (values, key) => decide(one, "discard", values, key), done: () => toast(t("pref.said.dismissed"), "ok"),
    gone: () => box.replaceWith(card),
  });
  box.dataset.id = one.id;
  card.replaceWith(box);
  box.querySelector("input")?.focus();
}

function drawState() {
  const { link } = store;
  const waiting = store.waiting();
  const since = waiting.length ? short(waiting[waiting.length - 1].sent_at) : "";
  $("state").dataset.state = link.state;
  setText($("state-words"), t(`pref.link.${link.state}`));
  setText($("state-since"), link.state === "off" ? "" : t("pref.since", { time: short(link.since) }));
  const seconds = link.latency_ms === null ? null : (link.latency_ms / 1000).toFixed(2).replace(".", document.documentElement.lang === "fr" ? "," : ".");
  setText($("state-test"), !link.tested_at ? "" : seconds ? t("pref.tested", { time: short(link.tested_at), seconds }) : t("pref.tested.failed", { time: short(link.tested_at) }));
  const cut = link.state === "down" && waiting.length;
  setText($("state-waiting"), cut ? t("pref.down.words", { time: since, phone: link.phone || "—" }) : waiting.length ? t("pref.waiting", { n: waiting.length, time: since }) : "");
  setText($("state-phone"), link.phone ? t("pref.phone", { phone: link.phone }) : "");
  setText($("state-ledgers"), link.reconciled_at === null ? "" : t(link.differences ? "pref.differ" : "pref.same", { time: short(link.reconciled_at), n: link.differences ?? 0 }));
}

/** @param {string | null | undefined} crisis */
function choose(crisis) {
  shown = crisis;
  fill($("compose"));
  draw();
}

/** @param {{crisis: string | null | undefined, title: string, messages: number, unread: number, waiting: number, alarms: number, last_at?: string}} talk */
function talkLine(talk) {
  return h("li", {}, h("button.talk", { type: "button", "aria-pressed": String(talk.crisis === shown), onclick: () => choose(talk.crisis) },
    h("b", {}, talk.title || t("pref.general")), h("time.muted", {}, talk.last_at ? short(talk.last_at) : ""),
    h("span.soft.small", {}, t("pref.count", { n: talk.messages })),
    h("span.tags", {}, talk.unread > 0 && h("span.tag.soon", {}, t("pref.unread", { n: talk.unread })), talk.alarms + talk.waiting > 0 && h("span.tag.late", {}, `! ${talk.alarms + talk.waiting}`))));
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

/** Cards that a person may be typing in are left alone. */
function drawDrafts() {
  const box = $("drafts");
  if (!box) return;
  const waiting = store.toApprove();
  const ids = new Set(waiting.map(({ id }) => id));
  for (const card of [...box.children]) if (!ids.has(card.dataset.id)) card.remove();
  for (const one of waiting) if (!box.querySelector(`[data-id="${one.id}"]`)) box.append(draftCard(one));
  if (!waiting.length) fill(box, nothing(t("pref.no.drafts")));
  setText($("drafts-count"), waiting.length ? String(waiting.length) : "");
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

const draw = perFrame(() => {
  const focused = document.activeElement?.closest("[data-id]")?.getAttribute("data-id");
  const index = focused ? [...document.querySelectorAll(`[data-id="${focused}"] button`)].indexOf(/** @type {any} */ (document.activeElement)) : -1;
  drawState();
  drawTalks();
  drawThread();
  drawSide();
  drawDrafts();
  if (index >= 0 && document.activeElement === document.body) document.querySelectorAll(`[data-id="${focused}"] button`)[index]?.focus();
});

const live = new Live({ url: socketUrl(data.live), cursor: data.cursor }, {
  entries: (entries) => {
    store.apply(entries);
    for (const { kind, data: told } of entries) {
      if (kind === "prefecture.instructed") toast(t("pref.instruction.came", { title: told.row.number }), "bad");
      else if (kind === "prefecture.received" && told.row.kind !== "instruction") say(t("pref.message.came", { title: told.row.title }));
    }
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
$("write")?.addEventListener("click", () => compose("measure_taken"));
document.addEventListener("keydown", (event) => {
  const typing = /** @type {Element} */ (event.target).closest("input, textarea, select, dialog[open]");
  if (event.ctrlKey || event.altKey || event.metaKey || typing || !memory.get("ondijon.letters", true)) return;
  if (event.key.toLowerCase() === "n" && $("write")) {
    event.preventDefault();
    compose("measure_taken");
  }
});
everySecond(() => setText($("clock"), clock(now())));
everySecond(perFrame(() => {
  for (const one of store.toDo(undefined)) {
    const spot = document.querySelector(`.ins[data-id="${one.id}"].open`);
    if (spot && !spot.contains(document.activeElement)) spot.replaceWith(instruction(one, acts));
  }
}));
draw();
live.start();
export { store };

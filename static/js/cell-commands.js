/** The fast way to write: a line as typed, or a slash command. Pure text in, intention out. */
import { functionKeys, functionName, handle } from "./cell-words.js";
import { fold } from "./dom.js";
import { t } from "./labels.js";
import { fromLocalInput, localInput, now } from "./time.js";

/** @typedef {{kind: string, path?: string, body?: any, words: string, open?: string, fill?: any, error?: string}} Intent */

/** Each command: its words (both languages work in both), and what it is for. */
export const COMMANDS = [
  { key: "action", names: ["action"], form: "fonction" },
  { key: "decision", names: ["decision"] },
  { key: "message", names: ["message"] },
  { key: "request", names: ["demande", "request"] },
  { key: "correct", names: ["corriger", "correct"] },
  { key: "card", names: ["fiche", "card"] },
  { key: "report", names: ["point", "report"] },
  { key: "incident", names: ["incident"] },
  { key: "level", names: ["niveau", "level"] },
  { key: "prefecture", names: ["pref", "prefecture"] },
];
/** The parts of a decision, and how their names begin in both languages. @type {[string, string[]][]} */
const PARTS = [["grounds", ["motif", "ground"]], ["rejected", ["ecarte", "reject"]], ["authority", ["autorit", "authorit"]]];
const CLOCK = /^([01]?\d|2[0-3])[:h]([0-5]\d)$/i;

/** Whether the text is a command, which one, and the rest. @param {string} text */
export function commandOf(text) {
  const found = /^\/(\S*)\s*([\s\S]*)$/.exec(text);
  if (!found) return null;
  const name = fold(found[1]).trim();
  const command = COMMANDS.find(({ names }) => names.includes(name));
  return { name, rest: found[2].trim(), command, typed: found[1] };
}

/** The function that a word names: the longest start of a name or key that fits. @param {string} word */
export function functionOf(word) {
  const asked = fold(word);
  if (asked.length < 2) return "";
  const exact = functionKeys.find((key) => handle(key) === asked || key === asked);
  return exact ?? functionKeys.find((key) => fold(functionName(key)).split(/[\s,()]+/).some((part) => part.startsWith(asked))) ?? functionKeys.find((key) => key.startsWith(asked)) ?? "";
}

/** The next instant (or, for events, the last one) at this time of day. @param {string} clock "14:30" @param {"next" | "last"} which */
export function instantAt(clock, which) {
  const found = CLOCK.exec(clock);
  if (!found) return null;
  const today = localInput(now()).slice(0, 10);
  const at = Date.parse(fromLocalInput(`${today}T${found[1].padStart(2, "0")}:${found[2]}`));
  const dayMs = 86_400_000;
  if (which === "next" && at < now() - 60_000) return new Date(at + dayMs).toISOString();
  if (which === "last" && at > now() + 600_000) return new Date(at - dayMs).toISOString();
  return new Date(at).toISOString();
}

/** Take "@14:30" or "@+20" (minutes) out of a text. @param {string} text */
function dueIn(text) {
  const found = /(?:^|\s)@(?:\+(\d{1,4})|(\d{1,2}[:h]\d{2}))(?=\s|$)/i.exec(text);
  const due = !found ? null : found[1] ? new Date(now() + Number(found[1]) * 60_000).toISOString() : instantAt(found[2], "next");
  return { due, text: due && found ? text.replace(found[0], " ").replace(/\s+/g, " ").trim() : text };
}

/** Take what stands for importance ("!", "!!"), mentions ("@logistique") and trust ("[B2]") out of a line. @param {string} text */
function marksIn(text) {
  /** @type {Record<string, any>} */
  const marks = { mentions: [] };
  let rest = text.replace(/^(!!?)\s*/, (_whole, sign) => {
    marks.importance = sign === "!!" ? "vital" : "important";
    return "";
  });
  rest = rest.replace(/\[([A-F])([1-6])\]/i, (_whole, reliability, credibility) => {
    marks.reliability = reliability.toUpperCase();
    marks.credibility = Number(credibility);
    return "";
  });
  rest = rest.replace(/@([\p{L}_-]{2,})/gu, (whole, word) => {
    const key = functionOf(word);
    if (key) marks.mentions.push(key);
    return whole;
  });
  return { rest: rest.trim(), marks };
}

/** @param {string} text @param {Record<string, any>} more source, reliability, credibility … of the fields beside @returns {Intent} */
function lineOf(text, more, kind = "information") {
  const { rest, marks } = marksIn(text);
  if (!rest) return { kind: "empty", words: "" };
  return { kind: "line", path: "lines", words: rest, body: { ...more, ...marks, mentions: [...new Set(marks.mentions)], kind, text: rest } };
}

/** What was meant; a time in front is the event's own. @param {string} text @param {Record<string, any>} more @returns {Intent & {clock?: string}} */
export function read(text, more) {
  const timed = /^(\d{1,2}[:h]\d{2})\s+([\s\S]*)$/i.exec(text.trim());
  if (timed && instantAt(timed[1], "last")) return { ...read(timed[2], more), clock: timed[1] };
  const found = commandOf(text.trim());
  if (!found) return lineOf(text.trim(), more);
  if (!found.command) return { kind: "error", words: "", error: t("command.unknown", { name: found.typed }) };
  return /** @type {any} */ (READERS)[found.command.key](found.rest, more);
}

const READERS = {
  message: (/** @type {string} */ rest, /** @type {any} */ more) => lineOf(rest, more, "message"),
  request: (/** @type {string} */ rest, /** @type {any} */ more) => lineOf(rest, more, "request"),
  action: (/** @type {string} */ rest) => {
    const [first, ...others] = rest.split(/\s+/);
    const key = functionOf(first ?? "");
    if (!key || !others.length) return { kind: "error", words: "", error: t("command.action.help") };
    const { due, text } = dueIn(others.join(" "));
    return { kind: "action", path: "actions", words: `${functionName(key)} · ${text}`, body: { function: key, text, ...(due ? { due_at: due } : {}) } };
  },
  decision: (/** @type {string} */ rest) => {
    const [what, ...parts] = rest.split(/\s*;\s*/);
    /** @type {Record<string, string>} */
    const told = { what };
    for (const part of parts) {
      const [, name, words] = /^(\p{L}+)\s*:\s*([\s\S]+)$/u.exec(part) ?? [];
      const key = PARTS.find(([, names]) => names.some((one) => fold(name ?? "").startsWith(one)))?.[0];
      if (key) told[key] = words;
    }
    if (told.what && told.grounds) return { kind: "decision", path: "decisions", words: what, body: told };
    return { kind: "open", words: "", open: "decide", fill: told };
  },
  correct: (/** @type {string} */ rest, /** @type {any} */ more) => {
    const found = /^(?:n°\s*)?(\d+)\s+([\s\S]+)$/i.exec(rest);
    if (!found) return { kind: "error", words: "", error: t("command.correct.help") };
    const line = lineOf(found[2], more);
    return { ...line, path: "corrections", words: `n° ${found[1]} → ${line.words}`, body: { ...line.body, number: Number(found[1]) } };
  },
  card: (/** @type {string} */ rest) => ({ kind: "open", words: "", open: "card", fill: { words: rest } }),
  report: () => ({ kind: "open", words: "", open: "report" }),
  incident: () => ({ kind: "open", words: "", open: "incident" }),
  level: () => ({ kind: "open", words: "", open: "level" }),
  prefecture: () => ({ kind: "open", words: "", open: "prefecture" }),
};

/** What may complete the text: commands, functions, and after # the cell's incidents, after / lines written beforehand. @param {string} text @param {{incidents?: {reference: string, name: string}[], templates?: {name: string, text: string}[]}} [known] @returns {{text: string, label: string, detail: string}[]} */
export function completions(text, { incidents = [], templates = [] } = {}) {
  const named = /(^|\s)#([^\s#]*)$/u.exec(text);
  if (named) {
    return incidents.filter(({ reference, name }) => fold(`${reference} ${name}`).includes(fold(named[2]))).slice(0, 8)
      .map(({ reference, name }) => ({ text: `${text.slice(0, text.length - named[2].length - 1)}${reference} `, label: reference, detail: name }));
  }
  const mention = /(^|\s)@([\p{L}_-]*)$/u.exec(text);
  const found = commandOf(text);
  if (mention && found?.command?.key !== "action") {
    return functionKeys.filter((key) => fold(functionName(key)).includes(fold(mention[2]))).slice(0, 8)
      .map((key) => ({ text: `${text.slice(0, text.length - mention[2].length)}${handle(key)} `, label: functionName(key), detail: t("mention") }));
  }
  if (!found) return [];
  if (!/\s/.test(text)) {
    return COMMANDS.filter(({ key, names }) => names.some((name) => name.startsWith(found.name)) || fold(t(`command.${key}`)).startsWith(found.name))
      .map(({ key }) => ({ text: `${t(`command.${key}`)} `, label: t(`command.${key}`), detail: t(`command.${key}.for`) }))
      .concat(templates.filter(({ name }) => name.startsWith(found.name)).map((one) => ({ text: one.text, label: `/${one.name}`, detail: one.text })));
  }
  if (found.command?.key === "action" && !/\s/.test(found.rest) && !/\s$/.test(text.replace(/^\/\S+\s/, ""))) {
    return functionKeys.filter((key) => !found.rest || fold(functionName(key)).includes(fold(found.rest))).slice(0, 9)
      .map((key) => ({ text: `/${found.typed} ${handle(key)} `, label: functionName(key), detail: "" }));
  }
  return [];
}

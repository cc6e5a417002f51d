/** Planned work that comes back: the fields that say so, and what goes on, with a way to end it. */
import { call, explain, get, newKey, Problem } from "../api.js";
import { h } from "../dom.js";
import * as fields from "../fields.js";
import { t } from "../labels.js";
import { toast } from "../news.js";
import { page } from "../page.js";

const EVERY_DAYS = ["1", "7", "14", "28", "91", "364"];

/** Fields of a series, hidden until it comes back at all. @returns {{list: import("../fields.js").Field[], request: (body: any) => {path: string, body: any} | undefined}} */
export function repeating() {
  const every = fields.choice("every_days", t("series.every"), [["", t("series.once")], ...EVERY_DAYS.map((days) => /** @type {[string, string]} */ ([days, t(`series.${days}`)]))], "");
  const owners = (/** @type {any} */ (page).owners ?? []).map((/** @type {any} */ one) => [one.id, one.name]);
  const organisation = fields.choice("organisation", t("series.organisation"), owners, owners[0]?.[0] ?? "");
  const until = fields.text("until", t("series.until"), { type: "date" });
  const more = [organisation, until];
  const show = () => more.forEach((field) => { field.element.hidden = !every.read(); });
  every.control.addEventListener("change", show);
  show();
  return { list: [every, ...more], request: (body) => (every.read() ? asSeries(body) : undefined) };
}

/** The work's own fields as a series: the first one begins when the window does. @param {any} body */
function asSeries({ title, category, lat, lon, address, skills, duration_minutes, window_start: first, every_days: days, organisation, until }) {
  const begins = first ? new Date(first) : null;
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const start = begins && {
    first_on: `${begins.getFullYear()}-${two(begins.getMonth() + 1)}-${two(begins.getDate())}`, at: `${two(begins.getHours())}:${two(begins.getMinutes())}`,
  };
  const body = { title, category, lat, lon, address: address ?? "", organisation, every_days: Number(days), ...start, ...(until ? { until } : {}), ...(skills ? { skills } : {}), ...(duration_minutes ? { duration_minutes } : {}) };
  return { path: "/api/v1/series/", body };
}

/** What goes on, under the form. @returns {Promise<HTMLElement | null>} */
export async function running() {
  const { results } = await get("/api/v1/series/");
  if (!results.length) return null;
  return h("details.series", {}, h("summary", {}, t("series.running", { n: results.length })), h("ul", {}, results.map(line)));
}

/** @param {any} series */
function line(series) {
  const rhythm = EVERY_DAYS.includes(String(series.every_days)) ? t(`series.${series.every_days}`) : t("series.days", { n: series.every_days });
  const reason = h("input", { maxlength: 500, required: true, "aria-label": t("series.why"), placeholder: t("series.why") });
  const form = h("form", { hidden: true }, reason, h("button.btn.danger", { type: "submit" }, t("series.end")));
  const open = h("button.link", { type: "button", onclick: () => {
    form.hidden = !form.hidden;
    if (!form.hidden) reason.focus();
  } }, t("series.end"));
  const item = h("li", {}, h("span", {}, h("b", {}, series.title), h("small", {}, `${series.organisation.name} · ${rhythm} · ${series.at.slice(0, 5)}`)), open, form);
  const key = newKey();
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await call("POST", `/api/v1/series/${series.id}/end/`, { body: { reason: reason.value }, key });
      item.remove();
      toast(t("series.ended", { title: series.title }), { kind: "ok" });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      toast(explain(problem), { kind: "bad" });
    }
  });
  return item;
}

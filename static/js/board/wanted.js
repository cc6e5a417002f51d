/** The fields of the work itself: for asking, for correcting, on the board and in the open incident. */
import * as fields from "../fields.js";
import { t } from "../labels.js";
import { page } from "../page.js";
import { fromLocalInput, localInput } from "../time.js";

/** @typedef {import("./work.js").Work} Work */

const settings = /** @type {any} */ (page);

/** @param {string} name @param {string | null} value @returns {import("../fields.js").Field} */
export function instant(name, value) {
  const field = fields.text(name, t(`field.${name}`), { type: "datetime-local", value: value ? localInput(Date.parse(value)) : "" });
  return { ...field, read: () => (field.read() ? fromLocalInput(field.read()) : null) };
}
/** @param {string} name @param {number | undefined} value @param {string} [hint] @returns {import("../fields.js").Field} */
function whole(name, value, hint) {
  const field = fields.text(name, t(`field.${name}`), { type: "number", value: String(value ?? ""), required: value !== undefined, hint });
  return { ...field, read: () => Number(field.read()) || "" };
}
/** @param {boolean} value @returns {import("../fields.js").Field} */
function lone(value) {
  const field = fields.several("lone", t("field.lone"), [["lone", t("lone.words")]], value ? ["lone"] : []);
  return { ...field, read: () => field.read().length > 0, write: (kept) => field.write(kept ? ["lone"] : []) };
}

/** Fields of the work itself, for asking and for correcting. @param {Partial<Work>} row */
export const wanted = (row) => [
  fields.text("title", t("field.title"), { value: row.title ?? "", max: 160, required: Boolean(row.id) }),
  fields.priority(row.priority ?? "P3"),
  whole("duration_minutes", row.duration_minutes, row.id ? undefined : t("hint.duration")),
  fields.several("skills", t("field.skills"), (settings.skills ?? []).map((/** @type {any} */ { key, label }) => [key, label]), row.skills ?? []),
  fields.text("address", t("field.address"), { value: row.address ?? "", max: 200 }),
  instant("window_start", row.window_start ?? null),
  instant("window_end", row.window_end ?? null),
  lone(row.lone ?? false),
];

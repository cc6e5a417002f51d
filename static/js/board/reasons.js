/** Why a crew, and why not, in words. The server says codes and values; docs/dispatch.md lists them. */
import { categoryName, communeName } from "../incident.js";
import { knows, t } from "../labels.js";
import { page } from "../page.js";
import { now, day, short } from "../time.js";
import { ageWords } from "./fleet.js";
import { lasting, skillName } from "./work.js";

/** @typedef {{code: string, weight: "for" | "against" | "blocking", values: Record<string, any>}} Reason */

const DAY_MS = 86_400_000;
const sectors = new Map(/** @type {any} */ (page).sectors?.map((/** @type {any} */ { key, label }) => [key, label]));
/** @param {string} key */
export const sectorName = (key) => sectors.get(key) ?? key;

/** "15:40", with its day when that is not today. @param {string | null} instant */
function until(instant) {
  if (!instant) return t("until.unknown");
  const far = Math.abs(Date.parse(instant) - now()) > DAY_MS / 2 && day(instant) !== day(now());
  return far ? `${day(instant)} ${short(instant)}` : short(instant);
}

/** @param {Reason} reason */
export function because({ code, values }) {
  const open = `why.${code}.open`, bound = `why.${code}.contract`; // nobody knows until when; promised by contract
  const key = values.until === null && knows(open) ? open : values.contract && knows(bound) ? bound : `why.${code}`;
  if (!knows(key)) return code.replaceAll("_", " ");
  const age = values.seconds === undefined ? "" : ageWords(values.seconds * 1000);
  return t(key, {
    skills: [values.skills ?? []].flat().map(skillName).join(", "), skill: skillName(values.skill ?? ""),
    sectors: [values.sectors ?? []].flat().map(sectorName).join(", "), commune: communeName(values.commune ?? ""), category: categoryName(values.category ?? ""),
    organisation: values.organisation ?? "", contract: values.contract ?? "", until: until(values.until ?? null), rest_until: until(values.rest_until ?? null),
    since: until(values.since ?? null), minutes: values.minutes ?? "", time: lasting(values.minutes ?? 0), km: values.km ?? "", limit: values.limit_minutes ?? "", due: values.due ? short(values.due) : "",
    title: values.title ?? "", reference: values.reference ?? "", percent: values.percent ?? "", age,
  });
}

/** @param {Reason} reason */
export const iconOf = ({ weight }) => (weight === "for" ? "check" : weight === "against" ? "warn" : "cross");

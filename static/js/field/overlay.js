/** The missions as the crew knows them: the post's last picture with everything said since on top. */

/** @typedef {import("./queue.js").Item} Item */
/** @typedef {any} Mission a mission of the picture; here also `pending`: acts that wait to be sent, `local` its lines */

const MINUTE = 60_000;

/** @type {Record<string, (mission: Mission, item: Item) => void>} */
const DO = {
  accept: (mission, item) => set(mission, { accepted_at: item.at }),
  depart: (mission, item) => set(mission, { departed_at: item.at }),
  arrive: (mission, item) => set(mission, { arrived_at: item.at, ...(mission.row.lone && { check_in_due: later(item.at, mission.check_in_minutes) }) }),
  refuse: (mission, item) => set(mission, { ended_at: item.at, reason: item.body.reason, check_in_due: null }),
  fail: (mission, item) => set(mission, { ended_at: item.at, reason: item.body.reason, check_in_due: null, paused_since: null }),
  finish: (mission, item) => set(mission, { done_at: item.at, outcome: item.body.outcome, check_in_due: null, paused_since: null }),
  hold: (mission, item) => set(mission, { paused_since: item.at, paused_reason: item.body.reason }),
  release: (mission) => set(mission, { paused_since: null, paused_reason: "" }),
  check_in: (mission, item) => mission.row.lone && set(mission, { check_in_due: later(item.at, mission.check_in_minutes) }),
  tick: (mission, item) => {
    mission.checklist = mission.checklist.map((/** @type {any} */ one) =>
      one.key === item.body.item ? { ...one, done: item.body.done, done_at: item.at, pending: item.state === "waiting" } : one);
  },
  note: (mission, item) => void (mission.notes = [...mission.notes, line(item, item.body.text)]),
  material: (mission, item) => {
    mission.materials = [...mission.materials, line(item, `${item.body.label} · ${item.body.quantity} ${item.body.unit}`.trim())];
  },
  photo: (mission) => set(mission, { photos: mission.row.photos + 1 }),
};

/** @param {Mission} mission @param {any} changes */
function set(mission, changes) {
  mission.row = { ...mission.row, ...changes };
}

const later = (/** @type {string} */ at, /** @type {number} */ minutes) => new Date(Date.parse(at) + minutes * MINUTE).toISOString();

/** @param {Item} item @param {string} text */
const line = (item, text) => ({ id: item.id, text, at: item.at, by: "", pending: item.state === "waiting" });

/**
 * @param {any} picture @param {Item[]} items @param {Record<string, {from: string[], to: string | null}>} moves
 * @returns {Mission[]}
 */
export function missions(picture, items, moves) {
  const taken = Date.parse(picture.now);
  return picture.missions.map((/** @type {any} */ one) => {
    const mission = { ...one, row: { ...one.row }, pending: new Set() };
    for (const item of items) {
      if (item.intervention !== mission.row.id || !["act", "photo"].includes(item.kind)) continue;
      const fresh = item.state === "sent" && Date.parse(item.settled_at ?? "") > taken;
      if (item.state === "waiting" || fresh) carryOut(mission, item, moves[item.act]);
    }
    return mission;
  });
}

/** @param {Mission} mission @param {Item} item @param {{from: string[], to: string | null}} move */
function carryOut(mission, item, move) {
  const known = item.state === "sent" && mission.row.version >= (item.row?.version ?? Infinity);
  if (item.state === "waiting") mission.pending.add(item.act);
  if (known && !["tick", "note", "material"].includes(item.act)) return; // its row came with the answer
  if (!known && !move?.from.includes(mission.row.status)) return;
  DO[item.act]?.(mission, item);
  if (!known && move?.to) set(mission, { status: move.to });
}

/** Put a newer row into the picture. @param {any} picture @param {any} row @returns {boolean} whether the mission was known */
export function patch(picture, row) {
  const mission = picture.missions.find((/** @type {any} */ one) => one.row.id === row.id);
  if (mission && mission.row.version < row.version) mission.row = row;
  return Boolean(mission);
}

const NOW = ["en_route", "on_site"];
const NEXT = ["assigned", "accepted"];

/** @param {Mission[]} all */
export function sorted(all) {
  const bySlot = (/** @type {Mission} */ a, /** @type {Mission} */ b) => String(a.row.slot_start).localeCompare(String(b.row.slot_start));
  return {
    now: all.filter((one) => NOW.includes(one.row.status)).sort(bySlot),
    next: all.filter((one) => NEXT.includes(one.row.status)).sort(bySlot),
    done: all.filter((one) => ![...NOW, ...NEXT].includes(one.row.status)).sort((a, b) => ended(b).localeCompare(ended(a))),
  };
}

/** @param {Mission} mission @returns {string} */
export const ended = ({ row }) => row.done_at ?? row.ended_at ?? row.slot_end ?? "";

/** Which commune a point lies in, from the outlines in the page: a first answer, the server's is the one that counts. */
import { page } from "./page.js";

/** Whether a ring of [lon, lat] holds the point (even-odd rule). @param {[number, number][]} ring @param {number} lat @param {number} lon */
function holds(ring, lat, lon) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[j];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** @param {number} lat @param {number} lon @returns {import("./page.js").Commune | undefined} */
export const communeAt = (lat, lon) =>
  page.communes.find(({ outline }) => outline.filter((ring) => holds(ring, lat, lon)).length % 2 === 1);

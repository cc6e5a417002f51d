/** The one sound of the post: an unacknowledged P1 arrives. Made here, no file, only if the person and the browser allow. */
import { $, memory } from "./dom.js";

const KEY = "ondijon.sound";
const NOTES = [[880, 0], [660, 0.22], [880, 0.44]];
const NOTE_S = 0.18;
const LOUD = 0.25;

/** @type {AudioContext | null} */
let audio = null;
let wanted = memory.get(KEY, true);

/** Browsers give sound only after a gesture: say so while it is missing. */
function tellState() {
  $("sound-ask").hidden = !wanted || audio?.state === "running";
}

/** Call from a gesture. */
async function unlock() {
  if (!wanted) return;
  audio ??= new AudioContext();
  await audio.resume();
  tellState();
}

export function startSound() {
  const box = $("sound");
  $("sound-choice").hidden = false;
  box.checked = wanted;
  box.addEventListener("change", () => {
    wanted = box.checked;
    memory.set(KEY, wanted);
    if (wanted) void unlock().then(ring);
    tellState();
  });
  $("sound-ask").addEventListener("click", () => void unlock().then(ring));
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => void unlock(), { once: true });
  tellState();
}

/** Three notes, two seconds at most. */
export function ring() {
  if (!wanted || audio?.state !== "running") return;
  for (const [pitch, after] of NOTES) {
    const begin = audio.currentTime + after;
    const tone = new OscillatorNode(audio, { type: "triangle", frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setTargetAtTime(LOUD, begin, 0.01);
    volume.gain.setTargetAtTime(0, begin + NOTE_S, 0.03);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + NOTE_S + 0.2);
  }
  document.dispatchEvent(new CustomEvent("rang"));
}

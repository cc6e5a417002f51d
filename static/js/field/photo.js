/** A picture from the phone's camera, made small here: two megapixels tell as much of a repair as twelve. */
import { $, h } from "../dom.js";
import { t } from "../labels.js";
import { open } from "./sheets.js";

const LONGEST = 1600; // pixels
const QUALITY = 0.82;

/** @returns {Promise<File | null>} what the camera or the gallery gave */
function shoot() {
  const input = $("camera");
  input.value = "";
  return new Promise((done) => {
    input.onchange = () => done(input.files[0] ?? null);
    input.oncancel = () => done(null);
    input.click();
  });
}

/** At most LONGEST pixels a side, upright, JPEG: what the camera wrote about place and person is gone with it. @param {Blob} file @returns {Promise<Blob>} */
export async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/jpeg", QUALITY));
}

/**
 * Take a picture and ask whether it shows before or after. @param {{begun: boolean}} work `begun`: then it is an "after" more likely
 * @returns {Promise<{photo: Blob, stage: string} | null>} Throws when the file is no picture.
 */
export async function takePhoto({ begun }) {
  const file = await shoot();
  if (!file) return null;
  const photo = await smaller(file);
  const address = URL.createObjectURL(photo);
  const shown = h("img.preview", { src: address, alt: t("photo.preview") });
  const [first, second] = begun ? ["", "main"] : ["main", ""];
  const form = await open(t("photo.title"), [shown], [
    { words: t("photo.before"), value: "before", kind: first },
    { words: t("photo.after"), value: "after", kind: second },
  ]);
  URL.revokeObjectURL(address);
  return form ? { photo, stage: String(form.dataset.pressed) } : null;
}

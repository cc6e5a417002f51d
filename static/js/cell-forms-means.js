/** Forms about means, words for the public and the direction: what leaves the cell. */
import { functionName } from "./cell-words.js";
import { h } from "./dom.js";
import { choice, text } from "./fields.js";
import { nameOf } from "./incident.js";
import { t } from "./labels.js";
import { page } from "./page.js";

/** @typedef {import("./cell-forms.js").Plan} Plan */

const organisations = () => page.organisations.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]));
const number = (/** @type {string} */ name, /** @type {string} */ label) => text(name, label, { value: "1", type: "number", max: 6 });

/** @type {Record<string, (store: any, known: any, parts: any) => Plan>} */
export const MEANS = {
  request: (store, _known, { functionChoice, given, when }) => {
    const incidents = [...store.incidents.values()].map((row) => /** @type {[string, string]} */ ([row.id, `${row.reference} · ${nameOf(row)}`]));
    return {
      title: t("form.request"), path: "requests", table: "requests", submit: t("form.request.send"),
      fields: [text("what", t("field.means"), { max: 200, required: true }), number("quantity", t("field.quantity")), text("where", t("field.where"), { max: 200 }), functionChoice("logistics"),
        choice("via", t("field.via"), ["prefecture", "organisation", ...(incidents.length ? ["intervention"] : [])].map((key) => [key, t(`via.${key}`)]), "prefecture"),
        choice("organisation", t("field.organisation"), organisations(), ""), ...(incidents.length ? [choice("incident", t("field.incident"), incidents, incidents[0][0])] : []), when("needed_by", t("field.needed"))],
      body: (values) => given({ ...values, quantity: Number(values.quantity) || 1, organisation: values.via === "organisation" ? values.organisation : null, incident: values.via === "intervention" ? values.incident : null }),
    };
  },
  answer: (_store, { request }) => ({
    title: t("form.answer"), path: `requests/${request.id}/outcome`, table: "requests", version: request.version, say: h("p", {}, h("b", {}, request.what), ` · ${functionName(request.function)}`),
    fields: [choice("state", t("field.answer"), ["granted", "refused", "withdrawn"].map((key) => [key, t(`request.${key}`)]), "granted"), text("answer", t("field.answer.words"), { rows: 2 })],
  }),
  message: (_store, { message = { id: "", channel: "", text: "" } }) => ({
    title: t("form.message"), table: "messages", ...(message.id ? { path: `messages/${message.id}`, method: "PUT", version: message.version } : { path: "messages" }),
    fields: [text("channel", t("field.channel"), { value: message.channel, max: 40, required: true, hint: t("field.channel.hint") }), text("text", t("field.text"), { value: message.text, rows: 5, max: 2000, required: true })],
  }),
  lend: (_store, _known, { given, when }) => ({
    title: t("form.lend"), path: "loans", table: "loans",
    fields: [choice("lender", t("field.lender"), organisations(), ""), text("what", t("field.means"), { max: 200, required: true }), number("quantity", t("field.quantity")), text("agreed_by", t("field.agreed"), { max: 120, required: true }), when("due_back", t("field.back"))],
    body: (values) => given({ ...values, quantity: Number(values.quantity) || 1 }),
  }),
  back: (_store, { loan }) => ({
    title: t("form.back"), path: `loans/${loan.id}/return`, table: "loans", version: loan.version, say: h("p", {}, h("b", {}, `${loan.quantity} × ${loan.what}`), ` · ${loan.lender.name}`),
    fields: [text("note", t("field.note"), { max: 200 })],
  }),
  offer: (_store, _known, { given, person }) => ({
    title: t("form.offer"), path: "offers", table: "transfers", say: h("p", {}, t("form.offer.says")),
    fields: [choice("to", t("field.to"), [["person", t("offer.person")], ["prefect", t("transfer.prefect")]], "person"), person("person", t("field.person")), text("reason", t("field.reason"), { rows: 2, required: true })],
    body: ({ to, person: who, reason }) => (to === "prefect" ? { prefect: true, reason } : given({ person: who, reason })),
  }),
};

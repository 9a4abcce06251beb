// All corrections: how many there are, who looks through them, undoes, hears or keeps them.
import {address, change, onBack, showError, withToken} from "./api.js";
import {corrector, onCorrected} from "./corrections.js";
import {keep} from "./csv.js";
import {at, clock, element, percent} from "./dom.js";
import {start} from "./start.js";
import {isReplaced, work} from "./work.js";

const PAGE_ROWS = 50;
let total = 0, shown = 0, isOpen = false, heard = null;

function sayHowMany() {
    at("corrections-text").textContent = total ? `${total} answer${total > 1 ? "s" : ""} of people ${total > 1 ? "are" : "is"} stored.`
        : "Nobody has said yet whether an answer was right: it is asked below each turn, and each answer for a whole recording.";
    at("corrections-actions").hidden = !total;
    at("train-corrections-label").hidden = !total;
    at("train-corrections-count").textContent = total;
}

async function attempt(words, task, title) {
    showError(at("corrections-error"), null);
    try {
        return await work(at("corrections-work"), words, task, {canStop: false});
    } catch (problem) {
        if (!isReplaced(problem)) showError(at("corrections-error"), problem, title);
        return null;
    }
}

async function hearOne(correction) {
    const response = await attempt("Fetching the sound …", () => withToken(`/corrections/${correction.id}/audio`), "It can't be played");
    if (!response) return;
    if (heard) URL.revokeObjectURL(heard);
    heard = URL.createObjectURL(await response.blob());
    at("correction-player").hidden = false;
    at("correction-player").src = heard;
    await at("correction-player").play().catch(() => {});
}

async function undoOne(correction, row) {
    const gone = await attempt("Undoing …", () => change(`/corrections/${correction.id}`, "DELETE"), "It is not undone");
    if (!gone) return;
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    shown--;
    total--;
    sayHowMany();
    (next?.querySelector("button") ?? at("corrections-title")).focus();
}

function rowOf(correction) {
    const {recording, channel, start_s, end_s, emotion, heard_emotion, heard_probability, corrected_by, corrected_at} = correction;
    const part = [channel && `channel ${channel}`, start_s === null ? "the whole" : `${clock(start_s, 1)} to ${clock(end_s, 1)}`].filter(Boolean).join(", ");
    const cell = (label, ...content) => element("td", {"data-label": label}, ...content);
    const before = heard_emotion === null ? "no emotion" : `${heard_emotion}${heard_probability === null ? "" : `, ${percent(heard_probability)}`}`;
    const row = element("tr", {},
        cell("Recording", element("span", {className: "wraps", textContent: recording})), cell("Part", part), cell("Heard", before),
        cell("Is", emotion === heard_emotion ? `right: ${emotion}` : emotion), cell("By", corrected_by ?? "somebody"), cell("When", new Date(corrected_at).toLocaleString()),
        element("td", {className: "wide"}, element("div", {className: "actions"},
            element("button", {type: "button", textContent: "Play", "aria-label": `Play ${recording}, ${part}`, onclick: () => hearOne(correction)}),
            element("button", {type: "button", textContent: "Undo", "aria-label": `Undo ${recording}, ${part}`, onclick: () => undoOne(correction, row)}))));
    return row;
}

async function list(isMore) {
    const first = isMore ? shown : 0;
    const page = await attempt("Looking for corrections …", () => change(address("/corrections", {limit: PAGE_ROWS, offset: first}), "GET"), "Corrections can't be listed");
    if (!page) return;
    isOpen = true;
    if (!isMore) at("corrections-body").replaceChildren();
    at("corrections-body").append(...page.corrections.map(rowOf));
    shown = first + page.corrections.length;
    total = page.total;
    sayHowMany();
    if (total) at("corrections-text").textContent += ` ${page.right} of them say${page.right === 1 ? "s" : ""} that it was right.`;
    at("corrections-list").hidden = !total;
    at("corrections-more").hidden = shown >= total;
}

async function keepAs(format) {
    const response = await attempt("Fetching corrections …", () => withToken(address("/corrections", {format})), "Corrections can't be fetched");
    if (response) keep(`corrections.${format}`, format === "csv" ? "text/csv" : "application/json", await response.text());
}

async function forget(event) {
    event.preventDefault();
    const gone = await attempt("Deleting …", () => change(address("/corrections", {older_than_days: at("corrections-days").value}), "DELETE"), "Nothing was deleted");
    if (!gone) return;
    total -= gone.deleted;
    sayHowMany();
    if (isOpen) await list(false);
    at("corrections-note").textContent = `${gone.deleted} deleted, with their sound.`;
}

async function count() {
    const {n_corrections, correctors} = await start;
    at("corrections").hidden = correctors === "nobody";
    total = n_corrections;
    sayHowMany();
}

export function begin() {
    onBack(count);
    count();
    onCorrected(by => {
        total += by;
        sayHowMany();
        if (isOpen) list(false);
    });
    at("corrector").value = corrector();
    at("corrector").onchange = event => localStorage.setItem("corrector", event.target.value.trim());
    at("corrections-show").onclick = () => list(false);
    at("corrections-more").onclick = () => list(true);
    at("corrections-csv").onclick = () => keepAs("csv");
    at("corrections-json").onclick = () => keepAs("json");
    at("corrections-forget").onsubmit = forget;
}

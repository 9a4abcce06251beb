// Many recordings, one after the other: a table of answers that grows, and can be kept.
import {Problem} from "./api.js";
import {noEmotion} from "./certainty.js";
import {csv, keep} from "./csv.js";
import {at, element, percent} from "./dom.js";
import {chosen, dropped} from "./files.js";
import {modelOf} from "./known.js";
import {hear} from "./listen.js";
import {start} from "./start.js";

const N_AT_ONCE = 2;
const DRAW_MS = 150;
// More rows at a time would make the page slow.
const PAGE_ROWS = 100;
// A service that is busy or away is asked again after so long.
const PATIENCE_MS = [1000, 3000, 9000];
const COLUMNS = ["file", "emotion", "probability", "reason", "reason_text", "familiarity", "duration_s", "speech_s", "channels", "n_turns", "n_moments", "model", "version"];

// Of each: file, path, state (waiting, asked, answered, failed), answer, known (of the model), problem, row (where it is shown).
let items = [], stopping = null, first = 0, model = "", listen = null, isDrawing = false;

const isShown = {
    all: () => true,
    failed: item => item.state === "failed",
    none: item => item.state === "answered" && emotionOf(item) === null,
    moments: item => nMomentsOf(item) > 0,
};

// What is a guess is told, too, with the reason why it is one.
const emotionOf = item => item.answer.emotion;

const nMomentsOf = item => item.state === "answered" ? item.answer.moments.length : 0;

function reasonOf(item) {
    if (item.state === "failed") return [item.problem.message, item.problem.hint].filter(Boolean).join(" ");
    return item.answer?.reason?.text ?? null;
}

// Asking

const pause = (ms, signal) => new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
    });
});

async function answerOf(item, signal) {
    for (let n_tried = 0; ; n_tried++) {
        try {
            const [answer] = await hear({blob: item.file, name: item.path}, {model, columns: 1}, {signal});
            return {answer, known: await modelOf(answer)};
        } catch (problem) {
            const isPassing = [0, 429, 503].includes(problem.status) && n_tried < PATIENCE_MS.length;
            if (!isPassing || signal.aborted) throw problem;
            // A file that has gone since it was chosen looks like a connection that broke.
            await item.file.slice(0, 1).arrayBuffer();
            await pause(PATIENCE_MS[n_tried], signal);
        }
    }
}

async function askOne(item, signal) {
    item.state = "asked";
    drawSoon(item);
    try {
        Object.assign(item, await answerOf(item, signal), {state: "answered"});
    } catch (problem) {
        const words = problem instanceof Problem ? problem : new Problem(-1, "The file can't be read.");
        Object.assign(item, signal.aborted ? {state: "waiting"} : {state: "failed", problem: words});
    }
    drawSoon(item);
}

async function goOn() {
    if (stopping) return;
    const mine = stopping = new AbortController(), {signal} = mine, queue = items.filter(item => item.state === "waiting");
    model = at("use-model").value || (await start).model;
    drawSoon();
    const worker = async () => {
        while (queue.length && !signal.aborted) await askOne(queue.shift(), signal);
    };
    await Promise.all(Array.from({length: N_AT_ONCE}, worker));
    if (stopping === mine) stopping = null;
    drawSoon();
    // What was added meanwhile.
    if (!signal.aborted && items.some(item => item.state === "waiting")) goOn();
}

function again() {
    for (const item of items) if (item.state === "failed") item.state = "waiting";
    goOn();
}

function clear() {
    stopping?.abort();
    stopping = null;
    items = [];
    first = 0;
    drawAll();
}

// promise: {files, n_others}.
export async function take(promise) {
    at("batch-note").textContent = "Looking for recordings …";
    let found = {files: [], n_others: 0};
    try {
        found = await promise;
    } catch (error) {
        at("batch-note").textContent = `The folder can't be read: ${error.message}`;
        return;
    }
    const others = found.n_others ? ` ${found.n_others} other file${found.n_others > 1 ? "s were" : " was"} left out.` : "";
    at("batch-note").textContent = found.files.length ? others.trim() : `There are no recordings in it.${others}`;
    items.push(...found.files.map(({file, path}) => ({file, path, state: "waiting"})));
    drawAll();
    goOn();
}

// Drawing

const shownItems = () => items.filter(isShown[at("batch-show").value] ?? (item => item.state === "answered" && emotionOf(item) === at("batch-show").value.slice(1)));

function verdictOf(item) {
    if (item.state === "waiting") return ["not asked yet"];
    if (item.state === "asked") return ["listening …"];
    if (item.state === "failed") return ["failed"];
    const emotion = emotionOf(item);
    if (emotion === null) return [noEmotion(item.answer)];
    const swatch = element("span", {className: "swatch"});
    swatch.style.background = item.known.colors?.[emotion];
    return [swatch, item.answer.reason ? ` perhaps ${emotion}` : ` ${emotion}`];
}

const cell = (label, ...content) => element("td", {"data-label": label}, ...content);

function rowOf(item) {
    const emotion = item.state === "answered" ? emotionOf(item) : null, n = nMomentsOf(item);
    const small = [reasonOf(item), n && `${n} moment${n > 1 ? "s" : ""} worth listening to.`].filter(Boolean).join(" ");
    const open = element("button", {type: "button", className: "link", textContent: item.path, "aria-label": `Listen to ${item.path}`});
    const row = element("tr", {className: item.state, onclick: () => listen(item.file, item.path)},
        cell("Recording", open),
        cell("Emotion", element("span", {className: "batch-verdict"}, ...verdictOf(item)), ...(small ? [element("span", {className: "quiet small reason", textContent: small})] : [])),
        cell("Probability", ...(emotion === null ? [] : [percent(item.answer.probabilities[emotion])])),
        cell("Duration", ...(item.state === "answered" ? [`${item.answer.duration_s.toFixed(1)} s`] : [])));
    return row;
}

function drawTable() {
    const shown = shownItems();
    first = Math.max(0, Math.min(first, PAGE_ROWS * Math.floor((shown.length - 1) / PAGE_ROWS)));
    for (const item of items) item.row = null;
    const page = shown.slice(first, first + PAGE_ROWS);
    for (const item of page) item.row = rowOf(item);
    at("batch-body").replaceChildren(...page.map(item => item.row));
    at("batch-pages").hidden = shown.length <= PAGE_ROWS;
    at("batch-before").disabled = first === 0;
    at("batch-after").disabled = first + PAGE_ROWS >= shown.length;
    at("batch-where").textContent = `${first + 1} to ${first + page.length} of ${shown.length}`;
}

function drawFilter(counts) {
    const select = at("batch-show"), before = select.value;
    const options = [["all", `all ${items.length}`], ["moments", `with moments worth listening to: ${counts.moments}`], ["failed", `failed: ${counts.failed}`], ["none", `no emotion: ${counts.none}`],
        ...Object.entries(counts.emotions).sort().map(([emotion, n]) => [`=${emotion}`, `${emotion}: ${n}`])];
    // In place: a list that is open stays so.
    options.forEach(([value, textContent], i) => {
        const option = select.options[i] ?? select.appendChild(element("option"));
        if (option.value !== value) option.value = value;
        if (option.textContent !== textContent) option.textContent = textContent;
    });
    select.options.length = options.length;
    select.value = options.some(([value]) => value === before) ? before : "all";
}

function counted() {
    const counts = {answered: 0, failed: 0, waiting: 0, asked: 0, none: 0, moments: 0, emotions: {}};
    for (const item of items) {
        counts[item.state]++;
        if (item.state !== "answered") continue;
        if (nMomentsOf(item)) counts.moments++;
        const emotion = emotionOf(item);
        if (emotion === null) counts.none++;
        else counts.emotions[emotion] = (counts.emotions[emotion] ?? 0) + 1;
    }
    return counts;
}

function drawState() {
    const counts = counted(), n_done = counts.answered + counts.failed;
    at("batch-results").hidden = !items.length;
    at("batch-progress").value = items.length ? n_done / items.length : 0;
    at("batch-progress").hidden = !stopping;
    const by = model && n_done ? `, by ${model}` : "";
    at("batch-text").textContent = `${n_done} of ${items.length} heard${by}${counts.failed ? `; ${counts.failed} failed` : ""}${!stopping && counts.waiting ? ". Stopped." : "."}`;
    at("batch-stop").hidden = !stopping;
    at("batch-go-on").hidden = Boolean(stopping) || !counts.waiting;
    at("batch-again").hidden = Boolean(stopping) || !counts.failed;
    at("batch-csv").disabled = at("batch-json").disabled = !n_done;
    drawFilter(counts);
}

function drawAll() {
    drawState();
    drawTable();
}

// Answers may come faster than a table is laid out.
function drawSoon(item) {
    if (item) item.isStale = true;
    if (isDrawing) return;
    isDrawing = true;
    setTimeout(() => {
        isDrawing = false;
        drawState();
        if (at("batch-show").value !== "all") return drawTable();
        for (const stale of items.slice(first, first + PAGE_ROWS)) {
            if (!stale.isStale || !stale.row) continue;
            const hasFocus = stale.row.contains(document.activeElement), row = rowOf(stale);
            stale.row.replaceWith(row);
            stale.row = row;
            stale.isStale = false;
            if (hasFocus) row.querySelector("button").focus();
        }
    }, DRAW_MS);
}

// Keeping

function resultOf(item) {
    const {answer} = item, emotion = answer?.emotion ?? null;
    return {
        file: item.path, emotion, probability: emotion === null ? null : answer.probabilities[emotion],
        reason: item.state === "failed" ? "failed" : answer.reason?.code ?? null, reason_text: reasonOf(item), familiarity: answer?.familiarity ?? null,
        duration_s: answer?.duration_s ?? null, speech_s: answer?.speech_s ?? null, channels: answer?.channels ?? null,
        n_turns: answer?.turns.length ?? null, n_moments: answer?.moments.length ?? null, moments: answer?.moments ?? [], model: answer?.model ?? null, version: answer?.version ?? null,
        probabilities: answer?.probabilities ?? {},
    };
}

function keepAs(kind) {
    const results = items.filter(item => ["answered", "failed"].includes(item.state)).map(resultOf);
    if (kind === "json") return keep("emotions.json", "application/json", JSON.stringify(results, null, 1));
    const emotions = [...new Set(results.flatMap(result => Object.keys(result.probabilities)))].sort();
    const rows = results.map(result => ({...result, ...Object.fromEntries(emotions.map(emotion => [`p_${emotion}`, result.probabilities[emotion]]))}));
    return keep("emotions.csv", "text/csv", csv([...COLUMNS, ...emotions.map(emotion => `p_${emotion}`)], rows));
}

// listenTo(file, name) shows all of a recording.
export function begin(listenTo) {
    listen = (file, name) => {
        listenTo(file, name);
        location.hash = "#listen";
    };
    for (const id of ["batch-files", "batch-folder"]) {
        at(id).onchange = event => {
            take(chosen(event.target.files));
            event.target.value = "";
        };
    }
    for (const [name, isOver] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
        at("batch-drop").addEventListener(name, event => {
            event.preventDefault();
            at("batch-drop").classList.toggle("over", isOver);
            if (name === "drop") take(dropped(event.dataTransfer));
        });
    }
    at("batch-stop").onclick = () => stopping?.abort();
    at("batch-go-on").onclick = goOn;
    at("batch-again").onclick = again;
    at("batch-clear").onclick = clear;
    at("batch-csv").onclick = () => keepAs("csv");
    at("batch-json").onclick = () => keepAs("json");
    at("batch-show").onchange = () => {
        first = 0;
        drawTable();
    };
    for (const [id, by] of [["batch-before", -PAGE_ROWS], ["batch-after", PAGE_ROWS]]) {
        at(id).onclick = () => {
            first += by;
            drawTable();
        };
    }
}

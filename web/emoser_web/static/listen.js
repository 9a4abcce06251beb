// A recording, and what the models hear in it.
import {abilities, address, ask, get, nameOf, onBack, Problem, showError} from "./api.js";
import {modelOf} from "./known.js";
import {at, element, percent, pictureOf, widthFor} from "./dom.js";
import * as recorder from "./recorder.js";
import {isReplaced, work} from "./work.js";

const PAGE_SIZE = 60;
// Models are trained on sentences; the shortest of EmoDB has 1.2 s.
const TOO_SHORT_S = 0.5;
// Where the database says in a NOTICE that an utterance is unlike the training.
const UNFAMILIAR = 0.01;

// Audio that the browser can't play is still heard by the database.
let recording = null, channel = "", running = null, playerUrl = null, shown = 0;
// Whether the service went away before it answered.
let isLost = false;
const watchers = [];

export const current = () => recording;
// How it is heard by a model.
export const hearing = model => ({model, ...(channel && {channel})});
export const onRecording = watcher => watchers.push(watcher);

function show(part) {
    for (const name of ["empty", "error", "body"]) at(`result-${name}`).hidden = name !== part;
}

export function hear(next) {
    recording = next;
    channel = "";
    if (playerUrl) URL.revokeObjectURL(playerUrl);
    playerUrl = next.blob ? URL.createObjectURL(next.blob) : null;
    at("player").src = playerUrl || address("/recordings/audio", {filename: next.filename});
    for (const button of at("pick-list").querySelectorAll("button")) button.setAttribute("aria-pressed", button.dataset.filename === next.filename);
    return askAgain();
}

// The answer of a model, and what is known of it.
function listen(heard, how) {
    const words = `Listening to ${nameOf(heard)} …`;
    return work(at("result"), words, async ({signal, progress}) => {
        const onProgress = share => share < 1 ? progress(share, `Sending ${nameOf(heard)} …`) : progress(null, words);
        const answer = await (await ask("/predict", heard, how, {signal, onProgress})).json();
        return [answer, await modelOf(answer)];
    });
}

export async function askAgain() {
    if (!recording) return;
    const heard = recording, how = hearing(at("use-model").value || "emodb");
    isLost = false;
    try {
        const [answer, known] = await listen(heard, how);
        showAnswer(answer, heard, known);
        showChannels(answer);
        show("body");
        showMore(heard, how, answer);
        // On a phone it is below what was touched.
        if (at("result").getBoundingClientRect().top > 0.7 * innerHeight) at("result").scrollIntoView({block: "start"});
        watchers.forEach(watcher => watcher(heard));
    } catch (problem) {
        if (isReplaced(problem)) return;
        isLost = [0, 503].includes(problem.status);
        at("more").hidden = true;
        problem.about = nameOf(heard);
        showError(at("result-error"), problem, problem.status === 422 ? "this can't be heard" : null, problem.status === 422 ? null : askAgain);
        show("error");
        watchers.forEach(watcher => watcher(null));
    }
}

// An adapted model was told how such recordings sound.
function showWhetherFamiliar(answer, known) {
    at("unfamiliar").hidden = answer.familiarity === null || answer.familiarity >= UNFAMILIAR || Boolean(known.metrics?.adapted);
}

function showVerdict(answer, colors) {
    if (answer.emotion === null) {
        at("verdict").textContent = "No emotion";
        at("verdict-text").textContent = answer.reason || "There is nothing to hear it in.";
        return;
    }
    const best = answer.probabilities[answer.emotion];
    const swatch = element("span", {className: "swatch"});
    swatch.style.background = colors[answer.emotion];
    at("verdict").replaceChildren(swatch, answer.emotion);
    const tenths = Math.round(10 * best);
    let text = `Of such answers about ${tenths} in 10 are right, for voices like those it was trained on.`;
    if (best < 0.5) text = "Unsure: no emotion is likelier than not.";
    if (answer.duration_s < TOO_SHORT_S) text = "Too short to tell: speak for a second or more.";
    if (answer.label) text = `Labelled ${answer.label}: ${answer.label === answer.emotion ? "recognised" : "not recognised"}. ${text}`;
    at("verdict-text").textContent = text;
}

function showAnswer(answer, heard, known) {
    const colors = known.colors;
    showVerdict(answer, colors);
    showWhetherFamiliar(answer, known);
    at("result-name").textContent = nameOf(heard);
    at("bars").replaceChildren(...Object.entries(answer.probabilities).map(([emotion, share]) => {
        const fill = element("div", {className: "fill"});
        fill.style.width = `${100 * share}%`;
        fill.style.background = colors[emotion];
        return element("li", {}, element("span", {textContent: emotion}), element("div", {className: "track"}, fill), element("span", {className: "value", textContent: percent(share)}));
    }));
    at("result-facts").textContent = `${answer.duration_s.toFixed(answer.duration_s < 1 ? 2 : 1)} s of sound, heard in ${answer.ms.toFixed(1)} ms by ${answer.model}, version ${answer.version}.`;
    at("result").dataset.ms = (performance.now() - heard.since).toFixed(1);
}

// Of calls each side may have its own.
function showChannels(answer) {
    at("channels").hidden = answer.channels === 1;
    at("use-channel").replaceChildren(element("option", {value: "", textContent: "all, mixed"}),
        ...Array.from({length: answer.channels}, (_, i) => element("option", {value: `${i + 1}`, textContent: `${i + 1} of ${answer.channels}`})));
    at("use-channel").value = channel;
    at("channels-note").textContent = answer.channels_mixed ? "Different people speak on them, and were mixed: choose one." : "";
}

function showMore(heard, how, answer) {
    at("more").hidden = false;
    // About twenty windows, that leave nothing out.
    const hop = 0.1 * Math.ceil(answer.duration_s / 2), course = {...how, window_s: Math.max(1, hop).toFixed(1), hop_s: hop.toFixed(1)};
    // Where nobody speaks there is nothing of an emotion to draw.
    at("segments").hidden = at("explanation").hidden = answer.emotion === null;
    if (answer.emotion !== null) {
        picture(heard, "segments", "segments", course, "Probability of each emotion over time");
        picture(heard, "explanation", "explanation", how, "What in the recording spoke for the emotion, and what against");
    }
    picture(heard, "picture", "recording", {title: nameOf(heard).slice(0, 200), ...(channel && {channel})}, "Waveform, spectrogram, coefficients and pitch");
}

async function picture(heard, name, kind, parameters, alt) {
    const figure = at(name), place = figure.querySelector("div");
    const isThere = (await abilities).pictures.includes(kind);
    // A database whose version doesn't explain yet says so by the other picture alone.
    figure.hidden = !isThere && name === "explanation";
    let content = element("p", {className: "quiet", textContent: "This database's version of emoser has no such picture."});
    if (isThere) {
        try {
            content = await work(place, "Drawing …", async ({signal}) =>
                pictureOf(await ask(`/plots/${kind}.svg`, heard, {...parameters, width: widthFor(place, 1200)}, {signal}), alt));
        } catch (problem) {
            if (isReplaced(problem)) return;
            content = element("div", {className: "error"});
            showError(content, problem, null, () => picture(heard, name, kind, parameters, alt));
        }
    }
    place.replaceChildren(content);
}

async function listRecordings(isMore) {
    const emotion = at("emotion-filter").value, list = at("pick-list");
    shown = isMore ? shown : 0;
    try {
        const page = await work(list, "Looking for recordings …", ({signal}) =>
            get("/recordings", {limit: PAGE_SIZE, offset: shown, ...(emotion && {emotion})}, {signal}), {canStop: false});
        const buttons = page.recordings.map(item => element("button", {type: "button", "data-filename": item.filename, "aria-pressed": item.filename === recording?.filename, onclick: () => hear({filename: item.filename, since: performance.now()})},
            element("span", {textContent: item.filename}), element("span", {className: "quiet", textContent: item.label ?? ""})));
        if (!isMore) list.replaceChildren();
        list.append(...buttons);
        shown += buttons.length;
        if (!page.total) list.replaceChildren(element("p", {className: "quiet", textContent: "There are no recordings in the data set. docs/service.md says how to give the service a table of them."}));
        at("pick-more").hidden = shown >= page.total;
        at("pick-count").textContent = `${page.total} recordings`;
        if (at("emotion-filter").options.length === 1) at("emotion-filter").append(...page.emotions.filter(Boolean).map(name => element("option", {value: name, textContent: name})));
        at("train-data").textContent = page.total ? "On all recordings of the data set." : "There are no recordings to train on.";
        at("train-start").disabled = !page.total && !emotion;
    } catch (problem) {
        if (isReplaced(problem)) return;
        shown = 0;
        const error = element("div", {className: "error"});
        showError(error, problem, null, () => listRecordings(false));
        list.replaceChildren(error);
    }
}

function drawLevel(peaks) {
    const canvas = at("level-canvas"), pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = getComputedStyle(canvas).color;
    peaks.slice(-60).forEach((peak, i) => {
        const height = Math.max(2, peak ** 0.5 * canvas.height);
        pen.fillRect(4 * i, (canvas.height - height) / 2, 3, height);
    });
}

async function toggleRecording() {
    if (running) return stopRecording();
    const reason = recorder.reasonNot();
    const peaks = [];
    try {
        if (reason) throw new Problem(0, reason);
        running = await recorder.start((peak, seconds) => {
            peaks.push(peak);
            drawLevel(peaks);
            at("record-time").textContent = `${seconds.toFixed(1)} s`;
            if (seconds >= recorder.MAX_S) stopRecording();
        });
    } catch (error) {
        const words = {NotAllowedError: "The microphone was not allowed.", NotFoundError: "There is no microphone."};
        showError(at("result-error"), new Problem(0, words[error.name] || error.message, words[error.name] && "Allow it in the browser's settings of this page, or choose a file instead."));
        return show("error");
    }
    setRecording(true);
}

function setRecording(is) {
    at("record").setAttribute("aria-pressed", is);
    at("record-text").textContent = is ? "Stop" : "Record";
    at("level").hidden = !is;
    at("record-note").hidden = is;
}

function stopRecording() {
    const blob = running.stop();
    running = null;
    setRecording(false);
    hear({blob, name: "Recorded just now", since: performance.now()});
}

const chosen = file => file && hear({blob: file, name: file.name, since: performance.now()});

export function begin() {
    at("file").onchange = event => {
        chosen(event.target.files[0]);
        event.target.value = "";
    };
    for (const [name, isOver] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
        at("drop").addEventListener(name, event => {
            event.preventDefault();
            at("drop").classList.toggle("over", isOver);
            if (name === "drop") chosen(event.dataTransfer.files[0]);
        });
    }
    at("record").onclick = toggleRecording;
    at("emotion-filter").onchange = () => listRecordings(false);
    at("pick-more").onclick = () => listRecordings(true);
    at("use-model").onchange = askAgain;
    at("use-channel").onchange = event => {
        channel = event.target.value;
        askAgain();
    };
    onBack(() => {
        if (isLost) askAgain();
        if (!shown) listRecordings(false);
    });
    return listRecordings(false);
}

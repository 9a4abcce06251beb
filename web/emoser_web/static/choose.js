// Which recording: a file, the microphone, or one of the data set.
import {get, onBack, Problem, showError} from "./api.js";
import {take as takeMany} from "./batch.js";
import {at, element} from "./dom.js";
import {dropped, isMany} from "./files.js";
import {current, listenTo, onRecording, show} from "./listen.js";
import * as recorder from "./recorder.js";
import {isReplaced, work} from "./work.js";

const PAGE_SIZE = 60;
let running = null, shown = 0;

async function listRecordings(isMore) {
    const emotion = at("emotion-filter").value, list = at("pick-list");
    shown = isMore ? shown : 0;
    try {
        const page = await work(list, "Looking for recordings …", ({signal}) =>
            get("/recordings", {limit: PAGE_SIZE, offset: shown, ...(emotion && {emotion})}, {signal}), {canStop: false});
        const buttons = page.recordings.map(item => element("button", {type: "button", "data-filename": item.filename, "aria-pressed": item.filename === current()?.filename, onclick: () => listenTo(item.filename)},
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
    listenTo(blob, "Recorded just now");
}

const chosen = file => file && listenTo(file);

function markChosen(recording) {
    for (const button of document.querySelectorAll("#pick-list button[data-filename], #example-list button")) button.setAttribute("aria-pressed", button.dataset.filename === recording?.filename);
}

export function begin() {
    onRecording(markChosen);
    at("file").onchange = event => {
        chosen(event.target.files[0]);
        event.target.value = "";
    };
    for (const [name, isOver] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
        at("drop").addEventListener(name, event => {
            event.preventDefault();
            at("drop").classList.toggle("over", isOver);
            if (name !== "drop") return;
            if (isMany(event.dataTransfer)) takeMany(dropped(event.dataTransfer));
            else chosen(event.dataTransfer.files[0]);
        });
    }
    at("record").onclick = toggleRecording;
    at("emotion-filter").onchange = () => listRecordings(false);
    at("pick-more").onclick = () => listRecordings(true);
    onBack(() => {
        if (!shown) listRecordings(false);
    });
    return listRecordings(false);
}

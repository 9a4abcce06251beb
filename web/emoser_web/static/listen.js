// A recording, and what the models hear in it.
import {address, ask, nameOf, onBack, showError} from "./api.js";
import {decoded} from "./decode.js";
import {at} from "./dom.js";
import * as heard from "./heard.js";
import {modelOf} from "./known.js";
import * as pictures from "./pictures.js";
import * as player from "./player.js";
import {start} from "./start.js";
import * as timeline from "./timeline.js";
import * as turns from "./turns.js";
import {isReplaced, work} from "./work.js";

// At most; as many as are seen of a minute of an hour when it is zoomed into.
const COLUMNS = 12000;
// {filename}, or {blob, name}.
let recording = null;
// Whether the service went away before it answered.
let isLost = false;
const watchers = [];

export const current = () => recording;
// How it is heard by a model.
export const hearing = model => ({model});
// Called with a recording that was heard, or with null.
export const onRecording = watcher => watchers.push(watcher);

export function show(part) {
    for (const name of ["empty", "error", "body"]) at(`result-${name}`).hidden = name !== part;
}

// A File or Blob, or the name of a stored recording.
export function listenTo(what, name = what.name) {
    recording = typeof what === "string" ? {filename: what} : {blob: what, name};
    at("played-as-wav").hidden = true;
    const asked = recording;
    // What is there is about another one; nobody plays or corrects this one by it.
    at("result-body").inert = true;
    player.load(recording.blob ?? address("/recordings/audio", {filename: recording.filename}), () => playAsWav(asked));
    return askAgain();
}

// What the browser can't play, the database may decode.
async function playAsWav(asked) {
    const note = at("played-as-wav");
    let words = "Your browser can't play this format: you hear it as the database decodes it.";
    try {
        const blob = await work(at("player-work"), "Decoding it to be played …", async ({signal}) => (await ask("/wav", asked, {}, {signal})).blob());
        if (recording === asked) player.load(blob);
    } catch (problem) {
        // What can't be decoded is told of already.
        words = isReplaced(problem) || problem.status === 422 ? "" : `Your browser can't play this format. ${problem.message}`;
    }
    if (recording !== asked) return;
    note.textContent = words;
    note.hidden = !words;
}

// What the database can't decode, the browser may: the answer, and what was sent then.
export async function hear(sent, how, options) {
    try {
        return [await (await ask("/turns", sent, how, options)).json(), sent];
    } catch (problem) {
        const blob = problem.status === 422 && sent.blob && !sent.isDecoded ? await decoded(sent.blob) : null;
        if (!blob || options.signal.aborted) throw problem;
        return hear({blob, name: sent.name, isDecoded: true}, how, options);
    }
}

// The answer of a model, what was heard, and what is known of the model.
function listen(heard, how) {
    const words = `Listening to ${nameOf(heard)} …`;
    return work(at("result"), words, async ({signal, progress}) => {
        const onProgress = share => share < 1 ? progress(share, `Sending ${nameOf(heard)} …`) : progress(null, words);
        const [answer, sent] = await hear(heard, {...how, columns: COLUMNS}, {signal, onProgress});
        return [answer, sent, await modelOf(answer)];
    });
}

function showAnswer(answer, how, known) {
    show("body");
    at("result-body").inert = false;
    heard.show(answer, nameOf(recording), known);
    at("decoded-here").hidden = !recording.isDecoded;
    turns.show(recording, answer, known.colors);
    pictures.show(recording, how, answer);
    // On a phone it is below what was touched.
    if (at("result").getBoundingClientRect().top > 0.7 * innerHeight) at("result").scrollIntoView({block: "start"});
}

export async function askAgain() {
    if (!recording) return;
    const asked = recording, how = hearing(at("use-model").value || (await start).model), since = performance.now();
    isLost = false;
    player.pause();
    try {
        const [answer, sent, known] = await listen(asked, how);
        recording = sent;
        if (sent !== asked) player.load(sent.blob);
        showAnswer(answer, how, known);
        at("result").dataset.ms = (performance.now() - since).toFixed(1);
        watchers.forEach(watcher => watcher(recording));
    } catch (problem) {
        if (isReplaced(problem)) return;
        isLost = [0, 503].includes(problem.status);
        problem.about = nameOf(asked);
        showError(at("result-error"), problem, problem.status === 422 ? "this can't be heard" : null, problem.status === 422 ? null : askAgain);
        show("error");
        watchers.forEach(watcher => watcher(null));
    }
}

export function begin() {
    at("use-model").onchange = askAgain;
    onBack(() => {
        if (isLost) askAgain();
    });
    player.begin();
    timeline.begin();
    turns.begin();
    pictures.begin();
}

// "Was that right?": what a person says of a turn, or of a recording as a whole. The list of it all is in corrected.js.
import {address, change, nameOf, showError} from "./api.js";
import {at, element} from "./dom.js";
import {modelOf} from "./known.js";
import {start} from "./start.js";
import {isReplaced, work} from "./work.js";

// As web/schema.sql has it: longer parts have more than one emotion.
const MAX_PART_S = 60;
const watchers = [];
// What was said of which part, as long as the page is open: by recording, of each a Map.
const said = new WeakMap();

// Called with 1 for a correction that was stored, -1 for one that was undone.
export const onCorrected = watcher => watchers.push(watcher);
const tell = by => watchers.forEach(watcher => watcher(by));

export const corrector = () => localStorage.getItem("corrector") ?? "";

const partOf = turn => turn ? {start_s: turn.start_s, end_s: turn.end_s, ...(turn.channel !== null && {channel: turn.channel})} : {};

async function store({recording, answer, turn, heard}, emotion, signal) {
    const parameters = {
        emotion, model: answer.model.replace(/@\d+$/, ""), version: answer.version, by: corrector().slice(0, 63), ...partOf(turn),
        ...(heard.emotion !== null && {heard: heard.emotion, probability: heard.probability}),
        ...(recording.filename ? {filename: recording.filename} : {name: nameOf(recording).slice(0, 300)}),
    };
    return change(address("/corrections", parameters), "POST", recording.blob ?? null, {signal});
}

// Of a part of a recording: place shows the question, or what was said.
function draw(place, about) {
    const {recording, turn, heard, labels, colors} = about, key = JSON.stringify(partOf(turn));
    const ofRecording = said.get(recording) ?? said.set(recording, new Map()).get(recording), stored = ofRecording.get(key);
    const error = element("div", {className: "error", role: "alert", hidden: true});

    async function act(words, task, focus) {
        showError(error, null);
        try {
            await work(box, words, task, {canStop: false});
            draw(place, about);
            place.querySelector(focus)?.focus();
        } catch (problem) {
            if (!isReplaced(problem)) showError(error, problem, "That was not stored");
        }
    }

    const undo = async () => {
        await change(`/corrections/${ofRecording.get(key).id}`, "DELETE");
        ofRecording.delete(key);
        tell(-1);
    };
    const say = emotion => act("Storing …", async ({signal}) => {
        const made = await store(about, emotion, signal);
        if (ofRecording.has(key)) await undo();
        ofRecording.set(key, made);
        tell(1);
    }, ".undo");

    const choice = emotion => {
        const swatch = element("span", {className: "swatch small-swatch", "aria-hidden": true}), isIt = stored?.emotion === emotion;
        swatch.style.background = colors[emotion];
        return element("button", {type: "button", className: "plain choice", disabled: isIt, "aria-pressed": isIt, onclick: () => say(emotion)},
            swatch, emotion === heard.emotion ? `yes, ${emotion}` : emotion);
    };
    const others = labels.filter(label => label !== heard.emotion);
    const what = turn ? `this turn's ${(turn.end_s - turn.start_s).toFixed(1)} s of sound` : "the recording";
    const consent = recording.filename ? `Your answer is kept with the name of the recording, as training data.`
        : `Your answer is kept as training data, and ${what} with it, until somebody undoes it. Answer only if the people who speak agree.`;
    const words = stored
        ? element("p", {role: "status"}, stored.emotion === heard.emotion ? "You said that it was right. " : `You said that it is ${stored.emotion}. `,
            element("button", {type: "button", className: "plain undo", textContent: "Undo", onclick: () => act("Undoing …", undo, ".choice")}))
        : null;
    const box = element("fieldset", {className: "correction"}, element("legend", {textContent: "Was that right?"}), ...(words ? [words] : []),
        element("div", {className: "row choices"}, ...(heard.emotion === null ? [] : [choice(heard.emotion), element("span", {className: "quiet", textContent: "no, it is"})]), ...others.map(choice)),
        element("p", {className: "quiet small", textContent: consent}), error);
    place.replaceChildren(box);
}

// Which answer for the whole can be right or wrong: one that was given.
const isWhole = answer => answer.emotion !== null && answer.duration_s <= MAX_PART_S;

async function show({recording, answer, turn}) {
    const place = turn ? at("turn-correction") : at("whole-correction");
    place.replaceChildren();
    if ((await start).correctors === "nobody" || (!turn && !isWhole(answer))) return;
    const known = await modelOf(answer);
    const heard = turn ? {emotion: turn.emotion, probability: turn.probability} : {emotion: answer.emotion, probability: answer.probabilities[answer.emotion]};
    draw(place, {recording, answer, turn, heard, labels: known.labels ?? [], colors: known.colors});
}

export function begin() {
    at("result").addEventListener("turnselected", event => show(event.detail));
}

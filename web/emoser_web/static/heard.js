// What is said of a recording as a whole.
import {UNSURE, certainty} from "./certainty.js";
import {at, clock, element} from "./dom.js";
import {bars} from "./turns.js";

const REASONS = {no_speech: "No speech", little_speech: "Too short to tell", several_talkers: "Several people", long: "A long recording", unfamiliar: "Unlike the training"};

function headline(answer, colors) {
    if (answer.reason) return [REASONS[answer.reason.code] ?? "No one answer"];
    if (answer.emotion === null) return ["No emotion"];
    const swatch = element("span", {className: "swatch"});
    swatch.style.background = colors[answer.emotion];
    return [swatch, `${answer.probabilities[answer.emotion] < UNSURE ? "perhaps " : ""}${answer.emotion}`];
}

function inWords(answer, known) {
    const label = answer.label ? `Labelled ${answer.label}${answer.emotion === null ? "" : `: ${answer.label === answer.emotion ? "recognised" : "not recognised"}`}. ` : "";
    if (answer.reason) return `${label}${answer.reason.text}${answer.emotion === null ? "" : ` Its guess is ${answer.emotion}.`}`;
    if (answer.emotion === null) return label;
    return label + certainty(answer, known);
}

export function show(answer, name, known) {
    const {colors} = known;
    at("result-name").textContent = name;
    at("verdict").replaceChildren(...headline(answer, colors));
    at("verdict").classList.toggle("reason", Boolean(answer.reason));
    at("verdict-text").textContent = inWords(answer, known);
    at("notes").replaceChildren(...answer.notes.map(note => element("li", {textContent: note.text})));
    at("notes").hidden = !answer.notes.length;
    at("unfamiliar").hidden = answer.reason?.code !== "unfamiliar";
    at("probabilities").hidden = answer.emotion === null;
    bars(at("bars"), answer.probabilities, colors);
    const length = answer.duration_s < 100 ? `${answer.duration_s.toFixed(answer.duration_s < 1 ? 2 : 1)} s` : clock(answer.duration_s);
    at("result-facts").textContent = `${length} of sound, heard in ${answer.ms.toFixed(1)} ms by ${answer.model}, version ${answer.version}.`;
}

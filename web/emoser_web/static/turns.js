// Turns of the recording: the one that is chosen, the moments worth listening to, and all of them.
//
// For others: when a turn is chosen, or none, #result dispatches "turnselected", whose detail has recording, answer and turn
// (one of answer.turns, or null for the recording as a whole). #turn-correction is emptied before, and is theirs.
import {UNSURE} from "./certainty.js";
import {at, clock, element, percent} from "./dom.js";
import {forTurn as picturesForTurn} from "./pictures.js";
import * as player from "./player.js";
import * as timeline from "./timeline.js";

// The best; the others on request.
const FIRST_MOMENTS = 6;
let recording = null, answer = null, colors = {}, chosen = null;

export const selected = () => chosen;

function swatch(emotion) {
    const made = element("span", {className: "swatch small-swatch", "aria-hidden": true});
    made.style.background = colors[emotion] ?? "transparent";
    return made;
}

const sure = probability => probability >= 0.8 ? "" : probability >= UNSURE ? "probably " : "perhaps ";

const inWords = turn => turn.emotion === null ? "no emotion" : `${sure(turn.probability)}${turn.emotion}`;

export function bars(place, probabilities, colorsOfModel) {
    const sorted = Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
    place.replaceChildren(...sorted.map(([emotion, share]) => {
        const fill = element("div", {className: "fill"});
        fill.style.width = `${100 * share}%`;
        fill.style.background = colorsOfModel[emotion];
        return element("li", {}, element("span", {textContent: emotion}), element("div", {className: "track"}, fill), element("span", {className: "value", textContent: percent(share)}));
    }));
}

function tell() {
    at("turn-correction").replaceChildren();
    at("result").dispatchEvent(new CustomEvent("turnselected", {bubbles: true, detail: {recording, answer, turn: chosen}}));
}

function select(turn) {
    const isNew = turn !== chosen;
    chosen = turn;
    timeline.mark(turn);
    at("turn").hidden = !turn;
    if (turn) showTurn(turn);
    if (isNew) tell();
}

function showTurn(turn) {
    at("turn-title").replaceChildren(swatch(turn.emotion), inWords(turn));
    const where = answer.lanes.length > 1 ? `${timeline.laneName(turn.channel)}, ` : "";
    at("turn-facts").textContent = `${where}${clock(turn.start_s, 1)} to ${clock(turn.end_s, 1)}, ${turn.speech_s.toFixed(1)} s of speech.`;
    bars(at("turn-bars"), turn.probabilities ?? {}, colors);
    picturesForTurn(turn);
}

export function listen(turn) {
    select(turn);
    timeline.find(turn);
    return player.play(turn.start_s, turn.end_s);
}

// The turn in which a moment begins.
const turnOf = moment => answer.turns.find(turn => turn.channel === moment.channel && turn.start_s <= moment.start_s + 0.05 && turn.end_s > moment.start_s) ?? null;

function momentItem(moment) {
    const where = answer.lanes.length > 1 ? `${timeline.laneName(moment.channel)}, ` : "";
    const words = element("span", {}, element("strong", {textContent: `${sure(moment.probability)}${moment.emotion}`}), ` ${percent(moment.probability)}`);
    const button = element("button", {type: "button", className: "moment", onclick: () => {
        const turn = turnOf(moment);
        if (turn) {
            select(turn);
            timeline.find(turn);
        }
        player.play(moment.start_s, moment.end_s);
    }}, swatch(moment.emotion), words, element("span", {className: "quiet number", textContent: `${where}${clock(moment.start_s, 1)} to ${clock(moment.end_s, 1)}`}));
    return element("li", {}, button);
}

// All of them, or the best.
function listMoments(areAll) {
    const {moments} = answer, shown = areAll ? moments : moments.slice(0, FIRST_MOMENTS);
    at("moments").replaceChildren(...shown.map(momentItem));
    at("moments-more").hidden = shown.length === moments.length;
    at("moments-more").textContent = `Show all ${moments.length}`;
    at("moments-none").hidden = moments.length > 0;
}

function turnRow(turn) {
    const play = element("button", {type: "button", "aria-label": `Play ${timeline.nameOf(turn)}`, onclick: () => listen(turn), textContent: clock(turn.start_s, 1)});
    const cell = (label, ...content) => element("td", {"data-label": label}, ...content);
    return element("tr", {}, cell("From", play), cell("To", clock(turn.end_s, 1)), cell("Channel", turn.channel === null ? "mixed" : `${turn.channel}`),
        cell("Emotion", element("span", {}, swatch(turn.emotion), " ", turn.emotion ?? "none")), cell("Sure", turn.probability === null ? "" : percent(turn.probability)));
}

function listTurns() {
    const isOpen = at("all-turns").open;
    at("turns-body").replaceChildren(...(isOpen ? answer.turns.map(turnRow) : []));
}

export function show(heard, its, colorsOfModel) {
    [recording, answer, colors, chosen] = [heard, its, colorsOfModel, null];
    at("turn").hidden = true;
    at("turns-hint").hidden = at("moments-part").hidden = !its.turns.length;
    listMoments(false);
    at("all-turns").hidden = !its.turns.length;
    at("all-turns-title").textContent = its.turns.length === 1 ? "The one turn" : `All ${its.turns.length} turns`;
    listTurns();
    timeline.show(its, colorsOfModel, listen);
    tell();
}

export function begin() {
    at("turn-play").onclick = () => player.play(chosen.start_s, chosen.end_s);
    at("turn-close").onclick = () => {
        player.pause();
        const button = timeline.buttonOf(chosen);
        select(null);
        button?.focus();
    };
    at("moments-more").onclick = () => {
        listMoments(true);
        at("moments").children[FIRST_MOMENTS].firstChild.focus();
    };
    at("all-turns").addEventListener("toggle", () => answer && listTurns());
}

// Pictures of the recording, or of a turn of it: drawn by the database when somebody opens them.
import {abilities, ask, nameOf, showError} from "./api.js";
import {at, element, onWidth, pictureOf, widthFor} from "./dom.js";
import {isReplaced, work} from "./work.js";

// The recording, how a model is asked about it, and the turn that is chosen.
let recording = null, how = {}, durationS = 0, turn = null;

function parametersOf(kind, part) {
    const of = part ? {start_s: part.start_s, end_s: part.end_s, ...(part.channel && {channel: part.channel})} : {};
    if (kind === "recording") return {...of, title: part ? "The turn" : nameOf(recording).slice(0, 200)};
    // About twenty windows, that leave nothing out.
    const hop = 0.1 * Math.ceil(durationS / 2);
    return {...how, ...of, ...(kind === "segments" && {window_s: Math.min(60, Math.max(1, hop)).toFixed(1), hop_s: hop.toFixed(1)})};
}

async function draw(details) {
    const place = details.querySelector("div"), {kind, alt} = details.dataset, part = details.closest("#turn") ? turn : null;
    const isWanted = details.open && !details.hidden && recording && (part || !details.closest("#turn"));
    if (!isWanted || place.childElementCount) return;
    let content = element("p", {className: "quiet", textContent: "This database's version of emoser has no such picture."});
    if ((await abilities).pictures.includes(kind)) {
        const parameters = parametersOf(kind, part);
        try {
            content = await work(place, "Drawing …", async ({signal}) =>
                pictureOf(await ask(`/plots/${kind}.svg`, recording, {...parameters, width: widthFor(place, 1200)}, {signal}), alt));
        } catch (problem) {
            if (isReplaced(problem)) return;
            content = element("div", {className: "error"});
            showError(content, problem, null, () => {
                place.replaceChildren();
                draw(details);
            });
        }
    }
    place.replaceChildren(content);
}

function redraw(those) {
    for (const details of those) {
        details.querySelector("div").replaceChildren();
        draw(details);
    }
}

const all = () => document.querySelectorAll("#result-body details.picture");

export function show(next, asked, answer) {
    [recording, how, durationS, turn] = [next, asked, answer.duration_s, null];
    // Where nobody speaks there is nothing of an emotion to draw.
    for (const name of ["segments", "explanation"]) at(name).hidden = !answer.turns.length;
    redraw(all());
}

export function forTurn(next) {
    turn = next;
    redraw(at("turn").querySelectorAll("details.picture"));
}

export function begin() {
    for (const details of all()) {
        details.addEventListener("toggle", () => draw(details));
        onWidth(details.querySelector("div"), () => redraw([details]));
    }
}

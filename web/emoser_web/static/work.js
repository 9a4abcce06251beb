// A sign of what takes longer than an instant: words and a spinner, how far it is where that is known, and a way to stop it.
import {element} from "./dom.js";

// One that comes and goes at once would only flicker.
const INSTANT_MS = 300;
const running = new WeakMap();

// Why a task came to no end: somebody has stopped it, or the same place has other work by now, of which nothing is to be said.
export class Stopped extends Error {
    constructor(isReplaced) {
        super("Stopped.");
        this.isReplaced = isReplaced;
    }
}

export const isReplaced = problem => problem instanceof Stopped && problem.isReplaced;

function sign(words, stop) {
    const text = element("span", {textContent: words}), bar = element("progress", {max: 1, value: 0, hidden: true});
    bar.setAttribute("aria-label", words);
    const made = element("div", {className: "work"}, element("p", {className: "loading", role: "status"}, text), bar);
    if (stop) made.append(element("button", {type: "button", className: "plain", textContent: "Stop", onclick: stop}));
    return {made, text, bar};
}

// What task({signal, progress}) comes to. Meanwhile the place is busy, and after an instant has the sign as its first
// child. progress(share, words) tells how far it is, 0 to 1 or null for unknown. A place has one work at a time:
// another one stops that before. Where it is stopped, the promise is rejected with Stopped, whatever task comes to.
export async function work(place, words, task, {canStop = true} = {}) {
    const controller = new AbortController(), {signal} = controller;
    running.get(place)?.abort(new Stopped(true));
    running.set(place, controller);
    const {made, text, bar} = sign(words, canStop && (() => controller.abort(new Stopped(false))));
    const showing = setTimeout(() => {
        place.prepend(made);
        place.setAttribute("aria-busy", true);
    }, INSTANT_MS);
    const progress = (share, saying) => {
        bar.hidden = share === null;
        bar.value = share ?? 0;
        if (saying) text.textContent = saying;
    };
    try {
        const stopped = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        return await Promise.race([task({signal, progress}), stopped]);
    } finally {
        clearTimeout(showing);
        made.remove();
        if (running.get(place) === controller) {
            running.delete(place);
            place.removeAttribute("aria-busy");
        }
    }
}

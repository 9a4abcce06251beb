// Recordings that the page offers by what is heard in them, and whose voices the data set has.
import {onBack} from "./api.js";
import {at, element} from "./dom.js";
import {listenTo} from "./listen.js";
import {start} from "./start.js";

const button = example => element("button", {type: "button", className: "example", "data-filename": example.filename, onclick: () => listenTo(example.filename)},
    element("span", {className: "example-title", textContent: `${example.title}, ${Math.round(example.duration_s)}\u00a0s`}),
    ...(example.about ? [element("span", {className: "quiet small", textContent: example.about})] : []));

async function show() {
    const {examples, voices} = await start;
    at("voices").hidden = !voices;
    at("voices").textContent = voices ?? "";
    at("examples").hidden = !examples.length;
    at("example-list").replaceChildren(...examples.map(button));
}

export function begin() {
    onBack(show);
    show();
}

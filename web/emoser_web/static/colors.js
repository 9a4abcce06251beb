// Colours of emotions, which are those of the pictures: the models know them.
import {get} from "./api.js";

const known = new Map();

export function learn(models) {
    for (const model of models) known.set(`${model.name}@${model.version}`, model.colors);
}

// By emotion. A model that was not listed yet was trained since.
export async function colorsOf(answer) {
    const name = `${answer.model.replace(/@\d+$/, "")}@${answer.version}`;
    if (!known.has(name)) learn(await get("/models"));
    return known.get(name) ?? {};
}

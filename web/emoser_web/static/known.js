// What is known of models: colours of emotions, which are those of the pictures, and whether they were adapted.
import {get} from "./api.js";

const known = new Map();

export function learn(models) {
    for (const model of models) known.set(`${model.name}@${model.version}`, model);
}

// That which has answered. One that was not listed yet was trained since.
export async function modelOf(answer) {
    const name = `${answer.model.replace(/@\d+$/, "")}@${answer.version}`;
    if (!known.has(name)) learn(await get("/models"));
    return known.get(name) ?? {colors: {}};
}

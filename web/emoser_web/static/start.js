// What the page begins with: the model that it asks first, whose voices the recordings are, examples, who may correct.
import {get, onBack} from "./api.js";

const ask = () => get("/start").catch(() => ({model: "emodb", voices: null, examples: [], n_corrections: 0, correctors: "nobody"}));

export let start = ask();
onBack(() => start = ask());

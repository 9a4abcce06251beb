// Models side by side.
import {abilities, address, change, get, onBack, send, showError} from "./api.js";
import {noEmotion} from "./certainty.js";
import {learn} from "./known.js";
import {at, element, percent, pictureOf, widthFor} from "./dom.js";
import {current, hear, hearing} from "./listen.js";
import {start} from "./start.js";
import {isReplaced, work} from "./work.js";

const KINDS = {lda: "linear", cnn: "net", ensemble: "net and linear"};
let able = {pictures: [], report: false}, areListed = false;

function cell(label, ...content) {
    return element("td", {"data-label": label}, ...content);
}

// Who may train in the database may write anything there, numbers that are none too.
function figure(model, name) {
    const value = model.metrics?.[name];
    return Number.isFinite(value) ? value : undefined;
}

function uar(share) {
    if (share === undefined) return cell("UAR", "unknown");
    const fill = element("div", {className: "fill"});
    fill.style.width = `${100 * share}%`;
    fill.style.background = "var(--accent)";
    return cell("UAR", element("div", {}, percent(share), element("div", {className: "track"}, fill)));
}

function row(model) {
    const version = `${model.name}@${model.version}`, words = `${model.name}, version ${model.version}`;
    const actions = element("div", {className: "actions"});
    if (!model.deployed && model.deployable) actions.append(element("button", {type: "button", textContent: "Deploy", "aria-label": `Deploy ${words}`, onclick: () => deploy(model)}));
    if (able.pictures.includes("confusion")) {
        actions.append(element("button", {type: "button", textContent: "Confusion", "aria-label": `Confusion matrix of ${words}`, onclick: () => confusion(model, "unknown")}));
    }
    if (able.report) {
        actions.append(element("a", {href: address("/report", {model: version}), target: "_blank", rel: "noopener", textContent: "Report", "aria-label": `Report on ${words}, in a new tab`}));
    }
    const tag = model.predicts ? [" ", element("span", {className: "tag", textContent: model.deployed ? "deployed" : "in use"})] : [];
    const n_adapted = model.metrics?.adapted?.recordings, adapted = Number.isInteger(n_adapted) ? `, adapted to ${n_adapted}` : "";
    const speakers = model.n_speakers ? `, ${model.n_speakers} speakers` : "";
    const made = element("tr", {className: model.predicts ? "active" : ""},
        cell("Model", element("span", {}, element("span", {className: "name", textContent: `${model.name} ${model.version}`}), ...tag)),
        cell("Kind", KINDS[model.algorithm] || model.algorithm),
        cell("Trained on", `${model.n_utterances} recordings${speakers}${adapted}`), uar(figure(model, "uar")),
        cell("Log loss", figure(model, "log_loss")?.toFixed(2) ?? "unknown"),
        element("td", {className: "answer", "data-label": "This recording", "data-model": version}), cell("", actions));
    made.lastChild.classList.add("wide");
    return made;
}

export async function load(choose) {
    try {
        const models = await work(at("models-work"), "Looking for models …", ({signal}) => get("/models", {}, {signal}), {canStop: false});
        learn(models);
        able = await abilities;
        areListed = true;
        const select = at("use-model"), before = choose || select.value || (await start).model;
        const names = models.filter(model => model.predicts).map(model => model.name);
        select.replaceChildren(...names.map(name => element("option", {value: name, textContent: name})));
        select.value = names.includes(before) ? before : names[0];
        at("models-body").replaceChildren(...models.map(row));
        showError(at("models-error"), null);
    } catch (problem) {
        if (!isReplaced(problem)) showError(at("models-error"), problem, "Models can't be listed", () => load(choose));
    }
}

async function deploy(model) {
    try {
        await work(at("models-work"), `Deploying ${model.name} ${model.version} …`, () =>
            change(address(`/models/${encodeURIComponent(model.name)}/deploy`, {version: model.version})), {canStop: false});
        await load();
    } catch (problem) {
        if (!isReplaced(problem)) showError(at("models-error"), problem, `${model.name} ${model.version} is not deployed`);
    }
}

// Which recordings a confusion matrix is of, and the words that say so.
const CONFUSIONS = {
    unknown: {kind: "confusion", parameters: {trained_on: "leave out"}, words: "Recordings that it was not trained on."},
    held_out: {kind: "held_out_confusion", parameters: {}, words: "It was trained on all of these recordings. So they are asked of models that are trained as it was, each without some of the speakers, about those: that is what its UAR is of."},
    all: {kind: "confusion", parameters: {}, words: "All recordings, with those that it was trained on, which tell nothing of others."}
};

async function drawConfusion(model, which) {
    const version = `${model.name}@${model.version}`, words = `${model.name}, version ${model.version}`, place = at("model-picture");
    const {kind, parameters} = CONFUSIONS[which];
    return work(place, `Asking ${words} about the recordings …`, async ({signal}) => {
        const all = {...parameters, model: version, width: widthFor(place, 704)};
        return pictureOf(await send(address(`/plots/${kind}.svg`, all), {signal}), `Confusion matrix of ${words}`);
    });
}

// Nobody knows how good a model is by what it was trained on: where nothing else is there, models trained without each
// speaker are asked, which only linear ones are in seconds.
async function confusion(model, which) {
    const place = at("model-picture"), title = `Confusion matrix of ${model.name}, version ${model.version}`;
    place.scrollIntoView({block: "nearest"});
    try {
        const image = await drawConfusion(model, which);
        place.replaceChildren(element("p", {textContent: `${title}. ${CONFUSIONS[which].words}`}), image);
        place.scrollIntoView({block: "nearest"});
    } catch (problem) {
        if (isReplaced(problem)) return;
        const isAllKnown = which === "unknown" && problem.status === 404;
        if (isAllKnown && model.algorithm === "lda" && !model.metrics?.adapted) return confusion(model, "held_out");
        const error = element("div", {className: "error"});
        showError(error, problem, title, isAllKnown ? null : () => confusion(model, which));
        if (isAllKnown) error.append(element("button", {type: "button", className: "plain", textContent: "Show what it was trained on", onclick: () => confusion(model, "all")}));
        place.replaceChildren(error);
    }
}

async function answerOf(version, recording, signal) {
    try {
        const [answer] = await hear(recording, {...hearing(version), columns: 1}, {signal});
        const {emotion} = answer;
        return emotion === null ? noEmotion(answer) : `${answer.reason ? "perhaps " : ""}${emotion}, ${percent(answer.probabilities[emotion])}`;
    } catch (problem) {
        if (signal.aborted) throw problem;
        return problem.message;
    }
}

async function askAll() {
    const recording = current(), places = [...document.querySelectorAll("td.answer")];
    try {
        await work(at("models-work"), `Asking ${places.length} models …`, async ({signal, progress}) => {
            for (const [i, place] of places.entries()) {
                place.textContent = await answerOf(place.dataset.model, recording, signal);
                progress((i + 1) / places.length);
            }
        });
    } catch (problem) {
        if (!isReplaced(problem)) showError(at("models-error"), problem, "Not all models were asked", askAll);
    }
}

export async function begin() {
    at("ask-all").onclick = askAll;
    onBack(() => {
        if (!areListed) load();
    });
    await load();
}

export function recordingChanged(recording) {
    at("ask-all").disabled = !recording;
    for (const place of document.querySelectorAll("td.answer")) place.textContent = "";
}

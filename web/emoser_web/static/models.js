// Models side by side.
import {abilities, address, ask, change, get, showError} from "./api.js";
import {element, percent} from "./charts.js";
import {current} from "./listen.js";

const at = id => document.getElementById(id);
const KINDS = {lda: "linear", cnn: "net", ensemble: "net and linear"};
let able = {pictures: [], report: false}, shownPicture = null;

function cell(label, ...content) {
    return element("td", {"data-label": label}, ...content);
}

function uar(metrics) {
    if (metrics.uar === undefined) return cell("UAR", "unknown");
    const fill = element("div", {className: "fill"});
    fill.style.width = `${100 * metrics.uar}%`;
    fill.style.background = "var(--accent)";
    return cell("UAR", element("div", {}, percent(metrics.uar), element("div", {className: "track"}, fill)));
}

function row(model) {
    const actions = element("div", {className: "actions"});
    if (!model.deployed && model.deployable) actions.append(element("button", {type: "button", textContent: "Deploy", "aria-label": `Deploy ${model.name}, version ${model.version}`, onclick: () => deploy(model)}));
    if (model.predicts && able.pictures.includes("confusion")) {
        actions.append(element("button", {type: "button", textContent: "Confusion", "aria-label": `Confusion matrix of ${model.name}`, onclick: () => confusion(model)}));
    }
    if (model.predicts && able.report) {
        actions.append(element("a", {href: address("/report", {model: model.name}), target: "_blank", rel: "noopener", textContent: "Report", "aria-label": `Report on ${model.name}, in a new tab`}));
    }
    const tag = model.predicts ? [" ", element("span", {className: "tag", textContent: model.deployed ? "deployed" : "in use"})] : [];
    const speakers = model.n_speakers ? `, ${model.n_speakers} speakers` : "";
    const made = element("tr", {className: model.predicts ? "active" : ""},
        cell("Model", element("span", {}, element("span", {className: "name", textContent: `${model.name} ${model.version}`}), ...tag)),
        cell("Kind", KINDS[model.algorithm] || model.algorithm),
        cell("Trained on", `${model.n_utterances} recordings${speakers}`), uar(model.metrics),
        cell("Log loss", model.metrics.log_loss?.toFixed(2) ?? "unknown"),
        element("td", {className: "answer", "data-label": "This recording", "data-model": model.predicts ? model.name : ""}), cell("", actions));
    made.lastChild.classList.add("wide");
    return made;
}

export async function load(choose) {
    try {
        const models = await get("/models");
        const select = at("use-model"), before = choose || select.value || "emodb";
        const names = models.filter(model => model.predicts).map(model => model.name);
        select.replaceChildren(...names.map(name => element("option", {value: name, textContent: name})));
        select.value = names.includes(before) ? before : names[0];
        at("models-body").replaceChildren(...models.map(row));
        showError(at("models-error"), null);
    } catch (problem) {
        showError(at("models-error"), problem);
        setTimeout(load, 3000);
    }
}

async function deploy(model) {
    try {
        await change(address(`/models/${encodeURIComponent(model.name)}/deploy`, {version: model.version}));
        await load();
    } catch (problem) {
        showError(at("models-error"), problem);
    }
}

async function confusion(model) {
    try {
        const response = await fetch(address("/plots/confusion.svg", {model: model.name, width: Math.min(Math.max(at("model-picture").clientWidth, 320), 900)}));
        if (!response.ok) throw new Error((await response.json()).detail);
        if (shownPicture) URL.revokeObjectURL(shownPicture);
        shownPicture = URL.createObjectURL(await response.blob());
        at("model-picture").replaceChildren(element("h2", {textContent: `${model.name} on the data set`}), element("img", {src: shownPicture, alt: "Confusion matrix"}));
        at("model-picture").scrollIntoView({block: "nearest"});
    } catch (problem) {
        showError(at("models-error"), problem);
    }
}

async function askAll() {
    for (const place of document.querySelectorAll("td.answer")) {
        if (!place.dataset.model || !current()) continue;
        try {
            const answer = await (await ask("/predict", current(), {model: place.dataset.model})).json();
            place.textContent = `${answer.emotion}, ${percent(answer.probabilities[answer.emotion])}`;
        } catch (problem) {
            place.textContent = problem.message;
        }
    }
}

export async function begin() {
    at("ask-all").onclick = askAll;
    able = await abilities;
    await load();
}

export function recordingChanged(recording) {
    at("ask-all").disabled = !recording;
    for (const place of document.querySelectorAll("td.answer")) place.textContent = "";
}

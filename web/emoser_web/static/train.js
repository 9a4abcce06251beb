// Trainings: begin one, watch it, cancel it.
import {abilities, address, change, get, onBack, send, showError} from "./api.js";
import {at, element, onWidth, percent, pictureOf, widthFor} from "./dom.js";
import {isReplaced, work} from "./work.js";

const POLL_MS = 700, POLL_AWAY_MS = 2000;
let watched = null, drawn = "", shown = null, others = "";
const watchers = [];

export const onTrained = watcher => watchers.push(watcher);

const minutes = s => s < 90 ? `${Math.ceil(s)} s` : `${Math.ceil(s / 60)} min`;

const hasTwoRuns = job => job.epochs > job.epochs_per_run;

function progressOf(job) {
    if (!job.epochs) return "Reading the recordings";
    if (!hasTwoRuns(job)) return `Epoch ${job.epochs_done} of ${job.epochs}`;
    const isFinal = job.epochs_done > job.epochs_per_run;
    return `${isFinal ? "Final" : "Calibration"} run, epoch ${job.epochs_done - (isFinal ? job.epochs_per_run : 0)} of ${job.epochs_per_run}`;
}

function describe(job) {
    switch (job.state) {
    case "queued": return job.ahead ? `Waiting for ${job.ahead} other training${job.ahead > 1 ? "s" : ""}.` : "About to begin.";
    case "running": return `${progressOf(job)}${job.time_left_s ? `, about ${minutes(job.time_left_s)} left` : ""}.${job.starts > 1 ? " It was interrupted, and goes on." : ""}`;
    case "canceling": return "Stopping …";
    case "canceled": return "Canceled. Nothing was stored.";
    case "failed": return job.error;
    default: return `Version ${job.version} is trained, in ${minutes(job.elapsed_s)}${job.metrics?.uar ? `: it recognises ${percent(job.metrics.uar)} of the emotions of speakers it did not know` : ""}.`;
    }
}

// Loss and accuracy by epoch, again after each one.
async function drawCurves(job) {
    const place = at("training-picture"), n = job.history.length, state = `${job.id} ${n} ${job.version}`;
    if (state === drawn) return;
    drawn = state;
    if (!n || !(await abilities).pictures.includes("training")) return place.replaceChildren();
    const model = job.version === null ? job.model : `${job.model}@${job.version}`;
    try {
        const image = await pictureOf(await send(address("/plots/training.svg", {model, width: widthFor(place, 900)})), `Loss and accuracy of ${job.model} after ${n} epochs`);
        if (state === drawn) place.replaceChildren(image);
    } catch {
        drawn = "";  // the next look at the training tries again
    }
}

const isActive = job => ["running", "canceling", "queued"].includes(job.state);

// Others that run or wait, to be looked at and canceled, too; again when something has changed.
async function showOthers(job) {
    const state = `${job.id} ${job.state} ${job.ahead}`;
    if (state === others) return;
    others = state;
    try {
        const jobs = (await get("/trainings")).filter(other => other.id !== job.id && isActive(other));
        if (state !== others) return;
        at("training-others").hidden = !jobs.length;
        at("training-others-list").replaceChildren(...jobs.map(other => element("button", {type: "button", className: "plain", onclick: () => watch(other.id),
            textContent: `${other.model}, ${other.state === "queued" ? "waiting" : other.state}`})));
    } catch {
        others = "";  // the next look at the training tries again
    }
}

function showJob(job) {
    shown = job;
    showOthers(job);
    const isOver = !isActive(job);
    at("training-empty").hidden = true;
    at("training-body").hidden = false;
    if (isOver) showError(at("cancel-error"), null);
    at("training-title").textContent = job.model;
    at("training-cancel").hidden = isOver;
    at("training-cancel").disabled = job.state === "canceling";
    at("training-progress").hidden = isOver;
    if (job.epochs) at("training-progress").value = job.epochs_done / job.epochs;
    else at("training-progress").removeAttribute("value");
    at("training-use").hidden = job.state !== "done";
    at("training").dataset.state = job.state;
    showError(at("training-error"), job.state === "failed" ? new Error(describe(job)) : null);
    at("training-runs").hidden = !(hasTwoRuns(job) && job.history.length);
    at("training-text").textContent = job.state === "failed" ? "The training ended with an error." : describe(job);
    drawCurves(job);
    return isOver;
}

async function watch(id) {
    watched = id;
    for (;;) {
        let wait = POLL_MS;
        try {
            const job = await get(`/trainings/${id}`);
            if (watched !== id) return;
            if (showJob(job)) {
                if (job.state === "done") watchers.forEach(watcher => watcher(job));
                return;
            }
        } catch (problem) {
            if (watched !== id) return;
            if (problem.status !== 0 && problem.status !== 503) return showError(at("training-error"), problem);
            at("training-text").textContent = "The service is not answering. The training is not lost: it goes on when the service is back.";
            wait = POLL_AWAY_MS;
        }
        await new Promise(resolve => setTimeout(resolve, wait));
    }
}

async function submit(event) {
    event.preventDefault();
    const algorithm = at("train-algorithm").value;
    const parameters = {model: at("train-name").value, algorithm, ...(algorithm !== "lda" && {n_epochs: at("train-epochs").value}),
        ...(at("train-corrections").checked && !at("train-corrections-label").hidden && {corrections: "use"})};
    at("train-start").disabled = true;
    showError(at("train-error"), null);
    try {
        const job = await work(at("train-work"), "Asking for the training …", () => change(address("/trainmodel", parameters)), {canStop: false});
        watch(job.id);
    } catch (problem) {
        showError(at("train-error"), problem, `${parameters.model} is not trained`);
    }
    at("train-start").disabled = false;
}

async function watchLast() {
    try {
        const jobs = await work(at("training"), "Looking for trainings …", ({signal}) => get("/trainings", {}, {signal}), {canStop: false});
        const last = jobs.find(job => job.state === "running") ?? jobs.find(isActive) ?? jobs[0];
        if (last && !watched) watch(last.id);
        else at("training-empty").hidden = false;
    } catch (problem) {
        if (!isReplaced(problem)) showError(at("training-error"), problem, null, watchLast);
    }
}

export async function begin(useModel) {
    at("train-form").onsubmit = submit;
    at("train-epochs").oninput = event => at("train-epochs-out").textContent = event.target.value;
    at("train-algorithm").onchange = event => {
        const hasEpochs = event.target.value !== "lda";
        for (const id of ["train-epochs", "train-epochs-label", "train-note"]) at(id).hidden = !hasEpochs;
    };
    at("training-cancel").onclick = async () => {
        at("training-cancel").disabled = true;
        showError(at("cancel-error"), null);
        try {
            showJob(await work(at("cancel-work"), "Stopping …", () => change(`/trainings/${watched}`, "DELETE"), {canStop: false}));
        } catch (problem) {
            showError(at("cancel-error"), problem, "It was not canceled");
            at("training-cancel").disabled = false;
        }
    };
    at("training-use").onclick = () => {
        useModel(at("training-title").textContent);
        location.hash = "#listen";
    };
    onWidth(at("training-picture"), () => {
        drawn = "";
        if (shown) drawCurves(shown);
    });
    onBack(() => {
        if (!watched) watchLast();
    });
    await watchLast();
}

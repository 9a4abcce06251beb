// Requests to the service, and its problems in words.
import {element} from "./dom.js";

const CHECK_MS = 2000;

export class Problem extends Error {
    constructor(status, detail, hint) {
        super(detail);
        this.status = status;
        this.hint = hint;
    }
}

let token = new URLSearchParams(location.hash.slice(1)).get("token") || sessionStorage.getItem("token") || "";
if (location.hash.startsWith("#token=")) {
    // Not for the history of the browser.
    sessionStorage.setItem("token", token);
    history.replaceState(null, "", location.pathname);
}

// Whether the service answers

const banner = document.getElementById("banner");
const watchers = [];
let isAway = false;

// Called each time that the service is back after it has been away.
export const onBack = watcher => watchers.push(watcher);

const answers = () => fetch("/healthz", {cache: "no-store"}).then(response => response.ok, () => false);

// A request may fail though the service is there: only where it doesn't answer a question that is always answered, it is
// away, which the banner tells until it is back.
async function isGone() {
    if (await answers()) return false;
    if (isAway) return true;
    isAway = true;
    banner.textContent = `The service or its database is not answering. It is asked again every ${CHECK_MS / 1000} seconds; this page goes on when it is back.`;
    banner.hidden = false;
    waitUntilBack();
    return true;
}

async function waitUntilBack() {
    do await new Promise(resolve => setTimeout(resolve, CHECK_MS));
    while (!await answers());
    isAway = false;
    banner.hidden = true;
    watchers.forEach(watcher => watcher());
}

// Requests

// fetch() doesn't tell how much of a body is sent.
function upload(path, {method, headers, body, signal, onProgress}) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        signal?.addEventListener("abort", () => request.abort());
        request.open(method, path);
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.responseType = "blob";
        request.upload.onprogress = event => event.lengthComputable && onProgress(event.loaded / event.total);
        request.onload = () => {
            const lines = request.getAllResponseHeaders().trim().split(/\r?\n/).map(line => line.split(/: (.*)/s).slice(0, 2));
            resolve(new Response(request.response, {status: request.status, headers: lines}));
        };
        request.onerror = request.onabort = () => reject(new TypeError("not sent"));
        request.send(body);
    });
}

// options are those of fetch(), and onProgress(share) for what of the body is sent. A Problem tells why there is no answer.
export async function send(path, options = {}) {
    let response;
    try {
        response = await (options.onProgress ? upload : fetch)(path, options);
    } catch (error) {
        if (options.signal?.aborted) throw options.signal.reason;
        if (await isGone()) throw new Problem(0, "The service can't be reached.", "Is it still running?");
        throw new Problem(0, "The connection broke off before there was an answer.");
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({detail: `The service answered ${response.status}.`}));
    if (response.status === 503) await isGone();
    throw new Problem(response.status, problem.detail, problem.hint);
}

function askForToken(isWrong) {
    const dialog = document.getElementById("token-dialog");
    const input = document.getElementById("token"), wrong = document.getElementById("token-wrong");
    input.value = "";
    wrong.hidden = !isWrong;
    input.setAttribute("aria-invalid", isWrong);
    dialog.returnValue = "cancel";
    dialog.showModal();
    return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" ? input.value.trim() : ""), {once: true}));
}

// What needs the token; it is asked for when it lacks or is wrong. body: JSON, or a recording as Blob.
export async function withToken(path, {method = "GET", body = null, signal} = {}) {
    for (;;) {
        try {
            const headers = {Authorization: `Bearer ${token}`};
            if (body) headers["Content-Type"] = body instanceof Blob ? "application/octet-stream" : "application/json";
            return await send(path, {method, headers, body, signal});
        } catch (problem) {
            if (problem.status !== 401) throw problem;
            const isWrong = token !== "";
            token = await askForToken(isWrong);
            if (!token) throw new Problem(401, "Nothing was changed: that needs the token of the service.");
            sessionStorage.setItem("token", token);
        }
    }
}

export const change = async (path, method = "POST", body = null, options = {}) => (await withToken(path, {...options, method, body})).json();

export const address = (path, parameters) => `${path}?${new URLSearchParams(parameters)}`;

export const get = async (path, parameters = {}, options = {}) => (await send(address(path, parameters), options)).json();

export const nameOf = recording => recording.filename || recording.name;

const askForAbilities = () => get("/healthz").catch(() => ({pictures: [], report: false}));

// What the database's version of emoser can draw, and how much the service takes.
export let abilities = askForAbilities();
onBack(() => abilities = askForAbilities());

const megabytes = n_bytes => `${(n_bytes / 2 ** 20).toFixed(n_bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;

async function refuseSize(blob) {
    if (!blob.size) throw new Problem(422, "The file is empty.");
    const most = (await abilities).max_upload_bytes;
    if (blob.size > most) throw new Problem(413, `It has ${megabytes(blob.size)}, and at most ${megabytes(most)} can be sent.`, "As Ogg, MP3 or FLAC it would be smaller.");
}

// A recording is {blob, name} or {filename}. A Problem has its name as "about". options: signal, onProgress.
export async function ask(path, recording, parameters, options = {}) {
    try {
        if (recording.filename) return await send(address(path, {...parameters, filename: recording.filename}), {...options, onProgress: null, method: "POST"});
        await refuseSize(recording.blob);
        const headers = {"Content-Type": "application/octet-stream"};
        return await send(address(path, parameters), {...options, method: "POST", headers, body: recording.blob});
    } catch (problem) {
        if (problem instanceof Problem) problem.about = nameOf(recording);
        throw problem;
    }
}

// What went wrong, of which recording, and what to do; again(), if given, does it once more at the press of a button.
export function showError(place, problem, title, again) {
    place.hidden = !problem;
    place.replaceChildren();
    if (!problem) return;
    const heading = [problem.about, title].filter(Boolean).join(": ");
    if (heading) place.append(element("h3", {textContent: heading}));
    for (const text of [problem.message, problem.hint]) if (text) place.append(element("p", {textContent: text}));
    if (again) place.append(element("button", {type: "button", className: "plain", textContent: "Try again", onclick: again}));
}

// Requests to the service, and its problems in words.

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

const banner = document.getElementById("banner");

function sayWhetherAway(isAway) {
    banner.hidden = !isAway;
    banner.textContent = isAway ? "The service or its database is not answering. It is tried again all the time." : "";
}

export async function send(path, options) {
    let response;
    try {
        response = await fetch(path, options);
    } catch {
        sayWhetherAway(true);
        throw new Problem(0, "The service can't be reached.", "Is it still running?");
    }
    sayWhetherAway(response.status === 503);
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({detail: `The service answered ${response.status}.`}));
    throw new Problem(response.status, problem.detail, problem.hint);
}

function askForToken() {
    const dialog = document.getElementById("token-dialog");
    const input = document.getElementById("token");
    input.value = "";
    dialog.returnValue = "cancel";
    dialog.showModal();
    return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" ? input.value.trim() : ""), {once: true}));
}

// A change needs the token; it is asked for when it lacks or is wrong.
export async function change(path, method = "POST", body = null) {
    for (;;) {
        try {
            const headers = {Authorization: `Bearer ${token}`};
            if (body) headers["Content-Type"] = "application/json";
            return await (await send(path, {method, headers, body})).json();
        } catch (problem) {
            if (problem.status !== 401) throw problem;
            token = await askForToken();
            if (!token) throw new Problem(401, "Nothing was changed: that needs the token of the service.");
            sessionStorage.setItem("token", token);
        }
    }
}

export const address = (path, parameters) => `${path}?${new URLSearchParams(parameters)}`;

export const get = async (path, parameters = {}) => (await send(address(path, parameters))).json();

// A recording is {blob} or {filename}.
export function ask(path, recording, parameters) {
    if (recording.filename) return send(address(path, {...parameters, filename: recording.filename}), {method: "POST"});
    const headers = {"Content-Type": "application/octet-stream"};
    return send(address(path, parameters), {method: "POST", headers, body: recording.blob});
}

export function showError(place, problem, title) {
    const hidden = !problem;
    place.hidden = hidden;
    place.replaceChildren();
    if (hidden) return;
    for (const text of [title, problem.message, problem.hint]) {
        if (!text) continue;
        const p = document.createElement(text === title ? "h3" : "p");
        p.textContent = text;
        place.append(p);
    }
}

// What the database's version of emoser can draw.
export const abilities = get("/healthz").catch(() => ({pictures: [], report: false}));

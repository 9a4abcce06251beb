// Lanes over one time axis: the waveform of each, turns as stretches to be played, and where it plays.
import {stretchColors} from "./colors.js";
import {at, clock, element, percent} from "./dom.js";
import * as player from "./player.js";

// Zoomed in as far as that, the whole width is so many seconds.
const CLOSEST_S = 4;
const ZOOM_STEP = 2;
// A turn that is gone to becomes at least so wide.
const FOUND_PX = 60;
// Letters of the names in turns, about.
const LETTER_PX = 7.2;
const TICKS_S = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];
const TICK_PX = 70;
const FULL_SCALE = 127;
// A quiet recording fills the lane, too, as far as so much louder.
const LEAST_PEAK = 12;

const scroller = at("timeline-scroll"), inner = at("timeline-inner"), playhead = at("playhead"), ruler = at("timeline-ruler");
let shown = null, colors = {}, zoom = 1, select = () => {}, buttons = [], seenS = 0;

export const laneName = channel => channel === null ? "The recording" : `Channel ${channel}`;
export const nameOf = turn => `${shown?.lanes.length > 1 ? `${laneName(turn.channel)}, ` : ""}${clock(turn.start_s, 1)} to ${clock(turn.end_s, 1)}, `
    + (turn.emotion === null ? "no emotion" : `${turn.emotion}, ${percent(turn.probability)}`);
// The button of a turn, for those who have more to say of it.
export const buttonOf = turn => buttons[shown.turns.indexOf(turn)];

const width = () => scroller.clientWidth * zoom;
const left = seconds => seconds / shown.duration_s * width();
const closest = () => Math.max(1, shown.duration_s / CLOSEST_S);

// Least and largest sample of a lane between two columns.
function range(peaks, first, end) {
    let low = 0, high = 0;
    for (let i = Math.max(0, first); i < end && 2 * i < peaks.length; i++) {
        low = Math.min(low, peaks[2 * i]);
        high = Math.max(high, peaks[2 * i + 1]);
    }
    return [low, high];
}

function drawLane(lane, canvas, loudest) {
    const scale = devicePixelRatio || 1, w = scroller.clientWidth, h = canvas.clientHeight, n = lane.peaks.length / 2;
    canvas.width = w * scale;
    canvas.height = h * scale;
    canvas.style.width = `${w}px`;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = getComputedStyle(canvas).color;
    for (let x = 0; x < w; x++) {
        const from = (scroller.scrollLeft + x) / width() * n, to = (scroller.scrollLeft + x + 1) / width() * n;
        const [low, high] = range(lane.peaks, Math.floor(from), Math.max(Math.ceil(to), Math.floor(from) + 1));
        const top = h / 2 * (1 - high / loudest), bottom = h / 2 * (1 - low / loudest);
        pen.fillRect(x, top, 1, Math.max(1, bottom - top));
    }
}

function drawRuler() {
    const second = width() / shown.duration_s, step = TICKS_S.find(s => s * second >= TICK_PX) ?? 3600;
    const first = Math.max(0, Math.floor(scroller.scrollLeft / second / step) - 1), ticks = [];
    for (let i = first; i * step <= shown.duration_s && i * step * second < scroller.scrollLeft + scroller.clientWidth + TICK_PX; i++) {
        const tick = element("span", {className: "tick", textContent: clock(i * step, step < 1 ? 1 : 0)});
        tick.style.left = `${i * step * second}px`;
        ticks.push(tick);
    }
    at("timeline-ticks").replaceChildren(...ticks);
}

function draw() {
    if (!shown || !scroller.clientWidth) return;
    const loudest = Math.max(LEAST_PEAK, shown.lanes.reduce((most, lane) => lane.peaks.reduce((m, peak) => Math.max(m, Math.abs(peak)), most), 0));
    inner.style.width = `${width()}px`;
    shown.lanes.forEach((lane, i) => drawLane(lane, at(`lane-${i}`).querySelector("canvas"), Math.min(loudest, FULL_SCALE)));
    drawRuler();
    placePlayhead(seenS);
}

function placeTurns() {
    shown.turns.forEach((turn, i) => {
        const button = buttons[i], from = left(turn.start_s), wide = Math.max(3, left(turn.end_s) - from - 1);
        button.style.left = `${from}px`;
        button.style.width = `${wide}px`;
        button.firstChild.textContent = turn.emotion && wide > turn.emotion.length * LETTER_PX + 8 ? turn.emotion : "";
    });
}

function paintTurns() {
    const ground = getComputedStyle(at("result")).backgroundColor;
    shown.turns.forEach((turn, i) => {
        const {fill, ink} = stretchColors(colors[turn.emotion], turn.probability, ground), label = buttons[i].firstChild;
        label.style.background = fill;
        label.style.color = ink;
        buttons[i].style.setProperty("--stretch", fill);
    });
}

// Turns of a lane are one stop of the tab key; arrows go from one to the next.
function goWithArrows(event, lane) {
    const step = {ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity}[event.key];
    if (!step) return;
    const own = buttons.filter(button => button.parentElement === lane), now = own.indexOf(event.target);
    const next = own[Math.min(own.length - 1, Math.max(0, now + step))];
    event.preventDefault();
    own.forEach(button => { button.tabIndex = -1; });
    next.tabIndex = 0;
    next.focus({preventScroll: true});
    bringIntoView(shown.turns[buttons.indexOf(next)]);
}

function turnButton(turn) {
    return element("button", {type: "button", className: "turn", tabIndex: -1, "aria-label": nameOf(turn), "aria-pressed": false, title: nameOf(turn), onclick: () => select(turn)},
        element("span", {className: "turn-label", "aria-hidden": true}));
}

function laneOf(lane, i) {
    const row = element("div", {className: "lane", id: `lane-${i}`, role: "group", "aria-label": `${laneName(lane.channel)}: turns`}, element("canvas", {"aria-hidden": true}));
    row.addEventListener("keydown", event => goWithArrows(event, row));
    row.addEventListener("click", event => { if (!event.target.closest("button")) player.seek(timeAt(event)); });
    return element("div", {className: "lane-block"}, element("p", {className: "lane-name small", id: `lane-name-${i}`}), row);
}

function sayShares(lane, i) {
    const own = shown.turns.filter(turn => turn.channel === lane.channel), seconds = new Map();
    const spoken = own.reduce((sum, turn) => sum + turn.speech_s, 0);
    for (const turn of own) if (turn.emotion) seconds.set(turn.emotion, (seconds.get(turn.emotion) ?? 0) + turn.speech_s);
    const best = [...seconds].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([emotion, s]) => `${emotion} ${percent(s / spoken)}`).join(", ");
    at(`lane-name-${i}`).replaceChildren(element("strong", {textContent: laneName(lane.channel)}), own.length ? `: ${clock(spoken)} of speech${best && `, ${best}`}` : ": nobody speaks");
}

export function show(answer, colorsOfModel, onSelect) {
    [shown, colors, select, zoom, seenS] = [answer, colorsOfModel, onSelect, 1, 0];
    at("lanes").replaceChildren(...answer.lanes.map(laneOf));
    buttons = answer.turns.map(turnButton);
    answer.turns.forEach((turn, i) => at(`lane-${Math.max(0, answer.lanes.findIndex(lane => lane.channel === turn.channel))}`).append(buttons[i]));
    for (const lane of at("lanes").querySelectorAll(".lane")) lane.querySelector("button")?.setAttribute("tabindex", "0");
    answer.lanes.forEach(sayShares);
    scroller.scrollLeft = 0;
    playhead.setAttribute("aria-valuemax", answer.duration_s.toFixed(1));
    paintTurns();
    setZoom(1);
}

export function mark(turn) {
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", shown.turns[i] === turn));
}

const timeAt = event => Math.min(shown.duration_s, Math.max(0, (event.clientX - inner.getBoundingClientRect().left) / width() * shown.duration_s));

function placePlayhead(seconds) {
    seenS = seconds;
    playhead.style.transform = `translateX(${left(Math.min(seconds, shown.duration_s))}px)`;
    playhead.setAttribute("aria-valuenow", seconds.toFixed(1));
    playhead.setAttribute("aria-valuetext", `${clock(seconds, 1)} of ${clock(shown.duration_s, 1)}`);
}

// The time in the middle, or of the pointer, stays where it is.
function setZoom(next, aroundS = null) {
    const middle = scroller.clientWidth / 2, anchor = aroundS ?? (scroller.scrollLeft + middle) / width() * shown.duration_s;
    const x = aroundS === null ? middle : left(anchor) - scroller.scrollLeft;
    zoom = Math.min(closest(), Math.max(1, next));
    inner.style.width = `${width()}px`;
    scroller.scrollLeft = left(anchor) - x;
    at("zoom-out").disabled = at("zoom-whole").disabled = zoom <= 1;
    at("zoom-in").disabled = zoom >= closest();
    placeTurns();
    draw();
}

function bringIntoView(turn) {
    const from = left(turn.start_s), to = left(turn.end_s), seen = scroller.scrollLeft;
    if (from < seen || to > seen + scroller.clientWidth) scroller.scrollLeft = (from + to - scroller.clientWidth) / 2;
}

// Show a turn, so large that it can be touched.
export function find(turn) {
    const wide = left(turn.end_s) - left(turn.start_s);
    if (wide < FOUND_PX) setZoom(zoom * FOUND_PX / wide, (turn.start_s + turn.end_s) / 2);
    bringIntoView(turn);
}

function move(seconds, isPlaying) {
    if (!shown) return;
    placePlayhead(seconds);
    const x = left(seconds);
    if (isPlaying && zoom > 1 && (x < scroller.scrollLeft || x > scroller.scrollLeft + scroller.clientWidth)) scroller.scrollLeft = x - scroller.clientWidth / 8;
}

function steer(event) {
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity}[event.key];
    if (!step || !shown) return;
    event.preventDefault();
    player.seek(Math.min(shown.duration_s, Math.max(0, seenS + step)));
}

function drag(event) {
    if (!shown || (event.type === "pointermove" && !ruler.hasPointerCapture(event.pointerId))) return;
    if (event.type === "pointerdown") ruler.setPointerCapture(event.pointerId);
    player.seek(timeAt(event));
}

export function begin() {
    player.onTime(move);
    playhead.addEventListener("keydown", steer);
    for (const name of ["pointerdown", "pointermove"]) ruler.addEventListener(name, drag);
    at("zoom-in").onclick = () => setZoom(zoom * ZOOM_STEP);
    at("zoom-out").onclick = () => setZoom(zoom / ZOOM_STEP);
    at("zoom-whole").onclick = () => setZoom(1);
    scroller.addEventListener("wheel", event => {
        if (!event.ctrlKey || !shown) return;
        event.preventDefault();
        setZoom(zoom * ZOOM_STEP ** (-event.deltaY / 100), timeAt(event));
    }, {passive: false});
    scroller.addEventListener("scroll", () => requestAnimationFrame(draw), {passive: true});
    new ResizeObserver(() => {
        if (!shown || !scroller.clientWidth) return;
        placeTurns();
        draw();
    }).observe(scroller);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        if (!shown) return;
        paintTurns();
        draw();
    });
}

// Small drawings in SVG, and colours of emotions.

// Of src/core/draw/colors.c, so that an emotion has one colour here and in the pictures.
const COLOURS = ["#0072b2", "#e69f00", "#333333", "#cc79a7", "#f0e442", "#d55e00", "#56b4e9", "#009e73"];
const HEIGHT = 210, LEFT = 48, RIGHT = 14, TOP = 10, BOTTOM = 44;
// Drawn as wide as it is shown, so that letters have their size.
const MIN_WIDTH = 240, MAX_WIDTH = 640;

// labels: all that the model knows, in the order of names.
export function colour(emotion, labels) {
    return COLOURS[labels.indexOf(emotion) % COLOURS.length];
}

export const percent = share => `${(100 * share).toFixed(share >= 0.0005 && share < 0.0095 ? 1 : 0)} %`;

export function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (key in made) made[key] = value;
        else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
}

function draw(name, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
}

// Round numbers, about so many, from 0 to at least most.
function ticks(most, n) {
    const raw = Math.max(most, 1e-9) / n, size = 10 ** Math.floor(Math.log10(raw));
    const step = size * [1, 2, 5, 10].find(factor => factor * size >= raw);
    return Array.from({length: Math.floor(most / step + 1e-9) + 1}, (_, i) => +(i * step).toPrecision(6));
}

function frame(width, label, xMost, yMost, unit, yText = String) {
    const shownWidth = Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH);
    const x = value => LEFT + (shownWidth - LEFT - RIGHT) * value / xMost;
    const y = value => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / yMost;
    const svg = draw("svg", {viewBox: `0 0 ${shownWidth} ${HEIGHT}`, role: "img", "aria-label": label});
    for (const value of ticks(yMost, 4)) {
        svg.append(draw("line", {class: "grid", x1: LEFT, x2: shownWidth - RIGHT, y1: y(value), y2: y(value)}),
            draw("text", {x: LEFT - 6, y: y(value) + 4, "text-anchor": "end"}, yText(value)));
    }
    for (const value of ticks(xMost, shownWidth < 360 ? 4 : 6)) svg.append(draw("text", {x: x(value), y: HEIGHT - 26, "text-anchor": "middle"}, value));
    svg.append(draw("text", {x: shownWidth - RIGHT, y: HEIGHT - 8, "text-anchor": "end"}, unit));
    return {svg, x, y};
}

// series: [{name, values: [[x, y], ...]}], at most two.
export function lineChart(width, title, series, xMost, unit, yText) {
    const values = series.flatMap(s => s.values.map(v => v[1]));
    const yMost = Math.max(...values, 1e-6) * 1.05;
    const last = series.filter(s => s.values.length).map(s => `${s.name} ${s.values.at(-1)[1].toFixed(2)}`).join(", ");
    const {svg, x, y} = frame(width, `${title}. Last: ${last}`, Math.max(xMost, 1), yMost, unit, yText);
    series.forEach((s, i) => {
        if (!s.values.length) return;
        const points = s.values.map(v => `${x(v[0]).toFixed(1)},${y(v[1]).toFixed(1)}`).join(" ");
        const [cx, cy] = [x(s.values.at(-1)[0]), y(s.values.at(-1)[1])];
        svg.append(draw("polyline", {class: `line ${i ? "second" : "first"}`, points}),
            draw("circle", {class: `line ${i ? "second" : "first"}`, cx, cy, r: 2.5}));
    });
    const legend = element("ul", {className: "legend"}, ...series.map((s, i) =>
        element("li", {}, element("span", {className: i ? "key second" : "key"}), s.name)));
    return element("div", {}, element("h3", {textContent: title}), svg, legend);
}

// What /segments gives, as areas on top of each other, one for each emotion that matters.
export function emotionCourse(width, segments) {
    const labels = Object.keys(segments[0].probabilities).sort();
    const end = segments.at(-1).end_s;
    const course = [...new Set(segments.map(s => s.emotion))].join(", then ");
    const {svg, x, y} = frame(width, `Probability of each emotion over ${end.toFixed(1)} seconds: ${course}`, end, 1, "seconds", percent);
    // A window speaks for its middle, the first and last for the edges too.
    const times = segments.map(s => (s.start_s + s.end_s) / 2);
    times[0] = 0;
    const points = segments.map((s, i) => ({time: times[i], shares: s.probabilities}));
    points.push({time: end, shares: segments.at(-1).probabilities});
    const base = points.map(() => 0);
    const seen = labels.filter(label => points.some(p => p.shares[label] >= 0.02));
    for (const label of labels) {
        const lower = points.map((p, i) => `${x(p.time).toFixed(1)},${y(base[i]).toFixed(1)}`);
        const upper = points.map((p, i) => `${x(p.time).toFixed(1)},${y(base[i] += p.shares[label]).toFixed(1)}`);
        if (!seen.includes(label)) continue;
        const area = draw("polygon", {class: "area", points: [...lower, ...upper.reverse()].join(" "), fill: colour(label, labels)});
        area.append(draw("title", {}, label));
        svg.append(area);
    }
    const legend = element("ul", {className: "legend"}, ...seen.map(label => {
        const swatch = element("span", {className: "swatch"});
        swatch.style.background = colour(label, labels);
        return element("li", {}, swatch, label);
    }));
    return [svg, legend];
}

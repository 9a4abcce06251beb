// Pieces of the page.

export const at = id => document.getElementById(id);

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

// Pictures are drawn as wide as they are shown, so that letters have their size.
export const widthFor = (place, most) => Math.min(Math.max(place.clientWidth, 320), most);

// Calls redraw when the place has become wider or narrower by more than letters may grow or shrink.
export function onWidth(place, redraw) {
    const MOST_SCALE = 1.15, SETTLED_MS = 300;
    let drawn = place.clientWidth, waiting;
    new ResizeObserver(() => {
        const width = place.clientWidth;
        clearTimeout(waiting);
        if (!width || !drawn) drawn ||= width;
        else if (Math.max(width / drawn, drawn / width) > MOST_SCALE) {
            waiting = setTimeout(() => {
                drawn = width;
                redraw();
            }, SETTLED_MS);
        }
    }).observe(place);
}

// The picture that the service has answered with, once it can be shown.
export async function pictureOf(response, alt) {
    const address = URL.createObjectURL(await response.blob());
    const image = element("img", {src: address, alt});
    try {
        await image.decode();
    } finally {
        URL.revokeObjectURL(address);
    }
    return image;
}

// 1:05.3, or without tenths.
export function clock(seconds, digits = 0) {
    const unit = 10 ** digits, total = Math.round(seconds * unit);
    const minutes = Math.floor(total / (60 * unit)), rest = (total % (60 * unit)) / unit;
    const padded = rest.toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
    return minutes < 60 ? `${minutes}:${padded}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${padded}`;
}

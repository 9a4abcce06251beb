// Colours of emotions, as the database has them; the paler, the less certain.

const rgb = color => {
    const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
    return digits ? digits.slice(1).map(pair => parseInt(pair, 16)) : color.match(/[\d.]+/g).slice(0, 3).map(Number);
};

const mixed = (one, other, share) => one.map((value, i) => Math.round(value * share + other[i] * (1 - share)));

const linear = value => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

// Black on it is at least as easy to read as white.
const isLight = color => luminance(color) > 0.179;

export const css = color => `rgb(${color.join(", ")})`;

// The colour of a stretch over the ground of the page, and that of letters in it.
export function stretchColors(color, probability, ground) {
    const share = 0.3 + 0.7 * Math.min(1, Math.max(0, ((probability ?? 0) - 0.3) / 0.6));
    const fill = mixed(rgb(color ?? "#888888"), rgb(ground), share);
    return {fill: css(fill), ink: isLight(fill) ? "#000" : "#fff"};
}

// The recording as it sounds: the whole, or from here to there.
import {at} from "./dom.js";

const player = at("player");
const followers = [];
let address = null, endS = Infinity, frame = 0, unplayable = () => {};

// Called with the time in seconds, as it goes on.
export const onTime = follower => followers.push(follower);

const tell = () => followers.forEach(follower => follower(player.currentTime, !player.paused));

function follow() {
    if (player.currentTime >= endS) {
        player.pause();
        player.currentTime = endS;
        endS = Infinity;
    }
    tell();
    frame = player.paused ? 0 : requestAnimationFrame(follow);
}

// onUnplayable() is called if the browser can't play it.
export function load(source, onUnplayable = () => {}) {
    unplayable = onUnplayable;
    if (address) URL.revokeObjectURL(address);
    address = source instanceof Blob ? URL.createObjectURL(source) : null;
    endS = Infinity;
    player.src = address || source;
}

export function seek(seconds) {
    endS = Infinity;
    player.currentTime = seconds;
    tell();
}

export async function play(fromS, toS = Infinity) {
    endS = toS;
    player.currentTime = fromS;
    // It may be refused, or be ended by the next one.
    await player.play().catch(() => {});
}

export const pause = () => player.pause();

export function begin() {
    player.addEventListener("error", () => unplayable());
    player.addEventListener("play", () => { frame ||= requestAnimationFrame(follow); });
    for (const name of ["pause", "seeked", "loadedmetadata"]) player.addEventListener(name, tell);
    player.addEventListener("seeking", () => { if (player.currentTime > endS) endS = Infinity; });
}

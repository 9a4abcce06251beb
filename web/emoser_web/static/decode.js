// What the browser can decode and the database can't is decoded here, and sent once more.
import {wav} from "./wav.js";

// What models hear; at more, an hour would be too large to send.
const SAMPLE_RATE = 16000;

// As a WAV file with the same channels; null if the browser can't either.
export async function decoded(blob) {
    try {
        const audio = await new OfflineAudioContext(1, 1, SAMPLE_RATE).decodeAudioData(await blob.arrayBuffer());
        return wav(Array.from({length: audio.numberOfChannels}, (_, c) => audio.getChannelData(c)), audio.sampleRate);
    } catch {
        return null;
    }
}

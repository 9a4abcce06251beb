// The microphone, as a WAV file made here.

export const MAX_S = 60;

function wav(blocks, sampleRate) {
    const n = blocks.reduce((sum, block) => sum + block.length, 0);
    const view = new DataView(new ArrayBuffer(44 + 2 * n));
    const text = (at, value) => [...value].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
    text(0, "RIFF"); view.setUint32(4, 36 + 2 * n, true); text(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, sampleRate, true); view.setUint32(28, 2 * sampleRate, true);
    view.setUint16(32, 2, true); view.setUint16(34, 16, true); text(36, "data"); view.setUint32(40, 2 * n, true);
    let at = 44;
    for (const block of blocks) {
        for (const sample of block) {
            view.setInt16(at, Math.round(32767 * Math.max(-1, Math.min(1, sample))), true);
            at += 2;
        }
    }
    return new Blob([view], {type: "audio/wav"});
}

export function reasonNot() {
    if (navigator.mediaDevices?.getUserMedia && window.AudioWorkletNode) return null;
    return window.isSecureContext ? "This browser can't record." : "Browsers give the microphone to pages on HTTPS or localhost only.";
}

// Resolves once it records. onBlock(peak, seconds) is called as it goes on; stop() gives the WAV.
export async function start(onBlock) {
    const stream = await navigator.mediaDevices.getUserMedia({audio: {channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
    const context = new AudioContext();
    try {
        await context.audioWorklet.addModule("/static/recorder-worklet.js");
    } catch (error) {
        stream.getTracks().forEach(track => track.stop());
        context.close();
        throw error;
    }
    const node = new AudioWorkletNode(context, "recorder", {numberOfOutputs: 0});
    const blocks = [];
    let n = 0;
    node.port.onmessage = ({data}) => {
        blocks.push(data);
        n += data.length;
        onBlock(data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0), n / context.sampleRate);
    };
    context.createMediaStreamSource(stream).connect(node);
    return {
        stop() {
            node.port.onmessage = null;
            stream.getTracks().forEach(track => track.stop());
            context.close();
            return wav(blocks, context.sampleRate);
        }
    };
}

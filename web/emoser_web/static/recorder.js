// The microphone, as a WAV file made here.
import {joined, wav} from "./wav.js";

export const MAX_S = 60;

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
            return wav([joined(blocks)], context.sampleRate);
        }
    };
}

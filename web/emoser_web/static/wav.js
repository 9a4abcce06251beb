// WAV files of 16 bit, made here.

// channels: as many samples each.
export function wav(channels, sampleRate) {
    const n = channels[0].length, frameBytes = 2 * channels.length;
    const view = new DataView(new ArrayBuffer(44 + n * frameBytes));
    const text = (at, value) => [...value].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
    text(0, "RIFF"); view.setUint32(4, 36 + n * frameBytes, true); text(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, channels.length, true);
    view.setUint32(24, sampleRate, true); view.setUint32(28, sampleRate * frameBytes, true);
    view.setUint16(32, frameBytes, true); view.setUint16(34, 16, true); text(36, "data"); view.setUint32(40, n * frameBytes, true);
    channels.forEach((samples, c) => {
        for (let i = 0, at = 44 + 2 * c; i < n; i++, at += frameBytes) {
            view.setInt16(at, Math.round(32767 * Math.max(-1, Math.min(1, samples[i]))), true);
        }
    });
    return new Blob([view], {type: "audio/wav"});
}

export function joined(blocks) {
    const whole = new Float32Array(blocks.reduce((sum, block) => sum + block.length, 0));
    let at = 0;
    for (const block of blocks) {
        whole.set(block, at);
        at += block.length;
    }
    return whole;
}

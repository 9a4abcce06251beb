// Hands the first channel on in blocks of 2048 samples.
class Recorder extends AudioWorkletProcessor {
    constructor() {
        super();
        this.block = new Float32Array(2048);
        this.n = 0;
    }

    process([input]) {
        if (!input.length) return true;
        this.block.set(input[0], this.n);
        this.n += input[0].length;
        if (this.n === this.block.length) {
            this.port.postMessage(this.block.slice());
            this.n = 0;
        }
        return true;
    }
}
registerProcessor("recorder", Recorder);

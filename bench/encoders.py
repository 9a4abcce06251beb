#!/usr/bin/env python3
"""Speech encoders beside PyTorch: same architecture, same random weights, one recording of 3 s, one thread, same run.

    bench/encoders.py PROGRAM [NAME ...]      (bench/encoders.c, built by bench/encoders)
    bench/encoders.py --save FOLDER NAME      writes the files of one alone

Rounds alternate between PyTorch and emoser in each precision; what counts is the median of the rounds, of the elapsed
seconds and of the processor's, as the machine may be shared.  What PyTorch is given for Whisper is its spectrum, made
before; emoser's time includes that.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"

import numpy  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "7"))
SECONDS = 3
PRECISIONS = ("f32", "f16", "int8")
torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()


def audio_extractor():
    return transformers.Wav2Vec2FeatureExtractor(do_normalize=True)


def models():
    """{name: (model, feature extractor)}, of the sizes that are published as "base"."""
    whisper = transformers.WhisperConfig(d_model=512, encoder_layers=6, encoder_attention_heads=8, encoder_ffn_dim=2048,
                                         decoder_layers=1, decoder_attention_heads=8, decoder_ffn_dim=512)
    return {
        "wav2vec2": (lambda: transformers.Wav2Vec2Model(transformers.Wav2Vec2Config()), audio_extractor),
        "hubert": (lambda: transformers.HubertModel(transformers.HubertConfig()), audio_extractor),
        "wavlm": (lambda: transformers.WavLMModel(transformers.WavLMConfig()), audio_extractor),
        "whisper": (lambda: transformers.WhisperModel(whisper), transformers.WhisperFeatureExtractor),
    }


class Ours:
    """bench/encoders.c, which waits for the next round."""

    def __init__(self, program, folder, precision):
        self.hidden_path = os.path.join(folder, precision)
        self.process = subprocess.Popen([program, folder, precision, self.hidden_path],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.runs = []

    def hear(self):
        self.process.stdin.write("hear\n")
        self.process.stdin.flush()
        self.runs.append([float(word) for word in self.process.stdout.readline().split()])

    def end(self, width):
        self.process.stdin.close()
        if self.process.wait() != 0:
            sys.exit("bench/encoders: the program failed")
        return numpy.fromfile(self.hidden_path, dtype=numpy.float32).reshape(-1, width)


def run_of_torch(encoder, inputs):
    """Elapsed and processor's seconds."""
    begun, begun_cpu = time.perf_counter(), time.process_time()
    encoder(inputs)
    return time.perf_counter() - begun, time.process_time() - begun_cpu


def save(folder, make_model, make_extractor):
    """(model, feature extractor), whose files are in the folder."""
    torch.manual_seed(16)
    model, extractor = make_model().eval(), make_extractor()
    model.save_pretrained(folder)
    extractor.save_pretrained(folder)
    return model, extractor


def compare(program, folder, name, makers):
    model, extractor = save(folder, *makers)
    samples = numpy.random.default_rng(16).standard_normal(SECONDS * 16000).astype(numpy.float32) / 10
    inputs = extractor(samples, sampling_rate=16000, return_tensors="pt")
    inputs = inputs["input_features" if name == "whisper" else "input_values"]
    encoder = model.encoder if name == "whisper" else model
    runs = []
    with torch.inference_mode():
        samples.tofile(os.path.join(folder, "samples"))
        ours = {precision: Ours(program, folder, precision) for precision in PRECISIONS}
        expected = encoder(inputs).last_hidden_state[0].numpy()
        for each in ours.values():
            each.hear()
        for _ in range(ROUNDS):
            runs.append(run_of_torch(encoder, inputs))
            for each in ours.values():
                each.hear()
        hidden = {precision: each.end(expected.shape[1]) for precision, each in ours.items()}
    torch_s, torch_cpu_s = (statistics.median(column) for column in zip(*runs))
    n_parameters = sum(p.numel() for p in (encoder if name == "whisper" else model).parameters())
    print(f"{name}, {n_parameters / 1e6:.0f} M parameters, {SECONDS} s: PyTorch {torch.__version__} {torch_s:.3f} s "
          f"({torch_cpu_s:.3f} s of the processor)")
    for precision, each in ours.items():
        elapsed_s, processor_s, *layers = (statistics.median(column) for column in zip(*each.runs[1:]))
        frames = hidden[precision]
        error = numpy.abs(frames - expected[:len(frames)]).max() / numpy.abs(expected).max()
        steps = [after - before for before, after in zip(layers, layers[1:])]
        print(f"  {precision}: {elapsed_s:.3f} s ({processor_s:.3f} s), ratio {elapsed_s / torch_s:.2f} "
              f"({processor_s / torch_cpu_s:.2f}); until layer 0 {layers[0]:.3f} s, a layer "
              f"{statistics.median(steps):.4f} s; largest difference {error:.1e} of the largest number", flush=True)


def main():
    known = models()
    if sys.argv[1] == "--save":
        save(sys.argv[2], *known[sys.argv[3]])
        return
    for name in sys.argv[2:] or known:
        with tempfile.TemporaryDirectory() as folder:
            compare(sys.argv[1], folder, name, known[name])


if __name__ == "__main__":
    main()

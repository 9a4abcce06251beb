#!/usr/bin/env python3
"""Tiny speech encoders of random weights, as transformers writes them, and what PyTorch computes with them.

    test/encoder_reference.py [DIRECTORY]     writes them anew, into test/encoders

Needs torch, transformers, safetensors and numpy (PyPI).  The numbers come from a seeded generator
of numpy alone, so that other versions of torch write the same weights.

DIRECTORY/short.wav and long.wav are the recordings: 16 kHz, mono, 16 bits, a header of 44 bytes.
DIRECTORY/NAME/ has config.json, model.safetensors and preprocessor_config.json, and `reference`:
a text header, then numbers as little-endian float32, array after array, without gaps.

    emoser reference, torch VERSION, transformers VERSION
    short.hidden 3 15 20
    ...
    end

Each line names an array and its dimensions, the last one running fastest.  Arrays:
    RECORDING.hidden    [layers + 1][frames][width], output_hidden_states, of samples in -1 .. 1 that went
                        through the feature extractor; the last of them is last_hidden_state
    RECORDING.batch     the same of a batch of both recordings, filled up and masked, without the
                        frames of filling
    RECORDING.logits    [labels], of the head
Whisper hears windows of max_source_positions * 320 samples, one after the other; frames of all windows stand
in one row, with those that are only filling at the end.  Its logits are the mean over all frames of the
first window, filling too.

Where an encoder ends in a normalisation, transformers before 5 has what it gives as the last of hidden_states, and 5
what it is given.  What was published was trained with the former, also heads that weigh all layers, so that their
logits here are those, too.

Sums are double, weights those of the file (rounded to F16 or BF16 where it has such).
"""
import contextlib
import json
import os
import sys
import wave
import zlib

import numpy as np
import safetensors
import safetensors.torch
import torch
import transformers
from transformers import (HubertConfig, HubertForCTC, HubertForSequenceClassification, HubertModel,
                          Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForPreTraining,
                          Wav2Vec2ForSequenceClassification, Wav2Vec2Model, WavLMConfig,
                          WavLMForSequenceClassification, WavLMModel, WhisperConfig,
                          WhisperFeatureExtractor, WhisperForAudioClassification,
                          WhisperForConditionalGeneration, WhisperModel)

RATE = 16000
LENGTHS = {"short": 5123, "long": 20001}
EMOTIONS = ["neutral", "happy", "angry", "sad"]
DIMENSIONS = ["arousal", "dominance", "valence"]


class RegressionHead(torch.nn.Module):
    def __init__(self, width, n_labels):
        super().__init__()
        self.dense = torch.nn.Linear(width, width)
        self.out_proj = torch.nn.Linear(width, n_labels)

    def forward(self, pooled):
        return self.out_proj(torch.tanh(self.dense(pooled)))


class Wav2Vec2ForSpeechClassification(transformers.Wav2Vec2PreTrainedModel):
    """Named and shaped as the published checkpoints of arousal, dominance and valence, which come with no class."""

    def __init__(self, config):
        super().__init__(config)
        self.wav2vec2 = Wav2Vec2Model(config)
        self.classifier = RegressionHead(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, input_values, **arguments):
        outputs = self.wav2vec2(input_values, **arguments)
        outputs["logits"] = self.classifier(outputs.last_hidden_state.mean(dim=1))
        return outputs


BASE = dict(hidden_size=20, num_hidden_layers=2, num_attention_heads=4, intermediate_size=36,
            conv_dim=[12, 12, 10, 12, 12, 12, 14], num_conv_pos_embeddings=16,
            num_conv_pos_embedding_groups=4, vocab_size=16)
# Convolutions that are fewer make as many frames of a second.
FEW = dict(conv_dim=[12, 14, 10], conv_kernel=[10, 9, 8], conv_stride=[5, 8, 8])
LARGE = dict(feat_extract_norm="layer", conv_bias=True, do_stable_layer_norm=True)
BUCKETS = dict(num_buckets=32, max_bucket_distance=40)
LABELS = dict(id2label=dict(enumerate(EMOTIONS)), label2id={name: i for i, name in enumerate(EMOTIONS)},
              classifier_proj_size=9)
LEVELS = dict(id2label=dict(enumerate(DIMENSIONS)), label2id={name: i for i, name in enumerate(DIMENSIONS)},
              problem_type="regression", pooling_mode="mean", finetuning_task="wav2vec2_reg")
QUANTIZER = dict(num_codevectors_per_group=4, codevector_dim=8, proj_codevector_dim=8)
# 50 positions are a window of one second.
WHISPER = dict(d_model=20, encoder_layers=2, encoder_attention_heads=4, encoder_ffn_dim=36, decoder_layers=1,
               decoder_attention_heads=2, decoder_ffn_dim=12, num_mel_bins=80, max_source_positions=50,
               max_target_positions=8, vocab_size=24, pad_token_id=20, bos_token_id=21, eos_token_id=22,
               decoder_start_token_id=23, suppress_tokens=None, begin_suppress_tokens=None)

# name: (class, config, do_normalize, type of the file's numbers, old names of the weight norm, a batch)
MODELS = {
    "wav2vec2_base": (Wav2Vec2Model, Wav2Vec2Config(**BASE), True, torch.float32, False, False),
    "wav2vec2_large": (Wav2Vec2ForPreTraining, Wav2Vec2Config(**{**BASE, **LARGE, **FEW, **QUANTIZER,
                                                                 "num_hidden_layers": 3}),
                       True, torch.float32, True, True),
    "wav2vec2_f16": (Wav2Vec2Model, Wav2Vec2Config(**{**BASE, **FEW}), True, torch.float16, True, False),
    "wav2vec2_emotion": (Wav2Vec2ForSequenceClassification, Wav2Vec2Config(**{**BASE, **FEW, **LABELS}),
                         True, torch.float32, True, False),
    "wav2vec2_weighted": (Wav2Vec2ForSequenceClassification,
                          Wav2Vec2Config(**{**BASE, **LARGE, **FEW, **LABELS, "use_weighted_layer_sum": True}),
                          True, torch.float32, False, False),
    "wav2vec2_dimensions": (Wav2Vec2ForSpeechClassification,
                            Wav2Vec2Config(**{**BASE, **LARGE, **FEW, **LEVELS}),
                            True, torch.float32, True, False),
    "hubert_base": (HubertModel, HubertConfig(**{**BASE, "hidden_size": 24, "num_attention_heads": 3}),
                    False, torch.float32, True, False),
    "hubert_large": (HubertForCTC, HubertConfig(**{**BASE, **LARGE, **FEW, "num_conv_pos_embeddings": 9}),
                     True, torch.float32, False, True),
    "hubert_plain": (HubertModel, HubertConfig(**{**BASE, **FEW, "feat_proj_layer_norm": False}),
                     True, torch.float32, False, False),
    "hubert_emotion": (HubertForSequenceClassification,
                       HubertConfig(**{**BASE, **FEW, **LABELS, "use_weighted_layer_sum": True}),
                       True, torch.bfloat16, True, False),
    "wavlm_base": (WavLMModel, WavLMConfig(**{**BASE, **BUCKETS}), False, torch.float32, True, False),
    "wavlm_large": (WavLMModel, WavLMConfig(**{**BASE, **LARGE, **FEW, **BUCKETS, "num_hidden_layers": 3,
                                               "conv_bias": False}),
                    True, torch.float32, False, True),
    "wavlm_bf16": (WavLMModel, WavLMConfig(**{**BASE, **FEW, **BUCKETS}), False, torch.bfloat16, False, False),
    "wavlm_emotion": (WavLMForSequenceClassification, WavLMConfig(**{**BASE, **FEW, **BUCKETS, **LABELS}),
                      False, torch.float32, True, False),
    "whisper": (WhisperForConditionalGeneration, WhisperConfig(**WHISPER), False, torch.float32, False, False),
    "whisper_f16": (WhisperModel, WhisperConfig(**{**WHISPER, "num_mel_bins": 128}),
                    False, torch.float16, False, False),
    "whisper_emotion": (WhisperForAudioClassification, WhisperConfig(**{**WHISPER, **LABELS}),
                        False, torch.float32, False, False),
}


def make_recording(n):
    """Something like a voice: harmonics of a pitch that moves, noise, a pause, and a level that is not 0."""
    random = np.random.RandomState(20200611)
    t = np.arange(n) / RATE
    phase = 2 * np.pi * np.cumsum(170 + 40 * np.sin(2 * np.pi * 2.3 * t)) / RATE
    voice = sum(np.sin(k * phase) / k ** 1.2 for k in range(1, 12)) * (0.6 + 0.4 * np.sin(2 * np.pi * 5 * t))
    x = 0.12 * voice + 0.03 * random.randn(n) + 0.004
    x[(t > 0.55) & (t < 0.7)] *= 0.01
    return np.round(x * 32767).clip(-32768, 32767).astype("<i2")


def write_recording(path, pcm):
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm.tobytes())


def random_weights(model, seed):
    """Everything random, also what starts as 0 or 1, in such sizes that what passes keeps about its own."""
    random = np.random.RandomState(seed)
    for name, tensor in sorted(model.state_dict().items()):
        shape = tuple(tensor.shape)
        is_norm = "norm" in name
        fan_in = int(np.prod(shape[1:]))
        if name.endswith("original0"):
            # The gain of each place of the kernel.
            values = random.uniform(0.5, 1.5, shape) * np.sqrt(model.config.hidden_size / shape[2])
        elif is_norm and name.endswith("weight"):
            values = random.uniform(0.6, 1.6, shape)
        elif name.endswith("gru_rel_pos_const"):
            values = random.uniform(0.3, 2, shape)
        elif "layer_weights" in name:
            values = random.normal(0, 1, shape)
        elif "embed" in name:
            values = random.normal(0, 1, shape)
        elif len(shape) <= 1:
            values = random.normal(0, 0.2, shape)
        elif "conv" in name:
            # GELU halves the variance about.
            values = random.normal(0, np.sqrt(2 / fan_in), shape)
        elif "q_proj" in name or "k_proj" in name:
            values = random.normal(0, 1.4 / np.sqrt(fan_in), shape)
        else:
            values = random.normal(0, 1 / np.sqrt(fan_in), shape)
        tensor.copy_(torch.from_numpy(np.asarray(values, np.float32)))


def feature_extractor(config, normalises):
    if config.model_type == "whisper":
        return WhisperFeatureExtractor(feature_size=config.num_mel_bins,
                                       chunk_length=config.max_source_positions * 320 // RATE)
    return Wav2Vec2FeatureExtractor(do_normalize=normalises,
                                    return_attention_mask=config.feat_extract_norm == "layer")


def use_old_names(path):
    """As checkpoints have it that were written before PyTorch 2."""
    with safetensors.safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    old = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
    for new_name, old_name in old.items():
        tensors = {name.replace(new_name, old_name): tensor for name, tensor in tensors.items()}
    safetensors.torch.save_file(tensors, path, metadata={"format": "pt"})


def encoder_of(model):
    if model.config.model_type == "whisper":
        return model.encoder if hasattr(model, "encoder") else model.get_encoder()
    return getattr(model, model.base_model_prefix, model)


def hidden_states(model, **inputs):
    outputs = encoder_of(model)(output_hidden_states=True, **inputs)
    return torch.stack([*outputs.hidden_states[:-1], outputs.last_hidden_state])


def logits_of(model, **inputs):
    if not getattr(model.config, "use_weighted_layer_sum", False):
        return model(**inputs).logits[0]
    hidden = hidden_states(model, **inputs)[:, 0]
    mixed = torch.einsum("l,ltc->tc", model.layer_weights.softmax(dim=0), hidden)
    return model.classifier(model.projector(mixed).mean(dim=0))


def double_inputs(extractor, samples, **options):
    inputs = extractor(samples, sampling_rate=RATE, return_tensors="pt", **options)
    return {name: x.double() if x.is_floating_point() else x for name, x in inputs.items()}


def references_of_whisper(model, extractor, samples):
    window = model.config.max_source_positions * 320
    hidden = [hidden_states(model, **double_inputs(extractor, samples[start:start + window]))[:, 0]
              for start in range(0, len(samples), window)]
    references = {"hidden": torch.cat(hidden, dim=1)}
    if hasattr(model, "classifier"):
        references["logits"] = logits_of(model, **double_inputs(extractor, samples[:window]))
    return references


def references_of_wav2vec2(model, extractor, samples):
    inputs = double_inputs(extractor, samples, return_attention_mask=False)
    references = {"hidden": hidden_states(model, **inputs)[:, 0]}
    if hasattr(model, "classifier"):
        references["logits"] = logits_of(model, **inputs)
    return references


def references_of_batch(model, extractor, recordings):
    """Those of a batch, which are the same as those alone."""
    inputs = double_inputs(extractor, list(recordings.values()), padding=True, return_attention_mask=True)
    hidden = hidden_states(model, **inputs)
    n_frames = model._get_feat_extract_output_lengths(inputs["attention_mask"].sum(dim=1))
    return {name: {"batch": hidden[:, i, :n_frames[i]]} for i, name in enumerate(recordings)}


def check_realistic(name, hidden):
    sizes = hidden.square().mean(dim=(1, 2)).sqrt()
    assert torch.isfinite(hidden).all() and 0.2 < sizes.min() and sizes.max() < 20, (name, sizes)
    # Frames differ, or else a wrong order of time would not show.
    changes = hidden.std(dim=1).mean(dim=1)
    assert changes.min() > 0.1, (name, changes)


def check_float(model, extractor, recordings, references):
    """What users of Python compute, in single precision, is the same within rounding."""
    if model.config.model_type == "whisper":
        return
    single = model.float()
    for recording, samples in recordings.items():
        inputs = extractor(samples, sampling_rate=RATE, return_tensors="pt", return_attention_mask=False)
        error = (hidden_states(single, **inputs)[:, 0] - references[recording]["hidden"]).abs().max()
        assert error < 2e-5, (recording, error)


def write_reference(path, references):
    names = [f"{recording}.{kind}" for recording in references for kind in references[recording]]
    arrays = [x.float().numpy().astype("<f4") for kinds in references.values() for x in kinds.values()]
    with open(path, "wb") as file:
        file.write(f"emoser reference, torch {torch.__version__}, transformers {transformers.__version__}\n".encode())
        for name, x in zip(names, arrays):
            file.write(f"{name} {' '.join(map(str, x.shape))}\n".encode())
        file.write(b"end\n")
        for x in arrays:
            file.write(x.tobytes())


def write_checkpoint(directory, name, kind, config, normalises, dtype=torch.float32, old_names=False):
    """The model, with the weights that it wrote, and its feature extractor."""
    config._attn_implementation = "eager"
    model = kind(config).eval()
    random_weights(model, zlib.crc32(name.encode()))
    model.tie_weights()
    extractor = feature_extractor(config, normalises)
    model.to(dtype)
    model.save_pretrained(directory)
    with contextlib.suppress(FileNotFoundError):
        os.remove(os.path.join(directory, "generation_config.json"))
    extractor.save_pretrained(directory)
    if old_names:
        use_old_names(os.path.join(directory, "model.safetensors"))
    return model, extractor


def make_model(directory, name, recordings):
    *kind, with_batch = MODELS[name]
    model, extractor = write_checkpoint(directory, name, *kind)
    model.double()
    compute = references_of_whisper if model.config.model_type == "whisper" else references_of_wav2vec2
    references = {recording: compute(model, extractor, samples) for recording, samples in recordings.items()}
    if with_batch:
        for recording, more in references_of_batch(model, extractor, recordings).items():
            assert (more["batch"] - references[recording]["hidden"]).abs().max() < 1e-6, name
            references[recording].update(more)
    for recording in references:
        check_realistic(name, references[recording]["hidden"])
    check_float(model, extractor, recordings, references)
    write_reference(os.path.join(directory, "reference"), references)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "encoders")
    os.makedirs(root, exist_ok=True)
    torch.set_num_threads(1)
    transformers.logging.disable_progress_bar()
    recordings = {}
    for name, n in LENGTHS.items():
        pcm = make_recording(n)
        write_recording(os.path.join(root, f"{name}.wav"), pcm)
        recordings[name] = pcm.astype(np.float32) / 32768
    with torch.inference_mode():
        for name in MODELS:
            make_model(os.path.join(root, name), name, recordings)
    print(f"{len(MODELS)} encoders in {root}, torch {torch.__version__}, transformers {transformers.__version__}")


if __name__ == "__main__":
    main()

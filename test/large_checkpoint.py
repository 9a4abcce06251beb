"""Checkpoints of wav2vec 2.0 of any size, with random weights: config.json and model.safetensors as transformers writes them,
without transformers or PyTorch."""
import json
import os
import random
import struct

# The bits of floats between -1/16 and 1/16, of which all weights are made.
BLOCK_FLOATS = 1 << 16


def shapes(width, inner_width, layers, channels):
    found = {"masked_spec_embed": [width]}
    convs = [(1, 10)] + [(channels, 3)] * 4 + [(channels, 2)] * 2
    for i, (before, kernel) in enumerate(convs):
        found[f"feature_extractor.conv_layers.{i}.conv.weight"] = [channels, before, kernel]

    def pair(name, weight, bias):
        found[f"{name}.weight"], found[f"{name}.bias"] = weight, bias

    pair("feature_extractor.conv_layers.0.layer_norm", [channels], [channels])
    pair("feature_projection.layer_norm", [channels], [channels])
    pair("feature_projection.projection", [width, channels], [width])
    found["encoder.pos_conv_embed.conv.parametrizations.weight.original0"] = [1, 1, 128]
    found["encoder.pos_conv_embed.conv.parametrizations.weight.original1"] = [width, width // 16, 128]
    found["encoder.pos_conv_embed.conv.bias"] = [width]
    pair("encoder.layer_norm", [width], [width])
    for i in range(layers):
        layer = f"encoder.layers.{i}"
        for name in ("k_proj", "v_proj", "q_proj", "out_proj"):
            pair(f"{layer}.attention.{name}", [width, width], [width])
        pair(f"{layer}.layer_norm", [width], [width])
        pair(f"{layer}.feed_forward.intermediate_dense", [inner_width, width], [inner_width])
        pair(f"{layer}.feed_forward.output_dense", [width, inner_width], [width])
        pair(f"{layer}.final_layer_norm", [width], [width])
    return found


def config(width, inner_width, layers, channels, heads):
    return {"architectures": ["Wav2Vec2Model"], "model_type": "wav2vec2", "hidden_size": width, "num_hidden_layers": layers,
            "num_attention_heads": heads, "intermediate_size": inner_width, "hidden_act": "gelu", "layer_norm_eps": 1e-05,
            "do_stable_layer_norm": False, "feat_extract_norm": "group", "feat_extract_activation": "gelu", "conv_bias": False,
            "conv_dim": [channels] * 7, "conv_stride": [5, 2, 2, 2, 2, 2, 2], "conv_kernel": [10, 3, 3, 3, 3, 2, 2],
            "num_conv_pos_embeddings": 128, "num_conv_pos_embedding_groups": 16}


def write_checkpoint(directory, seed=1, width=768, layers=12, channels=512):
    """By default of the size of wav2vec 2.0 base: 95 million numbers, 378 MB."""
    dice = random.Random(seed)
    os.makedirs(directory, exist_ok=True)
    size = {"width": width, "inner_width": 4 * width, "layers": layers, "channels": channels}
    with open(os.path.join(directory, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config(heads=width // 64, **size), file)
    with open(os.path.join(directory, "preprocessor_config.json"), "w", encoding="utf-8") as file:
        json.dump({"do_normalize": True, "feature_extractor_type": "Wav2Vec2FeatureExtractor", "sampling_rate": 16000}, file)
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in shapes(**size).items():
        n_bytes = 4
        for length in shape:
            n_bytes *= length
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + n_bytes]}
        end += n_bytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    block = b"".join(struct.pack("<f", dice.uniform(-1 / 16, 1 / 16)) for _ in range(BLOCK_FLOATS))
    with open(os.path.join(directory, "model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for begin in range(0, end, len(block)):
            file.write(block[:end - begin])

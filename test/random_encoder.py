"""A checkpoint of wav2vec 2.0 with random weights, of any size, without anybody's libraries."""
import array
import json
import os
import random
import struct

KERNELS, STRIDES = (10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)
BLOCK = 1 << 20


def shapes(width, layers, conv, groups, kernel):
    """[(name, shape)], as Wav2Vec2Model.save_pretrained() names them."""
    yield "feature_extractor.conv_layers.0.layer_norm.weight", [conv]
    yield "feature_extractor.conv_layers.0.layer_norm.bias", [conv]
    for i, k in enumerate(KERNELS):
        yield f"feature_extractor.conv_layers.{i}.conv.weight", [conv, conv if i else 1, k]
    yield "masked_spec_embed", [width]
    yield "encoder.pos_conv_embed.conv.bias", [width]
    yield "encoder.pos_conv_embed.conv.parametrizations.weight.original0", [1, 1, kernel]
    yield "encoder.pos_conv_embed.conv.parametrizations.weight.original1", [width, width // groups, kernel]
    dense = {"feature_projection.projection": (width, conv)}
    norms = {"feature_projection.layer_norm": conv, "encoder.layer_norm": width}
    for i in range(layers):
        layer = f"encoder.layers.{i}."
        dense.update({f"{layer}attention.{part}_proj": (width, width) for part in "kvq"})
        dense.update({layer + "attention.out_proj": (width, width), layer + "feed_forward.intermediate_dense": (4 * width, width),
                      layer + "feed_forward.output_dense": (width, 4 * width)})
        norms.update({layer + "layer_norm": width, layer + "final_layer_norm": width})
    for name, (rows, columns) in dense.items():
        yield name + ".weight", [rows, columns]
        yield name + ".bias", [rows]
    for name, n in norms.items():
        yield name + ".weight", [n]
        yield name + ".bias", [n]


def write(directory, width=512, layers=8, conv=128, groups=16, kernel=128, seed=1):
    """config.json, preprocessor_config.json and model.safetensors; returns how many parameters."""
    os.makedirs(directory, exist_ok=True)
    config = {"model_type": "wav2vec2", "architectures": ["Wav2Vec2Model"], "hidden_size": width, "num_hidden_layers": layers,
              "num_attention_heads": width // 64, "intermediate_size": 4 * width, "hidden_act": "gelu", "layer_norm_eps": 1e-5,
              "do_stable_layer_norm": False, "feat_extract_norm": "group", "feat_extract_activation": "gelu", "conv_bias": False,
              "conv_dim": [conv] * len(KERNELS), "conv_kernel": KERNELS, "conv_stride": STRIDES, "num_feat_extract_layers": len(KERNELS),
              "num_conv_pos_embeddings": kernel, "num_conv_pos_embedding_groups": groups}
    for name, content in (("config.json", config), ("preprocessor_config.json", {"do_normalize": False, "sampling_rate": 16000})):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            json.dump(content, file)
    numbers = random.Random(seed)
    # Of this size sums stay about as large as what goes in.
    block = array.array("f", (numbers.gauss(0, width ** -0.5) for _ in range(BLOCK))).tobytes()
    header, at = {}, 0
    for name, shape in shapes(width, layers, conv, groups, kernel):
        size = 4
        for n in shape:
            size *= n
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(directory, "model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.write((block * (at // len(block) + 1))[:at])
    return at // 4

#!/usr/bin/env python3
"""Prediction by a convolutional net in SQL, beside torchaudio and PyTorch in the same run.

    EMODB=directory test/with-postgres bench/cnn_predict.py

Both sides start from the WAV bytes (a bytea column of storage EXTERNAL; a Python bytes object), use
one thread, and run the same net, "temporal", recording by recording.  librosa is not in Debian: the
peer's front end is torchaudio's MFCC with librosa's settings, its transform built once.  It has 39
coefficients; F0 and voicing, which emoser measures as well, are zeros there.  A model of emoser
averages over warped views of a recording by default (option n_warps); both that and a model of one
view, which is what the peer does, are measured.  Rounds alternate; medians are printed.  The weights
are those of a training of two epochs: what they are doesn't matter for time.
"""
import io
import os
import sys

import speed

EPOCHS = 2


def make_peer():
    """A function that predicts one recording, or None if torchaudio is not there."""
    try:
        import torch
        import torchaudio
    except ImportError:
        return None
    from cnn_epoch import Temporal
    torch.set_num_threads(1)
    transform = torchaudio.transforms.MFCC(
        sample_rate=16000, n_mfcc=39,
        melkwargs=dict(n_fft=512, win_length=400, hop_length=160, n_mels=40, norm="slaney",
                       mel_scale="slaney", pad_mode="constant"))
    net = Temporal().eval()

    def predict(recording):
        with torch.inference_mode():
            samples, _ = torchaudio.load(io.BytesIO(recording))
            coefficients = transform(samples)
            pitch = torch.zeros(1, 2, coefficients.shape[2])
            return int(net(torch.cat([coefficients, pitch], 1)).argmax())
    return predict


def train(psql, name, options):
    psql.run("CALL emoser_train('speech', '%s', 'cnn', '{\"nets\": 1, \"epochs\": %d, \"quiet\": true%s}');"
             % (name, EPOCHS, options))
    return int(psql.run("SELECT options->>'n_warps' FROM emoser_models WHERE name = '%s'"
                        " ORDER BY version DESC LIMIT 1;" % name)[0])


def main():
    directory = os.environ.get("EMODB")
    if not directory:
        sys.exit("cnn_predict: set EMODB to the folder with EmoDB's recordings")
    names = sorted(name for name in os.listdir(directory) if name.lower().endswith(".wav"))
    recordings = [open(os.path.join(directory, name), "rb").read() for name in names]
    psql = speed.Psql()
    speed.load(psql, directory, names)
    models = {"bench_cnn": "", "bench_cnn_one": ", \"n_warps\": 1"}
    labels = {name: "emoser_predict, %d views" % train(psql, name, options)
              for name, options in models.items()}
    audio_s = float(psql.run("SELECT sum(duration_s) FROM speech, emoser_audio_info(audio);")[0])
    psql.run("SET max_parallel_workers_per_gather = 0;\nSET jit = off;")
    queries = {name: "SELECT count(emoser_predict(audio, '%s')) FROM speech" % name for name in models}
    peer = make_peer()
    for query in queries.values():
        psql.run(query + ";")
    if peer:
        speed.seconds_of(peer, recordings)
    ours, theirs = {name: [] for name in models}, []
    for _ in range(speed.ROUNDS):
        for name, query in queries.items():
            ours[name].append(psql.seconds(query))
        if peer:
            theirs.append(speed.seconds_of(peer, recordings))
    print("%d recordings, %.0f s, net \"temporal\", from WAV bytes to the emotion, one thread, median "
          "of %d rounds:" % (len(recordings), audio_s, speed.ROUNDS))
    medians = {name: speed.report(labels[name], ours[name], len(recordings), audio_s) for name in models}
    if not peer:
        print("  torchaudio and PyTorch       skipped: torchaudio is not installed")
        return
    their_median = speed.report("torchaudio and PyTorch", theirs, len(recordings), audio_s)
    for name, median in medians.items():
        print("%s: %.1f times as fast as torchaudio and PyTorch (best rounds: %.1f)" % (
            labels[name], their_median / median, min(theirs) / min(ours[name])))


if __name__ == "__main__":
    main()

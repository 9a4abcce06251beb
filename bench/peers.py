#!/usr/bin/env python3
"""What the usual Python pipeline reaches on the same recordings, with the same protocol.

    EMODB=directory bench/peers.py

torchaudio makes 20 MFCC and their first and second derivatives; each recording becomes the mean,
deviation, minimum and maximum of them; scikit-learn standardises and classifies, leaving one speaker
out.  Options are the usual ones, fixed beforehand.
"""
import os
import sys
import time
import warnings

CLASSIFIERS = ("linear SVM", "RBF SVM", "shrinkage LDA")


def features_of(path, transform, torchaudio):
    samples, _ = torchaudio.load(path)
    mfcc = transform(samples)[0]
    delta = torchaudio.functional.compute_deltas(mfcc)
    contours = [mfcc, delta, torchaudio.functional.compute_deltas(delta)]
    return [value for c in contours for statistic in
            (c.mean(1), c.std(1), c.amin(1), c.amax(1)) for value in statistic.tolist()]


def make_classifier(name):
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    classifier = {"linear SVM": lambda: SVC(kernel="linear", C=0.01, class_weight="balanced"),
                  "RBF SVM": lambda: SVC(C=10, class_weight="balanced"),
                  "shrinkage LDA": lambda: LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")}
    return make_pipeline(StandardScaler(), classifier[name]())


def unweighted_recall(actual, predicted):
    recalls = [sum(p == label for a, p in zip(actual, predicted) if a == label) /
               sum(a == label for a in actual) for label in set(actual)]
    return sum(recalls) / len(recalls)


def leave_one_speaker_out(name, features, labels, speakers):
    predicted = [None] * len(labels)
    for speaker in set(speakers):
        train = [i for i, s in enumerate(speakers) if s != speaker]
        test = [i for i, s in enumerate(speakers) if s == speaker]
        classifier = make_classifier(name)
        classifier.fit([features[i] for i in train], [labels[i] for i in train])
        for i, label in zip(test, classifier.predict([features[i] for i in test])):
            predicted[i] = label
    return unweighted_recall(labels, predicted)


def main():
    directory = os.environ.get("EMODB") or sys.exit("peers: set EMODB to EmoDB's recordings")
    try:
        import sklearn  # noqa: F401
        import torch
        import torchaudio
    except ImportError as error:
        print("torchaudio + scikit-learn: skipped:", error)
        return
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    names = sorted(name for name in os.listdir(directory) if name.lower().endswith(".wav"))
    transform = torchaudio.transforms.MFCC(
        sample_rate=16000, n_mfcc=20,
        melkwargs=dict(n_fft=512, win_length=400, hop_length=160, n_mels=40))
    start = time.perf_counter()
    features = [features_of(os.path.join(directory, name), transform, torchaudio) for name in names]
    print("torchaudio: %d recordings to %d features in %.1f s" % (
        len(names), len(features[0]), time.perf_counter() - start))
    for name in CLASSIFIERS:
        start = time.perf_counter()
        recall = leave_one_speaker_out(name, features, [n[5] for n in names], [n[:2] for n in names])
        print("torchaudio MFCC + scikit-learn %-14s leave one speaker out, UAR %.1f %% (%.1f s)" % (
            name + ":", 100 * recall, time.perf_counter() - start))


if __name__ == "__main__":
    main()

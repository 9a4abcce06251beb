// How far an answer can be relied on, in words that hold for the voices at hand.

// Below that no emotion is likelier than not.
export const UNSURE = 0.5;

// Of an answer for the whole of a recording (/turns, without a reason not to give one), and what is known of the model.
// Probabilities hold for those that training left out, so that nothing is promised of voices unlike these.
export function certainty(answer, known) {
    const best = answer.probabilities[answer.emotion], tenths = Math.round(10 * best);
    if (answer.in_training) return "The model was trained on this very recording: that it knows it says nothing about others.";
    if (best < UNSURE) return "Unsure: no emotion is likelier than not.";
    if (known.metrics?.adapted) return "How often such answers of an adapted model are right isn't known.";
    return `About ${tenths} in 10 such answers are right, as measured on ${known.n_speakers > 1 ? "speakers" : "recordings"} that its training left out: for voices like those.`;
}

const REASONS = {no_speech: "no speech", little_speech: "too short", several_talkers: "several people", long: "long"};

// In a word or two, why there is no one emotion of a recording (/turns).
export const noEmotion = answer => REASONS[answer.reason?.code] ?? "no emotion";

/*
 * emotion.c
 *	  What a model says of an utterance, as columns of a row.
 */
#include "pg/model/emotion.h"

#include "utils/builtins.h"

#include "core/base/stats.h"
#include "pg/model/probabilities.h"

void
emoser_emotion_begin(EmotionWriter *writer, DecodedModel *decoded, const bool *asked, float least)
{
	const EmoModel *model = decoded->model;

	writer->decoded = decoded;
	writer->asked = asked;
	writer->least = least;
	writer->labels = palloc(model->n_classes * sizeof(char *));
	for (int c = 0; c < model->n_classes; c++)
		writer->labels[c] = emoser_model_text(model->labels[c]);
}

void
emoser_hear(const EmotionWriter *writer, const float *samples, int64 n_samples,
			EmoUtterance *utterance)
{
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(
		&env, emoser_make_utterance(&env, writer->decoded->model, samples, n_samples, utterance));
}

void
emoser_hear_turn(const EmotionWriter *writer, const EmoCall *call, const EmoTurn *turn,
				 EmoUtterance *utterance)
{
	EmoSpoken spoken;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_turn_speech(&env, call, turn, &spoken));
	emoser_hear(writer, spoken.samples, spoken.n_samples, utterance);
}

void
emoser_put_emotion(const EmotionWriter *writer, const EmoUtterance *utterance, Datum *values,
				   bool *nulls)
{
	EmoUtterance asking = *utterance;
	int n = writer->decoded->model->n_classes;
	float *probabilities = palloc(n * sizeof(float));
	int best;

	asking.asked = writer->asked;
	emoser_predict_utterance(writer->decoded, &asking, probabilities);
	best = emo_argmax(probabilities, n);
	values[EMOTION_PROBABILITIES] =
		JsonbPGetDatum(emoser_probability_object(writer->labels, writer->asked, probabilities, n));
	values[EMOTION_PROBABILITY] = Float4GetDatum(probabilities[best]);
	nulls[EMOTION_LABEL] = probabilities[best] < writer->least;
	if (!nulls[EMOTION_LABEL])
		values[EMOTION_LABEL] = CStringGetTextDatum(writer->labels[best]);
}

void
emoser_put_no_emotion(Datum *values, bool *nulls)
{
	memset(values, 0, N_EMOTION_COLUMNS * sizeof(Datum));
	memset(nulls, true, N_EMOTION_COLUMNS * sizeof(bool));
}

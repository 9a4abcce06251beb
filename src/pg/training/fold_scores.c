/*
 * fold_scores.c
 *	  What heads that were trained without a fold say of its rows, as sums over temperatures.
 */
#include "pg/training/fold_scores.h"

#include "libpq/pqformat.h"

#include "core/base/stats.h"
#include "pg/model/value.h"
#include "pg/training/speaker_rows.h"

/* A model, and what it says. */
typedef struct Scorer
{
	ScoringModel scoring;
	int *place_of_class; /* [model->n_classes], in labels */
	EmoTemperatureGrid *grid[EMOSER_MAX_FOLD_HEADS];
} Scorer;

struct FoldScores
{
	SumSettings settings;
	FoldHeads heads;
	Scorer *scorers; /* [heads.n_models] */
	EmoDistanceCounts
		distances; /* from the population of the first model, as of all models of a fold */
	EmoCertaintySample *sample; /* by the first model, too */
	SpeakerRows *rows;
	float *of_head;        /* [n_labels] */
	float *log_posteriors; /* [n_labels] */
	int64 n_rows;
	uint64 checksum;
};

/* In front of the grids. */
typedef struct ScoresHeader
{
	int64 n_rows;
	uint64 checksum;
	int64 n_grids;
	uint64 sample_bytes; /* behind the grids */
} ScoresHeader;

bytea *
emoser_scoring_model_bytes(const ScoringModel *scoring, int n_labels)
{
	struct varlena *model = emoser_encode_model(scoring->model);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
	{
		pq_sendint8(&buffer, scoring->log_priors[h] != NULL);
		for (int i = 0; i < n_labels && scoring->log_priors[h] != NULL; i++)
			pq_sendfloat8(&buffer, scoring->log_priors[h][i]);
	}
	pq_sendint32(&buffer, (int) VARSIZE(model));
	pq_sendbytes(&buffer, (char *) model, (int) VARSIZE(model));
	return pq_endtypsend(&buffer);
}

bytea *
emoser_fold_heads_bytes(const char **labels, int n_labels, bytea *const *models, int n_models)
{
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendint32(&buffer, n_labels);
	for (int i = 0; i < n_labels; i++)
		pq_sendbytes(&buffer, labels[i], (int) strlen(labels[i]) + 1);
	pq_sendint32(&buffer, n_models);
	for (int m = 0; m < n_models; m++)
		pq_sendbytes(&buffer, VARDATA(models[m]), (int) (VARSIZE(models[m]) - VARHDRSZ));
	return pq_endtypsend(&buffer);
}

static double *
receive_log_priors(StringInfo buffer, int n)
{
	double *log_priors;

	if (pq_getmsgbyte(buffer) == 0)
		return NULL;
	log_priors = palloc(n * sizeof(double));
	for (int i = 0; i < n; i++)
	{
		log_priors[i] = pq_getmsgfloat8(buffer);
		if (!(log_priors[i] <= 0))
			emoser_bad_plumbing();
	}
	return log_priors;
}

static const EmoModel *
receive_model(StringInfo buffer)
{
	int length = (int) pq_getmsgint(buffer, 4);
	struct varlena *value;

	if (length < VARHDRSZ || length > buffer->len - buffer->cursor)
		emoser_bad_plumbing();
	value = palloc(length);
	memcpy(value, pq_getmsgbytes(buffer, length), length);
	SET_VARSIZE(value, length);
	return emoser_decode_model(CurrentMemoryContext, value);
}

FoldHeads
emoser_read_fold_heads(const bytea *bytes)
{
	StringInfoData buffer = emoser_open_bytes(bytes);
	FoldHeads heads = {.n_labels = (int) pq_getmsgint(&buffer, 4)};

	if (heads.n_labels < EMO_MIN_CLASSES || heads.n_labels > EMO_MAX_CLASSES)
		emoser_bad_plumbing();
	heads.labels = palloc(heads.n_labels * sizeof(char *));
	for (int i = 0; i < heads.n_labels; i++)
		heads.labels[i] = pstrdup(emoser_receive_name(&buffer));
	heads.n_models = (int) pq_getmsgint(&buffer, 4);
	if (heads.n_models < 1 || heads.n_models > buffer.len)
		emoser_bad_plumbing();
	heads.models = palloc(heads.n_models * sizeof(ScoringModel));
	for (int m = 0; m < heads.n_models; m++)
	{
		for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
			heads.models[m].log_priors[h] = receive_log_priors(&buffer, heads.n_labels);
		heads.models[m].model = receive_model(&buffer);
	}
	emoser_close_bytes(&buffer);
	return heads;
}

/* -1: none of them. */
static int
place_of(const FoldHeads *heads, const char *label)
{
	for (int i = 0; i < heads->n_labels; i++)
		if (strcmp(heads->labels[i], label) == 0)
			return i;
	return -1;
}

/* Add a row as a head sees it. */
static void
score_row(FoldScores *scores, Scorer *scorer, int h, const float *features, int label)
{
	const EmoModel *model = scorer->scoring.model;

	for (int i = 0; i < scores->heads.n_labels; i++)
		scores->log_posteriors[i] = EMO_MIN_LOG_POSTERIOR;
	emo_lda_log_posteriors(&model->heads[h].lda, features, scores->of_head);
	for (int c = 0; c < model->n_classes; c++)
		scores->log_posteriors[scorer->place_of_class[c]] = scores->of_head[c];
	emo_temperature_grid_add(scorer->grid[h], scores->log_posteriors, scorer->scoring.log_priors[h],
							 label);
}

/* As the first model has just scored it. */
static void
sample_row(FoldScores *scores, uint64 key, double log_distance)
{
	emo_certainty_sample_add(scores->sample, key, scores->log_posteriors,
							 scores->heads.models[0].log_priors[0], log_distance);
}

static void
score_seen_row(void *argument, const SeenRow *row)
{
	FoldScores *scores = argument;
	const EmoModel *first = scores->heads.models[0].model;
	int label = place_of(&scores->heads, row->label);
	double log_distance;

	/* Who reads what comes of it compares checksums, and tells that the source has changed. */
	if (label < 0)
		return;
	log_distance = emo_log_distance(first->population_mean, first->population_deviation,
									row->features, first->n_features);
	emo_count_distance(&scores->distances, log_distance);
	for (int m = 0; m < scores->heads.n_models; m++)
	{
		Scorer *scorer = &scores->scorers[m];

		score_row(scores, scorer, 0, row->features, label);
		if (m == 0)
			sample_row(scores, row->checksum, log_distance);
		if (scorer->grid[1] != NULL && row->normalised != NULL)
			score_row(scores, scorer, 1, row->normalised, label);
	}
}

static void
check_model(const SumSettings *settings, const FoldHeads *heads, const EmoModel *model)
{
	if (model->net != NULL || model->n_heads < 1 || model->n_heads > EMOSER_MAX_FOLD_HEADS ||
		model->n_heads != heads->models[0].model->n_heads || model->n_classes > heads->n_labels ||
		model->n_features != settings->n_features || model->heads[0].on_profile ||
		(model->n_heads > 1 && (!model->heads[1].on_profile || !settings->wants_profiles)))
		emoser_bad_plumbing();
}

static void
make_scorer(Scorer *scorer, const FoldHeads *heads, const ScoringModel *scoring)
{
	const EmoModel *model = scoring->model;

	scorer->scoring = *scoring;
	scorer->place_of_class = palloc(model->n_classes * sizeof(int));
	for (int c = 0; c < model->n_classes; c++)
		if ((scorer->place_of_class[c] = place_of(heads, model->labels[c])) < 0)
			emoser_bad_plumbing();
	for (int h = 0; h < model->n_heads; h++)
	{
		scorer->grid[h] = palloc(emo_temperature_grid_size(heads->n_labels));
		emo_temperature_grid_init(scorer->grid[h], heads->n_labels);
	}
}

FoldScores *
emoser_new_fold_scores(const SumSettings *settings, const FoldHeads *heads)
{
	FoldScores *scores = palloc0(sizeof(FoldScores));

	scores->settings = *settings;
	scores->heads = *heads;
	scores->scorers = palloc0(heads->n_models * sizeof(Scorer));
	for (int m = 0; m < heads->n_models; m++)
	{
		check_model(settings, heads, heads->models[m].model);
		make_scorer(&scores->scorers[m], heads, &heads->models[m]);
	}
	scores->sample = palloc(emo_certainty_sample_size(heads->n_labels));
	emo_certainty_sample_init(scores->sample, heads->n_labels);
	scores->of_head = palloc(heads->n_labels * sizeof(float));
	scores->log_posteriors = palloc(heads->n_labels * sizeof(float));
	/* Copies are not scored. */
	scores->rows =
		emoser_new_speaker_rows(&settings->layout, 1, settings->n_features, settings->mean,
								settings->deviation, score_seen_row, scores);
	return scores;
}

int
emoser_scores_n_features(const FoldScores *scores)
{
	return scores->settings.n_features;
}

const RowLayout *
emoser_scores_layout(const FoldScores *scores)
{
	return &scores->settings.layout;
}

void
emoser_fold_scores_add(FoldScores *scores, const LabelledRow *row)
{
	scores->n_rows++;
	scores->checksum += row->checksum;
	emoser_add_speaker_row(scores->rows, row);
}

bytea *
emoser_fold_scores_bytes(FoldScores *scores)
{
	Size grid_bytes = emo_temperature_grid_size(scores->heads.n_labels);
	int n_heads = scores->heads.models[0].model->n_heads;
	ScoresHeader header = {scores->n_rows, scores->checksum,
						   (int64) scores->heads.n_models * n_heads, 0};
	Size size;
	bytea *bytes;
	char *at;

	emoser_end_speaker_rows(scores->rows);
	header.sample_bytes = emo_certainty_sample_used(scores->sample);
	size = VARHDRSZ + sizeof(header) + sizeof(EmoDistanceCounts) + header.n_grids * grid_bytes +
		   header.sample_bytes;
	bytes = palloc(size);
	at = VARDATA(bytes);
	SET_VARSIZE(bytes, size);
	memcpy(at, &header, sizeof(header));
	at += sizeof(header);
	memcpy(at, &scores->distances, sizeof(EmoDistanceCounts));
	at += sizeof(EmoDistanceCounts);
	for (int m = 0; m < scores->heads.n_models; m++)
		for (int h = 0; h < n_heads; h++, at += grid_bytes)
			memcpy(at, scores->scorers[m].grid[h], grid_bytes);
	memcpy(at, scores->sample, header.sample_bytes);
	return bytes;
}

ScoredFold
emoser_read_fold_scores(const bytea *bytes, int n_labels, int n_grids)
{
	const char *at = VARDATA_ANY(bytes);
	Size size = VARSIZE_ANY_EXHDR(bytes);
	Size grid_bytes = emo_temperature_grid_size(n_labels);
	ScoredFold fold = {.grid = palloc(n_grids * sizeof(EmoTemperatureGrid *))};
	ScoresHeader header;

	if (size < sizeof(header) + sizeof(EmoDistanceCounts))
		emoser_bad_plumbing();
	memcpy(&header, at, sizeof(header));
	at += sizeof(header);
	if (header.n_grids != n_grids || header.sample_bytes > size ||
		size !=
			sizeof(header) + sizeof(EmoDistanceCounts) + n_grids * grid_bytes + header.sample_bytes)
		emoser_bad_plumbing();
	fold.n_rows = header.n_rows;
	fold.checksum = header.checksum;
	fold.distances = palloc(sizeof(EmoDistanceCounts));
	memcpy(fold.distances, at, sizeof(EmoDistanceCounts));
	at += sizeof(EmoDistanceCounts);
	for (int i = 0; i < n_grids; i++, at += grid_bytes)
	{
		fold.grid[i] = palloc(grid_bytes);
		memcpy(fold.grid[i], at, grid_bytes);
		if (fold.grid[i]->n_classes != n_labels)
			emoser_bad_plumbing();
	}
	fold.sample = palloc(header.sample_bytes);
	memcpy(fold.sample, at, header.sample_bytes);
	if (!emo_certainty_sample_is_valid(fold.sample, header.sample_bytes, n_labels))
		emoser_bad_plumbing();
	return fold;
}

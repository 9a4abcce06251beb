/*
 * fold_scores.c
 *	  What heads that were trained without a fold say of its rows, as sums over temperatures.
 */
#include "pg/training/fold_scores.h"

#include "libpq/pqformat.h"

#include "core/base/stats.h"
#include "pg/model/value.h"
#include "pg/training/speaker_rows.h"

struct FoldScores
{
	SumSettings settings;
	FoldHeads heads;
	int *place_of_class; /* [model->n_classes], in labels */
	SpeakerRows *rows;
	float *of_head;        /* [model->n_classes] */
	float *log_posteriors; /* [n_labels] */
	int64 n_rows;
	uint64 checksum;
	EmoTemperatureGrid *grid[EMOSER_MAX_FOLD_HEADS];
};

/* In front of the grids. */
typedef struct ScoresHeader
{
	int64 n_rows;
	uint64 checksum;
	int64 n_grids;
} ScoresHeader;

bytea *
emoser_fold_heads_bytes(const FoldHeads *heads)
{
	struct varlena *model = emoser_encode_model(heads->model);
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendint32(&buffer, heads->n_labels);
	for (int i = 0; i < heads->n_labels; i++)
		pq_sendbytes(&buffer, heads->labels[i], (int) strlen(heads->labels[i]) + 1);
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
	{
		pq_sendint8(&buffer, heads->log_priors[h] != NULL);
		for (int i = 0; i < heads->n_labels && heads->log_priors[h] != NULL; i++)
			pq_sendfloat8(&buffer, heads->log_priors[h][i]);
	}
	pq_sendbytes(&buffer, (char *) model, (int) VARSIZE(model));
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

/* The rest of the buffer. */
static const EmoModel *
receive_model(StringInfo buffer)
{
	int length = buffer->len - buffer->cursor;
	struct varlena *value;

	if (length < VARHDRSZ)
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
	for (int h = 0; h < EMOSER_MAX_FOLD_HEADS; h++)
		heads.log_priors[h] = receive_log_priors(&buffer, heads.n_labels);
	heads.model = receive_model(&buffer);
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
score_row(FoldScores *scores, int h, const float *features, int label)
{
	const EmoModel *model = scores->heads.model;

	for (int i = 0; i < scores->heads.n_labels; i++)
		scores->log_posteriors[i] = EMO_MIN_LOG_POSTERIOR;
	emo_lda_log_posteriors(&model->heads[h].lda, features, scores->of_head);
	for (int c = 0; c < model->n_classes; c++)
		scores->log_posteriors[scores->place_of_class[c]] = scores->of_head[c];
	emo_temperature_grid_add(scores->grid[h], scores->log_posteriors, scores->heads.log_priors[h],
							 label);
}

static void
score_seen_row(void *argument, const SeenRow *row)
{
	FoldScores *scores = argument;
	int label = place_of(&scores->heads, row->label);

	/* Who reads what comes of it compares checksums, and tells that the source has changed. */
	if (label < 0)
		return;
	score_row(scores, 0, row->features, label);
	if (scores->grid[1] != NULL && row->normalised != NULL)
		score_row(scores, 1, row->normalised, label);
}

static void
check_heads(const SumSettings *settings, const FoldHeads *heads)
{
	const EmoModel *model = heads->model;

	if (model->net != NULL || model->n_heads < 1 || model->n_heads > EMOSER_MAX_FOLD_HEADS ||
		model->n_features != settings->n_features || model->heads[0].on_profile ||
		(model->n_heads > 1 && (!model->heads[1].on_profile || !settings->wants_profiles)))
		emoser_bad_plumbing();
}

FoldScores *
emoser_new_fold_scores(const SumSettings *settings, const FoldHeads *heads)
{
	FoldScores *scores = palloc0(sizeof(FoldScores));
	const EmoModel *model = heads->model;

	check_heads(settings, heads);
	scores->settings = *settings;
	scores->heads = *heads;
	scores->place_of_class = palloc(model->n_classes * sizeof(int));
	for (int c = 0; c < model->n_classes; c++)
		if ((scores->place_of_class[c] = place_of(heads, model->labels[c])) < 0)
			emoser_bad_plumbing();
	scores->of_head = palloc(model->n_classes * sizeof(float));
	scores->log_posteriors = palloc(heads->n_labels * sizeof(float));
	for (int h = 0; h < model->n_heads; h++)
	{
		scores->grid[h] = palloc(emo_temperature_grid_size(heads->n_labels));
		emo_temperature_grid_init(scores->grid[h], heads->n_labels);
	}
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
	scores->checksum += emoser_row_checksum(row->features, row->n_features);
	emoser_add_speaker_row(scores->rows, row);
}

bytea *
emoser_fold_scores_bytes(FoldScores *scores)
{
	Size grid_bytes = emo_temperature_grid_size(scores->heads.n_labels);
	ScoresHeader header = {scores->n_rows, scores->checksum, scores->heads.model->n_heads};
	Size size = VARHDRSZ + sizeof(header) + header.n_grids * grid_bytes;
	bytea *bytes = palloc(size);
	char *at = VARDATA(bytes);

	emoser_end_speaker_rows(scores->rows);
	SET_VARSIZE(bytes, size);
	memcpy(at, &header, sizeof(header));
	at += sizeof(header);
	for (int h = 0; h < header.n_grids; h++, at += grid_bytes)
		memcpy(at, scores->grid[h], grid_bytes);
	return bytes;
}

ScoredFold
emoser_read_fold_scores(const bytea *bytes, int n_labels)
{
	const char *at = VARDATA_ANY(bytes);
	Size size = VARSIZE_ANY_EXHDR(bytes);
	Size grid_bytes = emo_temperature_grid_size(n_labels);
	ScoredFold fold = {0};
	ScoresHeader header;

	if (size < sizeof(header))
		emoser_bad_plumbing();
	memcpy(&header, at, sizeof(header));
	at += sizeof(header);
	if (header.n_grids < 1 || header.n_grids > EMOSER_MAX_FOLD_HEADS ||
		size != sizeof(header) + header.n_grids * grid_bytes)
		emoser_bad_plumbing();
	fold.n_rows = header.n_rows;
	fold.checksum = header.checksum;
	for (int h = 0; h < header.n_grids; h++, at += grid_bytes)
	{
		fold.grid[h] = palloc(grid_bytes);
		memcpy(fold.grid[h], at, grid_bytes);
		if (fold.grid[h]->n_classes != n_labels)
			emoser_bad_plumbing();
	}
	return fold;
}

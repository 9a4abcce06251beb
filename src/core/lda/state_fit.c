/*
 * state_fit.c
 *	  A head from training states.
 *
 * Sums of the terms are formed in integers, and become doubles one by one where a part's weight
 * comes in: so a head doesn't depend on what terms, and in what form, the rows come in.
 */
#include <float.h>
#include <string.h>

#include "core/lda/priors.h"
#include "core/lda/scatter.h"
#include "core/lda/state_layout.h"

/* From q and q^2 to z and z^2. */
#define Z_OF_Q       (1.0 / EMO_STATE_UNIT)
#define SQUARE_OF_QQ (1.0 / ((double) EMO_STATE_UNIT * EMO_STATE_UNIT))

/* Rows of a triangle between two looks at whether to stop. */
#define ROWS_PER_STOP_CHECK 256

/* The classes of all terms, in the order of their labels, and their numbers of rows. */
typedef struct Classes
{
	int n;
	const char *label[EMO_MAX_CLASSES];
	int64_t n_rows[EMO_STATE_N_PARTS][EMO_MAX_CLASSES];
} Classes;

static EmoStatus
check_terms(EmoEnv *env, const EmoStateTerm *terms, int n_terms)
{
	if (n_terms < 1)
		return emo_fail(env, EMO_BAD_DATA, "training set is empty");
	for (int t = 1; t < n_terms; t++)
		if (terms[t].state->n_features != terms[0].state->n_features ||
			terms[t].state->scale_id != terms[0].state->scale_id)
			return emo_fail(env, EMO_BAD_DATA, "training states are of different scales");
	return EMO_OK;
}

/* The place of a label, or of the first one behind it. */
static int
place_of(const Classes *classes, const char *label)
{
	int low = 0, high = classes->n;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (strcmp(classes->label[middle], label) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static EmoStatus
add_labels(EmoEnv *env, const EmoFlatState *state, Classes *classes)
{
	const char *label = emo_state_labels(state);

	for (int c = 0; c < state->n_classes; c++, label += strlen(label) + 1)
	{
		int place = place_of(classes, label);

		if (place < classes->n && strcmp(classes->label[place], label) == 0)
			continue;
		if (classes->n == EMO_MAX_CLASSES)
			return emo_fail(env, EMO_LIMIT_EXCEEDED, "more than %d classes", EMO_MAX_CLASSES);
		memmove(classes->label + place + 1, classes->label + place,
				(classes->n - place) * sizeof(classes->label[0]));
		classes->label[place] = label;
		classes->n++;
	}
	return EMO_OK;
}

static void
add_class_rows(const EmoStateTerm *term, Classes *classes)
{
	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
	{
		EmoStatePartView view = emo_state_view(term->state, part);
		const char *label = emo_state_labels(term->state);

		for (int c = 0; c < term->state->n_classes && view.n_rows > 0; c++)
		{
			classes->n_rows[part][place_of(classes, label)] += term->sign * view.class_rows[c];
			label += strlen(label) + 1;
		}
	}
}

/* Those with rows left. */
static EmoStatus
drop_empty_classes(EmoEnv *env, Classes *classes)
{
	int n = 0;

	for (int c = 0; c < classes->n; c++)
	{
		int64_t plain = classes->n_rows[EMO_STATE_PLAIN][c];
		int64_t degraded = classes->n_rows[EMO_STATE_DEGRADED][c];

		if (plain < 0 || degraded < 0)
			return emo_fail(env, EMO_BAD_DATA,
							"training states hold less rows than are to be taken out");
		if (plain + degraded == 0)
			continue;
		classes->label[n] = classes->label[c];
		classes->n_rows[EMO_STATE_PLAIN][n] = plain;
		classes->n_rows[EMO_STATE_DEGRADED][n++] = degraded;
	}
	classes->n = n;
	if (n < EMO_MIN_CLASSES)
		return emo_fail(env, EMO_BAD_DATA, "training needs at least two classes");
	return EMO_OK;
}

static EmoStatus
find_classes(EmoEnv *env, const EmoStateTerm *terms, int n_terms, Classes *classes)
{
	for (int t = 0; t < n_terms; t++)
		if (add_labels(env, terms[t].state, classes) != EMO_OK)
			return env->status;
	for (int t = 0; t < n_terms; t++)
		add_class_rows(&terms[t], classes);
	return drop_empty_classes(env, classes);
}

/* Add the sums of a term's rows by class to class_sum[classes->n][n_features]. */
static void
add_class_sums(const EmoStateTerm *term, const EmoStatePartView *view, const Classes *classes,
			   int64_t *class_sum)
{
	size_t n = term->state->n_features;
	const char *label = emo_state_labels(term->state);
	const int16_t *q = view->rows;

	for (int c = 0; c < term->state->n_classes; c++, label += strlen(label) + 1)
	{
		int place = place_of(classes, label);
		bool is_left = place < classes->n && strcmp(classes->label[place], label) == 0;
		int64_t *sum = class_sum + place * n;

		for (size_t j = 0; view->form == EMO_STATE_SUMS && is_left && j < n; j++)
			sum[j] += term->sign * view->class_sum[c * n + j];
		for (int64_t i = 0; view->form == EMO_STATE_ROWS && i < view->class_rows[c]; i++, q += n)
			for (size_t j = 0; is_left && j < n; j++)
				sum[j] += term->sign * q[j];
	}
}

/* scatter += weight * (what the terms' triangles and the triangle of rows, or NULL, add up to). */
static EmoStatus
add_triangles(EmoEnv *env, const EmoStateTerm *terms, int n_terms, EmoStatePart part,
			  const int64_t *of_rows, double weight, double *scatter)
{
	int n = terms[0].state->n_features;
	int64_t *sum = emo_alloc(env, n, sizeof(int64_t));

	if (sum == NULL)
		return env->status;
	for (int i = 0; i < n; i++)
	{
		size_t first = emo_triangle_index(n, i, i);
		double *row = scatter + (size_t) i * n + i;

		if (i % ROWS_PER_STOP_CHECK == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		memset(sum, 0, n * sizeof(int64_t));
		for (int j = 0; of_rows != NULL && j < n - i; j++)
			sum[j] = of_rows[first + j];
		for (int t = 0; t < n_terms; t++)
		{
			EmoStatePartView view = emo_state_view(terms[t].state, part);

			for (int j = 0; view.form == EMO_STATE_SUMS && j < n - i; j++)
				sum[j] += terms[t].sign * view.triangle[first + j];
		}
		for (int j = 0; j < n - i; j++)
			row[j] += weight * (SQUARE_OF_QQ * (double) sum[j]);
	}
	emo_free(env, sum);
	return EMO_OK;
}

static EmoStatus
add_part_scatter(EmoEnv *env, const EmoStateTerm *terms, int n_terms, EmoStatePart part,
				 double weight, double *scatter)
{
	int n = terms[0].state->n_features;
	int64_t *of_rows = NULL;

	for (int t = 0; t < n_terms; t++)
	{
		EmoStatePartView view = emo_state_view(terms[t].state, part);

		if (view.form != EMO_STATE_ROWS)
			continue;
		if (of_rows == NULL &&
			(of_rows = emo_alloc_zero(env, emo_triangle_size(n), sizeof(int64_t))) == NULL)
			return env->status;
		if (emo_scatter_add(env, view.rows, view.n_rows, n, terms[t].sign, of_rows) != EMO_OK)
			return env->status;
	}
	if (add_triangles(env, terms, n_terms, part, of_rows, weight, scatter) != EMO_OK)
		return env->status;
	emo_free(env, of_rows);
	return EMO_OK;
}

static EmoStatus
add_part_sums(EmoEnv *env, const EmoStateTerm *terms, int n_terms, EmoStatePart part,
			  const Classes *classes, double weight, EmoLdaSums *sums)
{
	size_t n = sums->n_features;
	int64_t *class_sum = emo_alloc_zero(env, classes->n, n * sizeof(int64_t));

	if (class_sum == NULL)
		return env->status;
	for (int t = 0; t < n_terms; t++)
	{
		EmoStatePartView view = emo_state_view(terms[t].state, part);

		if (view.n_rows > 0)
			add_class_sums(&terms[t], &view, classes, class_sum);
	}
	for (int c = 0; c < classes->n; c++)
	{
		sums->class_rows[c] += classes->n_rows[part][c];
		sums->class_weight[c] += weight * (double) classes->n_rows[part][c];
	}
	for (size_t i = 0; i < classes->n * n; i++)
		sums->class_sum[i] += weight * (Z_OF_Q * (double) class_sum[i]);
	emo_free(env, class_sum);
	return EMO_OK;
}

/* Of what has been summed up so far: the rows that are not degraded. */
static EmoStatus
measure_plain_rows(EmoEnv *env, EmoLdaSums *sums, const double *scatter, EmoStateFit *fit)
{
	size_t n = sums->n_features;

	for (size_t j = 0; j < n; j++)
		sums->square_sum[j] = scatter[j * n + j];
	if ((fit->plain_mean = emo_alloc(env, n, sizeof(float))) == NULL ||
		(fit->plain_deviation = emo_alloc(env, n, sizeof(float))) == NULL)
		return env->status;
	emo_lda_spread_of_sums(sums, fit->plain_mean, fit->plain_deviation);
	return EMO_OK;
}

static EmoStatus
sum_terms(EmoEnv *env, const EmoStateTerm *terms, int n_terms, const Classes *classes,
		  double degraded_weight, EmoLdaSums *sums, double *scatter, EmoStateFit *fit)
{
	size_t n = sums->n_features;

	for (int part = 0; part < EMO_STATE_N_PARTS; part++)
	{
		double weight = part == EMO_STATE_DEGRADED ? degraded_weight : 1;
		int64_t n_rows = 0;

		for (int c = 0; c < classes->n; c++)
			n_rows += classes->n_rows[part][c];
		if (n_rows > 0 &&
			(add_part_sums(env, terms, n_terms, part, classes, weight, sums) != EMO_OK ||
			 add_part_scatter(env, terms, n_terms, part, weight, scatter) != EMO_OK ||
			 (part == EMO_STATE_PLAIN && measure_plain_rows(env, sums, scatter, fit) != EMO_OK)))
			return env->status;
	}
	for (size_t j = 0; j < n; j++)
		sums->square_sum[j] = scatter[j * n + j];
	return EMO_OK;
}

static EmoStatus
new_labels(EmoEnv *env, const Classes *classes, EmoStateFit *fit)
{
	size_t n_bytes = 0;
	char *at;

	for (int c = 0; c < classes->n; c++)
		n_bytes += strlen(classes->label[c]) + 1;
	if ((fit->labels = emo_alloc(env, n_bytes, 1)) == NULL ||
		(fit->class_rows = emo_alloc(env, classes->n, sizeof(int64_t))) == NULL)
		return env->status;
	at = fit->labels;
	for (int c = 0; c < classes->n; c++)
	{
		size_t length = strlen(classes->label[c]) + 1;

		memcpy(at, classes->label[c], length);
		at += length;
		fit->class_rows[c] =
			classes->n_rows[EMO_STATE_PLAIN][c] + classes->n_rows[EMO_STATE_DEGRADED][c];
	}
	return EMO_OK;
}

static EmoStatus
new_head(EmoEnv *env, const EmoLdaDiscriminants *discriminants, const double *log_priors,
		 const float *mean, const float *inverse_deviation, EmoLdaHead *head)
{
	size_t n = head->n_features;

	head->max_z = EMO_STATE_MAX_Z;
	head->temperature = 1;
	if ((head->mean = emo_alloc(env, n, sizeof(float))) == NULL ||
		(head->inverse_deviation = emo_alloc(env, n, sizeof(float))) == NULL ||
		(head->weights = emo_alloc(env, head->n_classes, n * sizeof(float))) == NULL ||
		(head->bias = emo_alloc(env, head->n_classes, sizeof(float))) == NULL)
		return env->status;
	for (size_t j = 0; j < n; j++)
	{
		head->mean[j] = mean == NULL ? 0 : mean[j];
		head->inverse_deviation[j] = inverse_deviation == NULL ? 1 : inverse_deviation[j];
	}
	for (size_t i = 0; i < head->n_classes * n; i++)
		head->weights[i] = (float) discriminants->weights[i];
	for (int c = 0; c < head->n_classes; c++)
		head->bias[c] = (float) (discriminants->bias[c] + (log_priors == NULL ? 0 : log_priors[c]));
	return EMO_OK;
}

static EmoStatus
check_parameters(EmoEnv *env, const EmoLdaOptions *options, double degraded_weight)
{
	if (emo_lda_check_options(env, options) != EMO_OK)
		return env->status;
	if (options->max_z != EMO_STATE_MAX_Z)
		return emo_fail(env, EMO_INVALID_PARAMETER, "max_z must be %d", EMO_STATE_MAX_Z);
	if (!(degraded_weight > 0 && degraded_weight <= FLT_MAX))
		return emo_fail(env, EMO_INVALID_PARAMETER, "weight of degraded copies is not positive");
	return EMO_OK;
}

EmoStatus
emo_lda_fit_state(EmoEnv *env, const EmoStateTerm *terms, int n_terms, const EmoLdaOptions *options,
				  double degraded_weight, const float *mean, const float *inverse_deviation,
				  EmoStateFit *fit)
{
	Classes *classes = emo_alloc_zero(env, 1, sizeof(Classes));
	EmoLdaDiscriminants discriminants;
	EmoLdaSums sums;
	double *scatter;
	size_t n;

	if (classes == NULL || check_parameters(env, options, degraded_weight) != EMO_OK ||
		check_terms(env, terms, n_terms) != EMO_OK ||
		find_classes(env, terms, n_terms, classes) != EMO_OK)
		return env->status;
	n = terms[0].state->n_features;
	*fit = (EmoStateFit){.head = {.n_features = (int) n, .n_classes = classes->n}};
	if (emo_lda_new_sums(env, (int) n, classes->n, 0, &sums) != EMO_OK ||
		emo_lda_new_discriminants(env, (int) n, classes->n, &discriminants) != EMO_OK ||
		(scatter = emo_alloc_zero(env, n, n * sizeof(double))) == NULL ||
		sum_terms(env, terms, n_terms, classes, degraded_weight, &sums, scatter, fit) != EMO_OK ||
		emo_lda_solve_primal(env, options, &sums, NULL, scatter, &discriminants) != EMO_OK ||
		new_labels(env, classes, fit) != EMO_OK ||
		emo_lda_log_priors_of_sums(env, options->priors, &sums, &fit->log_priors) != EMO_OK ||
		new_head(env, &discriminants, fit->log_priors, mean, inverse_deviation, &fit->head) !=
			EMO_OK)
		return env->status;
	emo_free(env, scatter);
	emo_lda_free_discriminants(env, &discriminants);
	emo_lda_free_sums(env, &sums);
	emo_free(env, classes);
	return EMO_OK;
}

void
emo_lda_free_fit(EmoEnv *env, EmoStateFit *fit)
{
	emo_free(env, fit->plain_deviation);
	emo_free(env, fit->plain_mean);
	emo_free(env, fit->log_priors);
	emo_free(env, fit->class_rows);
	emo_free(env, fit->labels);
	emo_free(env, fit->head.bias);
	emo_free(env, fit->head.weights);
	emo_free(env, fit->head.inverse_deviation);
	emo_free(env, fit->head.mean);
}

void
emo_lda_set_temperature(EmoStateFit *fit, float temperature)
{
	EmoLdaHead *head = &fit->head;

	head->temperature = temperature;
	/* The bias has the priors for temperature 1. */
	for (int c = 0; fit->log_priors != NULL && c < head->n_classes; c++)
		head->bias[c] += (float) ((temperature - 1) * fit->log_priors[c]);
}

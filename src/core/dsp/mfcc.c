/*
 * mfcc.c
 *	  Log-mel spectra and mel-frequency cepstral coefficients (MFCC).
 */
#include "core/dsp/mfcc.h"

#include <math.h>
#include <string.h>

#include "core/dsp/mfcc_dct.h"

/* Log-mel values that are kept for the second pass of top_db: 2 GB. */
static const int64_t max_kept_values = INT64_C(1) << 29;

struct EmoMfccPlan
{
	EmoMfccParams params;
	const EmoKernels *kernels;
	EmoSpectrum *spectrum;
	EmoMelBank *bank;
	float gain, level_scale;
	float *dct;     /* [n_mfcc][n_mels], with the lifter */
	float *power;   /* [n_fft/2+1][16] */
	float *mel;     /* [n_mels][16] */
	float *cepstra; /* [n_mfcc][16] */
	float energy[EMO_LANES];
};

static EmoSpectrumParams
spectrum_params(const EmoMfccParams *params)
{
	const EmoMfccConvention *convention = params->convention;

	return (EmoSpectrumParams){
		.n_fft = params->n_fft,
		.win_length = params->win_length,
		.hop_length = params->hop_length,
		.window = params->window,
		.symmetric_window = convention->symmetric_window,
		.framing = emo_mfcc_framing(params),
		.padding = params->center ? params->pad_mode : EMO_PAD_ZEROS,
		.covers_end = convention->covers_end && !params->center,
		.preemphasis = (float) params->preemphasis,
		.preemphasis_in_frame = convention->preemphasis_in_frame,
		.removes_mean = convention->removes_mean,
		.measures_energy = params->use_energy && !convention->energy_of_spectrum,
	};
}

EmoStatus
emo_mfcc_plan_create(EmoEnv *env, const EmoMfccParams *params, EmoMfccPlan **result)
{
	EmoSpectrumParams of_spectrum = spectrum_params(params);
	EmoMelParams of_mel = emo_mfcc_mel_params(params);
	EmoMfccPlan *plan;

	*result = NULL;
	if (emo_mfcc_check_params(env, params) != EMO_OK ||
		(plan = emo_alloc_zero(env, 1, sizeof(EmoMfccPlan))) == NULL)
		return env->status;
	plan->params = *params;
	plan->kernels = emo_kernels();
	plan->gain = emo_mfcc_gain(params);
	plan->level_scale = emo_mfcc_level_scale(params);
	plan->dct = emo_alloc(env, (size_t) params->n_mfcc * params->n_mels, sizeof(float));
	plan->power = emo_alloc(env, params->n_fft / 2 + 1, EMO_LANES * sizeof(float));
	plan->mel = emo_alloc(env, params->n_mels, EMO_LANES * sizeof(float));
	plan->cepstra = emo_alloc(env, params->n_mfcc, EMO_LANES * sizeof(float));
	if (plan->dct == NULL || plan->power == NULL || plan->mel == NULL || plan->cepstra == NULL ||
		emo_mel_bank_create(env, &of_mel, &plan->bank) != EMO_OK)
		return env->status;
	emo_mfcc_fill_dct(params, plan->dct);
	/* Last, because it may hold what only emo_mfcc_plan_destroy() releases. */
	if (emo_spectrum_create(env, &of_spectrum, &plan->spectrum) != EMO_OK)
		return env->status;
	*result = plan;
	return EMO_OK;
}

void
emo_mfcc_plan_destroy(EmoMfccPlan *plan)
{
	if (plan != NULL)
		emo_spectrum_destroy(plan->spectrum);
}

int64_t
emo_mfcc_frame_count(const EmoMfccParams *params, int64_t n_samples)
{
	EmoSpectrumParams of_spectrum = spectrum_params(params);

	return emo_spectrum_frame_count(&of_spectrum, n_samples);
}

int
emo_mfcc_values_per_frame(const EmoMfccParams *params)
{
	return params->n_mfcc * (1 + params->deltas);
}

static int
lanes_used(int64_t first_frame, int64_t n_frames)
{
	return n_frames - first_frame < EMO_LANES ? (int) (n_frames - first_frame) : EMO_LANES;
}

/* The energy of each of 16 frames, before roots are taken of the power spectra. */
static void
measure_energy(EmoMfccPlan *plan)
{
	int n_bins = plan->params.n_fft / 2 + 1;

	if (!plan->params.use_energy)
		return;
	if (!plan->params.convention->energy_of_spectrum)
	{
		emo_spectrum_energy(plan->spectrum, plan->energy);
		for (int lane = 0; lane < EMO_LANES; lane++)
			plan->energy[lane] *= plan->gain * plan->gain;
		return;
	}
	memset(plan->energy, 0, sizeof(plan->energy));
	for (int k = 0; k < n_bins; k++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			plan->energy[lane] += plan->power[k * EMO_LANES + lane];
}

/* Amplitudes of powers. */
static void
take_roots(float *rows, int n)
{
	for (int i = 0; i < n * EMO_LANES; i++)
		rows[i] = sqrtf(rows[i]);
}

/* Levels of 16 frames, as levels[n_mels][16], of their power; raises *maximum to the largest. */
static void
level_block(EmoMfccPlan *plan, const float *samples, int64_t n_samples, int64_t first_frame,
			int n_used, float *levels, float *maximum)
{
	float lane_maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));

	for (int lane = 0; lane < EMO_LANES; lane++)
		lane_maximum[lane] = -INFINITY;
	emo_spectrum_power(plan->spectrum, samples, n_samples, first_frame, plan->gain, plan->power);
	measure_energy(plan);
	if (plan->params.power == 1)
		take_roots(plan->power, plan->params.n_fft / 2 + 1);
	emo_mel_bank_apply(plan->bank, plan->kernels, plan->power, levels);
	plan->kernels->log_rows(levels, plan->params.n_mels, plan->params.convention->band_floor,
							plan->level_scale, lane_maximum);
	for (int lane = 0; lane < n_used; lane++)
		*maximum = fmaxf(*maximum, lane_maximum[lane]);
}

/* out[frame][value] = rows[value][frame] for the used lanes; out's frames are stride apart. */
static void
scatter_lanes(const float *rows, int n_values, int n_used, int stride, float *out)
{
	for (int lane = 0; lane < n_used; lane++)
		for (int j = 0; j < n_values; j++)
			out[(ptrdiff_t) lane * stride + j] = rows[j * EMO_LANES + lane];
}

/* The level of the energy that was measured last becomes coefficient 0 of its frames. */
static void
put_energies(const EmoMfccPlan *plan, int n_used, float *out)
{
	float floor = plan->params.convention->energy_floor;
	int stride = emo_mfcc_values_per_frame(&plan->params);

	for (int lane = 0; lane < n_used && plan->params.use_energy; lane++)
		out[(ptrdiff_t) lane * stride] = plan->level_scale * logf(fmaxf(plan->energy[lane], floor));
}

/* Coefficients but for one that is the energy. */
static void
cepstra_block(EmoMfccPlan *plan, const float *levels, float floor, int n_used, float *out)
{
	const EmoMfccParams *params = &plan->params;
	int first = params->use_energy ? 1 : 0;

	plan->kernels->multiply(levels, params->n_mels, floor, plan->dct, params->n_mfcc,
							plan->cepstra);
	scatter_lanes(plan->cepstra + first * EMO_LANES, params->n_mfcc - first, n_used,
				  emo_mfcc_values_per_frame(params), out + first);
}

static EmoStatus
cepstra_in_one_pass(EmoEnv *env, EmoMfccPlan *plan, const float *samples, int64_t n_samples,
					int64_t n_frames, float *out)
{
	int n_values = emo_mfcc_values_per_frame(&plan->params);
	float maximum = -INFINITY;

	for (int64_t frame = 0; frame < n_frames; frame += EMO_LANES)
	{
		int n_used = lanes_used(frame, n_frames);

		level_block(plan, samples, n_samples, frame, n_used, plan->mel, &maximum);
		put_energies(plan, n_used, out + frame * n_values);
		cepstra_block(plan, plan->mel, -INFINITY, n_used, out + frame * n_values);
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
	}
	return EMO_OK;
}

/* With top_db no level is final before the recording's maximum is known. */
static EmoStatus
cepstra_in_two_passes(EmoEnv *env, EmoMfccPlan *plan, const float *samples, int64_t n_samples,
					  int64_t n_frames, float *out)
{
	int n_mels = plan->params.n_mels, n_values = emo_mfcc_values_per_frame(&plan->params);
	int64_t n_padded = (n_frames + EMO_LANES - 1) / EMO_LANES * EMO_LANES;
	float maximum = -INFINITY, floor;
	float *levels;

	if (n_padded > max_kept_values / n_mels)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "too many frames: %lld", (long long) n_frames);
		emo_set_detail(env, "At most %lld frames of %d mel bands are kept for \"top_db\".",
					   (long long) (max_kept_values / n_mels), n_mels);
		emo_set_hint(env, "Use a longer \"hop_length\", or \"top_db\" 0.");
		return env->status;
	}
	levels = emo_alloc(env, n_padded, n_mels * sizeof(float));
	if (levels == NULL)
		return env->status;
	for (int64_t frame = 0; frame < n_frames; frame += EMO_LANES)
	{
		int n_used = lanes_used(frame, n_frames);

		level_block(plan, samples, n_samples, frame, n_used, levels + frame * n_mels, &maximum);
		put_energies(plan, n_used, out + frame * n_values);
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
	}
	floor = maximum - (float) plan->params.top_db;
	for (int64_t frame = 0; frame < n_frames; frame += EMO_LANES)
	{
		cepstra_block(plan, levels + frame * n_mels, floor, lanes_used(frame, n_frames),
					  out + frame * n_values);
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
	}
	emo_free(env, levels);
	return EMO_OK;
}

static EmoStatus
add_deltas(EmoEnv *env, const EmoMfccParams *params, int64_t n_frames, float *out)
{
	EmoDeltaEdges edges = params->convention->delta_edges;
	int n_values = emo_mfcc_values_per_frame(params);
	EmoStatus status = EMO_OK;

	for (int order = 1; order <= params->deltas && status == EMO_OK; order++)
	{
		/* Who repeats frames takes the deltas of deltas, who fits polynomials fits a parabola. */
		bool is_repeated = edges == EMO_DELTA_REPEATED_EDGES;
		const float *x = is_repeated ? out + (order - 1) * params->n_mfcc : out;

		status = emo_delta(env, x, n_frames, params->n_mfcc, n_values, is_repeated ? 1 : order,
						   params->delta_width, edges, out + order * params->n_mfcc);
	}
	return status;
}

EmoStatus
emo_mfcc(EmoEnv *env, EmoMfccPlan *plan, const float *samples, int64_t n_samples, float *out)
{
	const EmoMfccParams *params = &plan->params;
	int64_t n_frames = emo_mfcc_frame_count(params, n_samples);
	EmoStatus status = (params->top_db > 0 ? cepstra_in_two_passes : cepstra_in_one_pass)(
		env, plan, samples, n_samples, n_frames, out);

	return status == EMO_OK ? add_deltas(env, params, n_frames, out) : status;
}

EmoStatus
emo_mel(EmoEnv *env, EmoMfccPlan *plan, const float *samples, int64_t n_samples, float *out)
{
	int n_mels = plan->params.n_mels;
	int64_t n_frames = emo_mfcc_frame_count(&plan->params, n_samples);
	float maximum = -INFINITY, floor;

	for (int64_t frame = 0; frame < n_frames; frame += EMO_LANES)
	{
		int n_used = lanes_used(frame, n_frames);

		level_block(plan, samples, n_samples, frame, n_used, plan->mel, &maximum);
		scatter_lanes(plan->mel, n_mels, n_used, n_mels, out + frame * n_mels);
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
	}
	if (plan->params.top_db <= 0)
		return EMO_OK;
	floor = maximum - (float) plan->params.top_db;
	for (int64_t i = 0; i < n_frames * n_mels; i++)
		out[i] = out[i] < floor ? floor : out[i];
	return emo_check_stop(env);
}
